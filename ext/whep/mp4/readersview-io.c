/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What other threads know of HTTP readers: see readersview-io.h. */

#include "ext/whep/mp4/readersview-io.h"

#include <string.h>

typedef struct
{
  guint64 id;
  gchar *name;
  GRefString *codecs; /* NULL: no init segment has come yet; may be "" */
} Stream;

struct _WhepListedReader
{
  WhepReaderFacts *facts;
  guint64 n_bytes;
  guint n_jumps;
  gboolean is_leaving; /* its connection is about to be closed */
};

struct _WhepReadersView
{
  GMutex lock;        /* guards the rest */
  GPtrArray *streams; /* of Stream */
  GPtrArray *readers; /* of WhepListedReader, the oldest first */
  guint64 n_joined;   /* as in WhepReadersStats, like those that follow */
  guint64 n_bytes;
  guint64 n_jumps;
};

static void
stream_free (gpointer user_data)
{
  Stream *stream = user_data;

  g_free (stream->name);
  g_clear_pointer (&stream->codecs, g_ref_string_release);
  g_free (stream);
}

static void
reader_free (gpointer user_data)
{
  WhepListedReader *reader = user_data;

  whep_reader_facts_unref (reader->facts);
  g_free (reader);
}

WhepReadersView *
whep_readers_view_new (void)
{
  WhepReadersView *self = g_new0 (WhepReadersView, 1);

  g_mutex_init (&self->lock);
  self->streams = g_ptr_array_new_with_free_func (stream_free);
  self->readers = g_ptr_array_new_with_free_func (reader_free);
  return self;
}

void
whep_readers_view_free (WhepReadersView *self)
{
  g_ptr_array_unref (self->streams);
  g_ptr_array_unref (self->readers);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* @name: (nullable): any. */
static Stream *
find_locked (WhepReadersView *self, guint64 id, const gchar *name)
{
  for (guint i = 0; i < self->streams->len; i++) {
    Stream *stream = g_ptr_array_index (self->streams, i);

    if (name != NULL ? strcmp (stream->name, name) == 0 : stream->id == id)
      return stream;
  }
  return NULL;
}

void
whep_readers_view_begin (WhepReadersView *self, guint64 id, const gchar *name)
{
  Stream *stream;

  g_mutex_lock (&self->lock);
  stream = find_locked (self, id, name);
  if (stream == NULL) {
    stream = g_new0 (Stream, 1);
    stream->name = g_strdup (name);
    g_ptr_array_add (self->streams, stream);
  }
  stream->id = id;
  g_clear_pointer (&stream->codecs, g_ref_string_release);
  g_mutex_unlock (&self->lock);
}

void
whep_readers_view_describe (WhepReadersView *self, guint64 id,
    const gchar *codecs)
{
  Stream *stream;

  g_mutex_lock (&self->lock);
  stream = find_locked (self, id, NULL);
  if (stream != NULL) {
    g_clear_pointer (&stream->codecs, g_ref_string_release);
    stream->codecs = g_ref_string_new (codecs != NULL ? codecs : "");
  }
  g_mutex_unlock (&self->lock);
}

void
whep_readers_view_end (WhepReadersView *self, guint64 id)
{
  Stream *stream;

  g_mutex_lock (&self->lock);
  stream = find_locked (self, id, NULL);
  if (stream != NULL)
    g_ptr_array_remove_fast (self->streams, stream);
  g_mutex_unlock (&self->lock);
}

gboolean
whep_readers_view_find (WhepReadersView *self, const gchar *name,
    gchar **codecs)
{
  Stream *stream;
  gboolean is_there;

  g_mutex_lock (&self->lock);
  stream = find_locked (self, 0, name);
  is_there = stream != NULL && stream->codecs != NULL;
  if (is_there)
    *codecs = *stream->codecs != '\0' ? g_strdup (stream->codecs) : NULL;
  g_mutex_unlock (&self->lock);
  return is_there;
}

WhepListedReader *
whep_readers_view_add (WhepReadersView *self, WhepReaderFacts *facts)
{
  WhepListedReader *reader = g_new0 (WhepListedReader, 1);

  reader->facts = facts;
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->readers, reader);
  self->n_joined++;
  g_mutex_unlock (&self->lock);
  return reader;
}

void
whep_readers_view_publish (WhepReadersView *self, WhepListedReader *reader,
    guint64 n_bytes, guint n_jumps)
{
  g_mutex_lock (&self->lock);
  self->n_bytes += n_bytes - reader->n_bytes;
  self->n_jumps += n_jumps - reader->n_jumps;
  reader->n_bytes = n_bytes;
  reader->n_jumps = n_jumps;
  g_mutex_unlock (&self->lock);
}

void
whep_readers_view_remove (WhepReadersView *self, WhepListedReader *reader)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_remove (self->readers, reader);
  g_mutex_unlock (&self->lock);
}

const gchar *
whep_listed_reader_id (const WhepListedReader *reader)
{
  return reader->facts->id;
}

/* Returns: (nullable) */
static WhepListedReader *
find_reader_locked (WhepReadersView *self, const gchar *id)
{
  for (guint i = 0; i < self->readers->len; i++) {
    WhepListedReader *reader = g_ptr_array_index (self->readers, i);

    if (strcmp (reader->facts->id, id) == 0)
      return reader;
  }
  return NULL;
}

gboolean
whep_readers_view_note_leaving (WhepReadersView *self, const gchar *id)
{
  WhepListedReader *reader;
  gboolean is_there;

  g_mutex_lock (&self->lock);
  reader = find_reader_locked (self, id);
  is_there = reader != NULL && !reader->is_leaving;
  if (is_there)
    reader->is_leaving = TRUE;
  g_mutex_unlock (&self->lock);
  return is_there;
}

gboolean
whep_readers_view_has (WhepReadersView *self, const gchar *id)
{
  gboolean is_there;

  g_mutex_lock (&self->lock);
  is_there = find_reader_locked (self, id) != NULL;
  g_mutex_unlock (&self->lock);
  return is_there;
}

guint
whep_readers_view_count (WhepReadersView *self, const gchar *client,
    const gchar *stream)
{
  guint n = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->readers->len; i++) {
    const WhepListedReader *reader = g_ptr_array_index (self->readers, i);
    const WhepReaderFacts *facts = reader->facts;

    n += !reader->is_leaving &&
        (client == NULL || strcmp (facts->client, client) == 0) &&
        (stream == NULL || strcmp (facts->stream, stream) == 0);
  }
  g_mutex_unlock (&self->lock);
  return n;
}

/* Returns: (nullable) */
static GRefString *
codecs_of_locked (WhepReadersView *self, const gchar *name)
{
  const Stream *stream = find_locked (self, 0, name);

  return stream == NULL || stream->codecs == NULL || *stream->codecs == '\0'
      ? NULL
      : stream->codecs;
}

void
whep_readers_view_stats (WhepReadersView *self, WhepReadersStats *stats)
{
  whep_readers_stats_init (stats);
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->readers->len; i++) {
    const WhepListedReader *reader = g_ptr_array_index (self->readers, i);

    if (!reader->is_leaving)
      whep_readers_stats_add (stats, reader->facts,
          codecs_of_locked (self, reader->facts->stream), reader->n_bytes,
          reader->n_jumps);
  }
  stats->n_joined = self->n_joined;
  stats->n_bytes = self->n_bytes;
  stats->n_jumps = self->n_jumps;
  g_mutex_unlock (&self->lock);
}
