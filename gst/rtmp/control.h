/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Protocol and user control messages of a server (rtmp_specification_1.0,
 * sections 5.4 and 7.1.7). Pure. */

#pragma once

#include "gst/rtmp/chunk.h"

G_BEGIN_DECLS

/* Set Chunk Size, Acknowledgement and Window Acknowledgement Size. */
void rtmp_control_write_number (GByteArray *out, RtmpMessageType type,
    guint32 number);
void rtmp_control_write_peer_bandwidth (GByteArray *out, guint32 window_bytes);
void rtmp_control_write_stream_begin (GByteArray *out, guint32 stream_id);
void rtmp_control_write_stream_eof (GByteArray *out, guint32 stream_id);

/* Answers a user control message if it is a ping request, and ignores any
 * other. */
void rtmp_control_answer_ping (GByteArray *out, const guint8 *payload,
    gsize size);

/* Reads the number of one of the messages above. Returns FALSE if it has none.
 */
gboolean rtmp_control_read_number (const RtmpMessage *message, guint32 *number);

G_END_DECLS
