/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which certificate HTTPS has. */

#pragma once

#include "gst/net/credentials-io.h"

G_BEGIN_DECLS

/* Paths are (nullable) or "". */
typedef struct
{
  const gchar *certificate; /* a file: see credentials-io.h */
  const gchar *key;
  const gchar *self_signed; /* a folder, unless there is a certificate */
  gboolean is_only;         /* no HTTP without TLS */
  /* Of a handshake; 0: WHEP_HANDSHAKES_PATIENCE_US. */
  gint64 patience_us;
} WhepHttpsParams;

/* Returns: (nullable): the folder of the certificate that we make, if HTTPS has
 * that one. */
const gchar *whep_https_self_signed_folder (const WhepHttpsParams *params);
/* Returns: (transfer full) (nullable): NULL without an error if there is to be
 * no HTTPS. */
NetCredentials *whep_https_credentials_open (const WhepHttpsParams *params,
    GError **error);

G_END_DECLS
