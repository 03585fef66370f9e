/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses arbitrary bytes as the body of an audio tag: the payload lies within
 * it. */

#include "gst/flv/audio.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  FlvPacket packet;

  if (!flv_audio_parse (&packet, data, size))
    return 0;
  g_assert (packet.is_key && packet.cts_ms == 0);
  if (packet.kind == FLV_PACKET_NONE)
    return 0;
  g_assert (packet.offset > 0);
  g_assert (packet.offset <= size && packet.size <= size - packet.offset);
  g_assert (packet.n_channels <= 2);
  return 0;
}
