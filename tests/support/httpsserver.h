/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The gateway's HTTP and HTTPS on loopback, with a certificate, and requests
 * that say each byte. */

#pragma once

#include "tests/support/tlsclient.h"
#include "tests/support/whepserver.h"

G_BEGIN_DECLS

/* The rest of a request's line, and the headers that each needs. */
#define HTTPS_REQUEST_END " HTTP/1.1\r\nHost: viewers.test:8080\r\n"
/* A request that ends its connection. */
#define HTTPS_ONE_REQUEST(line)                                                \
  line HTTPS_REQUEST_END "Connection: close\r\n\r\n"
#define HTTPS_HEALTH HTTPS_ONE_REQUEST ("GET /healthz")

typedef struct
{
  WhepServer server;
  gchar *path; /* of the certificate */
  guint16 port;
} HttpsServer;

/* Writes a new certificate and its key there. */
void https_certificate_write (const gchar *path);
/* Returns: (transfer full): the path of a new file with both. */
gchar *https_certificate_new (void);

/* A handshake may take as long as it likes. */
void https_server_init (HttpsServer *self, gboolean is_only);
void https_server_clear (HttpsServer *self);

/* Connects and performs the handshake. */
TlsClient https_server_client (const HttpsServer *self);
/* Returns: (transfer full): the reply to a request that ends its
 * connection. */
gchar *https_server_ask (const HttpsServer *self, gboolean is_secure,
    const gchar *request);
/* Fails the test unless /healthz is answered. */
void https_server_assert_healthy (const HttpsServer *self, gboolean is_secure);

G_END_DECLS
