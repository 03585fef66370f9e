/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The query of a URL: see query.h. */

#include "gst/access/query.h"

#include <string.h>

static gchar *
unescape (const gchar *value, gsize size)
{
  gchar *text = g_uri_unescape_segment (value, value + size, NULL);

  return text != NULL ? text : g_strndup (value, size);
}

gchar *
access_query_get (const gchar *query, const gchar *name)
{
  gsize name_size = strlen (name);

  /* Terminates: each iteration consumes a parameter. */
  while (*query != '\0') {
    gsize size = strcspn (query, "&");

    if (size > name_size && query[name_size] == '=' &&
        strncmp (query, name, name_size) == 0)
      return unescape (query + name_size + 1, size - name_size - 1);
    query += size + (query[size] == '&');
  }
  return NULL;
}

gchar *
access_query_secret (const gchar *query)
{
  gchar *token = access_query_get (query, "token");
  g_autofree gchar *user = NULL;
  g_autofree gchar *password = NULL;

  if (token != NULL)
    return token;
  user = access_query_get (query, "user");
  password = access_query_get (query, "pass");
  if (user == NULL || password == NULL)
    return NULL;
  return g_strconcat (user, ":", password, NULL);
}
