/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A packet that we did not encrypt never decrypts; one that we encrypted
 * decrypts once, unless a single byte of it was changed. */

#include "ext/whep/viewer/srtp.h"

#include <string.h>

#define PACKET_MAX 2048
#define RTCP_HEADER_SIZE 8

static const WhepSrtpKey KEY = { { 1, 2, 3 }, { 4, 5, 6 } };

static void
open_as_it_is (WhepSrtp *srtp, const guint8 *data, gsize size)
{
  guint8 *packet = g_memdup2 (data, size);

  g_assert (whep_srtp_open_rtcp (srtp, packet, size) == 0);
  g_free (packet);
}

static void
seal_and_open (WhepSrtp *sender, WhepSrtp *receiver, const guint8 *data,
    gsize size, gsize changed, guint8 change)
{
  guint8 sealed[PACKET_MAX], packet[PACKET_MAX];
  gsize sealed_size;

  memcpy (sealed, data, size);
  sealed_size = whep_srtp_seal_rtcp (sender, sealed, size);
  g_assert (sealed_size <= size + WHEP_SRTP_MAX_OVERHEAD);

  memcpy (packet, sealed, sealed_size);
  packet[changed % sealed_size] ^= change;
  if (change != 0)
    g_assert (whep_srtp_open_rtcp (receiver, packet, sealed_size) == 0);

  memcpy (packet, sealed, sealed_size);
  g_assert (whep_srtp_open_rtcp (receiver, packet, sealed_size) == size);
  g_assert (memcmp (packet, data, size) == 0);

  memcpy (packet, sealed, sealed_size);
  g_assert (whep_srtp_open_rtcp (receiver, packet, sealed_size) == 0);
}

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  WhepSrtpProfile profile = WHEP_SRTP_AES128_CM_SHA1_80;
  WhepSrtp *sender, *receiver;
  guint8 control[4];

  if (size < sizeof (control))
    return 0;
  memcpy (control, data, sizeof (control));
  data += sizeof (control);
  size -= sizeof (control);

  if (control[0] & 1)
    profile = WHEP_SRTP_AEAD_AES_128_GCM;
  sender = whep_srtp_new (profile, &KEY);
  receiver = whep_srtp_new (profile, &KEY);
  open_as_it_is (receiver, data, size);
  if (size >= RTCP_HEADER_SIZE && size <= PACKET_MAX - WHEP_SRTP_MAX_OVERHEAD)
    seal_and_open (sender, receiver, data, size, control[1] << 8 | control[2],
        control[3]);
  whep_srtp_free (sender);
  whep_srtp_free (receiver);
  return 0;
}
