/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Acknowledges received bytes: see ackwindow.h. */

#include "gst/rtmp/ackwindow.h"

#include "gst/rtmp/control.h"

void
rtmp_ackwindow_receive (RtmpAckWindow *self, gsize n_bytes, GByteArray *out)
{
  self->n_received += n_bytes;
  if (self->n_received - self->n_acknowledged < self->window_bytes)
    return;
  /* The count has 32 bits and wraps. */
  rtmp_control_write_number (out, RTMP_MESSAGE_ACKNOWLEDGEMENT,
      self->n_received);
  self->n_acknowledged = self->n_received;
}
