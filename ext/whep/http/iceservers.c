/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* STUN and TURN servers: see iceservers.h. */

#include "ext/whep/http/iceservers.h"

#include <string.h>

#define SEPARATORS ", \t\r\n"

static const gchar *const schemes[] = { "stun", "stuns", "turn", "turns",
  NULL };

/* RFC 9110 section 5.6.4: a quoted-string. */
static void
append_quoted (GString *link, const gchar *name, const gchar *value)
{
  g_string_append_printf (link, "; %s=\"", name);
  for (const gchar *c = value; *c != '\0'; c++) {
    if (*c == '"' || *c == '\\')
      g_string_append_c (link, '\\');
    g_string_append_c (link, *c);
  }
  g_string_append_c (link, '"');
}

/* Control characters would end the header's value or the URI in it. */
static gboolean
is_plain (const gchar *text)
{
  for (const gchar *c = text; c != NULL && *c != '\0'; c++) {
    if (g_ascii_iscntrl (*c))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_server (GUri *uri)
{
  const gchar *host = g_uri_get_host (uri);
  const gchar *path = g_uri_get_path (uri);

  return g_strv_contains (schemes, g_uri_get_scheme (uri)) && host != NULL &&
      *host != '\0' && strpbrk (host, "<>\" ") == NULL && is_plain (host) &&
      *path == '\0' && g_uri_get_fragment (uri) == NULL &&
      is_plain (g_uri_get_user (uri)) && is_plain (g_uri_get_password (uri));
}

/* RFC 7064 and RFC 7065: without slashes; the credentials are separate. */
static void
append_target (GString *link, GUri *uri)
{
  const gchar *host = g_uri_get_host (uri);
  gboolean is_v6 = strchr (host, ':') != NULL;

  g_string_append_printf (link, is_v6 ? "<%s:[%s]" : "<%s:%s",
      g_uri_get_scheme (uri), host);
  if (g_uri_get_port (uri) > 0)
    g_string_append_printf (link, ":%d", g_uri_get_port (uri));
  if (g_uri_get_query (uri) != NULL)
    g_string_append_printf (link, "?%s", g_uri_get_query (uri));
  g_string_append (link, ">; rel=\"ice-server\"");
}

static gchar *
link_new (GUri *uri)
{
  GString *link = g_string_new (NULL);

  append_target (link, uri);
  if (g_uri_get_user (uri) != NULL && g_uri_get_password (uri) != NULL) {
    append_quoted (link, "username", g_uri_get_user (uri));
    append_quoted (link, "credential", g_uri_get_password (uri));
    append_quoted (link, "credential-type", "password");
  }
  return g_string_free (link, FALSE);
}

/* Returns: (nullable): NULL if @text is not a valid server. */
static GUri *
parse (const gchar *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text,
      G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_QUERY, NULL);

  if (uri == NULL || !is_server (uri))
    return NULL;
  return g_steal_pointer (&uri);
}

/* Names the position, because the text may contain a password. */
static GStrv
reject (guint number, GError **error)
{
  g_set_error (error, G_URI_ERROR, G_URI_ERROR_FAILED,
      "ICE server %u is not stun://HOST:PORT or "
      "turn://USER:PASSWORD@HOST:PORT, or there are more than %u",
      number, WHEP_ICESERVERS_MAX);
  return NULL;
}

GStrv
whep_iceservers_links (const gchar *list, GError **error)
{
  g_auto (GStrv) texts =
      g_strsplit_set (list == NULL ? "" : list, SEPARATORS, -1);
  g_autoptr (GPtrArray) links = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; texts[i] != NULL; i++) {
    g_autoptr (GUri) uri = NULL;

    if (*texts[i] == '\0')
      continue;
    uri = parse (texts[i]);
    if (uri == NULL || links->len == WHEP_ICESERVERS_MAX)
      return reject (links->len + 1, error);
    g_ptr_array_add (links, link_new (uri));
  }
  g_ptr_array_add (links, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&links), FALSE);
}
