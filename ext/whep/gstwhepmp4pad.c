/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pad of one stream as fragmented MP4: see gstwhepmp4pad.h. */

#include "ext/whep/gstwhepmp4pad.h"
#include "ext/whep/gstwhepsink.h"
#include "ext/whep/gstwhepsinkpad.h"

GST_DEBUG_CATEGORY_EXTERN (gst_whep_sink_debug);
#define GST_CAT_DEFAULT gst_whep_sink_debug

struct _GstWhepMp4Pad
{
  GstPad parent;

  gchar *stream_name; /* property; object lock */
  gint has_stream;    /* id is not 0; atomic, for other threads */

  /* Everything below is used by the streaming thread only. */
  WhepReaders *readers; /* NULL: the element is stopped */
  gchar *upstream_name;
  gchar *codecs; /* nullable: of the caps */
  guint64 id;    /* of the stream; 0: there is none */
};

enum
{
  PROP_0,
  PROP_STREAM_NAME,
};

G_DEFINE_TYPE (GstWhepMp4Pad, gst_whep_mp4_pad, GST_TYPE_PAD);

static guint64
next_id (void)
{
  static gsize last_id = 0;

  return g_atomic_pointer_add (&last_id, 1) + 1;
}

static gchar *
dup_stream_name (GstWhepMp4Pad *self)
{
  gchar *name;

  GST_OBJECT_LOCK (self);
  name = g_strdup (self->stream_name);
  GST_OBJECT_UNLOCK (self);
  if (name == NULL)
    name = g_strdup (self->upstream_name);
  return name != NULL ? name : g_strdup (GST_WHEP_SINK_DEFAULT_STREAM);
}

static void
begin_stream (GstWhepMp4Pad *self)
{
  g_autofree gchar *name = dup_stream_name (self);

  self->id = next_id ();
  g_atomic_int_set (&self->has_stream, TRUE);
  whep_readers_begin (self->readers, self->id, name);
}

static void
end_stream (GstWhepMp4Pad *self)
{
  if (self->id == 0)
    return;
  whep_readers_end (self->readers, self->id);
  self->id = 0;
  g_atomic_int_set (&self->has_stream, FALSE);
}

/* Returns: (nullable): NULL if the buffer is empty. */
static WhepChunk *
chunk_from (GstBuffer *buffer)
{
  gsize size = gst_buffer_get_size (buffer);
  guint8 *payload;
  WhepChunk *chunk;

  if (size == 0)
    return NULL;
  chunk = whep_chunk_new (size, &payload);
  gst_buffer_extract (buffer, 0, payload, size);
  return chunk;
}

static GstFlowReturn
on_buffer (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  GstWhepMp4Pad *self = GST_WHEP_MP4_PAD (pad);
  gboolean is_init = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_HEADER);
  WhepChunk *chunk = self->readers != NULL ? chunk_from (buffer) : NULL;

  if (chunk != NULL && is_init) {
    if (self->id == 0)
      begin_stream (self);
    whep_readers_push_init (self->readers, self->id, chunk, self->codecs);
  } else if (chunk != NULL && self->id != 0) {
    whep_readers_push (self->readers, self->id, chunk,
        !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT));
  } else {
    whep_chunk_unref (chunk);
  }
  gst_buffer_unref (buffer);
  return self->readers != NULL ? GST_FLOW_OK : GST_FLOW_FLUSHING;
}

static void
take_caps (GstWhepMp4Pad *self, GstEvent *event)
{
  GstCaps *caps;

  gst_event_parse_caps (event, &caps);
  g_free (self->codecs);
  self->codecs = g_strdup (
      gst_structure_get_string (gst_caps_get_structure (caps, 0), "codecs"));
}

/* Events end here. EOS ends one stream, and the pipeline only if the pipeline
 * is being ended. */
static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  GstWhepMp4Pad *self = GST_WHEP_MP4_PAD (pad);

  switch ((gint) GST_EVENT_TYPE (event)) {
    case GST_EVENT_STREAM_START:
      end_stream (self);
      g_free (self->upstream_name);
      self->upstream_name =
          g_strdup (gst_structure_get_string (gst_event_get_structure (event),
              "stream-name"));
      break;
    case GST_EVENT_CAPS:
      take_caps (self, event);
      break;
    case GST_EVENT_EOS:
      end_stream (self);
      /* A pad that is being released has no parent any more. */
      if (parent != NULL)
        gst_whep_sink_note_end (GST_WHEP_SINK (parent));
      break;
  }
  gst_event_unref (event);
  return TRUE;
}

void
gst_whep_mp4_pad_start (GstWhepMp4Pad *self, WhepHttp *http)
{
  self->readers = http != NULL ? whep_http_readers (http) : NULL;
}

void
gst_whep_mp4_pad_stop (GstWhepMp4Pad *self)
{
  end_stream (self);
  self->readers = NULL;
}

gboolean
gst_whep_mp4_pad_has_stream (GstWhepMp4Pad *self)
{
  return g_atomic_int_get (&self->has_stream);
}

GstPad *
gst_whep_mp4_pad_new (GstPadTemplate *templ, const gchar *name)
{
  GstPad *pad = g_object_new (GST_TYPE_WHEP_MP4_PAD, "name", name, "direction",
      GST_PAD_SINK, "template", templ, NULL);

  /* The functions can only be set on a pad that has a direction. */
  gst_pad_set_event_function (pad, on_event);
  gst_pad_set_chain_function (pad, on_buffer);
  return pad;
}

static void
gst_whep_mp4_pad_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  GstWhepMp4Pad *self = GST_WHEP_MP4_PAD (object);

  if (id != PROP_STREAM_NAME) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  GST_OBJECT_LOCK (self);
  g_free (self->stream_name);
  self->stream_name = g_value_dup_string (value);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_whep_mp4_pad_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  GstWhepMp4Pad *self = GST_WHEP_MP4_PAD (object);

  if (id != PROP_STREAM_NAME) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  GST_OBJECT_LOCK (self);
  g_value_set_string (value, self->stream_name);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_whep_mp4_pad_finalize (GObject *object)
{
  GstWhepMp4Pad *self = GST_WHEP_MP4_PAD (object);

  g_free (self->stream_name);
  g_free (self->upstream_name);
  g_free (self->codecs);
  G_OBJECT_CLASS (gst_whep_mp4_pad_parent_class)->finalize (object);
}

static void
gst_whep_mp4_pad_init (GstWhepMp4Pad *self)
{
}

static void
gst_whep_mp4_pad_class_init (GstWhepMp4PadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = gst_whep_mp4_pad_set_property;
  object_class->get_property = gst_whep_mp4_pad_get_property;
  object_class->finalize = gst_whep_mp4_pad_finalize;

  g_object_class_install_property (object_class, PROP_STREAM_NAME,
      g_param_spec_string ("stream-name", "Stream name",
          "The stream, as APP/KEY, under whose name it is served; unset: the "
          "name that upstream's stream-start event carries, or "
          "\"" GST_WHEP_SINK_DEFAULT_STREAM "\"",
          NULL,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_READY));
}
