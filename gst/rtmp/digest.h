/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The digests that handshakes have had since Flash Player 9, which no
 * specification describes: a client signs C1 with one well-known key, a server
 * signs S1 and S2 with another. They prove nothing, but some clients insist on
 * them. Pure. */

#pragma once

#include "gst/rtmp/handshake.h"

G_BEGIN_DECLS

#define RTMP_DIGEST_BYTES 32

/* Where in a block the digest is: the offset to it is in the block's first or
 * second half. */
typedef enum
{
  RTMP_DIGEST_NONE,
  RTMP_DIGEST_FIRST,
  RTMP_DIGEST_SECOND,
} RtmpDigestPlace;

/* Returns: where @c1 has a client's digest. */
RtmpDigestPlace rtmp_digest_find (const guint8 c1[RTMP_HANDSHAKE_BLOCK_BYTES]);

/* Writes the server's digest into @s1, at @place. */
void rtmp_digest_sign_s1 (guint8 s1[RTMP_HANDSHAKE_BLOCK_BYTES],
    RtmpDigestPlace place);
/* Writes the response to the digest at @place of @c1 to the end of @s2. */
void rtmp_digest_sign_s2 (guint8 s2[RTMP_HANDSHAKE_BLOCK_BYTES],
    const guint8 c1[RTMP_HANDSHAKE_BLOCK_BYTES], RtmpDigestPlace place);

G_END_DECLS
