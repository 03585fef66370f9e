/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The streams of one media thread: see streamtable.h. */

#include "ext/whep/stream/streamtable.h"

/* Where the packets of a publisher's track go. */
typedef struct
{
  WhepStream *stream;
  WhepTrackKind kind;
} Source;

struct _WhepStreamTable
{
  WhepStreamLimits limits;
  GHashTable *by_name; /* name → WhepStream, owned */
  GHashTable *sources; /* track id → Source */
  GPtrArray *news;     /* of WhepStream, each at most once */
};

static void
free_stream (gpointer stream)
{
  whep_stream_free (stream);
}

WhepStreamTable *
whep_stream_table_new (const WhepStreamLimits *limits)
{
  WhepStreamTable *self = g_new0 (WhepStreamTable, 1);

  self->limits = *limits;
  self->by_name =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_stream);
  self->sources =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->news = g_ptr_array_new ();
  return self;
}

void
whep_stream_table_free (WhepStreamTable *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->news);
  g_hash_table_unref (self->sources);
  g_hash_table_unref (self->by_name);
  g_free (self);
}

guint
whep_stream_table_count (const WhepStreamTable *self)
{
  return g_hash_table_size (self->by_name);
}

void
whep_stream_table_foreach (const WhepStreamTable *self, GFunc func,
    gpointer user_data)
{
  GHashTableIter iter;
  gpointer stream;

  g_hash_table_iter_init (&iter, self->by_name);
  while (g_hash_table_iter_next (&iter, NULL, &stream))
    func (stream, user_data);
}

WhepStream *
whep_stream_table_get (WhepStreamTable *self, const gchar *name, gint64 now_us)
{
  WhepStream *stream = g_hash_table_lookup (self->by_name, name);

  if (stream == NULL) {
    stream = whep_stream_new (name, &self->limits, now_us);
    g_hash_table_insert (self->by_name, stream->name, stream);
  }
  return stream;
}

/* A publisher that another one has replaced refers to the stream until it ends,
 * too. */
static gboolean
has_source (const WhepStreamTable *self, const WhepStream *stream)
{
  GHashTableIter iter;
  gpointer source;

  g_hash_table_iter_init (&iter, self->sources);
  while (g_hash_table_iter_next (&iter, NULL, &source))
    if (((Source *) source)->stream == stream)
      return TRUE;
  return FALSE;
}

void
whep_stream_table_release (WhepStreamTable *self, WhepStream *stream)
{
  if (!whep_stream_is_idle (stream) || has_source (self, stream))
    return;
  g_ptr_array_remove_fast (self->news, stream);
  g_hash_table_remove (self->by_name, stream->name);
}

void
whep_stream_table_begin_track (WhepStreamTable *self, guint64 id,
    const gchar *name, WhepTrackKind kind, const gchar *encoding_name,
    guint clock_rate, gint64 now_us)
{
  Source *source;

  g_return_if_fail (!g_hash_table_contains (self->sources, &id));
  source = g_new (Source, 1);
  source->stream = whep_stream_table_get (self, name, now_us);
  source->kind = kind;
  g_hash_table_insert (self->sources, g_memdup2 (&id, sizeof (id)), source);
  whep_stream_begin_track (source->stream, kind, id, encoding_name, clock_rate);
}

void
whep_stream_table_offer_rendition (WhepStreamTable *self, guint64 id,
    const gchar *encoding_name)
{
  Source *source = g_hash_table_lookup (self->sources, &id);

  if (source != NULL)
    whep_stream_offer_rendition (source->stream, id, encoding_name);
}

static void
note_news (WhepStreamTable *self, WhepStream *stream)
{
  if (!g_ptr_array_find (self->news, stream, NULL))
    g_ptr_array_add (self->news, stream);
}

static void
note_each (gpointer stream, gpointer user_data)
{
  note_news (user_data, stream);
}

void
whep_stream_table_end_track (WhepStreamTable *self, guint64 id, gint64 now_us)
{
  Source *source = g_hash_table_lookup (self->sources, &id);
  WhepStream *stream;

  if (source == NULL)
    return;
  stream = source->stream;
  whep_stream_end_track (stream, source->kind, id, now_us);
  g_hash_table_remove (self->sources, &id);
  if (stream->viewers->len > 0)
    note_news (self, stream);
  else
    whep_stream_table_release (self, stream);
}

void
whep_stream_table_add (WhepStreamTable *self, guint64 id, WhepPacket **packets,
    guint n_packets)
{
  Source *source = g_hash_table_lookup (self->sources, &id);
  WhepTrack *track;

  if (source == NULL)
    return;
  track = &source->stream->tracks[source->kind];
  if (track->publisher != id)
    return;
  for (guint i = 0; i < n_packets; i++)
    whep_log_add (track->log, g_steal_pointer (&packets[i]));
  note_news (self, source->stream);
}

void
whep_stream_table_note_all (WhepStreamTable *self)
{
  whep_stream_table_foreach (self, note_each, self);
}

WhepStream *
whep_stream_table_take_news (WhepStreamTable *self)
{
  WhepStream *stream;

  if (self->news->len == 0)
    return NULL;
  stream = g_ptr_array_remove_index_fast (self->news, self->news->len - 1);
  stream->n_turns++;
  return stream;
}
