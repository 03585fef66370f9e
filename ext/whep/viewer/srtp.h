/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One direction of SRTP and SRTCP (RFC 3711, RFC 7714); OpenSSL or libipsec-mb
 * provides the ciphers (see gcm.h).
 *
 * Sealing reads the shared payload and writes the datagram in place: no copy,
 * no allocation. Takes about 3 KB, or 2 KB for RTCP alone. Owned by the
 * viewer. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* RFC 5764 section 4.1.2 and RFC 7714 section 14.2; the values are those of
 * DTLS. */
typedef enum
{
  WHEP_SRTP_AES128_CM_SHA1_80 = 0x0001,
  WHEP_SRTP_AEAD_AES_128_GCM = 0x0007,
} WhepSrtpProfile;

#define WHEP_SRTP_KEY_SIZE 16
#define WHEP_SRTP_SALT_MAX 14
/* GCM's 16-byte tag and, for RTCP, the 4-byte index. */
#define WHEP_SRTP_MAX_OVERHEAD 20

/* A master key and salt; CM uses 14 bytes of the salt, GCM 12. */
typedef struct
{
  guint8 key[WHEP_SRTP_KEY_SIZE];
  guint8 salt[WHEP_SRTP_SALT_MAX];
} WhepSrtpKey;

typedef struct _WhepSrtp WhepSrtp;

WhepSrtp *whep_srtp_new (WhepSrtpProfile profile, const WhepSrtpKey *key);
/* Without the keys of RTP, because viewers send no media. */
WhepSrtp *whep_srtp_new_for_rtcp (WhepSrtpProfile profile,
    const WhepSrtpKey *key);
void whep_srtp_free (WhepSrtp *self);

/* Encrypts one RTP packet into @out, which has room for header, payload and
 * WHEP_SRTP_MAX_OVERHEAD. @roc is the rollover counter (RFC 3711 section 3.3.1)
 * that belongs to the sequence number in @header; the caller maintains it.
 * @payload must not overlap @out. Returns the datagram's size.
 *
 * A packet that is sent again must be identical to the last bit, header
 * included: two packets that share SSRC, @roc and sequence number but differ
 * reveal GCM's authentication key (RFC 7714 section 10.1). */
gsize whep_srtp_seal_rtp (WhepSrtp *self, const guint8 *header,
    gsize header_size, const guint8 *payload, gsize payload_size, guint32 roc,
    guint8 *out);

/* Encrypts a compound RTCP packet in place; @packet has room for
 * WHEP_SRTP_MAX_OVERHEAD more. Maintains the SRTCP index. Returns the new
 * size. */
gsize whep_srtp_seal_rtcp (WhepSrtp *self, guint8 *packet, gsize size);

/* Authenticates a datagram, rejects replays (RFC 3711 section 3.3.2), and
 * decrypts it in place. Returns the plain packet's size, or 0 if it is
 * rejected; the contents of @packet are undefined then. */
gsize whep_srtp_open_rtcp (WhepSrtp *self, guint8 *packet, gsize size);

G_END_DECLS
