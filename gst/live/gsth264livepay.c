/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-h264livepay
 * @title: h264livepay
 * @short_description: H.264 to RTP for browsers
 *
 * Payloads H.264 unchanged, except that it removes what no decoder needs (SEI,
 * access unit delimiters, filler data), some of which makes browsers' decoders
 * stall. SPS and PPS are sent before each IDR frame, with its timestamp.
 *
 * Browsers cannot reorder B-frames received over WebRTC: they show frames in
 * the order of their arrival, and the picture would jump back and forth. The
 * property #GstH264LivePay:b-frames determines what happens once a frame with
 * B-slices arrives. By default the stream is transcoded from that frame on,
 * once for all viewers, which adds 4 frames of latency with x264's defaults: 2
 * for the reordering, 2 in the transcoder. With `drop`, only frames that others
 * refer to are kept, and their timestamps never decrease.
 *
 * A browser can only start with an IDR frame. A stream without further IDR
 * frames, because of periodic intra refresh (x264's intra-refresh) or open
 * GOPs, is transcoded in the same way to one with key frames, without a gap
 * where that begins. `drop` and `pass` forward it: viewers that join later then
 * see nothing.
 *
 * At the first B-frame, an element message `b-frames` is posted and a sticky
 * event `rtmp-webrtc/stream-facts` is sent downstream; both have a string field
 * `b-frames` with the action taken. For a stream without IDR frames, message
 * and field are called `no-idr-frames`.
 *
 * Pictures larger than #GstH264LivePay:max-picture-area are not decoded: output
 * ends at the first such frame that would have to be transcoded, and an element
 * message `track-unplayable` gives the reason.
 *
 * ## Example
 *
 * |[
 * gst-launch-1.0 filesrc location=film.mp4 ! qtdemux ! h264parse ! \
 *     h264livepay ! udpsink port=5004
 * ]|
 *
 * Since: 0.1
 */

#include "gst/live/gsth264livepay.h"

#include "gst/live/gsth264strip.h"
#include "gst/live/gsth264transcoder.h"
#include "gst/live/gstkeptframes.h"
#include "gst/live/gstpicturelimit.h"
#include "gst/live/gstrecipe.h"
#include "gst/live/h264frame.h"
#include "gst/live/h264refresh.h"

GST_DEBUG_CATEGORY_STATIC (gst_h264_live_pay_debug);
#define GST_CAT_DEFAULT gst_h264_live_pay_debug

#define B_FRAMES "b-frames"
#define NO_IDR_FRAMES "no-idr-frames"

struct _GstH264LivePay
{
  GstBin parent;

  GstElement *pay; /* nullable: the element is missing */
  GstPad *sink;
  gint b_frames;         /* property; atomic */
  gint max_area;         /* property; atomic */
  TranscodeSlots *slots; /* nullable: no limit */

  /* The following fields are owned by the streaming thread. */
  H264Refresh refresh;
  gboolean has_b_frames;
  gboolean has_no_idr;
  GstRtmpWebrtcBFrames action;    /* set once either is detected */
  GstRtmpWebrtcBFrames announced; /* the action that was announced */
  GstH264Transcoder *transcoder;
  GstPictureLimit limit;
  gboolean is_too_large; /* according to a parameter set */
  gboolean has_given_up;
  gboolean has_no_slot;
  gboolean is_replaying;
  GstBuffer *sets; /* nullable: the newest parameter sets */
  GstKeptFrames kept;
  GstClockTime shown; /* timestamp of the newest frame that was payloaded */
};

enum
{
  PROP_0,
  PROP_B_FRAMES,
  PROP_MAX_PICTURE_AREA,
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("video/x-h264, stream-format=byte-stream, alignment=au"));

static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
        GST_STATIC_CAPS ("application/x-rtp, media=video, clock-rate=90000, "
                         "encoding-name=H264"));

G_DEFINE_TYPE (GstH264LivePay, gst_h264_live_pay, GST_TYPE_BIN);
GST_ELEMENT_REGISTER_DEFINE (h264livepay, "h264livepay", GST_RANK_NONE,
    GST_TYPE_H264_LIVE_PAY);

/* Announces the action taken about B-frames or missing IDR frames. */
static void
announce (GstH264LivePay *self, const gchar *trouble)
{
  const gchar *action = gst_rtmp_webrtc_b_frames_name (self->announced);
  GstStructure *facts = gst_structure_new_empty ("rtmp-webrtc/stream-facts");
  GstStructure *news =
      gst_structure_new (trouble, trouble, G_TYPE_STRING, action, NULL);
  g_autoptr (GstPad) src =
      gst_element_get_static_pad (GST_ELEMENT (self), "src");

  GST_INFO_OBJECT (self, "%s: %s", trouble, action);
  if (self->has_b_frames)
    gst_structure_set (facts, B_FRAMES, G_TYPE_STRING, action, NULL);
  if (self->has_no_idr)
    gst_structure_set (facts, NO_IDR_FRAMES, G_TYPE_STRING, action, NULL);
  gst_pad_push_event (src,
      gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, facts));
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_element (GST_OBJECT (self), news));
}

/* A stream that only lacks IDR frames has no frames to drop. */
static GstRtmpWebrtcBFrames
action_of (const GstH264LivePay *self, GstRtmpWebrtcBFrames action)
{
  return action == GST_RTMP_WEBRTC_B_FRAMES_DROP && !self->has_b_frames
      ? GST_RTMP_WEBRTC_B_FRAMES_PASS
      : action;
}

static void
set_announced (GstH264LivePay *self, GstRtmpWebrtcBFrames action)
{
  GstRtmpWebrtcBFrames announced = action_of (self, action);

  if (announced == self->announced)
    return;
  self->announced = announced;
  announce (self, self->has_b_frames ? B_FRAMES : NO_IDR_FRAMES);
}

static void
notice (GstH264LivePay *self, gboolean *trouble, const gchar *name)
{
  if (!self->has_b_frames && !self->has_no_idr) {
    self->action = g_atomic_int_get (&self->b_frames);
    self->announced = self->action;
  }
  *trouble = TRUE;
  self->announced = action_of (self, self->announced);
  announce (self, name);
}

static void
notice_trouble (GstH264LivePay *self, GstBuffer *buffer, const H264Frame *frame)
{
  GstClockTime time = GST_BUFFER_DTS_OR_PTS (buffer);

  if (frame->has_b_slice && !self->has_b_frames)
    notice (self, &self->has_b_frames, B_FRAMES);
  if (!self->has_no_idr && GST_CLOCK_TIME_IS_VALID (time) &&
      h264_refresh_note (&self->refresh, frame, time / GST_USECOND))
    notice (self, &self->has_no_idr, NO_IDR_FRAMES);
}

static gboolean
has_trouble (const GstH264LivePay *self)
{
  return self->has_b_frames || self->has_no_idr;
}

/* Frames leave in decoding order, so a timestamp could precede the last one. */
static GstBuffer *
mend_time (GstH264LivePay *self, GstBuffer *buffer)
{
  if (GST_BUFFER_PTS_IS_VALID (buffer) &&
      GST_CLOCK_TIME_IS_VALID (self->shown) &&
      GST_BUFFER_PTS (buffer) < self->shown) {
    buffer = gst_buffer_make_writable (buffer);
    GST_BUFFER_PTS (buffer) = self->shown;
  }
  return buffer;
}

static void
note_shown (GstH264LivePay *self, GstBuffer *buffer)
{
  if (!GST_BUFFER_PTS_IS_VALID (buffer))
    return;
  if (!GST_CLOCK_TIME_IS_VALID (self->shown) ||
      GST_BUFFER_PTS (buffer) > self->shown)
    self->shown = GST_BUFFER_PTS (buffer);
}

static GstPadProbeReturn
reject (GstPadProbeInfo *info)
{
  gst_clear_buffer ((GstBuffer **) &GST_PAD_PROBE_INFO_DATA (info));
  GST_PAD_PROBE_INFO_FLOW_RETURN (info) = GST_H264_LIVE_PAY_REJECTED;
  return GST_PAD_PROBE_HANDLED;
}

static void
end_transcoding (GstH264LivePay *self)
{
  if (self->transcoder == NULL)
    return;
  g_clear_pointer (&self->transcoder, gst_h264_transcoder_free);
  transcode_slots_give_back (self->slots);
}

/* A stream that is too large to be transcoded would be of no use unchanged. */
static GstPadProbeReturn
give_up (GstH264LivePay *self)
{
  self->has_given_up = TRUE;
  gst_kept_frames_clear (&self->kept);
  end_transcoding (self);
  gst_picture_limit_post (&self->limit, GST_ELEMENT (self));
  return GST_PAD_PROBE_DROP;
}

static GstPadProbeReturn
drop_unreferenced (GstH264LivePay *self, GstPadProbeInfo *info,
    const H264Frame *frame)
{
  if (self->has_b_frames && !frame->is_reference)
    return GST_PAD_PROBE_DROP;
  GST_PAD_PROBE_INFO_DATA (info) =
      mend_time (self, GST_PAD_PROBE_INFO_BUFFER (info));
  return GST_PAD_PROBE_OK;
}

/* Applies until a slot is free, which is checked at each frame where a decoder
 * could start. */
static GstPadProbeReturn
go_without_slot (GstH264LivePay *self, GstPadProbeInfo *info,
    const H264Frame *frame)
{
  if (!self->has_no_slot) {
    self->has_no_slot = TRUE;
    GST_ELEMENT_WARNING (self, RESOURCE, BUSY,
        ("The video is not transcoded: the server already transcodes as many "
         "videos as it may (max-transcodes: %u).",
            transcode_slots_get_limit (self->slots)),
        (NULL));
  }
  gst_kept_frames_clear (&self->kept);
  set_announced (self, GST_RTMP_WEBRTC_B_FRAMES_DROP);
  return drop_unreferenced (self, info, frame);
}

/* The decoder's caps have no codec data, so it starts with the parameter sets.
 * It accepts an intra frame as a start only with a recovery point SEI. */
static void
prepare_start (GstH264LivePay *self, GstPadProbeInfo *info,
    const H264Frame *frame)
{
  /* Section D.1.8, with recovery_frame_cnt 0. */
  static const guint8 sei[] = { 0, 0, 1, 0x06, 0x06, 0x01, 0xc4, 0x80 };
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstBuffer *start =
      self->sets != NULL ? gst_buffer_copy (self->sets) : gst_buffer_new ();

  if (!frame->is_recovery_point)
    start = gst_buffer_append (start, gst_buffer_new_memdup (sei, sizeof sei));
  start = gst_buffer_append (start, gst_buffer_ref (buffer));
  gst_buffer_copy_into (start, buffer, GST_BUFFER_COPY_METADATA, 0, -1);
  gst_buffer_unref (buffer);
  GST_PAD_PROBE_INFO_DATA (info) = start;
}

/* Until the decoder has output, the stream is forwarded unchanged. */
static void
bypass (GstH264LivePay *self, GstBuffer *frame)
{
  note_shown (self, frame);
  gst_h264_transcoder_bypass (self->transcoder, gst_buffer_ref (frame));
}

static GstPadProbeReturn
transcode (GstH264LivePay *self, GstPadProbeInfo *info, const H264Frame *frame)
{
  if (self->is_too_large)
    return give_up (self);
  if (!gst_h264_transcoder_has_taken_over (self->transcoder)) {
    if (gst_h264_transcoder_is_ready (self->transcoder))
      gst_h264_transcoder_take_over (self->transcoder, self->shown);
    else
      bypass (self, GST_PAD_PROBE_INFO_BUFFER (info));
  }
  return gst_h264_transcoder_takes (self->transcoder,
             h264_refresh_is_start (frame))
      ? GST_PAD_PROBE_OK
      : GST_PAD_PROBE_DROP;
}

static void
replay_kept (GstH264LivePay *self)
{
  GstBuffer *buffer;

  self->is_replaying = TRUE;
  while ((buffer = gst_kept_frames_pop (&self->kept)) != NULL)
    gst_h264_transcoder_replay (self->transcoder, buffer);
  self->is_replaying = FALSE;
}

static gboolean
make_transcoder (GstH264LivePay *self)
{
  g_autoptr (GError) error = NULL;

  self->transcoder = gst_h264_transcoder_new (GST_BIN (self), self->sink,
      self->pay, self->limit.max_area, &error);
  if (self->transcoder != NULL)
    return TRUE;
  transcode_slots_give_back (self->slots);
  GST_ELEMENT_WARNING (self, CORE, MISSING_PLUGIN,
      ("The video cannot be transcoded."), ("%s", error->message));
  self->action = GST_RTMP_WEBRTC_B_FRAMES_PASS;
  set_announced (self, GST_RTMP_WEBRTC_B_FRAMES_PASS);
  return FALSE;
}

/* Starts from the key frame that has been kept, or else from this frame. */
static GstPadProbeReturn
begin_transcoding (GstH264LivePay *self, GstPadProbeInfo *info,
    const H264Frame *frame)
{
  gboolean has_kept = !gst_kept_frames_is_empty (&self->kept);

  if (!has_kept && !h264_refresh_is_start (frame))
    return self->has_no_slot ? drop_unreferenced (self, info, frame)
                             : GST_PAD_PROBE_OK;
  if (self->is_too_large)
    return give_up (self);
  if (!transcode_slots_take (self->slots))
    return go_without_slot (self, info, frame);
  if (!make_transcoder (self))
    return GST_PAD_PROBE_OK;
  set_announced (self, GST_RTMP_WEBRTC_B_FRAMES_TRANSCODE);
  if (has_kept || frame->is_key) {
    gst_h264_transcoder_take_over (self->transcoder, self->shown);
    replay_kept (self);
    return GST_PAD_PROBE_OK;
  }
  bypass (self, GST_PAD_PROBE_INFO_BUFFER (info));
  prepare_start (self, info, frame);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
act (GstH264LivePay *self, GstPadProbeInfo *info, const H264Frame *frame)
{
  switch (self->action) {
    case GST_RTMP_WEBRTC_B_FRAMES_TRANSCODE:
      return begin_transcoding (self, info, frame);
    case GST_RTMP_WEBRTC_B_FRAMES_DROP:
      return drop_unreferenced (self, info, frame);
    case GST_RTMP_WEBRTC_B_FRAMES_PASS:
      return GST_PAD_PROBE_OK;
    case GST_RTMP_WEBRTC_B_FRAMES_REFUSE:
      return reject (info);
  }
  g_assert_not_reached ();
}

/* The stream may refer to any of its parameter sets, so each one is checked. */
static void
take_sets (GstH264LivePay *self, GstBuffer *buffer, const GstMapInfo *map)
{
  GstMapInfo out;

  self->limit.max_area = g_atomic_int_get (&self->max_area);
  if (!self->is_too_large)
    self->is_too_large =
        gst_picture_limit_check (&self->limit, buffer) == GST_PICTURE_TOO_LARGE;
  gst_clear_buffer (&self->sets);
  self->sets = gst_buffer_new_allocate (NULL, map->size, NULL);
  gst_buffer_map (self->sets, &out, GST_MAP_WRITE);
  gst_buffer_set_size (self->sets,
      h264_frame_copy_sets (map->data, map->size, out.data));
  gst_buffer_unmap (self->sets, &out);
}

static gboolean
read_frame (GstH264LivePay *self, GstBuffer *buffer, H264Frame *frame)
{
  GstMapInfo map;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return FALSE;
  h264_frame_read (frame, map.data, map.size);
  if (frame->has_sps)
    take_sets (self, buffer, &map);
  gst_buffer_unmap (buffer, &map);
  return TRUE;
}

static GstPadProbeReturn
on_frame (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstH264LivePay *self = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstPadProbeReturn result = GST_PAD_PROBE_OK;
  H264Frame frame;

  if (self->is_replaying)
    return GST_PAD_PROBE_OK;
  if (self->has_given_up || !read_frame (self, buffer, &frame))
    return GST_PAD_PROBE_DROP;
  if (self->transcoder != NULL)
    return transcode (self, info, &frame);

  if (frame.is_key && !has_trouble (self))
    gst_kept_frames_clear (&self->kept);
  notice_trouble (self, buffer, &frame);
  if (has_trouble (self))
    result = act (self, info, &frame);
  else
    gst_kept_frames_add (&self->kept, buffer, frame.is_key);
  if (result == GST_PAD_PROBE_OK && self->transcoder == NULL)
    note_shown (self, GST_PAD_PROBE_INFO_BUFFER (info));
  return result;
}

/* The decoder may have had no output yet. */
static GstPadProbeReturn
on_event (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstH264LivePay *self = user_data;

  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_EOS &&
      self->transcoder != NULL &&
      !gst_h264_transcoder_has_taken_over (self->transcoder))
    gst_h264_transcoder_take_over (self->transcoder, self->shown);
  return GST_PAD_PROBE_OK;
}

static void
start_over (GstH264LivePay *self)
{
  gst_kept_frames_clear (&self->kept);
  end_transcoding (self);
  gst_clear_buffer (&self->sets);
  self->refresh = (H264Refresh){ 0 };
  self->has_b_frames = FALSE;
  self->has_no_idr = FALSE;
  self->is_too_large = FALSE;
  self->has_given_up = FALSE;
  self->has_no_slot = FALSE;
  self->shown = GST_CLOCK_TIME_NONE;
}

static GstStateChangeReturn
change_state (GstElement *element, GstStateChange transition)
{
  GstH264LivePay *self = GST_H264_LIVE_PAY (element);
  GstStateChangeReturn result;

  if (self->pay == NULL) {
    GST_ELEMENT_ERROR (self, CORE, MISSING_PLUGIN,
        ("The element \"rtph264pay\" is missing."), (NULL));
    return GST_STATE_CHANGE_FAILURE;
  }
  result = GST_ELEMENT_CLASS (gst_h264_live_pay_parent_class)
               ->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    start_over (self);
  return result;
}

void
gst_h264_live_pay_set_slots (GstH264LivePay *self, TranscodeSlots *slots)
{
  g_clear_pointer (&self->slots, transcode_slots_unref);
  self->slots = transcode_slots_ref (slots);
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstH264LivePay *self = GST_H264_LIVE_PAY (object);

  switch (id) {
    case PROP_B_FRAMES:
      g_atomic_int_set (&self->b_frames, g_value_get_enum (value));
      break;
    case PROP_MAX_PICTURE_AREA:
      g_atomic_int_set (&self->max_area, g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstH264LivePay *self = GST_H264_LIVE_PAY (object);

  switch (id) {
    case PROP_B_FRAMES:
      g_value_set_enum (value, g_atomic_int_get (&self->b_frames));
      break;
    case PROP_MAX_PICTURE_AREA:
      g_value_set_uint (value, g_atomic_int_get (&self->max_area));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
finalize (GObject *object)
{
  GstH264LivePay *self = GST_H264_LIVE_PAY (object);

  gst_kept_frames_clear (&self->kept);
  gst_clear_buffer (&self->sets);
  g_clear_pointer (&self->slots, transcode_slots_unref);
  G_OBJECT_CLASS (gst_h264_live_pay_parent_class)->finalize (object);
}

static void
gst_h264_live_pay_init (GstH264LivePay *self)
{
  GstElementClass *element_class = GST_ELEMENT_GET_CLASS (self);
  g_autoptr (GstPad) sink = NULL;
  g_autoptr (GstPad) src = NULL;

  self->shown = GST_CLOCK_TIME_NONE;
  self->max_area = GST_PICTURE_DEFAULT_MAX_AREA;
  self->limit.codec = PICTURE_H264;
  self->pay = gst_recipe_make_h264_pay ();
  if (self->pay == NULL)
    return;
  gst_bin_add (GST_BIN (self), self->pay);
  sink = gst_element_get_static_pad (self->pay, "sink");
  gst_h264_strip_add (sink);
  src = gst_element_get_static_pad (self->pay, "src");
  self->sink = gst_ghost_pad_new_from_template ("sink", sink,
      gst_element_class_get_pad_template (element_class, "sink"));
  gst_pad_add_probe (self->sink, GST_PAD_PROBE_TYPE_BUFFER, on_frame, self,
      NULL);
  gst_pad_add_probe (self->sink, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event,
      self, NULL);
  gst_element_add_pad (GST_ELEMENT (self), self->sink);
  gst_element_add_pad (GST_ELEMENT (self),
      gst_ghost_pad_new_from_template ("src", src,
          gst_element_class_get_pad_template (element_class, "src")));
}

static void
gst_h264_live_pay_class_init (GstH264LivePayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_h264_live_pay_debug, "h264livepay", 0,
      "H.264 to RTP");
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  element_class->change_state = change_state;

  g_object_class_install_property (object_class, PROP_B_FRAMES,
      g_param_spec_enum ("b-frames", "B-frames",
          "What to do with a stream that has B-frames, which browsers drop "
          "or freeze at, or that has no further IDR frames, which browsers "
          "need to start; applies when either is detected",
          GST_TYPE_RTMP_WEBRTC_B_FRAMES, GST_RTMP_WEBRTC_B_FRAMES_TRANSCODE,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_PLAYING));
  g_object_class_install_property (object_class, PROP_MAX_PICTURE_AREA,
      gst_picture_limit_param_spec ());
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "H.264 live payloader",
      "Codec/Payloader/Network/RTP",
      "Payloads H.264 for browsers, and removes B-frames if there are any",
      PACKAGE_AUTHOR);
  gst_type_mark_as_plugin_api (GST_TYPE_RTMP_WEBRTC_B_FRAMES, 0);
}
