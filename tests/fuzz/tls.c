/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whatever a peer says before it has shaken hands, in whatever pieces: the
 * server takes no more than there is, keeps to a record of plain bytes, and
 * once it is broken it stays so, for a reason. */

#include "gst/net/selfsigned.h"
#include "gst/net/tls.h"

#include <openssl/ssl.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Of all that the server says to one peer: its flight, and alerts. */
#define MAX_SAID_BYTES (64 * 1024)

static SSL_CTX *
context_new (void)
{
  static const gchar *const names[] = { "localhost", NULL };
  NetSelfsigned *made = net_selfsigned_new (names, 1800000000);
  SSL_CTX *context = net_tls_context_new ();

  net_tls_context_use_for_http (context);
  g_assert (SSL_CTX_use_certificate (context, made->x509));
  g_assert (SSL_CTX_use_PrivateKey (context, made->key));
  net_selfsigned_free (made);
  return context;
}

static NetTlsResult
hear (NetTls *tls, const guint8 *data, gsize size, GByteArray *said)
{
  const guint8 *end = data + size;
  NetTlsResult result;

  do {
    const guint8 *plain;
    gsize n_plain;

    result = net_tls_receive (tls, &data, &size, &plain, &n_plain, said);
    g_assert (data <= end && size == (gsize) (end - data));
    g_assert (n_plain <= NET_TLS_RECORD_BYTES);
    g_assert ((n_plain > 0) == (result == NET_TLS_BYTES));
    g_assert ((net_tls_why (tls) != NULL) == (result == NET_TLS_BROKEN));
  } while (result == NET_TLS_BYTES);
  return result;
}

/* The first byte says in what pieces the rest comes. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static SSL_CTX *context;
  NetTlsResult result = NET_TLS_MORE;
  GByteArray *said;
  NetTls *tls;
  gsize step;

  if (size == 0)
    return 0;
  if (context == NULL)
    context = context_new ();
  step = 1 + data[0];
  said = g_byte_array_new ();
  tls = net_tls_new (context);
  for (gsize n = 1; n < size; n += step) {
    gboolean is_broken = result == NET_TLS_BROKEN;

    result = hear (tls, data + n, MIN (step, size - n), said);
    g_assert (!is_broken || result == NET_TLS_BROKEN);
  }
  /* Without keys, no peer can complete a handshake. */
  g_assert (!net_tls_is_established (tls));
  g_assert (said->len <= MAX_SAID_BYTES);
  net_tls_free (tls);
  g_byte_array_unref (said);
  return 0;
}
