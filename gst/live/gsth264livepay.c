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
 * The packets of a picture are equal in size but for the last one, however many
 * slices it has, as far as RFC 6184 allows: the kernel can send such packets
 * together. Some have RTP padding therefore, which takes at most an eighth of
 * a picture.
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
 * A viewer that reorders frames by itself can have them all: from the first
 * B-frame on, there is a second pad, `untouched`, with the publisher's frames
 * in decoding order. An event upstream, `rtmp-webrtc/need-transcode`, says in
 * its field `needed` whether anybody needs the first pad: while nobody does, it
 * has only the frames that others refer to, and nothing is transcoded.
 *
 * At the first B-frame, an element message `b-frames` is posted and a sticky
 * event `rtmp-webrtc/stream-facts` is sent downstream; both have a string field
 * `b-frames` with the action taken. For a stream without IDR frames, message
 * and field are called `no-idr-frames`.
 *
 * The decoder and the encoder are those with the highest rank that can be used
 * here, unless #GstH264LivePay:decoder and #GstH264LivePay:encoder name others.
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

#include "gst/live/gstalternatives.h"
#include "gst/live/gstdatagramsize.h"
#include "gst/live/gsth264livepaysettings.h"
#include "gst/live/gsth264strip.h"
#include "gst/live/gsth264transcoder.h"
#include "gst/live/gsth264trouble.h"
#include "gst/live/gsth264untouched.h"
#include "gst/live/gstkeptframes.h"
#include "gst/live/gstpicturelimit.h"
#include "gst/live/gstrecipe.h"
#include "gst/live/gstrisingtimes.h"
#include "gst/live/gstvia.h"
#include "gst/live/h264frame.h"

GST_DEBUG_CATEGORY (gst_h264_live_pay_debug);
#define GST_CAT_DEFAULT gst_h264_live_pay_debug

struct _GstH264LivePay
{
  GstBin parent;

  GstElement *pay;
  GstPad *sink;
  GstH264LivePaySettings settings;
  gint is_at_rest;       /* nobody needs a transcode; atomic */
  const gchar *via;      /* interned: what transcodes; NULL: nothing; atomic */
  TranscodeSlots *slots; /* nullable: no limit */

  /* The following fields are owned by the streaming thread. */
  GstH264Trouble trouble;
  GstH264Transcoder *transcoder;
  GstH264Untouched *untouched; /* NULL before a B-frame */
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
  PROP_MTU,
  /* The first property of the table. */
  FIRST_SETTING,
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("video/x-h264, stream-format=byte-stream, alignment=au"));

static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
        GST_STATIC_CAPS ("application/x-rtp, media=video, clock-rate=90000, "
                         "encoding-name=H264"));

static GstStaticPadTemplate untouched_template =
    GST_STATIC_PAD_TEMPLATE (GST_H264_UNTOUCHED_PAD, GST_PAD_SRC,
        GST_PAD_SOMETIMES,
        GST_STATIC_CAPS ("application/x-rtp, media=video, clock-rate=90000, "
                         "encoding-name=H264"));

G_DEFINE_TYPE (GstH264LivePay, gst_h264_live_pay, GST_TYPE_BIN);
GST_ELEMENT_REGISTER_DEFINE (h264livepay, "h264livepay", GST_RANK_NONE,
    GST_TYPE_H264_LIVE_PAY);

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
  g_atomic_pointer_set (&self->via, NULL);
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
  if (self->trouble.has_b_frames && !frame->is_reference)
    return GST_PAD_PROBE_DROP;
  GST_PAD_PROBE_INFO_DATA (info) =
      gst_rising_times_mend (self->shown, GST_PAD_PROBE_INFO_BUFFER (info));
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
  gst_h264_trouble_set_announced (&self->trouble,
      GST_RTMP_WEBRTC_B_FRAMES_DROP);
  return drop_unreferenced (self, info, frame);
}

/* Until the decoder has output, the stream is forwarded unchanged. */
static void
bypass (GstH264LivePay *self, GstBuffer *frame)
{
  gst_rising_times_note (&self->shown, frame);
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

/* Without an encoder, the stream remains as it is. */
static GstPadProbeReturn
give_in (GstH264LivePay *self, const GError *error)
{
  GST_ELEMENT_WARNING (self, CORE, MISSING_PLUGIN,
      ("The video cannot be transcoded."), ("%s", error->message));
  self->trouble.action = GST_RTMP_WEBRTC_B_FRAMES_PASS;
  gst_h264_trouble_set_announced (&self->trouble,
      GST_RTMP_WEBRTC_B_FRAMES_PASS);
  return GST_PAD_PROBE_OK;
}

static gboolean
make_transcoder (GstH264LivePay *self, GError **error)
{
  g_auto (GstCodecChoice) choice = { 0 };

  gst_h264_live_pay_settings_choose (&self->settings, GST_ELEMENT (self),
      &choice);
  choice.caps = gst_pad_get_current_caps (self->sink);
  self->transcoder = gst_h264_transcoder_new (GST_BIN (self), self->sink,
      self->pay, &choice, self->limit.max_area, error);
  if (self->transcoder == NULL) {
    transcode_slots_give_back (self->slots);
    return FALSE;
  }
  g_atomic_pointer_set (&self->via,
      gst_h264_transcoder_get_via (self->transcoder));
  return TRUE;
}

/* Those since the key frame are kept, so that a transcode can begin with any
 * frame. */
static GstPadProbeReturn
rest (GstH264LivePay *self, GstPadProbeInfo *info, const H264Frame *frame)
{
  if (frame->is_key || !gst_kept_frames_is_empty (&self->kept))
    gst_kept_frames_add (&self->kept, GST_PAD_PROBE_INFO_BUFFER (info),
        frame->is_key);
  gst_h264_trouble_set_announced (&self->trouble,
      GST_RTMP_WEBRTC_B_FRAMES_DROP);
  return drop_unreferenced (self, info, frame);
}

/* Starts from the key frame that has been kept, or else from this frame. */
static GstPadProbeReturn
begin_transcoding (GstH264LivePay *self, GstPadProbeInfo *info,
    const H264Frame *frame)
{
  gboolean has_kept = !gst_kept_frames_is_empty (&self->kept);
  g_autoptr (GError) error = NULL;

  /* Only before anything has been done are B-frames passed on. */
  gboolean has_dropped = self->has_no_slot ||
      self->trouble.announced == GST_RTMP_WEBRTC_B_FRAMES_DROP;

  if (!has_kept && !h264_refresh_is_start (frame))
    return has_dropped ? drop_unreferenced (self, info, frame)
                       : GST_PAD_PROBE_OK;
  if (self->is_too_large)
    return give_up (self);
  if (!transcode_slots_take (self->slots))
    return go_without_slot (self, info, frame);
  if (!make_transcoder (self, &error))
    return gst_alternatives_are_tried (error) ? rest (self, info, frame)
                                              : give_in (self, error);
  gst_h264_trouble_set_announced (&self->trouble,
      GST_RTMP_WEBRTC_B_FRAMES_TRANSCODE);
  if (has_kept || frame->is_key) {
    gst_h264_transcoder_take_over (self->transcoder, self->shown);
    replay_kept (self);
    return GST_PAD_PROBE_OK;
  }
  bypass (self, GST_PAD_PROBE_INFO_BUFFER (info));
  GST_PAD_PROBE_INFO_DATA (info) = gst_h264_transcoder_make_start (self->sets,
      GST_PAD_PROBE_INFO_BUFFER (info), frame->is_recovery_point);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
act (GstH264LivePay *self, GstPadProbeInfo *info, const H264Frame *frame)
{
  switch (self->trouble.action) {
    case GST_RTMP_WEBRTC_B_FRAMES_TRANSCODE:
      /* While all viewers take the frames untouched. */
      return g_atomic_int_get (&self->is_at_rest)
          ? rest (self, info, frame)
          : begin_transcoding (self, info, frame);
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

  self->limit.max_area = g_atomic_int_get (&self->settings.max_area);
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

/* From the key frame on, if it is known. Those that get the frames unchanged
 * anyway have no use for a second output. */
static void
begin_untouched (GstH264LivePay *self, GstBuffer *buffer)
{
  guint mtu;

  if (self->trouble.action != GST_RTMP_WEBRTC_B_FRAMES_TRANSCODE &&
      self->trouble.action != GST_RTMP_WEBRTC_B_FRAMES_DROP)
    return;
  g_object_get (self->pay, "mtu", &mtu, NULL);
  self->untouched = gst_h264_untouched_new (GST_ELEMENT (self), self->sink,
      gst_element_class_get_pad_template (GST_ELEMENT_GET_CLASS (self),
          GST_H264_UNTOUCHED_PAD),
      mtu);
  for (GList *l = self->kept.frames.head; l != NULL; l = l->next)
    gst_h264_untouched_push (self->untouched, l->data);
  gst_h264_untouched_push (self->untouched, buffer);
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
  if (self->untouched != NULL)
    gst_h264_untouched_push (self->untouched, buffer);
  if (frame.is_key && g_atomic_int_get (&self->is_at_rest))
    end_transcoding (self);
  if (self->transcoder != NULL)
    return transcode (self, info, &frame);

  if (frame.is_key && !gst_h264_trouble_exists (&self->trouble))
    gst_kept_frames_clear (&self->kept);
  gst_h264_trouble_note (&self->trouble, buffer, &frame,
      g_atomic_int_get (&self->settings.b_frames));
  if (self->trouble.has_b_frames && self->untouched == NULL)
    begin_untouched (self, buffer);
  if (gst_h264_trouble_exists (&self->trouble))
    result = act (self, info, &frame);
  else
    gst_kept_frames_add (&self->kept, buffer, frame.is_key);
  if (result == GST_PAD_PROBE_OK && self->transcoder == NULL)
    gst_rising_times_note (&self->shown, GST_PAD_PROBE_INFO_BUFFER (info));
  return result;
}

/* The decoder may have had no output yet. */
static GstPadProbeReturn
on_event (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstH264LivePay *self = user_data;
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);

  if (self->untouched != NULL)
    gst_h264_untouched_note (self->untouched, event);
  if (GST_EVENT_TYPE (event) == GST_EVENT_EOS && self->transcoder != NULL &&
      !gst_h264_transcoder_has_taken_over (self->transcoder))
    gst_h264_transcoder_take_over (self->transcoder, self->shown);
  return GST_PAD_PROBE_OK;
}

/* whepsink says whether a viewer needs the stream without its B-frames. Until
 * it does, one might. */
static GstPadProbeReturn
on_upstream_event (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstH264LivePay *self = user_data;
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  gboolean is_needed = TRUE;

  if (!gst_event_has_name (event, "rtmp-webrtc/need-transcode"))
    return GST_PAD_PROBE_OK;
  gst_structure_get_boolean (gst_event_get_structure (event), "needed",
      &is_needed);
  g_atomic_int_set (&self->is_at_rest, !is_needed);
  gst_event_unref (event);
  return GST_PAD_PROBE_HANDLED;
}

/* In the thread of the encoder, whose caps come with its first frame. */
static GstPadProbeReturn
say_via (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstH264LivePay *self = user_data;

  gst_via_say (info, g_atomic_pointer_get (&self->via));
  return GST_PAD_PROBE_OK;
}

static void
start_over (GstH264LivePay *self)
{
  g_clear_pointer (&self->untouched, gst_h264_untouched_free);
  gst_kept_frames_clear (&self->kept);
  end_transcoding (self);
  gst_clear_buffer (&self->sets);
  gst_h264_trouble_init (&self->trouble, GST_ELEMENT (self));
  self->is_too_large = FALSE;
  self->has_given_up = FALSE;
  self->has_no_slot = FALSE;
  self->is_at_rest = FALSE;
  self->shown = GST_CLOCK_TIME_NONE;
}

static GstStateChangeReturn
change_state (GstElement *element, GstStateChange transition)
{
  GstH264LivePay *self = GST_H264_LIVE_PAY (element);
  GstStateChangeReturn result =
      GST_ELEMENT_CLASS (gst_h264_live_pay_parent_class)
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

static const GstSetting *
setting_of (guint id)
{
  return gst_settings_find (gst_h264_live_pay_settings_table (), FIRST_SETTING,
      id);
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstH264LivePay *self = GST_H264_LIVE_PAY (object);

  if (id == PROP_MTU) {
    g_object_set_property (G_OBJECT (self->pay), "mtu", value);
    return;
  }
  GST_OBJECT_LOCK (self);
  gst_settings_set (&self->settings, setting_of (id), value);
  GST_OBJECT_UNLOCK (self);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstH264LivePay *self = GST_H264_LIVE_PAY (object);

  if (id == PROP_MTU) {
    g_object_get_property (G_OBJECT (self->pay), "mtu", value);
    return;
  }
  GST_OBJECT_LOCK (self);
  gst_settings_get (&self->settings, setting_of (id), value);
  GST_OBJECT_UNLOCK (self);
}

static void
finalize (GObject *object)
{
  GstH264LivePay *self = GST_H264_LIVE_PAY (object);

  gst_kept_frames_clear (&self->kept);
  gst_clear_buffer (&self->sets);
  g_clear_pointer (&self->slots, transcode_slots_unref);
  gst_settings_clear (&self->settings, gst_h264_live_pay_settings_table ());
  G_OBJECT_CLASS (gst_h264_live_pay_parent_class)->finalize (object);
}

static void
gst_h264_live_pay_init (GstH264LivePay *self)
{
  GstElementClass *element_class = GST_ELEMENT_GET_CLASS (self);
  g_autoptr (GstPad) sink = NULL;
  g_autoptr (GstPad) src = NULL;
  GstPad *out;

  self->shown = GST_CLOCK_TIME_NONE;
  gst_settings_init (&self->settings, gst_h264_live_pay_settings_table ());
  gst_h264_trouble_init (&self->trouble, GST_ELEMENT (self));
  self->limit.codec = PICTURE_H264;
  self->pay = gst_recipe_make_h264_pay ();
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
  out = gst_ghost_pad_new_from_template ("src", src,
      gst_element_class_get_pad_template (element_class, "src"));
  gst_pad_add_probe (out, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, on_upstream_event,
      self, NULL);
  gst_pad_add_probe (out, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, say_via, self,
      NULL);
  gst_element_add_pad (GST_ELEMENT (self), out);
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

  gst_settings_install (object_class, gst_h264_live_pay_settings_table (),
      FIRST_SETTING);
  g_object_class_install_property (object_class, PROP_MTU,
      gst_datagram_size_mtu_param_spec ());
  gst_h264_live_pay_settings_install_signals (G_TYPE_FROM_CLASS (klass));
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_add_static_pad_template (element_class,
      &untouched_template);
  gst_element_class_set_static_metadata (element_class, "H.264 live payloader",
      "Codec/Payloader/Network/RTP",
      "Payloads H.264 for browsers, and removes B-frames if there are any",
      PACKAGE_AUTHOR);
  gst_type_mark_as_plugin_api (GST_TYPE_RTMP_WEBRTC_B_FRAMES, 0);
}
