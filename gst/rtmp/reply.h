/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a server says to a publisher: our replies to commands, in chunks. All
 * append to @out. Pure. */

#pragma once

#include "gst/rtmp/command.h"

G_BEGIN_DECLS

#define RTMP_REPLY_BAD_NAME "NetStream.Publish.BadName"

/* Where we speak to who publishes on the stream of control messages, 0: as if
 * it were the first message stream. */
#define RTMP_REPLY_STREAM_ID 1
/* In bytes: how often each side wants to hear that its bytes arrived. */
#define RTMP_REPLY_WINDOW_BYTES 2500000
/* Of the chunks that we send; all of our messages fit into one. */
#define RTMP_REPLY_CHUNK_BYTES 4096

/* The answers to connect; @result is what rtmp_command_write_connected() made
 * of it. A chunk's size counts from the first one on. */
void rtmp_reply_connected (GByteArray *out, const GByteArray *result);
void rtmp_reply_rejected (GByteArray *out, gdouble transaction,
    const gchar *description);

/* To who asked for no reply, none is sent. */
void rtmp_reply_result (GByteArray *out, const RtmpCommand *command);
void rtmp_reply_failed (GByteArray *out, const RtmpCommand *command,
    const gchar *description);
void rtmp_reply_stream_created (GByteArray *out, const RtmpCommand *command,
    guint32 stream_id);
void rtmp_reply_fc_publish (GByteArray *out, const RtmpCommand *command);

/* The end of an attempt to publish; @code may be RTMP_REPLY_BAD_NAME. */
void rtmp_reply_refusal (GByteArray *out, guint32 stream_id, const gchar *code,
    const gchar *description);

/* Of a message stream, and of the whole connection. */
void rtmp_reply_status (GByteArray *out, guint32 stream_id, const gchar *level,
    const gchar *code, const gchar *description);
void rtmp_reply_connection_status (GByteArray *out, const gchar *code,
    const gchar *description);

G_END_DECLS
