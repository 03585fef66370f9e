/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The streams that are published here: see gstpublications.h. */

#include "gst/live/gstpublications.h"
#include "gst/live/gstpull.h"
#include "gst/live/gstrtmpwebrtcsinkpad.h"

#include <string.h>

struct _GstPublications
{
  GMutex lock;        /* guards all that follows */
  GHashTable *by_pad; /* GstPad (not owned) → name, of those that publish */
  GHashTable *n_of;   /* name → how many pads have it */
  GstPublicationsFunc func;
  gpointer user_data;
};

GstPublications *
gst_publications_new (void)
{
  GstPublications *self = g_new0 (GstPublications, 1);

  g_mutex_init (&self->lock);
  self->by_pad = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->n_of = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
gst_publications_free (GstPublications *self)
{
  g_hash_table_unref (self->by_pad);
  g_hash_table_unref (self->n_of);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Two pads have the same name while one publisher replaces another. */
static void
count_locked (GstPublications *self, const gchar *stream, gint change)
{
  gint n = GPOINTER_TO_INT (g_hash_table_lookup (self->n_of, stream)) + change;

  if (self->func != NULL && n == MAX (change, 0))
    self->func (stream, change > 0, self->user_data);
  if (n > 0)
    g_hash_table_insert (self->n_of, g_strdup (stream), GINT_TO_POINTER (n));
  else
    g_hash_table_remove (self->n_of, stream);
}

static void
begin (GstPublications *self, GstPad *pad)
{
  gchar *stream =
      gst_rtmp_webrtc_sink_pad_dup_stream (GST_RTMP_WEBRTC_SINK_PAD (pad));
  /* Otherwise it is the pad's, of a stream that upstream has not named. */
  gboolean is_name = strchr (stream, '/') != NULL;

  g_mutex_lock (&self->lock);
  if (is_name && !g_hash_table_contains (self->by_pad, pad)) {
    count_locked (self, stream, 1);
    g_hash_table_insert (self->by_pad, pad, g_steal_pointer (&stream));
  }
  g_mutex_unlock (&self->lock);
  g_free (stream);
}

void
gst_publications_unfollow (GstPublications *self, GstPad *pad)
{
  gpointer stream = NULL;

  g_mutex_lock (&self->lock);
  if (g_hash_table_steal_extended (self->by_pad, pad, NULL, &stream))
    count_locked (self, stream, -1);
  g_mutex_unlock (&self->lock);
  g_free (stream);
}

/* The segment is the last event before data. */
static GstPadProbeReturn
on_event (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  if (GST_EVENT_TYPE (info->data) == GST_EVENT_SEGMENT && !gst_pull_feeds (pad))
    begin (user_data, pad);
  else if (GST_EVENT_TYPE (info->data) == GST_EVENT_EOS)
    gst_publications_unfollow (user_data, pad);
  return GST_PAD_PROBE_OK;
}

void
gst_publications_follow (GstPublications *self, GstPad *pad)
{
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event, self,
      NULL);
}

void
gst_publications_set_listener (GstPublications *self, GstPublicationsFunc func,
    gpointer user_data)
{
  GHashTableIter iter;
  gpointer stream;

  g_mutex_lock (&self->lock);
  self->func = func;
  self->user_data = user_data;
  g_hash_table_iter_init (&iter, self->n_of);
  while (func != NULL && g_hash_table_iter_next (&iter, &stream, NULL))
    func (stream, TRUE, user_data);
  g_mutex_unlock (&self->lock);
}
