/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The handshake gives the same replies wherever its bytes are split: the first
 * two select how. */

#include "gst/rtmp/handshake.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static const guint8 random_bytes[RTMP_HANDSHAKE_RANDOM_BYTES];

/* Returns the number of bytes consumed. */
static gsize
shake_hands (const guint8 *data, gsize size, gsize piece, GByteArray *out,
    RtmpHandshakeResult *result)
{
  RtmpHandshake handshake = { 0 };
  gsize n_taken = 0;

  *result = RTMP_HANDSHAKE_MORE;
  while (n_taken < size && *result == RTMP_HANDSHAKE_MORE) {
    const guint8 *next = data + n_taken;
    gsize n_left = MIN (piece, size - n_taken);
    gsize n_given = n_left;

    *result =
        rtmp_handshake_read (&handshake, &next, &n_left, random_bytes, out);
    g_assert (n_left == 0 || *result != RTMP_HANDSHAKE_MORE);
    n_taken += n_given - n_left;
  }
  return n_taken;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GByteArray) whole = g_byte_array_new ();
  g_autoptr (GByteArray) cut = g_byte_array_new ();
  RtmpHandshakeResult whole_result, cut_result;
  gsize piece, n_whole, n_cut;

  if (size < 2)
    return 0;
  piece = 1 + data[0] + 256 * (data[1] % 8);
  data += 2;
  size -= 2;
  n_whole = shake_hands (data, size, MAX (size, 1), whole, &whole_result);
  n_cut = shake_hands (data, size, piece, cut, &cut_result);

  g_assert (whole_result == cut_result && n_whole == n_cut);
  g_assert (whole->len == cut->len);
  g_assert (
      whole->len == 0 || memcmp (whole->data, cut->data, whole->len) == 0);
  g_assert (
      whole->len == 0 || whole->len == 1 + 2 * RTMP_HANDSHAKE_BLOCK_BYTES);
  return 0;
}
