/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses arbitrary bytes as a datagram of records; the first byte selects the
 * cipher. */

#include "ext/whep/viewer/dtlsrecord.h"

static const int ciphers[] = { NID_aes_128_gcm, NID_aes_256_gcm,
  NID_chacha20_poly1305 };

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  WhepDtlsKeys keys = { 0 };
  WhepDtlsRecord record;
  guint8 level, description;

  if (size == 0)
    return 0;
  keys.cipher_nid = ciphers[data[0] % G_N_ELEMENTS (ciphers)];
  data++;
  size--;
  while (whep_dtls_record_next (&data, &size, &record)) {
    const guint8 *end = record.data + record.size;

    g_assert (record.size >= WHEP_DTLS_HEADER_SIZE);
    g_assert (end == data);
    /* A tag cannot be forged by chance. */
    g_assert (!whep_dtls_open_alert (&keys, &record, &level, &description));
  }
  return 0;
}
