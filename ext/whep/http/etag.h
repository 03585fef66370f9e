/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The entity tag of a session: it names the ICE session, so that what a client
 * sends for one is never taken for another (RFC 9110 section 13.1.1). Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  WHEP_ETAG_MATCHES,
  WHEP_ETAG_DIFFERS,
  WHEP_ETAG_MISSING, /* there is no If-Match */
} WhepEtagVerdict;

/* What If-Match says of @tag, which has no quotes and only letters and digits.
 * @if_match: (nullable): the header's value; `*` is any tag, and so is `"*"`,
 * as drafts of WHEP write it. */
WhepEtagVerdict whep_etag_read (const gchar *if_match, const gchar *tag);

/* Returns: (transfer full): the value for ETag; a strong one. */
gchar *whep_etag_write (const gchar *tag);

G_END_DECLS
