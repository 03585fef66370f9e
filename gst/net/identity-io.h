/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A self-signed certificate that is kept in a folder, so that a browser
 * in which it was accepted once does not warn again. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The files in the folder; only their owner may read them. */
#define NET_IDENTITY_CERTIFICATE "certificate.pem"
#define NET_IDENTITY_KEY "key.pem"

/* Makes a new certificate for @names unless the folder has one for all of them
 * that is valid for NET_SELFSIGNED_RENEWAL_DAYS from @now_s. The folder is
 * created if necessary. */
gboolean net_identity_ensure (const gchar *folder, const gchar *const *names,
    gint64 now_s, GError **error);

G_END_DECLS
