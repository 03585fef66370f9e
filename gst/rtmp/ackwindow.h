/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decides when received bytes are acknowledged (rtmp_specification_1.0, section
 * 5.4.3). Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* To be embedded. */
typedef struct
{
  guint64 n_received;     /* bytes */
  guint64 n_acknowledged; /* bytes */
  guint32 window_bytes;   /* the peer expects one acknowledgement per window */
} RtmpAckWindow;

/* Counts @n_bytes and appends an acknowledgement to @out if one is due. */
void rtmp_ackwindow_receive (RtmpAckWindow *self, gsize n_bytes,
    GByteArray *out);

G_END_DECLS
