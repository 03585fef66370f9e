/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Snapshots of all streams: see gstsnapshots.h. */

#include "gst/live/gstsnapshots.h"

#include "gst/live/gstrtmpwebrtcsinkpad.h"
#include "gst/live/gstsnapshot.h"
#include "gst/live/stillsize.h"

#include <string.h>

GST_DEBUG_CATEGORY_EXTERN (gst_rtmp_webrtc_sink_debug);
#define GST_CAT_DEFAULT gst_rtmp_webrtc_sink_debug

/* Requests that wait for the thread. At 40 ms each, the last one waits a second
 * and a half. */
#define MAX_WAITING 32
/* Of decoded pictures that are kept for stills of other widths: 48 of 720p, and
 * one, whatever its size. */
#define MAX_PICTURE_BYTES (64 * 1024 * 1024)
/* The name of whepsink's stream whose publisher has none. */
#define DEFAULT_STREAM "live/stream"

typedef struct
{
  GThreadPool *pool;
  /* Of GstSnapshot, those that may have a picture, by when it was last used.
   * The pool's thread alone uses it. */
  GQueue recent;
} GstSnapshots;

typedef struct
{
  GstSnapshot *snapshot;
  guint width_index;
  guint64 max_area;
  GstPromise *promise;
} Job;

/* Data on the bin, and on each of its pads. */
static GQuark
service_quark (void)
{
  return g_quark_from_static_string ("rtmpwebrtcsink-snapshots");
}

static GQuark
snapshot_quark (void)
{
  return g_quark_from_static_string ("rtmpwebrtcsink-snapshot");
}

static void
job_free (gpointer data)
{
  Job *job = data;

  gst_snapshot_unref (job->snapshot);
  gst_promise_unref (job->promise);
  g_free (job);
}

/* For jobs that are left when the service ends. */
static void
abandon (gpointer data)
{
  Job *job = data;

  gst_promise_expire (job->promise);
  job_free (job);
}

static void
forget_picture (GstSnapshots *self, GList *link)
{
  gst_snapshot_forget_picture (link->data);
  gst_snapshot_unref (link->data);
  g_queue_delete_link (&self->recent, link);
}

/* Frees the pictures that were used longest ago, and forgets the snapshots
 * without one. */
static void
note_made (GstSnapshots *self, GstSnapshot *snapshot)
{
  GList *link = g_queue_find (&self->recent, snapshot);
  gsize n_bytes = gst_snapshot_picture_bytes (snapshot);

  if (link == NULL) {
    g_queue_push_head (&self->recent, gst_snapshot_ref (snapshot));
  } else {
    g_queue_unlink (&self->recent, link);
    g_queue_push_head_link (&self->recent, link);
  }
  /* The streams' number bounds the loop. */
  for (GList *l = self->recent.head->next, *next; l != NULL; l = next) {
    gsize size = gst_snapshot_picture_bytes (l->data);

    next = l->next;
    n_bytes += size;
    if (size == 0 || n_bytes > MAX_PICTURE_BYTES)
      forget_picture (self, l);
  }
}

static void
run (gpointer data, gpointer user_data)
{
  Job *job = data;

  gst_promise_reply (job->promise,
      gst_snapshot_make (job->snapshot, job->width_index, job->max_area));
  note_made (user_data, job->snapshot);
  job_free (job);
}

static void
service_free (gpointer data)
{
  GstSnapshots *self = data;

  g_thread_pool_free (self->pool, TRUE, TRUE);
  g_queue_clear_full (&self->recent, (GDestroyNotify) gst_snapshot_unref);
  g_free (self);
}

static gboolean
is_of (GstPad *pad, const gchar *stream)
{
  g_autofree gchar *name =
      gst_rtmp_webrtc_sink_pad_dup_stream (GST_RTMP_WEBRTC_SINK_PAD (pad));

  /* Without a name, that is the pad's. */
  return g_str_equal (name, stream) ||
      (strchr (name, '/') == NULL && g_str_equal (stream, DEFAULT_STREAM));
}

static gpointer
copy (gpointer snapshot, gpointer unused)
{
  return snapshot != NULL ? gst_snapshot_ref (snapshot) : NULL;
}

typedef struct
{
  const gchar *stream;
  GstSnapshot *found; /* nullable */
} Search;

/* If two publishers have the name, one is just leaving, and the other may have
 * no key frame yet. */
static gboolean
look_at (GstElement *bin, GstPad *pad, gpointer user_data)
{
  Search *search = user_data;
  GstSnapshot *snapshot =
      g_object_dup_qdata (G_OBJECT (pad), snapshot_quark (), copy, NULL);

  if (snapshot != NULL && is_of (pad, search->stream) &&
      (search->found == NULL || gst_snapshot_has_frame (snapshot))) {
    GstSnapshot *former = search->found;

    search->found = snapshot;
    snapshot = former;
  }
  gst_snapshot_unref (snapshot);
  return TRUE;
}

/* Publishers may come and go at the same time.
 *
 * Returns: (nullable) (transfer full) */
static GstSnapshot *
find (GstBin *bin, const gchar *stream)
{
  Search search = { .stream = stream };

  gst_element_foreach_sink_pad (GST_ELEMENT (bin), look_at, &search);
  return search.found;
}

static guint64
max_area_of (GstBin *bin)
{
  guint max_area;

  g_object_get (bin, "max-picture-area", &max_area, NULL);
  return max_area;
}

/* Returns: (nullable): the answer, unless it has to wait for a job. */
static GstStructure *
answer (GstBin *bin, const gchar *stream, guint width, GstPromise *promise)
{
  GstSnapshots *self = g_object_get_qdata (G_OBJECT (bin), service_quark ());
  GstSnapshot *snapshot = find (bin, stream);
  guint index = still_width_index (width);
  GstStructure *found;
  Job *job;

  if (snapshot == NULL)
    return gst_snapshot_error ("none",
        "Nobody publishes this stream at the moment.");
  found = gst_snapshot_find (snapshot, index);
  if (found == NULL && g_thread_pool_unprocessed (self->pool) >= MAX_WAITING)
    found = gst_snapshot_error ("busy", "Too many snapshots are being made.");
  if (found != NULL) {
    gst_snapshot_unref (snapshot);
    return found;
  }
  job = g_new (Job, 1);
  job->snapshot = snapshot;
  job->width_index = index;
  job->max_area = max_area_of (bin);
  job->promise = gst_promise_ref (promise);
  g_thread_pool_push (self->pool, job, NULL);
  return NULL;
}

static gboolean
on_request (GstElement *whep, const gchar *stream, guint width,
    GstPromise *promise, GstBin *bin)
{
  GstStructure *now = answer (bin, stream, width, promise);

  if (now != NULL)
    gst_promise_reply (promise, now);
  return TRUE;
}

static void
leave (gpointer snapshot)
{
  gst_snapshot_close (snapshot);
  gst_snapshot_unref (snapshot);
}

static void
on_pad_added (GstElement *bin, GstPad *pad, gpointer unused)
{
  g_autoptr (GstPad) target = NULL;
  g_autoptr (GstElement) demux = NULL;
  GstSnapshot *snapshot;

  if (!GST_IS_RTMP_WEBRTC_SINK_PAD (pad))
    return;
  target = gst_ghost_pad_get_target (GST_GHOST_PAD (pad));
  demux = target != NULL ? gst_pad_get_parent_element (target) : NULL;
  if (demux == NULL)
    return;
  snapshot = gst_snapshot_new ();
  gst_snapshot_follow (snapshot, demux);
  g_object_set_qdata_full (G_OBJECT (pad), snapshot_quark (), snapshot, leave);
}

static void
on_pad_removed (GstElement *bin, GstPad *pad, gpointer unused)
{
  g_object_set_qdata (G_OBJECT (pad), snapshot_quark (), NULL);
}

void
gst_snapshots_serve (GstBin *bin, GstElement *whep)
{
  GstSnapshots *self = g_new0 (GstSnapshots, 1);

  g_queue_init (&self->recent);
  self->pool = g_thread_pool_new_full (run, self, abandon, 1, FALSE, NULL);
  g_object_set_qdata_full (G_OBJECT (bin), service_quark (), self,
      service_free);
  g_signal_connect (bin, "pad-added", G_CALLBACK (on_pad_added), NULL);
  g_signal_connect (bin, "pad-removed", G_CALLBACK (on_pad_removed), NULL);
  /* Another element of that name may lack the signal. */
  if (g_signal_lookup ("request-snapshot", G_OBJECT_TYPE (whep)) != 0)
    g_signal_connect_object (whep, "request-snapshot", G_CALLBACK (on_request),
        bin, 0);
}
