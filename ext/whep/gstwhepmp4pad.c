/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pad of one stream as fragmented MP4: see gstwhepmp4pad.h. */

#include "ext/whep/gstwhepmp4pad.h"
#include "ext/whep/gstwhepsink.h"

GST_DEBUG_CATEGORY_EXTERN (gst_whep_sink_debug);
#define GST_CAT_DEFAULT gst_whep_sink_debug

struct _GstWhepMp4Pad
{
  GstWhepPad parent;

  /* Used by the streaming thread only. */
  WhepReaders *readers; /* NULL: the element is stopped */
  gchar *codecs;        /* nullable: of the caps */
  guint64 id;           /* of the stream; 0: there is none */
};

G_DEFINE_TYPE (GstWhepMp4Pad, gst_whep_mp4_pad, GST_TYPE_WHEP_PAD);

static void
begin_stream (GstWhepMp4Pad *self)
{
  g_autofree gchar *name = gst_whep_pad_dup_stream (GST_WHEP_PAD (self));

  self->id = gst_whep_pad_next_id ();
  gst_whep_pad_set_live (GST_WHEP_PAD (self), TRUE);
  whep_readers_begin (self->readers, self->id, name);
}

static void
end_stream (GstWhepMp4Pad *self)
{
  if (self->id == 0)
    return;
  whep_readers_end (self->readers, self->id);
  self->id = 0;
  gst_whep_pad_set_live (GST_WHEP_PAD (self), FALSE);
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
      gst_whep_pad_take_start (GST_WHEP_PAD (self), event);
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

static void
gst_whep_mp4_pad_start (GstWhepPad *pad, WhepMedia *media, WhepHttp *http)
{
  GST_WHEP_MP4_PAD (pad)->readers =
      http != NULL ? whep_http_readers (http) : NULL;
}

static void
gst_whep_mp4_pad_stop (GstWhepPad *pad)
{
  GstWhepMp4Pad *self = GST_WHEP_MP4_PAD (pad);

  end_stream (self);
  self->readers = NULL;
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
gst_whep_mp4_pad_finalize (GObject *object)
{
  g_free (GST_WHEP_MP4_PAD (object)->codecs);
  G_OBJECT_CLASS (gst_whep_mp4_pad_parent_class)->finalize (object);
}

static void
gst_whep_mp4_pad_init (GstWhepMp4Pad *self)
{
}

static void
gst_whep_mp4_pad_class_init (GstWhepMp4PadClass *klass)
{
  GstWhepPadClass *pad_class = GST_WHEP_PAD_CLASS (klass);

  pad_class->start = gst_whep_mp4_pad_start;
  pad_class->stop = gst_whep_mp4_pad_stop;
  G_OBJECT_CLASS (klass)->finalize = gst_whep_mp4_pad_finalize;
}
