/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What other threads know of HTTP readers: see readersview-io.h. */

#include "ext/whep/mp4/readersview-io.h"

#include <string.h>

typedef struct
{
  guint64 id;
  gchar *name;
  gchar *codecs; /* NULL: no init segment has come yet */
} Stream;

typedef struct
{
  gchar *client;
  gchar *stream;
} Reader;

struct _WhepReadersView
{
  GMutex lock;        /* guards the rest */
  GPtrArray *streams; /* of Stream */
  GPtrArray *readers; /* of Reader */
  guint64 n_jumps;
};

static void
stream_free (gpointer user_data)
{
  Stream *stream = user_data;

  g_free (stream->name);
  g_free (stream->codecs);
  g_free (stream);
}

static void
reader_free (gpointer user_data)
{
  Reader *reader = user_data;

  g_free (reader->client);
  g_free (reader->stream);
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
  g_clear_pointer (&stream->codecs, g_free);
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
    g_free (stream->codecs);
    stream->codecs = g_strdup (codecs != NULL ? codecs : "");
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

void
whep_readers_view_add (WhepReadersView *self, const gchar *client,
    const gchar *stream)
{
  Reader *reader = g_new0 (Reader, 1);

  reader->client = g_strdup (client);
  reader->stream = g_strdup (stream);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->readers, reader);
  g_mutex_unlock (&self->lock);
}

void
whep_readers_view_remove (WhepReadersView *self, const gchar *client,
    const gchar *stream, guint n_jumps)
{
  g_mutex_lock (&self->lock);
  self->n_jumps += n_jumps;
  for (guint i = 0; i < self->readers->len; i++) {
    const Reader *reader = g_ptr_array_index (self->readers, i);

    if (strcmp (reader->client, client) == 0 &&
        strcmp (reader->stream, stream) == 0) {
      g_ptr_array_remove_index_fast (self->readers, i);
      break;
    }
  }
  g_mutex_unlock (&self->lock);
}

guint
whep_readers_view_count (WhepReadersView *self, const gchar *client,
    const gchar *stream)
{
  guint n = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->readers->len; i++) {
    const Reader *reader = g_ptr_array_index (self->readers, i);

    n += (client == NULL || strcmp (reader->client, client) == 0) &&
        (stream == NULL || strcmp (reader->stream, stream) == 0);
  }
  g_mutex_unlock (&self->lock);
  return n;
}

void
whep_readers_view_stats (WhepReadersView *self, WhepReadersStats *stats)
{
  g_mutex_lock (&self->lock);
  stats->n_readers = self->readers->len;
  stats->n_jumps = self->n_jumps;
  g_mutex_unlock (&self->lock);
}
