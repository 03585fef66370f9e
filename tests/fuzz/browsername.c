/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whatever a client says of itself, its name is short and printable. */

#include "ext/whep/http/browsername.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *user_agent = g_strndup ((const gchar *) data, size);
  gchar name[WHEP_BROWSER_NAME_MAX + 1];

  whep_browser_name_parse (user_agent, name);
  g_assert (memchr (name, '\0', sizeof (name)) != NULL);
  for (const gchar *c = name; *c != '\0'; c++)
    g_assert (g_ascii_isprint (*c));
  return 0;
}
