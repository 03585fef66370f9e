/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of the pages: see pages-io.h. */

#include "ext/whep/http/pages-io.h"
#include "ext/whep/http/moduleimports.h"
#include "ext/whep/http/reply-io.h"
#include "ext/whep/http/representation-io.h"
#include "ext/whep/player-resource.h"

#include <string.h>

#define FOLDER "/player/" /* of the resource */
/* Replaced in pages with the relative path to the root. */
#define ROOT_MARK "@ROOT@"
/* The module that a page begins with, and what is inserted before it for each
 * one that this imports. */
#define MODULE_SCRIPT "<script type=\"module\" src=\""
#define PRELOAD "<link rel=\"modulepreload\" href=\"%s\">\n  "
#define HTML "text/html; charset=utf-8"

struct _WhepPages
{
  GHashTable *assets; /* name -> WhepRepresentation */
  GHashTable
      *templates; /* name -> HTML, to be served with ROOT_MARK replaced */
};

/* All files of the player but its pages. */
static const struct
{
  const gchar *suffix, *content_type;
} asset_types[] = {
  { ".js", "text/javascript; charset=utf-8" },
  { ".css", "text/css; charset=utf-8" },
  { ".svg", "image/svg+xml" },
};

static GBytes *
load (const gchar *name)
{
  g_autofree gchar *path = g_strconcat (FOLDER, name, NULL);
  GBytes *bytes = g_resource_lookup_data (whep_player_get_resource (), path,
      G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_assert (bytes != NULL);
  return bytes;
}

static gchar *
load_text (const gchar *name)
{
  g_autoptr (GBytes) bytes = load (name);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
add_asset (WhepPages *self, const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (asset_types); i++)
    if (g_str_has_suffix (name, asset_types[i].suffix))
      g_hash_table_insert (self->assets, g_strdup (name),
          whep_representation_new (asset_types[i].content_type, load (name)));
}

WhepPages *
whep_pages_new (void)
{
  WhepPages *self = g_new0 (WhepPages, 1);
  g_auto (GStrv) names =
      g_resource_enumerate_children (whep_player_get_resource (), FOLDER,
          G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  self->assets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      (GDestroyNotify) whep_representation_free);
  self->templates =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; names[i] != NULL; i++)
    add_asset (self, names[i]);
  return self;
}

void
whep_pages_free (WhepPages *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->assets);
  g_hash_table_unref (self->templates);
  g_free (self);
}

/* Adds all modules that @name imports, directly or not, to @seen and their
 * links to @links. Each is visited once. */
static void
add_imports (const gchar *name, GHashTable *seen, GString *links)
{
  g_autofree gchar *script = load_text (name);
  g_autoptr (GPtrArray) imports = whep_module_imports (script);

  for (guint i = 0; i < imports->len; i++) {
    const gchar *import = imports->pdata[i];

    if (!g_hash_table_add (seen, g_strdup (import)))
      continue;
    g_string_append_printf (links, PRELOAD, import);
    add_imports (import, seen, links);
  }
}

/* Returns: (transfer full): the page in that file, with links to its
 * modules. */
static gchar *
make_template (const gchar *name)
{
  g_autoptr (GHashTable) seen =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree gchar *text = load_text (name);
  gchar *tag = strstr (text, MODULE_SCRIPT);
  GString *html = g_string_new (text);
  GString *links;
  g_autofree gchar *module = NULL;

  if (tag == NULL)
    return g_string_free (html, FALSE);
  module = g_strdup (tag + strlen (MODULE_SCRIPT));
  *strchr (module, '"') = '\0';
  links = g_string_new (NULL);
  add_imports (module, seen, links);
  g_string_insert (html, tag - text, links->str);
  g_string_free (links, TRUE);
  return g_string_free (html, FALSE);
}

static const gchar *
template_of (WhepPages *self, const gchar *name)
{
  if (!g_hash_table_contains (self->templates, name))
    g_hash_table_insert (self->templates, g_strdup (name),
        make_template (name));
  return g_hash_table_lookup (self->templates, name);
}

static void
serve (WhepPages *self, SoupServerMessage *message, guint status,
    const gchar *name, const WhepRoute *route)
{
  GString *html = g_string_new (template_of (self, name));
  g_autoptr (WhepRepresentation) page = NULL;

  g_string_replace (html, ROOT_MARK, route->root, 0);
  page = whep_representation_new (HTML, g_string_free_to_bytes (html));
  whep_reply_page (message, status, page);
}

void
whep_pages_serve (WhepPages *self, SoupServerMessage *message,
    const gchar *name, const WhepRoute *route)
{
  serve (self, message, SOUP_STATUS_OK, name, route);
}

void
whep_pages_serve_asset (WhepPages *self, SoupServerMessage *message,
    const WhepRoute *route)
{
  const WhepRepresentation *file =
      g_hash_table_lookup (self->assets, route->asset);

  if (file == NULL)
    whep_pages_serve_missing (self, message, route);
  else
    whep_reply_representation (message, file);
}

void
whep_pages_serve_moved (SoupServerMessage *message, const WhepRoute *route)
{
  g_autofree gchar *location = whep_route_moved_location (route,
      g_uri_get_query (soup_server_message_get_uri (message)));

  whep_reply_moved (message, location);
}

void
whep_pages_serve_missing (WhepPages *self, SoupServerMessage *message,
    const WhepRoute *route)
{
  const gchar *method = soup_server_message_get_method (message);

  soup_message_headers_append (soup_server_message_get_response_headers (
                                   message),
      "Vary", "Accept");
  if ((method == SOUP_METHOD_GET || method == SOUP_METHOD_HEAD) &&
      whep_reply_wants_page (message))
    serve (self, message, SOUP_STATUS_NOT_FOUND, "missing.html", route);
  else
    whep_reply_problem (message, WHEP_PROBLEM_NOT_FOUND,
        "There is nothing at this address.");
}
