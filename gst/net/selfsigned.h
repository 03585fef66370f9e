/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A self-signed certificate for a server in a local network: ECDSA P-256, for
 * the names and addresses that browsers may use for it. Pure, except for the
 * randomness of OpenSSL itself. */

#pragma once

#include <glib.h>
#include <openssl/x509.h>

G_BEGIN_DECLS

/* Apple's limit for a certificate that users install is 825 days
 * (support.apple.com/103769). */
#define NET_SELFSIGNED_DAYS 824
/* A certificate that is valid for less is replaced. */
#define NET_SELFSIGNED_RENEWAL_DAYS 30

typedef struct
{
  X509 *x509;
  EVP_PKEY *key;
} NetSelfsigned;

/* @names are DNS names and literal addresses, at least one.
 *
 * Returns: (transfer full): made at @now_s, in seconds since 1970. */
NetSelfsigned *net_selfsigned_new (const gchar *const *names, gint64 now_s);
void net_selfsigned_free (NetSelfsigned *self);

/* Returns whether @x509 remains valid for long enough. */
gboolean net_selfsigned_is_fresh (X509 *x509, gint64 now_s);
/* Returns: (nullable): the first of @names that a browser would not accept
 * @x509 for. */
const gchar *net_selfsigned_lacks (X509 *x509, const gchar *const *names);

G_END_DECLS
