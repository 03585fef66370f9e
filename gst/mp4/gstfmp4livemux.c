/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-fmp4livemux
 * @title: fmp4livemux
 * @short_description: fragmented MP4, a fragment for each frame
 *
 * Muxes fragmented MP4 for live viewers and for recordings that survive a
 * crash. Each frame leaves in the call that brought it, as a fragment of its
 * own: nothing waits for another track or for the next frame. Only the very
 * first frames are held: until all pads have data, and until there is a track
 * of either kind, for that half a second at most. Frames are not changed, and
 * B-frames keep their order.
 *
 * The first buffer is the initialization segment, flagged as
 * %GST_BUFFER_FLAG_HEADER; each of the others is one fragment, flagged as
 * %GST_BUFFER_FLAG_DELTA_UNIT unless a player can begin there: at a key frame
 * of the video, or at any frame if there is no video. When a track begins, ends
 * or changes its parameters, another initialization segment precedes the next
 * key frame, and the times go on. The caps have the field `codecs`, as in RFC
 * 6381.
 *
 * Times are running times, later by as much as the first would be negative. A
 * duration is the longer one of the distance to the frame before and that of
 * the frame rate: it has to be written before the next frame is there.
 *
 * ## Example
 *
 * |[
 * gst-launch-1.0 videotestsrc is-live=true num-buffers=300 ! \
 *     x264enc tune=zerolatency ! h264parse ! fmp4livemux ! \
 *     filesink location=test.mp4
 * ]|
 *
 * Since: 0.1
 */

#include "gst/mp4/gstfmp4livemux.h"

#include "gst/mp4/gstcustomevents.h"
#include "gst/mp4/gstfmp4livemuxpad.h"
#include "gst/mp4/gstmp4caps.h"

GST_DEBUG_CATEGORY (gst_fmp4_live_mux_debug);
#define GST_CAT_DEFAULT gst_fmp4_live_mux_debug

/* The first frames wait for a track of the other kind this long, and no more of
 * them than these: an encoder that looks ahead may hold two seconds itself. */
#define MAX_HOLD (GST_SECOND / 2)
#define MAX_HELD 256
/* Of tracks at once; players of more are not known. */
#define MAX_TRACKS 16
/* A frame that does not fit into a box with a size of 32 bits. */
#define MAX_FRAME_BYTES (G_MAXINT32 / 2)

/* A frame that waits for the initialization segment. */
typedef struct
{
  GstFmp4LiveMuxPad *pad;
  GstBuffer *buffer;
} Held;

struct _GstFmp4LiveMux
{
  GstElement parent;

  GstPad *src;

  /* Guarded by the stream lock of src. */
  guint last_id;
  guint32 sequence;
  gboolean has_begun;   /* stream-start and segment were sent */
  gboolean has_init;    /* an initialization segment was sent */
  gboolean is_init_due; /* another one, at the next key frame */
  gchar *stream_id;     /* nullable: upstream's */
  gchar *stream_name;   /* nullable: upstream's */
  guint group_id;
  GQueue held;            /* of Held, until has_init */
  gboolean holds_video;   /* a key frame, and what follows */
  GstClockTimeDiff shift; /* of all times, so that none is negative */
};

static GstStaticPadTemplate video_template =
    GST_STATIC_PAD_TEMPLATE ("video_%u", GST_PAD_SINK, GST_PAD_REQUEST,
        GST_STATIC_CAPS (GST_MP4_VIDEO_CAPS));
static GstStaticPadTemplate audio_template =
    GST_STATIC_PAD_TEMPLATE ("audio_%u", GST_PAD_SINK, GST_PAD_REQUEST,
        GST_STATIC_CAPS (GST_MP4_AUDIO_CAPS));
static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
        GST_STATIC_CAPS ("video/quicktime, variant=(string)iso-fragmented"));

G_DEFINE_TYPE (GstFmp4LiveMux, gst_fmp4_live_mux, GST_TYPE_ELEMENT);
GST_ELEMENT_REGISTER_DEFINE (fmp4livemux, "fmp4livemux", GST_RANK_NONE,
    GST_TYPE_FMP4_LIVE_MUX);

/* Of the pads that are there: they don't change while the lock is held, except
 * that a track without data may come or go. */
static guint
collect (GstFmp4LiveMux *self, GstFmp4LiveMuxPad **pads)
{
  guint n = 0;

  GST_OBJECT_LOCK (self);
  for (GList *l = GST_ELEMENT (self)->sinkpads; l != NULL && n < MAX_TRACKS;
       l = l->next)
    pads[n++] = gst_object_ref (l->data);
  GST_OBJECT_UNLOCK (self);
  return n;
}

static void
release (GstFmp4LiveMuxPad **pads, guint n)
{
  for (guint i = 0; i < n; i++)
    gst_object_unref (pads[i]);
}

/* Whether @is is true for a track. */
static gboolean
has_track (GstFmp4LiveMux *self,
    gboolean (*is) (const GstFmp4LiveMuxPad *track))
{
  gboolean found = FALSE;

  GST_OBJECT_LOCK (self);
  for (GList *l = GST_ELEMENT (self)->sinkpads; l != NULL && !found;
       l = l->next)
    found = is (l->data);
  GST_OBJECT_UNLOCK (self);
  return found;
}

static gboolean
is_live_video (const GstFmp4LiveMuxPad *track)
{
  return gst_fmp4_live_mux_pad_is_video (track) &&
      gst_fmp4_live_mux_pad_is_live (track);
}

static gboolean
is_live_audio (const GstFmp4LiveMuxPad *track)
{
  return !gst_fmp4_live_mux_pad_is_video (track) &&
      gst_fmp4_live_mux_pad_is_live (track);
}

/* It has not been given data yet, and may be. */
static gboolean
is_awaited (const GstFmp4LiveMuxPad *track)
{
  return !gst_fmp4_live_mux_pad_has_begun (track);
}

static gboolean
goes_on (const GstFmp4LiveMuxPad *track)
{
  return !gst_fmp4_live_mux_pad_has_ended (track);
}

static void
begin (GstFmp4LiveMux *self)
{
  g_autofree gchar *id = g_strdup_printf ("%s/mp4",
      self->stream_id != NULL ? self->stream_id : GST_OBJECT_NAME (self));
  GstEvent *start;

  if (self->has_begun)
    return;
  start = gst_event_new_stream_start (id);
  gst_event_set_group_id (start, self->group_id);
  if (self->stream_name != NULL)
    gst_structure_set (gst_event_writable_structure (start), "stream-name",
        G_TYPE_STRING, self->stream_name, NULL);
  gst_pad_push_event (self->src, start);
  self->has_begun = TRUE;
}

static void
push_caps (GstFmp4LiveMux *self, GstFmp4LiveMuxPad *const *pads, guint n,
    GstBuffer *init)
{
  g_autoptr (GString) codecs = g_string_new (NULL);
  g_autoptr (GstCaps) caps = gst_static_pad_template_get_caps (&src_template);
  GstSegment segment;

  for (guint i = 0; i < n; i++) {
    g_autofree gchar *codec = gst_fmp4_live_mux_pad_codec (pads[i]);

    if (gst_fmp4_live_mux_pad_is_announced (pads[i]) && codec != NULL)
      g_string_append_printf (codecs, "%s%s", codecs->len > 0 ? ", " : "",
          codec);
  }
  caps = gst_caps_make_writable (caps);
  gst_mp4_set_header (caps, codecs->str, init);
  begin (self);
  gst_pad_push_event (self->src, gst_event_new_caps (caps));
  if (self->has_init)
    return;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (self->src, gst_event_new_segment (&segment));
  gst_custom_events_forward_all (GST_ELEMENT (self), self->src);
}

static GstBuffer *
wrap (GByteArray *bytes)
{
  gsize size = bytes->len;

  return gst_buffer_new_wrapped (g_byte_array_free (bytes, FALSE), size);
}

/* Describes the tracks that are known by now. */
static GstFlowReturn
push_init (GstFmp4LiveMux *self, GstClockTime time)
{
  GstFmp4LiveMuxPad *pads[MAX_TRACKS];
  Mp4Track tracks[MAX_TRACKS];
  guint n_pads = collect (self, pads), n = 0;
  GByteArray *bytes = g_byte_array_new ();
  GstBuffer *init;

  for (guint i = 0; i < n_pads; i++) {
    const Mp4Track *track = gst_fmp4_live_mux_pad_track (pads[i]);

    if (track == NULL || !gst_fmp4_live_mux_pad_is_live (pads[i]))
      continue;
    tracks[n++] = *track;
    gst_fmp4_live_mux_pad_set_announced (pads[i]);
  }
  mp4_write_init (tracks, n, bytes);
  init = wrap (bytes);
  GST_BUFFER_FLAG_SET (init, GST_BUFFER_FLAG_HEADER);
  GST_BUFFER_PTS (init) = GST_BUFFER_DTS (init) = time;
  push_caps (self, pads, n_pads, init);
  release (pads, n_pads);
  self->has_init = TRUE;
  self->is_init_due = FALSE;
  GST_DEBUG_OBJECT (self, "%u tracks", n);
  return gst_pad_push (self->src, init);
}

/* The frame's memory is shared. */
static GstBuffer *
fragment_from (GstFmp4LiveMux *self, Mp4Frame *frame, GstBuffer *buffer)
{
  GByteArray *bytes = g_byte_array_sized_new (128);
  GstBuffer *fragment;

  frame->sequence = ++self->sequence;
  mp4_write_fragment_head (frame, bytes);
  fragment = wrap (bytes);
  gst_buffer_copy_into (fragment, buffer, GST_BUFFER_COPY_MEMORY, 0, -1);
  return fragment;
}

static gboolean
can_begin (GstFmp4LiveMux *self, const GstFmp4LiveMuxPad *pad,
    GstBuffer *buffer)
{
  return gst_fmp4_live_mux_pad_is_video (pad)
      ? !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT)
      : !has_track (self, is_live_video);
}

static GstFlowReturn
push_frame (GstFmp4LiveMux *self, GstFmp4LiveMuxPad *pad, GstBuffer *buffer)
{
  gboolean is_begin = can_begin (self, pad, buffer);
  GstFlowReturn flow = GST_FLOW_OK;
  GstClockTime dts, pts;
  GstBuffer *fragment;
  Mp4Frame frame;

  self->is_init_due |= !gst_fmp4_live_mux_pad_is_announced (pad);
  if (!gst_fmp4_live_mux_pad_time (pad, buffer, self->shift, &frame, &dts,
          &pts))
    return GST_FLOW_OK;
  if (!self->has_init || (self->is_init_due && is_begin))
    flow = push_init (self, dts);
  if (flow != GST_FLOW_OK || !gst_fmp4_live_mux_pad_is_announced (pad))
    return flow;
  fragment = fragment_from (self, &frame, buffer);
  GST_BUFFER_DTS (fragment) = dts;
  GST_BUFFER_PTS (fragment) = pts;
  if (!is_begin)
    GST_BUFFER_FLAG_SET (fragment, GST_BUFFER_FLAG_DELTA_UNIT);
  return gst_pad_push (self->src, fragment);
}

static void
held_free (gpointer data)
{
  Held *held = data;

  gst_object_unref (held->pad);
  gst_buffer_unref (held->buffer);
  g_free (held);
}

/* Between the first and the last frame that is held. */
static GstClockTimeDiff
held_time (GstFmp4LiveMux *self)
{
  const Held *head = g_queue_peek_head (&self->held);
  const Held *tail = g_queue_peek_tail (&self->held);
  GstClockTimeDiff first, last;

  if (!gst_fmp4_live_mux_pad_running_time (head->pad, head->buffer, &first) ||
      !gst_fmp4_live_mux_pad_running_time (tail->pad, tail->buffer, &last))
    return 0;
  return last - first;
}

/* Times in MP4 are not negative. */
static void
set_shift (GstFmp4LiveMux *self)
{
  GstClockTimeDiff first = 0;

  for (GList *l = self->held.head; l != NULL; l = l->next) {
    const Held *held = l->data;
    GstClockTimeDiff dts;

    if (gst_fmp4_live_mux_pad_running_time (held->pad, held->buffer, &dts))
      first = MIN (first, dts);
  }
  self->shift = -first;
}

/* Whether what is held can go: it needs a key frame if there is video, and
 * should have both kinds of track. */
static gboolean
is_ready (GstFmp4LiveMux *self)
{
  gboolean has_video = has_track (self, is_live_video);
  gboolean has_audio = has_track (self, is_live_audio);

  if (g_queue_is_empty (&self->held) || (has_video && !self->holds_video))
    return FALSE;
  if (self->held.length >= MAX_HELD)
    return TRUE;
  if (has_track (self, is_awaited))
    return FALSE;
  if (has_video && has_audio)
    return TRUE;
  return held_time (self) >= MAX_HOLD;
}

static GstFlowReturn
push_held (GstFmp4LiveMux *self)
{
  GstFlowReturn flow = GST_FLOW_OK;
  Held *held;

  set_shift (self);
  while ((held = g_queue_pop_head (&self->held)) != NULL) {
    if (flow == GST_FLOW_OK)
      flow = push_frame (self, held->pad, held->buffer);
    held_free (held);
  }
  self->holds_video = FALSE;
  return flow;
}

/* Until there is an initialization segment. */
static GstFlowReturn
hold (GstFmp4LiveMux *self, GstFmp4LiveMuxPad *pad, GstBuffer *buffer)
{
  Held *held;

  if (gst_fmp4_live_mux_pad_is_video (pad)) {
    if (!self->holds_video && !can_begin (self, pad, buffer))
      return GST_FLOW_OK;
    self->holds_video = TRUE;
  }
  held = g_new (Held, 1);
  held->pad = gst_object_ref (pad);
  held->buffer = gst_buffer_ref (buffer);
  g_queue_push_tail (&self->held, held);
  if (is_ready (self))
    return push_held (self);
  /* Sound that a video without a key frame keeps waiting. */
  if (self->held.length > MAX_HELD)
    held_free (g_queue_pop_head (&self->held));
  return GST_FLOW_OK;
}

static void
start_over (GstFmp4LiveMux *self)
{
  g_queue_clear_full (&self->held, held_free);
  self->holds_video = FALSE;
  self->has_init = FALSE;
  self->is_init_due = TRUE;
}

static GstFlowReturn
on_buffer (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  GstFmp4LiveMux *self = GST_FMP4_LIVE_MUX (parent);
  GstFmp4LiveMuxPad *track = GST_FMP4_LIVE_MUX_PAD (pad);
  GstFlowReturn flow = GST_FLOW_OK;

  GST_PAD_STREAM_LOCK (self->src);
  if (gst_fmp4_live_mux_pad_has_ended (track))
    flow = GST_FLOW_EOS;
  else if (gst_buffer_get_size (buffer) > 0 &&
      gst_buffer_get_size (buffer) <= MAX_FRAME_BYTES &&
      gst_fmp4_live_mux_pad_look (track, buffer))
    flow = self->has_init ? push_frame (self, track, buffer)
                          : hold (self, track, buffer);
  GST_PAD_STREAM_UNLOCK (self->src);
  gst_buffer_unref (buffer);
  return flow;
}

/* The first track's names the stream. */
static void
take_start (GstFmp4LiveMux *self, GstEvent *event)
{
  const GstStructure *start = gst_event_get_structure (event);
  const gchar *id;

  if (self->has_begun)
    return;
  gst_event_parse_stream_start (event, &id);
  g_free (self->stream_id);
  self->stream_id = g_strdup (id);
  g_free (self->stream_name);
  self->stream_name =
      g_strdup (gst_structure_get_string (start, "stream-name"));
  if (!gst_event_parse_group_id (event, &self->group_id))
    self->group_id = gst_util_group_id_next ();
}

/* The tracks that go on are described anew. */
static void
end_track (GstFmp4LiveMux *self, GstFmp4LiveMuxPad *track)
{
  gst_fmp4_live_mux_pad_set_ended (track, TRUE);
  self->is_init_due = TRUE;
  if (has_track (self, goes_on))
    return;
  push_held (self);
  begin (self);
  gst_pad_push_event (self->src, gst_event_new_eos ());
}

/* What a track says of itself ends here: the stream has its own. Events that
 * this element does not know are about the stream. */
static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  GstFmp4LiveMux *self = GST_FMP4_LIVE_MUX (parent);
  GstFmp4LiveMuxPad *track = GST_FMP4_LIVE_MUX_PAD (pad);
  const GstSegment *segment;
  GstCaps *caps;

  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_START)
    return gst_pad_push_event (self->src, event);
  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    gst_pad_push_event (self->src, gst_event_ref (event));
  GST_PAD_STREAM_LOCK (self->src);
  switch ((gint) GST_EVENT_TYPE (event)) {
    case GST_EVENT_STREAM_START:
      gst_fmp4_live_mux_pad_set_ended (track, FALSE);
      take_start (self, event);
      break;
    case GST_EVENT_CAPS:
      gst_event_parse_caps (event, &caps);
      gst_fmp4_live_mux_pad_set_caps (track, caps);
      break;
    case GST_EVENT_SEGMENT:
      gst_event_parse_segment (event, &segment);
      gst_fmp4_live_mux_pad_set_segment (track, segment);
      break;
    case GST_EVENT_CUSTOM_DOWNSTREAM_STICKY:
      if (self->has_init)
        gst_custom_events_forward (self->src, event);
      break;
    case GST_EVENT_FLUSH_STOP:
      start_over (self);
      break;
    case GST_EVENT_EOS:
      end_track (self, track);
      break;
  }
  GST_PAD_STREAM_UNLOCK (self->src);
  gst_event_unref (event);
  return TRUE;
}

static GstPad *
request_new_pad (GstElement *element, GstPadTemplate *templ, const gchar *name,
    const GstCaps *caps)
{
  GstFmp4LiveMux *self = GST_FMP4_LIVE_MUX (element);
  g_autofree gchar *own_name = NULL;
  GstPad *pad;
  guint id;

  GST_OBJECT_LOCK (self);
  id = element->numsinkpads < MAX_TRACKS ? ++self->last_id : 0;
  GST_OBJECT_UNLOCK (self);
  if (id == 0) {
    GST_WARNING_OBJECT (self, "there are %u tracks already", MAX_TRACKS);
    return NULL;
  }
  if (name == NULL)
    name = own_name = g_strdup_printf ("%.5s_%u",
        GST_PAD_TEMPLATE_NAME_TEMPLATE (templ), id - 1);
  pad = gst_fmp4_live_mux_pad_new (templ, name, id);
  gst_pad_set_chain_function (pad, on_buffer);
  gst_pad_set_event_function (pad, on_event);
  gst_pad_set_active (pad, TRUE);
  return gst_element_add_pad (element, pad) ? pad : NULL;
}

static void
release_pad (GstElement *element, GstPad *pad)
{
  GstFmp4LiveMux *self = GST_FMP4_LIVE_MUX (element);

  gst_pad_set_active (pad, FALSE);
  GST_PAD_STREAM_LOCK (self->src);
  self->is_init_due = TRUE;
  GST_PAD_STREAM_UNLOCK (self->src);
  gst_element_remove_pad (element, pad);
}

static void
reset (GstFmp4LiveMux *self)
{
  GstFmp4LiveMuxPad *pads[MAX_TRACKS];
  guint n = collect (self, pads);

  for (guint i = 0; i < n; i++)
    gst_fmp4_live_mux_pad_reset (pads[i]);
  release (pads, n);
  start_over (self);
  self->sequence = 0;
  self->has_begun = FALSE;
  g_clear_pointer (&self->stream_id, g_free);
  g_clear_pointer (&self->stream_name, g_free);
}

static GstStateChangeReturn
change_state (GstElement *element, GstStateChange transition)
{
  GstFmp4LiveMux *self = GST_FMP4_LIVE_MUX (element);
  GstStateChangeReturn result =
      GST_ELEMENT_CLASS (gst_fmp4_live_mux_parent_class)
          ->change_state (element, transition);

  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) {
    GST_PAD_STREAM_LOCK (self->src); /* a pad may be released, too */
    reset (self);
    GST_PAD_STREAM_UNLOCK (self->src);
  }
  return result;
}

static void
finalize (GObject *object)
{
  reset (GST_FMP4_LIVE_MUX (object));
  G_OBJECT_CLASS (gst_fmp4_live_mux_parent_class)->finalize (object);
}

static void
gst_fmp4_live_mux_init (GstFmp4LiveMux *self)
{
  self->src = gst_pad_new_from_static_template (&src_template, "src");
  gst_pad_use_fixed_caps (self->src);
  gst_element_add_pad (GST_ELEMENT (self), self->src);
  self->is_init_due = TRUE;
}

static void
gst_fmp4_live_mux_class_init (GstFmp4LiveMuxClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_fmp4_live_mux_debug, "fmp4livemux", 0,
      "Fragmented MP4 without delay");
  G_OBJECT_CLASS (klass)->finalize = finalize;
  element_class->request_new_pad = request_new_pad;
  element_class->release_pad = release_pad;
  element_class->change_state = change_state;
  gst_element_class_add_static_pad_template_with_gtype (element_class,
      &video_template, GST_TYPE_FMP4_LIVE_MUX_PAD);
  gst_element_class_add_static_pad_template_with_gtype (element_class,
      &audio_template, GST_TYPE_FMP4_LIVE_MUX_PAD);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class,
      "Fragmented MP4 live muxer", "Codec/Muxer",
      "Muxes fragmented MP4, a fragment for each frame, without delay",
      PACKAGE_AUTHOR);
  gst_type_mark_as_plugin_api (GST_TYPE_FMP4_LIVE_MUX_PAD, 0);
}
