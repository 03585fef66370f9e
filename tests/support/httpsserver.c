/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The gateway's HTTPS on loopback: see httpsserver.h. */

#include "tests/support/httpsserver.h"
#include "tests/support/selfsigned.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>

void
https_certificate_write (const gchar *path)
{
  WhepCertificate *identity = whep_certificate_new (NULL);

  ck_assert (identity != NULL);
  selfsigned_write (identity, path, NULL);
  whep_certificate_free (identity);
}

gchar *
https_certificate_new (void)
{
  gchar *path;
  gint fd = g_file_open_tmp ("https-XXXXXX", &path, NULL);

  ck_assert_int_ge (fd, 0);
  g_close (fd, NULL);
  https_certificate_write (path);
  return path;
}

void
https_server_init (HttpsServer *self, gboolean is_only)
{
  WhepHttpParams params = { .address = "127.0.0.1", .max_viewers = 8 };

  self->path = https_certificate_new ();
  params.https.certificate = self->path;
  params.https.is_only = is_only;
  /* However busy the machine is. */
  params.https.patience_us = G_TIME_SPAN_HOUR;
  whep_server_init_as (&self->server, &params);
  self->port = whep_http_port (self->server.http);
}

void
https_server_clear (HttpsServer *self)
{
  whep_server_clear (&self->server);
  g_remove (self->path);
  g_free (self->path);
}

TlsClient
https_server_client (const HttpsServer *self)
{
  TlsClient client = tls_client_new (self->port);

  tls_client_shake_hands (&client);
  return client;
}

gchar *
https_server_ask (const HttpsServer *self, gboolean is_secure,
    const gchar *request)
{
  TlsClient client =
      is_secure ? https_server_client (self) : tls_client_new (self->port);
  gchar *reply;

  tls_client_say (&client, request);
  reply = tls_client_hear (&client);
  tls_client_clear (&client);
  return reply;
}

void
https_server_assert_healthy (const HttpsServer *self, gboolean is_secure)
{
  g_autofree gchar *reply = https_server_ask (self, is_secure, HTTPS_HEALTH);

  ck_assert_msg (g_str_has_prefix (reply, "HTTP/1.1 200") &&
          g_str_has_suffix (reply, "\r\n\r\nok\n"),
      "%s", reply);
}
