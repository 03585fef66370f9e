/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Entity tags. That of a session names the ICE session, so that a request meant
 * for one ICE session is never applied to another (RFC 9110 section 13.1.1);
 * that of a snapshot stands for its bytes. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  WHEP_ETAG_MATCHES,
  WHEP_ETAG_DIFFERS,
  WHEP_ETAG_MISSING, /* no If-Match */
} WhepEtagVerdict;

/* Compares If-Match with @tag, which consists of letters and digits only. The
 * comparison is strong: a weak tag never matches. @if_match: (nullable): the
 * header's value; `*` matches any tag, and so does `"*"`, as some drafts of
 * WHEP write it. */
WhepEtagVerdict whep_etag_read (const gchar *if_match, const gchar *tag);

/* Whether If-None-Match (nullable) has @tag, weak or not (RFC 9110 section
 * 13.1.2). */
gboolean whep_etag_is_known (const gchar *if_none_match, const gchar *tag);

/* Returns: (transfer full): the value for ETag, a strong tag. */
gchar *whep_etag_write (const gchar *tag);

G_END_DECLS
