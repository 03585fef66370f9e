/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sends requests without TLS to HTTPS. For the HTTP thread. */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Replies 308 (RFC 9110 section 15.4.9) unless @message came by HTTPS, has a
 * reply already, or asks for /healthz: load balancers and containers ask that
 * without TLS, few of them follow redirects, and "ok" is no secret. */
void whep_https_redirect_check (SoupServerMessage *message);

G_END_DECLS
