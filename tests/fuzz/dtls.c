/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feeds any number of arbitrary datagrams to a handshake; each is two bytes of
 * length, then its bytes. Nobody gets in without the certificate of the
 * offer. */

#include "ext/whep/http/certificate-io.h"
#include "ext/whep/viewer/dtls.h"

#include <openssl/err.h>

#define MTU_BYTES 1200
#define DATAGRAMS_MAX 16

static const WhepAddress FROM = { .remote_ip = { 1 }, .remote_port = 2 };
static const WhepFingerprint NOBODY = { .hash = "sha-256", .size = 32 };

static SSL_CTX *
context (void)
{
  static SSL_CTX *made = NULL;

  if (made == NULL) {
    WhepCertificate *certificate = whep_certificate_new (NULL);

    made = whep_dtls_context_new (certificate->x509, certificate->key);
    whep_certificate_free (certificate);
  }
  return made;
}

static void
receive (WhepDtls *dtls, const guint8 *data, gsize size)
{
  static WhepOutbox out;
  guint8 *exact = g_memdup2 (data, size);
  gboolean has_ended = whep_dtls_state (dtls) != WHEP_DTLS_HANDSHAKING;

  whep_outbox_flush (&out);
  whep_dtls_receive (dtls, exact, size, &FROM, 0, &out);
  g_free (exact);

  g_assert (ERR_peek_error () == 0);
  g_assert (whep_dtls_state (dtls) != WHEP_DTLS_CONNECTED);
  if (has_ended)
    g_assert (out.n_runs == 0);
  for (guint i = 0; i < out.n_runs; i++)
    g_assert (out.runs[i].segment_size <= MTU_BYTES);
}

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  WhepDtls *dtls = whep_dtls_new (context (), &NOBODY, 0);

  for (guint i = 0; i < DATAGRAMS_MAX && size >= 2; i++) {
    gsize datagram_size = MIN ((gsize) (data[0] << 8 | data[1]), size - 2);

    receive (dtls, data + 2, datagram_size);
    data += 2 + datagram_size;
    size -= 2 + datagram_size;
  }
  whep_dtls_free (dtls);
  return 0;
}
