/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks Base64 for URLs: see base64url.h. */

#include "gst/access/base64url.h"

gboolean
access_base64url_is_valid (const gchar *text, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '-' && text[i] != '_')
      return FALSE;
  /* A single character has six bits, which is less than a byte. */
  return size > 0 && size % 4 != 1;
}
