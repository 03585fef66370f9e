/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of the pages: see pages-io.h. */

#include "ext/whep/http/pages-io.h"
#include "ext/whep/player-resource.h"

/* Replaced in pages with the relative path to the root. */
#define ROOT_MARK "@ROOT@"

static const struct
{
  const gchar *name, *content_type;
} assets[] = {
  { "backoff.js", "text/javascript; charset=utf-8" },
  { "diagnostics.js", "text/javascript; charset=utf-8" },
  { "fmp4.js", "text/javascript; charset=utf-8" },
  { "list.js", "text/javascript; charset=utf-8" },
  { "liveedge.js", "text/javascript; charset=utf-8" },
  { "mediasource.js", "text/javascript; charset=utf-8" },
  { "motion.js", "text/javascript; charset=utf-8" },
  { "player.js", "text/javascript; charset=utf-8" },
  { "probe.js", "text/javascript; charset=utf-8" },
  { "progress.js", "text/javascript; charset=utf-8" },
  { "statistics.js", "text/javascript; charset=utf-8" },
  { "way.js", "text/javascript; charset=utf-8" },
  { "whep.js", "text/javascript; charset=utf-8" },
  { "words.js", "text/javascript; charset=utf-8" },
  { "player.css", "text/css; charset=utf-8" },
  { "icon.svg", "image/svg+xml" },
};

static GBytes *
load (const gchar *name)
{
  g_autofree gchar *path = g_strconcat ("/player/", name, NULL);
  GBytes *bytes = g_resource_lookup_data (whep_player_get_resource (), path,
      G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_assert (bytes != NULL);
  return bytes;
}

GBytes *
whep_pages_asset (const gchar *name, const gchar **content_type)
{
  for (guint i = 0; i < G_N_ELEMENTS (assets); i++) {
    if (g_str_equal (assets[i].name, name)) {
      *content_type = assets[i].content_type;
      return load (name);
    }
  }
  return NULL;
}

gchar *
whep_pages_html (const gchar *name, const gchar *root)
{
  g_autoptr (GBytes) bytes = load (name);
  gsize size;
  const gchar *data = g_bytes_get_data (bytes, &size);
  GString *html = g_string_new_len (data, size);

  g_string_replace (html, ROOT_MARK, root, 0);
  return g_string_free (html, FALSE);
}
