/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A list is parsed or rejected, with the number of one of its lines. */

#include "gst/access/keys.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
parse (const gchar *text, gsize size, AccessKeysFormat format)
{
  guint bad_line, n_lines = 1, n_passwords = 0, index = 0;
  AccessKeys *keys = access_keys_parse (text, size, format, &bad_line);

  for (gsize i = 0; i < size; i++)
    n_lines += text[i] == '\n';
  if (keys == NULL) {
    g_assert (bad_line >= 1 && bad_line <= n_lines);
    return;
  }
  g_assert (!access_keys_allow (keys, "live/cam", ""));
  while (access_keys_next_password (keys, &index, "live", NULL, "me") != NULL)
    n_passwords++;
  g_assert (n_passwords <= n_lines);
  g_assert (n_passwords == 0 || access_keys_have_login (keys, "live"));
  access_keys_free (keys);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *text = g_memdup2 (data, size);

  parse (text, size, ACCESS_KEYS_BY_STREAM);
  parse (text, size, ACCESS_KEYS_ALONE);
  return 0;
}
