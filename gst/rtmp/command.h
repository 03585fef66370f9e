/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RTMP commands (rtmp_specification_1.0, section 7.2), as far as publishers and
 * players use them, and the server's replies. Pure. */

#pragma once

#include "gst/rtmp/amf0.h"

G_BEGIN_DECLS

/* Real connect commands are under one kilobyte; tokens can make them longer. */
#define RTMP_COMMAND_MAX_BYTES (64 * 1024)
/* The limit of a reason whose text comes from outside, such as from the
 * application. */
#define RTMP_REASON_MAX_BYTES 255

typedef enum
{
  RTMP_COMMAND_CONNECT,
  RTMP_COMMAND_RELEASE_STREAM,
  RTMP_COMMAND_FC_PUBLISH,
  RTMP_COMMAND_CREATE_STREAM,
  RTMP_COMMAND_PUBLISH,
  RTMP_COMMAND_FC_UNPUBLISH,
  RTMP_COMMAND_CLOSE_STREAM,
  RTMP_COMMAND_DELETE_STREAM,
  RTMP_COMMAND_CHECK_BANDWIDTH,
  RTMP_COMMAND_PLAY,
  RTMP_COMMAND_PAUSE, /* its argument: TRUE to pause, FALSE to resume */
  RTMP_COMMAND_SEEK,
  RTMP_COMMAND_GET_STREAM_LENGTH,
  RTMP_COMMAND_FC_SUBSCRIBE,
  RTMP_COMMAND_DATA, /* script data that belongs in a data message */
  RTMP_COMMAND_UNKNOWN,
} RtmpCommandKind;

/* Points into the bytes that it was parsed from. */
typedef struct
{
  RtmpCommandKind kind;
  gdouble transaction;    /* 0, also if it is missing: no reply is expected */
  RtmpAmf0Value object;   /* of connect: the peer's properties */
  RtmpAmf0Value argument; /* the first one; the key in a publish command */
} RtmpCommand;

/* Tolerates what senders get wrong: a missing transaction ID or command object.
 * Returns FALSE if the command has no name. */
gboolean rtmp_command_parse (RtmpCommand *self, const guint8 *data, gsize size);

/* Returns: (transfer full) (nullable): a terminated copy of a string value;
 * "" if @value is not a string, NULL if it is not printable UTF-8. */
gchar *rtmp_command_dup_text (const RtmpAmf0Value *value);

/* Returns: (transfer full): @text in a form that can be logged and sent to a
 * peer: one printable line of limited length. */
gchar *rtmp_command_dup_reason (const gchar *text);

/* Returns whether the sender of @connect supports reconnect requests. */
gboolean rtmp_command_can_reconnect (const RtmpCommand *connect);

/* Each of these appends the payload of one command to @out. */
void rtmp_command_write_connected (GByteArray *out, const RtmpCommand *connect);
void rtmp_command_write_result (GByteArray *out, gdouble transaction);
void rtmp_command_write_stream_created (GByteArray *out, gdouble transaction,
    guint32 stream_id);
/* @code: of the info object. */
void rtmp_command_write_error (GByteArray *out, gdouble transaction,
    const gchar *code, const gchar *description);
void rtmp_command_write_rejected (GByteArray *out, gdouble transaction,
    const gchar *description);
void rtmp_command_write_fc_publish (GByteArray *out, const gchar *key);
void rtmp_command_write_fc_subscribe (GByteArray *out, const gchar *key);
void rtmp_command_write_status (GByteArray *out, const gchar *level,
    const gchar *code, const gchar *description);

G_END_DECLS
