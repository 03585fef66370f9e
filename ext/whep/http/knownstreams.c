/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a reader knows of the list of streams: see knownstreams.h. */

#include "ext/whep/http/knownstreams.h"
#include "ext/whep/http/json.h"

#include <string.h>

/* Both strings are GRefStrings. */
typedef struct
{
  gchar *name, *json;
} StreamText;

struct _WhepKnownStreams
{
  GHashTable *texts; /* name → JSON; NULL: the reader knows nothing yet */
};

static void
stream_text_free (gpointer data)
{
  StreamText *self = data;

  g_ref_string_release (self->name);
  g_ref_string_release (self->json);
  g_free (self);
}

GPtrArray *
whep_stream_texts_new (void)
{
  return g_ptr_array_new_with_free_func (stream_text_free);
}

void
whep_stream_texts_add (GPtrArray *texts, const gchar *name, const gchar *json)
{
  StreamText *text = g_new (StreamText, 1);

  text->name = g_ref_string_new (name);
  text->json = g_ref_string_new (json);
  g_ptr_array_add (texts, text);
}

gboolean
whep_stream_texts_are_equal (const GPtrArray *a, const GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  /* The JSON has the name. */
  for (guint i = 0; i < a->len; i++)
    if (strcmp (((const StreamText *) a->pdata[i])->json,
            ((const StreamText *) b->pdata[i])->json) != 0)
      return FALSE;
  return TRUE;
}

GList *
whep_stream_texts_names (const GPtrArray *texts)
{
  GList *names = NULL;

  for (guint i = texts->len; i > 0; i--)
    names = g_list_prepend (names,
        ((const StreamText *) texts->pdata[i - 1])->name);
  return names;
}

WhepKnownStreams *
whep_known_streams_new (void)
{
  return g_new0 (WhepKnownStreams, 1);
}

void
whep_known_streams_free (WhepKnownStreams *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->texts, g_hash_table_unref);
  g_free (self);
}

static GHashTable *
table_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal,
      (GDestroyNotify) g_ref_string_release,
      (GDestroyNotify) g_ref_string_release);
}

/* Returns: (transfer full): what the reader will know. Appends to @changed what
 * it does not know yet, separated by commas. */
static GHashTable *
find_changed (const WhepKnownStreams *self, const GPtrArray *texts,
    GHashTable *visible, GString *changed)
{
  GHashTable *next = table_new ();

  for (guint i = 0; i < texts->len; i++) {
    const StreamText *text = texts->pdata[i];
    const gchar *known = self->texts == NULL
        ? NULL
        : g_hash_table_lookup (self->texts, text->name);

    if (visible != NULL && !g_hash_table_contains (visible, text->name))
      continue;
    g_hash_table_insert (next, g_ref_string_acquire (text->name),
        g_ref_string_acquire (text->json));
    if (g_strcmp0 (known, text->json) != 0)
      g_string_append_printf (changed, "%s%s", changed->len > 0 ? "," : "",
          text->json);
  }
  return next;
}

/* Returns: (transfer full) (nullable): an array of the names that the reader
 * knows and that are not in @next; NULL if there are none. */
static gchar *
find_gone (const WhepKnownStreams *self, GHashTable *next)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  guint n_gone = 0;
  GHashTableIter iter;
  gpointer name;

  json_builder_begin_array (json);
  g_hash_table_iter_init (&iter, self->texts);
  while (g_hash_table_iter_next (&iter, &name, NULL)) {
    if (g_hash_table_contains (next, name))
      continue;
    json_builder_add_string_value (json, name);
    n_gone++;
  }
  json_builder_end_array (json);
  return n_gone > 0 ? whep_json_to_text (json) : NULL;
}

gchar *
whep_known_streams_update (WhepKnownStreams *self, const GPtrArray *texts,
    GHashTable *visible)
{
  g_autoptr (GString) changed = g_string_new (NULL);
  g_autoptr (GHashTable) next = find_changed (self, texts, visible, changed);
  g_autofree gchar *gone = NULL;
  gchar *event = NULL;

  if (self->texts == NULL)
    event = g_strdup_printf ("event: streams\ndata: [%s]\n\n", changed->str);
  else
    gone = find_gone (self, next);
  if (self->texts != NULL && (changed->len > 0 || gone != NULL))
    event = g_strdup_printf ("event: changes\ndata: "
                             "{\"changed\":[%s],\"gone\":%s}\n\n",
        changed->str, gone != NULL ? gone : "[]");
  g_clear_pointer (&self->texts, g_hash_table_unref);
  self->texts = g_steal_pointer (&next);
  return event;
}
