/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The short name of a browser: see browsername.h. */

#include "ext/whep/http/browsername.h"

#include <string.h>

/* The version's digits and dots that are read. */
#define VERSION_MAX 15

/* From top to bottom, because browsers claim to be the ones that they are
 * compatible with. @product precedes the version; what contains @also is
 * meant. */
static const struct
{
  const gchar *product, *also, *name;
} table[] = {
  { "Edg/", "", "Edge" },
  { "EdgA/", "", "Edge" },
  { "EdgiOS/", "", "Edge" },
  { "OPR/", "", "Opera" },
  { "SamsungBrowser/", "", "Samsung Internet" },
  { "FxiOS/", "", "Firefox" },
  { "Firefox/", "", "Firefox" },
  { "CriOS/", "", "Chrome" },
  { "HeadlessChrome/", "", "Chrome" },
  { "Chrome/", "", "Chrome" },
  { "Version/", "Safari/", "Safari" },
};

/* Only the major version, because Chrome freezes the rest. */
static void
write_name (const gchar *product, const gchar *version, gchar *name)
{
  gsize n_digits = strspn (version, "0123456789");

  if (n_digits == 0 || n_digits > VERSION_MAX)
    g_strlcpy (name, product, WHEP_BROWSER_NAME_MAX + 1);
  else
    g_snprintf (name, WHEP_BROWSER_NAME_MAX + 1, "%s %.*s", product,
        (gint) n_digits, version);
}

/* RFC 9110 section 10.1.5: "product/version comment …". */
static void
write_product (const gchar *user_agent, gchar *name)
{
  gsize size = strcspn (user_agent, "/ \t;(");
  gchar product[WHEP_BROWSER_NAME_MAX - VERSION_MAX];

  g_strlcpy (product, user_agent, MIN (size + 1, sizeof (product)));
  for (gchar *c = product; *c != '\0'; c++)
    if (!g_ascii_isprint (*c))
      *c = '?';
  write_name (product, user_agent[size] == '/' ? user_agent + size + 1 : "",
      name);
}

void
whep_browser_name_parse (const gchar *user_agent, gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    const gchar *product = strstr (user_agent, table[i].product);

    if (product == NULL || strstr (user_agent, table[i].also) == NULL)
      continue;
    write_name (table[i].name, product + strlen (table[i].product), name);
    return;
  }
  write_product (user_agent, name);
}
