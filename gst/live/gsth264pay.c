/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-h264livepay
 * @title: h264livepay
 * @short_description: H.264 to RTP, as browsers want it
 *
 * Pays H.264 untouched, but for what no decoder needs (SEI, access unit
 * delimiters, filler data), which makes some of the browsers' stall. SPS and
 * PPS go out before each IDR frame, with its time.
 *
 * When a frame with B-slices comes, browsers would jump to and fro, since they
 * show what comes by WebRTC in the order in which it comes. The property
 * #GstH264Pay:b-frames says what is done then. By default the stream is decoded
 * and encoded anew, from that frame on, once for all viewers, and is
 * 4 frames older with x264's defaults: 2 for their order, 2 on the way. With
 * `drop`, the frames that others refer to stay, and none of them has an earlier
 * time than the last.
 *
 * When the first B-frame comes, an element message `b-frames` is posted and a
 * sticky event `rtmp-webrtc/stream-facts` sent downstream; in both, the field
 * `b-frames` is what is done, a string.
 *
 * ## Example
 *
 * |[
 * gst-launch-1.0 filesrc location=film.mp4 ! qtdemux ! h264parse ! \
 *     h264livepay ! udpsink port=5004
 * ]|
 */

#include "gst/live/gsth264pay.h"

#include "gst/live/gstrecipe.h"
#include "gst/live/h264frame.h"

GST_DEBUG_CATEGORY_STATIC (gst_h264_pay_debug);
#define GST_CAT_DEFAULT gst_h264_pay_debug

/* While nobody knows whether B-frames will come, the frames since the key frame
 * are kept, so that a decoder could begin there. Encoders that use them do so
 * within the first few frames; who begins later than this many frames or bytes
 * is transcoded from the next key frame on. */
#define KEPT_MAX_FRAMES 120
#define KEPT_MAX_BYTES (4 * 1024 * 1024)

struct _GstH264Pay
{
  GstBin parent;

  GstElement *pay; /* nullable: the element is missing */
  GstPad *sink;
  gint b_frames; /* property; atomic */

  /* Below is the streaming thread's. */
  gboolean has_b_frames;
  GstBFrames action; /* once it has */
  GstElement *transcoder;
  gboolean is_replaying;
  GQueue kept; /* of GstBuffer, from a key frame on */
  gsize n_kept_bytes;
  gboolean has_gap;   /* no use in keeping more before the next key frame */
  GstClockTime shown; /* the newest frame that has been paid */
};

enum
{
  PROP_0,
  PROP_B_FRAMES,
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("video/x-h264, stream-format=byte-stream, alignment=au"));

static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
        GST_STATIC_CAPS ("application/x-rtp, media=video, clock-rate=90000, "
                         "encoding-name=H264"));

G_DEFINE_TYPE (GstH264Pay, gst_h264_pay, GST_TYPE_BIN);
GST_ELEMENT_REGISTER_DEFINE (h264livepay, "h264livepay", GST_RANK_NONE,
    GST_TYPE_H264_PAY);

static const GEnumValue b_frames_values[] = {
  { GST_B_FRAMES_TRANSCODE, "Decode such a stream and encode it without them",
      "transcode" },
  { GST_B_FRAMES_DROP, "Leave out the frames that no other refers to", "drop" },
  { GST_B_FRAMES_PASS, "Let them pass, though browsers show them too late",
      "pass" },
  { GST_B_FRAMES_REFUSE, "Refuse such a stream", "refuse" },
  { 0, NULL, NULL },
};

GType
gst_b_frames_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstBFrames", b_frames_values));
  return type;
}

static void
forget_kept (GstH264Pay *self)
{
  g_queue_clear_full (&self->kept, (GDestroyNotify) gst_buffer_unref);
  self->n_kept_bytes = 0;
}

static void
keep (GstH264Pay *self, GstBuffer *buffer, const H264Frame *frame)
{
  gsize size = gst_buffer_get_size (buffer);

  if (frame->is_key) {
    forget_kept (self);
    self->has_gap = FALSE;
  }
  if (self->has_gap)
    return;
  if (self->kept.length == KEPT_MAX_FRAMES ||
      self->n_kept_bytes + size > KEPT_MAX_BYTES) {
    forget_kept (self);
    self->has_gap = TRUE;
    return;
  }
  g_queue_push_tail (&self->kept, gst_buffer_ref (buffer));
  self->n_kept_bytes += size;
}

/* Of what the decoder makes of the kept frames, most has been shown. */
static GstPadProbeReturn
drop_shown (GstPad *pad, GstPadProbeInfo *info, gpointer shown)
{
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstClockTime limit = *(GstClockTime *) shown;

  if (GST_CLOCK_TIME_IS_VALID (limit) && GST_BUFFER_PTS_IS_VALID (buffer) &&
      GST_BUFFER_PTS (buffer) <= limit)
    return GST_PAD_PROBE_DROP;
  return GST_PAD_PROBE_REMOVE;
}

/* Drops before it is encoded what has been shown. */
static void
skip_shown (GstH264Pay *self)
{
  g_autoptr (GstElement) encoder =
      gst_bin_get_by_name (GST_BIN (self->transcoder), GST_RECIPE_ENCODER);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (encoder, "sink");
  GstClockTime *shown = g_new (GstClockTime, 1);

  *shown = self->shown;
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, drop_shown, shown, g_free);
}

static gboolean
begin_transcoding (GstH264Pay *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstPad) sink = NULL;

  self->transcoder = gst_recipe_make_transcoder (&error);
  if (self->transcoder == NULL) {
    GST_ELEMENT_WARNING (self, CORE, MISSING_PLUGIN,
        ("The stream has B-frames and can't be encoded anew."),
        ("%s", error->message));
    return FALSE;
  }
  gst_bin_add (GST_BIN (self), self->transcoder);
  skip_shown (self);
  sink = gst_element_get_static_pad (self->transcoder, "sink");
  gst_ghost_pad_set_target (GST_GHOST_PAD (self->sink), sink);
  return gst_element_link (self->transcoder, self->pay) &&
      gst_element_sync_state_with_parent (self->transcoder);
}

/* Has the decoder begin where it can. */
static void
replay_kept (GstH264Pay *self)
{
  g_autoptr (GstPad) sink =
      gst_element_get_static_pad (self->transcoder, "sink");
  g_autoptr (GstProxyPad) proxy =
      gst_proxy_pad_get_internal (GST_PROXY_PAD (self->sink));
  GstBuffer *buffer;

  self->is_replaying = TRUE;
  while ((buffer = g_queue_pop_head (&self->kept)) != NULL)
    gst_pad_push (GST_PAD (proxy), buffer);
  self->is_replaying = FALSE;
  self->n_kept_bytes = 0;
}

static const gchar *
action_name (GstBFrames action)
{
  return b_frames_values[action].value_nick;
}

static void
tell (GstH264Pay *self)
{
  const gchar *action = action_name (self->action);
  GstStructure *facts = gst_structure_new ("rtmp-webrtc/stream-facts",
      "b-frames", G_TYPE_STRING, action, NULL);
  GstStructure *news =
      gst_structure_new ("b-frames", "b-frames", G_TYPE_STRING, action, NULL);
  g_autoptr (GstPad) src =
      gst_element_get_static_pad (GST_ELEMENT (self), "src");

  GST_INFO_OBJECT (self, "the stream has B-frames: %s", action);
  gst_pad_push_event (src,
      gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, facts));
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_element (GST_OBJECT (self), news));
}

static void
notice_b_frames (GstH264Pay *self)
{
  self->has_b_frames = TRUE;
  self->action = g_atomic_int_get (&self->b_frames);
  tell (self);
}

/* Without its place in the order a frame would be shown in the past. */
static GstBuffer *
mend_time (GstH264Pay *self, GstBuffer *buffer)
{
  if (GST_BUFFER_PTS_IS_VALID (buffer) &&
      GST_CLOCK_TIME_IS_VALID (self->shown) &&
      GST_BUFFER_PTS (buffer) < self->shown) {
    buffer = gst_buffer_make_writable (buffer);
    GST_BUFFER_PTS (buffer) = self->shown;
  }
  return buffer;
}

static GstPadProbeReturn
refuse (GstPadProbeInfo *info)
{
  gst_clear_buffer ((GstBuffer **) &GST_PAD_PROBE_INFO_DATA (info));
  GST_PAD_PROBE_INFO_FLOW_RETURN (info) = GST_H264_PAY_REFUSED;
  return GST_PAD_PROBE_HANDLED;
}

/* The stream has B-frames. */
static GstPadProbeReturn
act (GstH264Pay *self, GstPadProbeInfo *info, const H264Frame *frame)
{
  switch (self->action) {
    case GST_B_FRAMES_TRANSCODE:
      if (self->transcoder != NULL)
        return GST_PAD_PROBE_OK;
      if (!frame->is_key && self->kept.length == 0)
        return GST_PAD_PROBE_OK;
      if (begin_transcoding (self))
        replay_kept (self);
      else
        self->action = GST_B_FRAMES_PASS;
      return GST_PAD_PROBE_OK;
    case GST_B_FRAMES_DROP:
      if (!frame->is_reference)
        return GST_PAD_PROBE_DROP;
      GST_PAD_PROBE_INFO_DATA (info) =
          mend_time (self, GST_PAD_PROBE_INFO_BUFFER (info));
      return GST_PAD_PROBE_OK;
    case GST_B_FRAMES_PASS:
      return GST_PAD_PROBE_OK;
    case GST_B_FRAMES_REFUSE:
      return refuse (info);
  }
  g_assert_not_reached ();
}

static void
note_shown (GstH264Pay *self, GstBuffer *buffer)
{
  if (!GST_BUFFER_PTS_IS_VALID (buffer))
    return;
  if (!GST_CLOCK_TIME_IS_VALID (self->shown) ||
      GST_BUFFER_PTS (buffer) > self->shown)
    self->shown = GST_BUFFER_PTS (buffer);
}

static GstPadProbeReturn
on_frame (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstH264Pay *self = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstPadProbeReturn result = GST_PAD_PROBE_OK;
  H264Frame frame;
  GstMapInfo map;

  if (self->is_replaying || self->transcoder != NULL)
    return GST_PAD_PROBE_OK;
  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return GST_PAD_PROBE_OK;
  h264_frame_read (&frame, map.data, map.size);
  gst_buffer_unmap (buffer, &map);

  if (frame.is_key && !self->has_b_frames)
    forget_kept (self);
  if (frame.has_b_slice && !self->has_b_frames)
    notice_b_frames (self);
  if (self->has_b_frames)
    result = act (self, info, &frame);
  else
    keep (self, buffer, &frame);
  if (result == GST_PAD_PROBE_OK && self->transcoder == NULL)
    note_shown (self, GST_PAD_PROBE_INFO_BUFFER (info));
  return result;
}

/* Returns: (transfer full): @buffer, which this takes, without what no decoder
 * needs. */
static GstBuffer *
strip (GstBuffer *buffer, const GstMapInfo *map)
{
  GstBuffer *stripped = gst_buffer_new_allocate (NULL, map->size, NULL);
  GstMapInfo out;

  gst_buffer_map (stripped, &out, GST_MAP_WRITE);
  gst_buffer_set_size (stripped,
      h264_frame_strip (map->data, map->size, out.data));
  gst_buffer_unmap (stripped, &out);
  gst_buffer_copy_into (stripped, buffer, GST_BUFFER_COPY_METADATA, 0, -1);
  return stripped;
}

/* Whoever made the frame: the publisher or the encoder. */
static GstPadProbeReturn
on_ready (GstPad *pad, GstPadProbeInfo *info, gpointer unused)
{
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstBuffer *stripped = NULL;
  H264Frame frame;
  GstMapInfo map;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return GST_PAD_PROBE_OK;
  h264_frame_read (&frame, map.data, map.size);
  if (frame.has_extras)
    stripped = strip (buffer, &map);
  gst_buffer_unmap (buffer, &map);

  if (stripped == NULL)
    return GST_PAD_PROBE_OK;
  gst_buffer_unref (buffer);
  GST_PAD_PROBE_INFO_DATA (info) = stripped;
  return gst_buffer_get_size (stripped) > 0 ? GST_PAD_PROBE_OK
                                            : GST_PAD_PROBE_DROP;
}

static void
start_over (GstH264Pay *self)
{
  g_autoptr (GstPad) sink = NULL;

  forget_kept (self);
  self->has_b_frames = FALSE;
  self->has_gap = FALSE;
  self->shown = GST_CLOCK_TIME_NONE;
  if (self->transcoder == NULL)
    return;
  gst_element_set_locked_state (self->transcoder, TRUE);
  gst_element_set_state (self->transcoder, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (self), self->transcoder);
  self->transcoder = NULL;
  sink = gst_element_get_static_pad (self->pay, "sink");
  gst_ghost_pad_set_target (GST_GHOST_PAD (self->sink), sink);
}

static GstStateChangeReturn
change_state (GstElement *element, GstStateChange transition)
{
  GstH264Pay *self = GST_H264_PAY (element);
  GstStateChangeReturn result;

  if (self->pay == NULL) {
    GST_ELEMENT_ERROR (self, CORE, MISSING_PLUGIN,
        ("The element \"rtph264pay\" is missing."), (NULL));
    return GST_STATE_CHANGE_FAILURE;
  }
  result = GST_ELEMENT_CLASS (gst_h264_pay_parent_class)
               ->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    start_over (self);
  return result;
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstH264Pay *self = GST_H264_PAY (object);

  switch (id) {
    case PROP_B_FRAMES:
      g_atomic_int_set (&self->b_frames, g_value_get_enum (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstH264Pay *self = GST_H264_PAY (object);

  switch (id) {
    case PROP_B_FRAMES:
      g_value_set_enum (value, g_atomic_int_get (&self->b_frames));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
finalize (GObject *object)
{
  forget_kept (GST_H264_PAY (object));
  G_OBJECT_CLASS (gst_h264_pay_parent_class)->finalize (object);
}

static void
gst_h264_pay_init (GstH264Pay *self)
{
  GstElementClass *element_class = GST_ELEMENT_GET_CLASS (self);
  g_autoptr (GstPad) sink = NULL;
  g_autoptr (GstPad) src = NULL;

  self->shown = GST_CLOCK_TIME_NONE;
  self->pay = gst_recipe_make_h264_pay ();
  if (self->pay == NULL)
    return;
  gst_bin_add (GST_BIN (self), self->pay);
  sink = gst_element_get_static_pad (self->pay, "sink");
  gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_BUFFER, on_ready, NULL, NULL);
  src = gst_element_get_static_pad (self->pay, "src");
  self->sink = gst_ghost_pad_new_from_template ("sink", sink,
      gst_element_class_get_pad_template (element_class, "sink"));
  gst_pad_add_probe (self->sink, GST_PAD_PROBE_TYPE_BUFFER, on_frame, self,
      NULL);
  gst_element_add_pad (GST_ELEMENT (self), self->sink);
  gst_element_add_pad (GST_ELEMENT (self),
      gst_ghost_pad_new_from_template ("src", src,
          gst_element_class_get_pad_template (element_class, "src")));
}

static void
gst_h264_pay_class_init (GstH264PayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_h264_pay_debug, "h264livepay", 0,
      "H.264 to RTP");
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  element_class->change_state = change_state;

  g_object_class_install_property (object_class, PROP_B_FRAMES,
      g_param_spec_enum ("b-frames", "B-frames",
          "What is done with a stream that has B-frames, which browsers "
          "leave out or stand still at; counts when the first of them comes",
          GST_TYPE_B_FRAMES, GST_B_FRAMES_TRANSCODE,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_PLAYING));
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "H.264 live payloader",
      "Codec/Payloader/Network/RTP",
      "Pays H.264 for browsers; takes B-frames out where there are any",
      "The gst-rtmp-webrtc developers");
  gst_type_mark_as_plugin_api (GST_TYPE_B_FRAMES, 0);
}
