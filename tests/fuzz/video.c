/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses arbitrary bytes as the body of a video tag: the payload lies within
 * it. */

#include "gst/flv/video.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  FlvPacket packet;

  if (!flv_video_parse (&packet, data, size))
    return 0;
  if (packet.kind == FLV_PACKET_NONE)
    return 0;
  g_assert (packet.offset > 0);
  g_assert (packet.offset <= size && packet.size <= size - packet.offset);
  g_assert (ABS (packet.cts_ms) <= 0x800000);
  g_assert (packet.kind == FLV_PACKET_FRAME || packet.cts_ms == 0);
  return 0;
}
