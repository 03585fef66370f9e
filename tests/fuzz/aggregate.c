/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An aggregate message never yields more than it contains. */

#include "gst/rtmp/aggregate.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define SUB_HEADER_BYTES 11

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  RtmpAggregate aggregate = { 0 };
  RtmpMessage message;
  gsize n_bytes = 0;
  gboolean is_first = TRUE;

  g_assert (rtmp_message_init (&message, RTMP_MESSAGE_AGGREGATE, size));
  message.time_ms = 5000;
  if (size > 0)
    memcpy (rtmp_message_payload (&message), data, size);
  rtmp_aggregate_take (&aggregate, &message);

  while (rtmp_aggregate_next (&aggregate, &message)) {
    n_bytes += SUB_HEADER_BYTES + message.size;
    g_assert (n_bytes <= size);
    g_assert (!is_first || message.time_ms == 5000);
    is_first = FALSE;
    rtmp_message_clear (&message);
  }
  g_assert (aggregate.whole.block == NULL);
  return 0;
}
