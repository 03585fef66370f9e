/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A sink that counts: see countingsink.h. */

#include "tests/support/countingsink.h"

#include <string.h>

/* Far more than any test needs, far less than its time limit. */
#define WAIT_LIMIT_US (20 * G_USEC_PER_SEC)

typedef struct
{
  GstPad parent;

  gchar *stream_name; /* property */
  gchar *upstream_name;
  gboolean is_rendition;        /* property */
  const gchar *rendition_codec; /* property */
  CountingSinkTrack *track;
} CountingPad;

enum
{
  PROP_0,
  PROP_STREAM_NAME,
  PROP_RENDITION,
  PROP_RENDITION_CODEC,
};

typedef struct
{
  GstPadClass parent_class;
} CountingPadClass;

typedef struct
{
  GstElement parent;
} CountingSink;

typedef struct
{
  GstElementClass parent_class;
} CountingSinkClass;

/* Guards the fields below. */
static GMutex lock;
static GHashTable *counted; /* "STREAM media" → CountingSinkTrack */
static const gchar *rejected_media;
static guint n_pads;
static gint accepts_mp4; /* atomic */

/* Signalled at each change. If both locks are taken, this one comes first. */
static GMutex wait_lock;
static GCond changed;

static GstStaticPadTemplate video_template =
    GST_STATIC_PAD_TEMPLATE ("video_%u", GST_PAD_SINK, GST_PAD_REQUEST,
        GST_STATIC_CAPS ("application/x-rtp, media=(string)video"));
static GstStaticPadTemplate audio_template =
    GST_STATIC_PAD_TEMPLATE ("audio_%u", GST_PAD_SINK, GST_PAD_REQUEST,
        GST_STATIC_CAPS ("application/x-rtp, media=(string)audio"));

static GstStaticPadTemplate mp4_template =
    GST_STATIC_PAD_TEMPLATE ("mp4_%u", GST_PAD_SINK, GST_PAD_REQUEST,
        GST_STATIC_CAPS ("video/quicktime, variant=(string)iso-fragmented"));

GType counting_pad_get_type (void);
GType counting_sink_get_type (void);
G_DEFINE_TYPE (CountingPad, counting_pad, GST_TYPE_PAD);
G_DEFINE_TYPE (CountingSink, counting_sink, GST_TYPE_ELEMENT);

void
counting_sink_poke (void)
{
  g_mutex_lock (&wait_lock);
  g_cond_broadcast (&changed);
  g_mutex_unlock (&wait_lock);
}

static CountingSinkTrack *
find_track_locked (const gchar *stream, const gchar *media)
{
  g_autofree gchar *key = g_strconcat (stream, " ", media, NULL);
  CountingSinkTrack *track = g_hash_table_lookup (counted, key);

  if (track == NULL) {
    track = g_new0 (CountingSinkTrack, 1);
    g_hash_table_insert (counted, g_steal_pointer (&key), track);
  }
  return track;
}

/* Returns: what the pad is counted as. */
static const gchar *
media_of (CountingPad *self, const GstStructure *caps)
{
  if (gst_structure_has_name (caps, "video/quicktime"))
    return "mp4";
  return self->is_rendition ? "rendition"
                            : gst_structure_get_string (caps, "media");
}

static void
set_caps (CountingPad *self, GstCaps *caps)
{
  const GstStructure *s = gst_caps_get_structure (caps, 0);
  const gchar *stream = self->stream_name;

  if (stream == NULL)
    stream = self->upstream_name;
  g_mutex_lock (&lock);
  self->track = find_track_locked (stream != NULL ? stream : "live/stream",
      media_of (self, s));
  self->track->encoding_name =
      g_intern_string (gst_structure_get_string (s, "encoding-name"));
  g_mutex_unlock (&lock);
}

static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  CountingPad *self = (CountingPad *) pad;
  GstCaps *caps;

  if (GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START) {
    g_free (self->upstream_name);
    self->upstream_name =
        g_strdup (gst_structure_get_string (gst_event_get_structure (event),
            "stream-name"));
  } else if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS) {
    gst_event_parse_caps (event, &caps);
    set_caps (self, caps);
  }
  gst_event_unref (event);
  return TRUE;
}

static GstFlowReturn
on_buffer (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  CountingPad *self = (CountingPad *) pad;
  guint size = gst_buffer_get_size (buffer);
  GstFlowReturn flow = GST_FLOW_OK;

  g_mutex_lock (&lock);
  if (rejected_media != NULL &&
      g_str_has_prefix (GST_PAD_NAME (pad), rejected_media)) {
    flow = GST_FLOW_ERROR;
    self->track->n_rejected++;
  } else {
    self->track->n_packets++;
    self->track->largest_bytes = MAX (self->track->largest_bytes, size);
  }
  g_mutex_unlock (&lock);
  counting_sink_poke ();
  gst_buffer_unref (buffer);
  return flow;
}

static GstPad *
counting_sink_request_new_pad (GstElement *element, GstPadTemplate *templ,
    const gchar *name, const GstCaps *caps)
{
  static gint number = 0;
  const gchar *kind = GST_PAD_TEMPLATE_NAME_TEMPLATE (templ);
  g_autofree gchar *free_name = g_strdup_printf ("%.*s%d",
      (gint) strcspn (kind, "%"), kind, g_atomic_int_add (&number, 1));
  GstPad *pad;

  if (g_str_has_prefix (kind, "mp4") && !g_atomic_int_get (&accepts_mp4))
    return NULL;
  pad = g_object_new (counting_pad_get_type (), "name", free_name, "direction",
      GST_PAD_SINK, "template", templ, NULL);
  gst_pad_set_event_function (pad, on_event);
  gst_pad_set_chain_function (pad, on_buffer);
  gst_pad_set_active (pad, TRUE);
  gst_element_add_pad (element, pad);
  g_mutex_lock (&lock);
  n_pads++;
  g_mutex_unlock (&lock);
  return pad;
}

static void
counting_sink_release_pad (GstElement *element, GstPad *pad)
{
  gst_pad_set_active (pad, FALSE);
  gst_element_remove_pad (element, pad);
  g_mutex_lock (&lock);
  n_pads--;
  g_mutex_unlock (&lock);
  counting_sink_poke ();
}

static void
counting_pad_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  CountingPad *self = (CountingPad *) object;

  switch (id) {
    case PROP_STREAM_NAME:
      g_free (self->stream_name);
      self->stream_name = g_value_dup_string (value);
      return;
    case PROP_RENDITION:
      self->is_rendition = g_value_get_boolean (value);
      return;
    case PROP_RENDITION_CODEC:
      self->rendition_codec = g_intern_string (g_value_get_string (value));
      return;
  }
}

static void
counting_pad_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  g_assert_cmpuint (id, ==, PROP_RENDITION_CODEC);
  g_value_set_string (value, ((CountingPad *) object)->rendition_codec);
}

static void
counting_pad_finalize (GObject *object)
{
  CountingPad *self = (CountingPad *) object;

  g_free (self->stream_name);
  g_free (self->upstream_name);
  G_OBJECT_CLASS (counting_pad_parent_class)->finalize (object);
}

static void
counting_pad_init (CountingPad *self)
{
}

static void
counting_pad_class_init (CountingPadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = counting_pad_set_property;
  object_class->get_property = counting_pad_get_property;
  object_class->finalize = counting_pad_finalize;
  g_object_class_install_property (object_class, PROP_STREAM_NAME,
      g_param_spec_string ("stream-name", "", "", NULL, G_PARAM_WRITABLE));
  g_object_class_install_property (object_class, PROP_RENDITION,
      g_param_spec_boolean ("rendition", "", "", FALSE, G_PARAM_WRITABLE));
  g_object_class_install_property (object_class, PROP_RENDITION_CODEC,
      g_param_spec_string ("rendition-codec", "", "", NULL, G_PARAM_READWRITE));
}

static void
counting_sink_init (CountingSink *self)
{
  GST_OBJECT_FLAG_SET (self, GST_ELEMENT_FLAG_SINK);
}

static void
counting_sink_class_init (CountingSinkClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  element_class->request_new_pad = counting_sink_request_new_pad;
  element_class->release_pad = counting_sink_release_pad;
  gst_element_class_add_static_pad_template (element_class, &video_template);
  gst_element_class_add_static_pad_template (element_class, &audio_template);
  gst_element_class_add_static_pad_template (element_class, &mp4_template);
  gst_element_class_set_static_metadata (element_class, "Counting sink", "Sink",
      "Counts", "The gst-rtmp-webrtc developers");
}

void
counting_sink_replace_whepsink (void)
{
  GstPlugin *plugin = gst_plugin_load_by_name ("rtmpwebrtc");

  g_assert_nonnull (plugin);
  gst_object_unref (plugin);
  g_assert_true (gst_element_register (NULL, "whepsink", GST_RANK_NONE,
      counting_sink_get_type ()));
}

void
counting_sink_reset (void)
{
  g_mutex_lock (&lock);
  g_clear_pointer (&counted, g_hash_table_unref);
  counted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  rejected_media = NULL;
  g_mutex_unlock (&lock);
  g_atomic_int_set (&accepts_mp4, FALSE);
}

void
counting_sink_accept_mp4 (void)
{
  g_atomic_int_set (&accepts_mp4, TRUE);
}

void
counting_sink_track (const gchar *stream, const gchar *media,
    CountingSinkTrack *track)
{
  g_mutex_lock (&lock);
  *track = *find_track_locked (stream, media);
  g_mutex_unlock (&lock);
}

void
counting_sink_reject (const gchar *media)
{
  g_mutex_lock (&lock);
  rejected_media = media;
  g_mutex_unlock (&lock);
}

guint
counting_sink_n_pads (void)
{
  guint n;

  g_mutex_lock (&lock);
  n = n_pads;
  g_mutex_unlock (&lock);
  return n;
}

void
counting_sink_wait_until (CountingSinkCondition condition, gpointer data)
{
  gint64 limit_us = g_get_monotonic_time () + WAIT_LIMIT_US;

  g_mutex_lock (&wait_lock);
  while (!condition (data))
    g_assert_true (g_cond_wait_until (&changed, &wait_lock, limit_us));
  g_mutex_unlock (&wait_lock);
}
