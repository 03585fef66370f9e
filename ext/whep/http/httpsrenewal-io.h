/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Renews the certificate that the gateway has made itself, while it runs. For
 * the HTTP thread. */

#pragma once

#include "gst/net/credentials-io.h"

G_BEGIN_DECLS

/* A new address is certified that soon, and a look costs the thread well under
 * a millisecond. */
#define WHEP_HTTPS_RENEWAL_INTERVAL_S 60

typedef struct _WhepHttpsRenewal WhepHttpsRenewal;

/* Looks at the certificate in @folder now and then, in the thread's default
 * context, for as long as @credentials, which are of its files, live. */
WhepHttpsRenewal *whep_https_renewal_new (const gchar *folder,
    NetCredentials *credentials);
void whep_https_renewal_free (WhepHttpsRenewal *self);

/* Looks now: a certificate that is about to expire, or lacks one of @names, is
 * replaced, and the next connection gets the new one. @now_s: in seconds since
 * 1970. */
void whep_https_renewal_check (WhepHttpsRenewal *self,
    const gchar *const *names, gint64 now_s);

G_END_DECLS
