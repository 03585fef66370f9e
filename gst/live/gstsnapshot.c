/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A publisher's newest key frame: see gstsnapshot.h. */

#include "gst/live/gstsnapshot.h"

#include "gst/live/gststill.h"
#include "gst/live/stillsize.h"

GST_DEBUG_CATEGORY_EXTERN (gst_rtmp_webrtc_sink_debug);
#define GST_CAT_DEFAULT gst_rtmp_webrtc_sink_debug

/* A still is the newest one until a key frame is so much younger: of a stream
 * that has nothing but key frames, only one in a second is decoded. */
#define MIN_AGE GST_SECOND

struct _GstSnapshot
{
  GMutex lock;

  /* Guarded by the lock. */
  GstSample *key_frame; /* nullable */
  GstPad *video;        /* nullable: whose key frames; only compared */
  gboolean is_closed;
  GstSample *source;  /* nullable: the key frame that these are made of */
  GstSample *picture; /* nullable */
  GError *failure;    /* nullable */
  GBytes *jpegs[STILL_N_WIDTHS];
  gchar *etags[STILL_N_WIDTHS];
};

GstSnapshot *
gst_snapshot_new (void)
{
  GstSnapshot *self = g_atomic_rc_box_new0 (GstSnapshot);

  g_mutex_init (&self->lock);
  return self;
}

GstSnapshot *
gst_snapshot_ref (GstSnapshot *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_made_locked (GstSnapshot *self)
{
  g_clear_pointer (&self->source, gst_sample_unref);
  g_clear_pointer (&self->picture, gst_sample_unref);
  g_clear_error (&self->failure);
  for (guint i = 0; i < STILL_N_WIDTHS; i++) {
    g_clear_pointer (&self->jpegs[i], g_bytes_unref);
    g_clear_pointer (&self->etags[i], g_free);
  }
}

static void
clear (gpointer data)
{
  GstSnapshot *self = data;

  g_clear_pointer (&self->key_frame, gst_sample_unref);
  clear_made_locked (self);
  g_mutex_clear (&self->lock);
}

void
gst_snapshot_unref (GstSnapshot *self)
{
  if (self != NULL)
    g_atomic_rc_box_release_full (self, clear);
}

static GstClockTime
pts_of (GstSample *frame)
{
  return GST_BUFFER_PTS (gst_sample_get_buffer (frame));
}

/* Whether what has been made is of the newest key frame, or nearly. */
static gboolean
is_fresh_locked (GstSnapshot *self)
{
  GstClockTime pts, made_pts;

  if (self->source == NULL || self->source == self->key_frame)
    return self->source != NULL;
  pts = pts_of (self->key_frame);
  made_pts = pts_of (self->source);
  return GST_CLOCK_TIME_IS_VALID (pts) && GST_CLOCK_TIME_IS_VALID (made_pts) &&
      pts >= made_pts && pts - made_pts < MIN_AGE;
}

/* The picture is freed early: it may be large, and is needed for a second still
 * of the same frame only. */
static void
take_key_frame (GstSnapshot *self, GstBuffer *frame, GstCaps *caps)
{
  GstSample *sample = gst_sample_new (frame, caps, NULL, NULL);
  GstSample *picture = NULL;

  g_mutex_lock (&self->lock);
  if (!self->is_closed) {
    GstSample *old = g_steal_pointer (&self->key_frame);

    self->key_frame = g_steal_pointer (&sample);
    sample = old;
    if (!is_fresh_locked (self))
      picture = g_steal_pointer (&self->picture);
  }
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&sample, gst_sample_unref);
  g_clear_pointer (&picture, gst_sample_unref);
}

static GstPadProbeReturn
on_frame (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstBuffer *frame = GST_PAD_PROBE_INFO_BUFFER (info);
  g_autoptr (GstCaps) caps = NULL;

  if (GST_BUFFER_FLAG_IS_SET (frame, GST_BUFFER_FLAG_DELTA_UNIT))
    return GST_PAD_PROBE_OK;
  caps = gst_pad_get_current_caps (pad);
  if (caps != NULL)
    take_key_frame (user_data, frame, caps);
  return GST_PAD_PROBE_OK;
}

static gboolean
is_video (GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);

  return caps != NULL && !gst_caps_is_any (caps) && !gst_caps_is_empty (caps) &&
      g_str_has_prefix (gst_structure_get_name (
                            gst_caps_get_structure (caps, 0)),
          "video/");
}

static void
on_pad_added (GstElement *demux, GstPad *source, GstSnapshot *self)
{
  gboolean is_first;

  if (!is_video (source))
    return;
  g_mutex_lock (&self->lock);
  is_first = self->video == NULL;
  if (is_first)
    self->video = source;
  g_mutex_unlock (&self->lock);
  if (is_first)
    gst_pad_add_probe (source, GST_PAD_PROBE_TYPE_BUFFER, on_frame,
        gst_snapshot_ref (self), (GDestroyNotify) gst_snapshot_unref);
}

static void
on_pad_removed (GstElement *demux, GstPad *source, GstSnapshot *self)
{
  g_mutex_lock (&self->lock);
  if (self->video == source)
    self->video = NULL;
  g_mutex_unlock (&self->lock);
}

static void
forget (gpointer self, GClosure *closure)
{
  gst_snapshot_unref (self);
}

void
gst_snapshot_follow (GstSnapshot *self, GstElement *demux)
{
  g_signal_connect_data (demux, "pad-added", G_CALLBACK (on_pad_added),
      gst_snapshot_ref (self), forget, 0);
  g_signal_connect_data (demux, "pad-removed", G_CALLBACK (on_pad_removed),
      gst_snapshot_ref (self), forget, 0);
}

void
gst_snapshot_close (GstSnapshot *self)
{
  g_mutex_lock (&self->lock);
  self->is_closed = TRUE;
  g_clear_pointer (&self->key_frame, gst_sample_unref);
  clear_made_locked (self);
  g_mutex_unlock (&self->lock);
}

gboolean
gst_snapshot_has_frame (GstSnapshot *self)
{
  gboolean has_frame;

  g_mutex_lock (&self->lock);
  has_frame = self->key_frame != NULL;
  g_mutex_unlock (&self->lock);
  return has_frame;
}

GstStructure *
gst_snapshot_error (const gchar *error, const gchar *reason)
{
  return gst_structure_new ("snapshot", "error", G_TYPE_STRING, error, "reason",
      G_TYPE_STRING, reason, NULL);
}

static GstStructure *
answer_of_failure (const GError *failure)
{
  gboolean has_no_decoder = g_error_matches (failure, GST_STREAM_ERROR,
      GST_STREAM_ERROR_CODEC_NOT_FOUND);

  return gst_snapshot_error (has_no_decoder ? "no-decoder" : "none",
      failure->message);
}

static GstStructure *
answer_of_still_locked (GstSnapshot *self, guint index)
{
  return gst_structure_new ("snapshot", "jpeg", G_TYPE_BYTES,
      self->jpegs[index], "etag", G_TYPE_STRING, self->etags[index], NULL);
}

/* Returns: (nullable) */
static GstStructure *
find_locked (GstSnapshot *self, guint index)
{
  if (self->key_frame == NULL)
    return gst_snapshot_error ("none", "The stream has no key frame yet.");
  if (!is_fresh_locked (self))
    return NULL;
  if (self->failure != NULL)
    return answer_of_failure (self->failure);
  return self->jpegs[index] != NULL ? answer_of_still_locked (self, index)
                                    : NULL;
}

GstStructure *
gst_snapshot_find (GstSnapshot *self, guint width_index)
{
  GstStructure *answer;

  g_mutex_lock (&self->lock);
  answer = find_locked (self, width_index);
  g_mutex_unlock (&self->lock);
  return answer;
}

/* Returns: (transfer full): the key frame to make a still of, and in @picture
 * its picture if it has been decoded before. */
static GstSample *
begin_locked (GstSnapshot *self, GstSample **picture)
{
  if (!is_fresh_locked (self)) {
    clear_made_locked (self);
    self->source = gst_sample_ref (self->key_frame);
  }
  *picture = self->picture != NULL ? gst_sample_ref (self->picture) : NULL;
  return gst_sample_ref (self->source);
}

/* Keeps what has been made of @key_frame. A newer one may have come since: the
 * still answers nevertheless, as it was the newest when it was asked for. */
static GstStructure *
end_locked (GstSnapshot *self, GstSample *key_frame, GstSample *picture,
    GBytes *jpeg, const gchar *etag, GError *failure, guint index)
{
  if (self->source != key_frame || self->is_closed)
    return gst_snapshot_error ("none", "The publisher has just left.");
  if (failure != NULL) {
    g_clear_error (&self->failure);
    self->failure = g_error_copy (failure);
    return answer_of_failure (failure);
  }
  if (self->picture == NULL && is_fresh_locked (self))
    self->picture = gst_sample_ref (picture);
  self->jpegs[index] = g_bytes_ref (jpeg);
  self->etags[index] = g_strdup (etag);
  return answer_of_still_locked (self, index);
}

GstStructure *
gst_snapshot_make (GstSnapshot *self, guint width_index, guint64 max_area)
{
  g_autoptr (GstSample) key_frame = NULL;
  g_autoptr (GstSample) picture = NULL;
  g_autoptr (GBytes) jpeg = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree gchar *etag = NULL;
  GstStructure *answer;

  g_mutex_lock (&self->lock);
  answer = find_locked (self, width_index);
  if (answer == NULL)
    key_frame = begin_locked (self, &picture);
  g_mutex_unlock (&self->lock);
  if (answer != NULL)
    return answer;

  if (picture == NULL)
    picture = gst_still_decode (key_frame, max_area, &error);
  if (picture != NULL)
    jpeg = gst_still_to_jpeg (picture, width_index, &error);
  if (jpeg != NULL)
    etag = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, jpeg);

  g_mutex_lock (&self->lock);
  answer =
      end_locked (self, key_frame, picture, jpeg, etag, error, width_index);
  g_mutex_unlock (&self->lock);
  return answer;
}

gsize
gst_snapshot_picture_bytes (GstSnapshot *self)
{
  gsize n_bytes = 0;

  g_mutex_lock (&self->lock);
  if (self->picture != NULL)
    n_bytes = gst_buffer_get_size (gst_sample_get_buffer (self->picture));
  g_mutex_unlock (&self->lock);
  return n_bytes;
}

void
gst_snapshot_forget_picture (GstSnapshot *self)
{
  GstSample *picture;

  g_mutex_lock (&self->lock);
  picture = g_steal_pointer (&self->picture);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&picture, gst_sample_unref);
}
