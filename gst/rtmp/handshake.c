/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server's side of the RTMP handshake: see handshake.h. */

#include "gst/rtmp/handshake.h"

#include "gst/rtmp/digest.h"

#include <string.h>

/* 6 would be RTMPE; a text such as an HTTP request begins with 32 or above. */
#define VERSION 3
/* The time in S1, which four bytes of version follow. */
#define TIME_BYTES 4

#define C1_BEGIN 1
#define C1_END (C1_BEGIN + RTMP_HANDSHAKE_BLOCK_BYTES)
#define C2_END (C1_END + RTMP_HANDSHAKE_BLOCK_BYTES)

/* Clients look for a digest if the first byte is 3 or more. */
static const guint8 server_version[] = { 4, 5, 0, 1 };

static void
advance (RtmpHandshake *self, const guint8 **data, gsize *size, gsize n_taken)
{
  self->n_read += n_taken;
  *data += n_taken;
  *size -= n_taken;
}

/* S2 echoes C1; for a client with digests, all but the last bytes, which hold
 * the digest of S2. */
static void
write_answer (const RtmpHandshake *self, const guint8 *random, GByteArray *out)
{
  static const guint8 version = VERSION;
  RtmpDigestPlace place = rtmp_digest_find (self->c1);
  /* The time is zero, and version zero means that there is no digest. */
  guint8 s1[RTMP_HANDSHAKE_BLOCK_BYTES] = { 0 };
  guint8 s2[RTMP_HANDSHAKE_BLOCK_BYTES];

  memcpy (s1 + sizeof s1 - RTMP_HANDSHAKE_RANDOM_BYTES, random,
      RTMP_HANDSHAKE_RANDOM_BYTES);
  memcpy (s2, self->c1, sizeof s2);
  if (place != RTMP_DIGEST_NONE) {
    memcpy (s1 + TIME_BYTES, server_version, sizeof server_version);
    rtmp_digest_sign_s1 (s1, place);
    rtmp_digest_sign_s2 (s2, self->c1, place);
  }
  g_byte_array_append (out, &version, 1);
  g_byte_array_append (out, s1, sizeof s1);
  g_byte_array_append (out, s2, sizeof s2);
}

static void
read_c1 (RtmpHandshake *self, const guint8 **data, gsize *size)
{
  gsize n_taken = MIN (*size, C1_END - self->n_read);

  memcpy (self->c1 + self->n_read - C1_BEGIN, *data, n_taken);
  advance (self, data, size, n_taken);
}

RtmpHandshakeResult
rtmp_handshake_read (RtmpHandshake *self, const guint8 **data, gsize *size,
    const guint8 random[RTMP_HANDSHAKE_RANDOM_BYTES], GByteArray *out)
{
  if (*size > 0 && self->n_read < C1_BEGIN) {
    self->version = **data;
    advance (self, data, size, 1);
  }
  if (self->n_read >= C1_BEGIN && self->version != VERSION)
    return RTMP_HANDSHAKE_REJECTED;

  if (*size > 0 && self->n_read >= C1_BEGIN && self->n_read < C1_END) {
    read_c1 (self, data, size);
    if (self->n_read == C1_END)
      write_answer (self, random, out);
  }

  /* C2 should echo S1, but too many senders fill it with something else. */
  if (self->n_read >= C1_END)
    advance (self, data, size, MIN (*size, C2_END - self->n_read));
  return self->n_read == C2_END ? RTMP_HANDSHAKE_DONE : RTMP_HANDSHAKE_MORE;
}
