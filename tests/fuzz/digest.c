/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A digest lies within its block whatever offset the bytes give, and signing
 * changes nothing but the digest. */

#include "gst/rtmp/digest.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define BLOCK RTMP_HANDSHAKE_BLOCK_BYTES

/* Returns the number of bytes up to and including the last difference. */
static gsize
extent (const guint8 *a, const guint8 *b)
{
  gsize first = 0;
  gsize end = BLOCK;

  while (first < BLOCK && a[first] == b[first])
    first++;
  while (end > first && a[end - 1] == b[end - 1])
    end--;
  return end - first;
}

static void
sign (const guint8 *c1, RtmpDigestPlace place)
{
  g_autofree guint8 *s1 = g_memdup2 (c1, BLOCK);
  g_autofree guint8 *s2 = g_memdup2 (c1, BLOCK);

  rtmp_digest_sign_s1 (s1, place);
  g_assert (extent (c1, s1) <= RTMP_DIGEST_BYTES);
  /* A server's digest does not pass as a client's. */
  g_assert (rtmp_digest_find (s1) != place || extent (c1, s1) == 0);
  rtmp_digest_sign_s2 (s2, c1, place);
  g_assert (memcmp (c1, s2, BLOCK - RTMP_DIGEST_BYTES) == 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree guint8 *c1 = g_malloc0 (BLOCK);

  if (size > 0)
    memcpy (c1, data, MIN (size, BLOCK));
  rtmp_digest_find (c1);
  sign (c1, RTMP_DIGEST_FIRST);
  sign (c1, RTMP_DIGEST_SECOND);
  return 0;
}
