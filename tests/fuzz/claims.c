/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Claims allow something only if they name it. */

#include "gst/access/claims.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *text = g_strndup ((const gchar *) data, size);
  AccessClaims *claims = access_claims_parse ((const gchar *) data, size);

  if (claims == NULL)
    return 0;
  g_assert (size <= ACCESS_CLAIMS_MAX_BYTES);
  access_claims_is_current (claims, 0);
  access_claims_is_current (claims, G_MAXINT64);
  /* A name or an asterisk may be written as \\u escapes, too. */
  if (access_claims_may_watch (claims, "live/cam"))
    g_assert (memchr (data, '*', size) != NULL ||
        memchr (data, '\\', size) != NULL ||
        g_strstr_len (text, -1, "live/cam") != NULL ||
        memchr (data, '\0', size) != NULL);
  if (access_claims_is_admin (claims))
    g_assert (memmem (data, size, "true", 4) != NULL);
  access_claims_may_publish (claims, "live/cam");
  access_claims_free (claims);
  return 0;
}
