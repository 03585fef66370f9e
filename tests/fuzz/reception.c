/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Packets of any sender, each after a byte with its size: what is counted adds
 * up, and what is asked for is limited. */

#include "whepbench/playback.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define STEP_US 1000

static void
receive (Reception *reception, Playback *playback, const guint8 *data,
    gsize size, gint64 now_us)
{
  RtpPacket packet;
  guint64 number;

  if (!rtp_parse (&packet, data, size) || !rtp_remove_padding (&packet))
    return;
  if (packet.pt & 1 && !rtp_read_original (&packet))
    return;
  if (reception_add (reception, &packet, now_us, &number))
    playback_add (playback, number, &packet, now_us);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const gchar *const codecs[] = { "H264", "H265", "VP8", "VP9", "AV1" };
  const guint8 *end = data + size;
  gint64 now_us = STEP_US;
  Reception reception;
  Playback playback;

  reception_init (&reception, TRUE, 90000, size % 2, TRUE);
  playback_init (&playback, codecs[size % G_N_ELEMENTS (codecs)]);
  while (data < end) {
    gsize n = MIN ((gsize) *data, (gsize) (end - data - 1));
    guint16 seqs[16];

    receive (&reception, &playback, data + 1, n, now_us);
    data += 1 + n;
    now_us += STEP_US;
    reception_ask (&reception, now_us, seqs, G_N_ELEMENTS (seqs));
  }
  g_assert (reception.missing->len <= RECEPTION_MAX_MISSING);
  g_assert (reception.n_duplicates <= reception.n_received);
  g_assert (playback.n_frames <= reception.n_received);
  reception_clear (&reception);
  playback_clear (&playback);
  return 0;
}
