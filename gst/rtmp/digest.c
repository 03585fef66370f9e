/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The digests of the handshake: see digest.h. */

#include "gst/rtmp/digest.h"

#include <string.h>

#define BLOCK RTMP_HANDSHAKE_BLOCK_BYTES
/* Each half of a block has four bytes whose sum is the offset of the digest in
 * the bytes that follow. */
#define FIRST_HALF 8
#define SECOND_HALF (FIRST_HALF + 764)
#define OFFSET_BYTES 4
#define MAX_OFFSET (764 - OFFSET_BYTES - RTMP_DIGEST_BYTES)
/* The keys begin with a text; C1 and S1 are signed with the text alone. */
#define PLAYER_TEXT_BYTES 30
#define SERVER_TEXT_BYTES 36

static const guint8 player_text[PLAYER_TEXT_BYTES + 1] =
    "Genuine Adobe Flash Player 001";
static const guint8 server_key[SERVER_TEXT_BYTES + 32 + 1] =
    "Genuine Adobe Flash Media Server 001"
    "\xf0\xee\xc2\x4a\x80\x68\xbe\xe8\x2e\x00\xd0\xd1\x02\x9e\x7e\x57"
    "\x6e\xec\x5d\x2d\x29\x80\x6f\xab\x93\xb8\xe6\x36\xcf\xeb\x31\xae";

static gsize
position (const guint8 *block, RtmpDigestPlace place)
{
  gsize half = place == RTMP_DIGEST_FIRST ? FIRST_HALF : SECOND_HALF;
  gsize sum = block[half] + block[half + 1] + block[half + 2] + block[half + 3];

  return half + OFFSET_BYTES + sum % MAX_OFFSET;
}

static void
finish (GHmac *hmac, guint8 *digest)
{
  gsize size = RTMP_DIGEST_BYTES;

  g_hmac_get_digest (hmac, digest, &size);
  g_hmac_unref (hmac);
}

/* The digest covers all of a block but itself. */
static void
sign_around (const guint8 *block, gsize at, const guint8 *key, gsize key_size,
    guint8 *digest)
{
  GHmac *hmac = g_hmac_new (G_CHECKSUM_SHA256, key, key_size);
  gsize after = at + RTMP_DIGEST_BYTES;

  g_hmac_update (hmac, block, at);
  g_hmac_update (hmac, block + after, BLOCK - after);
  finish (hmac, digest);
}

static gboolean
is_at (const guint8 *c1, RtmpDigestPlace place)
{
  gsize at = position (c1, place);
  guint8 digest[RTMP_DIGEST_BYTES];

  sign_around (c1, at, player_text, PLAYER_TEXT_BYTES, digest);
  return memcmp (c1 + at, digest, sizeof digest) == 0;
}

RtmpDigestPlace
rtmp_digest_find (const guint8 c1[RTMP_HANDSHAKE_BLOCK_BYTES])
{
  if (is_at (c1, RTMP_DIGEST_FIRST))
    return RTMP_DIGEST_FIRST;
  if (is_at (c1, RTMP_DIGEST_SECOND))
    return RTMP_DIGEST_SECOND;
  return RTMP_DIGEST_NONE;
}

void
rtmp_digest_sign_s1 (guint8 s1[RTMP_HANDSHAKE_BLOCK_BYTES],
    RtmpDigestPlace place)
{
  gsize at = position (s1, place);

  sign_around (s1, at, server_key, SERVER_TEXT_BYTES, s1 + at);
}

void
rtmp_digest_sign_s2 (guint8 s2[RTMP_HANDSHAKE_BLOCK_BYTES],
    const guint8 c1[RTMP_HANDSHAKE_BLOCK_BYTES], RtmpDigestPlace place)
{
  const gsize at = BLOCK - RTMP_DIGEST_BYTES;
  guint8 key[RTMP_DIGEST_BYTES];
  GHmac *hmac;

  hmac = g_hmac_new (G_CHECKSUM_SHA256, server_key, sizeof server_key - 1);
  g_hmac_update (hmac, c1 + position (c1, place), RTMP_DIGEST_BYTES);
  finish (hmac, key);

  hmac = g_hmac_new (G_CHECKSUM_SHA256, key, sizeof key);
  g_hmac_update (hmac, s2, at);
  finish (hmac, s2 + at);
}
