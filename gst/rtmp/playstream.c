/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The streams that are played: see playstream.h. */

#include "gst/rtmp/playstream.h"

struct _RtmpPlayStreams
{
  RtmpPlayLimits limits;
  GHashTable *names;   /* name → RtmpPlayStream, which it owns */
  GHashTable *numbers; /* publisher → RtmpPlayStream */
};

static void
stream_free (gpointer data)
{
  RtmpPlayStream *self = data;

  g_assert (g_queue_is_empty (&self->players));
  rtmp_playlog_free (self->log);
  g_free (self->name);
  g_free (self);
}

RtmpPlayStreams *
rtmp_playstreams_new (const RtmpPlayLimits *limits)
{
  RtmpPlayStreams *self = g_new0 (RtmpPlayStreams, 1);

  self->limits = *limits;
  self->names =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, stream_free);
  self->numbers = g_hash_table_new (NULL, NULL);
  return self;
}

void
rtmp_playstreams_free (RtmpPlayStreams *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->numbers);
  g_hash_table_unref (self->names);
  g_free (self);
}

/* Finds the stream, or creates it. */
static RtmpPlayStream *
take_stream (RtmpPlayStreams *self, const gchar *name)
{
  RtmpPlayStream *stream = g_hash_table_lookup (self->names, name);

  if (stream != NULL)
    return stream;
  stream = g_new0 (RtmpPlayStream, 1);
  stream->name = g_strdup (name);
  stream->log = rtmp_playlog_new (&self->limits);
  g_queue_init (&stream->players);
  g_hash_table_insert (self->names, stream->name, stream);
  return stream;
}

static void
free_if_unused (RtmpPlayStreams *self, RtmpPlayStream *stream)
{
  if (!stream->is_live && g_queue_is_empty (&stream->players))
    g_hash_table_remove (self->names, stream->name);
}

RtmpPlayStream *
rtmp_playstreams_begin (RtmpPlayStreams *self, const gchar *name, guint number)
{
  RtmpPlayStream *stream = take_stream (self, name);

  g_assert (!stream->is_live);
  stream->is_live = stream->was_live = TRUE;
  stream->number = number;
  rtmp_playlog_begin (stream->log);
  g_hash_table_insert (self->numbers, GUINT_TO_POINTER (number), stream);
  return stream;
}

RtmpPlayStream *
rtmp_playstreams_find (RtmpPlayStreams *self, guint number)
{
  return g_hash_table_lookup (self->numbers, GUINT_TO_POINTER (number));
}

void
rtmp_playstreams_end (RtmpPlayStreams *self, guint number, gint64 now_us)
{
  RtmpPlayStream *stream = rtmp_playstreams_find (self, number);

  if (stream == NULL)
    return;
  g_hash_table_remove (self->numbers, GUINT_TO_POINTER (number));
  stream->is_live = FALSE;
  stream->left_us = now_us;
  free_if_unused (self, stream);
}

RtmpPlayStream *
rtmp_playstreams_join (RtmpPlayStreams *self, const gchar *name, GList *link)
{
  RtmpPlayStream *stream = take_stream (self, name);

  g_queue_push_tail_link (&stream->players, link);
  return stream;
}

void
rtmp_playstreams_leave (RtmpPlayStreams *self, RtmpPlayStream *stream,
    GList *link)
{
  g_queue_unlink (&stream->players, link);
  free_if_unused (self, stream);
}

guint
rtmp_playstreams_count (const RtmpPlayStreams *self)
{
  return g_hash_table_size (self->names);
}

void
rtmp_playstreams_foreach (RtmpPlayStreams *self,
    void (*func) (RtmpPlayStream *stream, gpointer user_data),
    gpointer user_data)
{
  GHashTableIter iter;
  gpointer stream;

  g_hash_table_iter_init (&iter, self->names);
  while (g_hash_table_iter_next (&iter, NULL, &stream))
    func (stream, user_data);
}
