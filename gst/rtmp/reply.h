/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A server's replies to the commands of a publisher, in chunks. All functions
 * append to @out. Pure. */

#pragma once

#include "gst/rtmp/command.h"

G_BEGIN_DECLS

#define RTMP_REPLY_BAD_NAME "NetStream.Publish.BadName"
#define RTMP_REPLY_DENIED "NetStream.Publish.Denied"

/* Where replies go if the peer publishes on message stream 0, which is for
 * control messages: the first regular message stream. */
#define RTMP_REPLY_STREAM_ID 1
/* The number of bytes after which each side expects an acknowledgement. */
#define RTMP_REPLY_WINDOW_BYTES 2500000
/* The size of outgoing chunks; every reply fits into one. */
#define RTMP_REPLY_CHUNK_BYTES 4096

/* Replies to connect; @result is the output of rtmp_command_write_connected().
 * The new chunk size applies from the first chunk on. */
void rtmp_reply_connected (GByteArray *out, const GByteArray *result);
void rtmp_reply_rejected (GByteArray *out, gdouble transaction,
    const gchar *description);

/* Append nothing if the command expects no reply. */
void rtmp_reply_result (GByteArray *out, const RtmpCommand *command);
void rtmp_reply_failed (GByteArray *out, const RtmpCommand *command,
    const gchar *description);
void rtmp_reply_stream_created (GByteArray *out, const RtmpCommand *command,
    guint32 stream_id);
void rtmp_reply_fc_publish (GByteArray *out, const RtmpCommand *command);

/* Rejects or ends a stream; @code may be RTMP_REPLY_BAD_NAME. */
void rtmp_reply_rejection (GByteArray *out, guint32 stream_id,
    const gchar *code, const gchar *description);

/* Status of a message stream, and of the whole connection. */
void rtmp_reply_status (GByteArray *out, guint32 stream_id, const gchar *level,
    const gchar *code, const gchar *description);
void rtmp_reply_connection_status (GByteArray *out, const gchar *code,
    const gchar *description);

G_END_DECLS
