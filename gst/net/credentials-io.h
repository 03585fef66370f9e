/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The certificate and the key of RTMPS or HTTPS, in PEM files that are read
 * again when they have changed. Has one owner. */

#pragma once

#include "gst/net/tls.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _NetCredentials NetCredentials;

/* @certificate may be followed by its chain. @key is (nullable), or "", if it
 * is in the same file. Fails if they can't be read or don't match. */
NetCredentials *net_credentials_new (const gchar *certificate, const gchar *key,
    GError **error);
/* The same for an HTTP server: see net_tls_context_use_for_http(). */
NetCredentials *net_credentials_new_for_http (const gchar *certificate,
    const gchar *key, GError **error);
void net_credentials_free (NetCredentials *self);

/* If the files have become unusable, the previous certificate stays in use, and
 * a warning is logged.
 *
 * Returns: (transfer none): valid until the next call; to be given to
 * net_tls_new(). */
SSL_CTX *net_credentials_context (NetCredentials *self);
/* Returns: (transfer full): the certificate's SHA-256, "AB:CD:…". */
gchar *net_credentials_dup_fingerprint (const NetCredentials *self);

G_END_DECLS
