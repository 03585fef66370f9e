/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pad of one track of whepsink: see gstwhepsinkpad.h. */

#include "ext/whep/gstwhepsinkpad.h"
#include "ext/whep/gstwhepcaps.h"
#include "ext/whep/gstwhepdemand.h"
#include "ext/whep/gstwhepfault.h"
#include "ext/whep/gstwhepnews.h"
#include "ext/whep/gstwheppublisher.h"
#include "ext/whep/gstwhepsink.h"
#include "ext/whep/http/tracknotes-io.h"
#include "ext/whep/stream/keyframe.h"
#include "ext/whep/stream/mediaclock.h"

#include <gst/rtp/gstrtpbuffer.h>

GST_DEBUG_CATEGORY_EXTERN (gst_whep_sink_debug);
#define GST_CAT_DEFAULT gst_whep_sink_debug

/* The payload that fits into a datagram, even that of a retransmission. */
#define MAX_PAYLOAD_BYTES                                                      \
  (WHEP_DATAGRAM_MAX - WHEP_RTP_HEADER_MAX - WHEP_RTX_PREFIX -                 \
      WHEP_SRTP_MAX_OVERHEAD)

struct _GstWhepSinkPad
{
  GstWhepPad parent;

  WhepTrackKind kind;
  WhepMedia *media;
  WhepHttp *http;
  gchar *rendition_codec; /* property; object lock */
  gint is_rendition;      /* property; atomic */
  gint is_untouched;      /* property; atomic */

  /* Everything below is used by the streaming thread only. */
  GstSegment segment;
  WhepMediaClock media_clock;
  guint64 id;               /* of the track in media and http; 0: none */
  guint64 fault_id;         /* of an unplayable track, in http; 0: none */
  GstWhepTrackNews news;    /* of the track */
  WhepArrival arrival;      /* likewise */
  WhepPublisher *publisher; /* nullable */
  const gchar *encoding_name;
  gboolean is_h264;
  WhepKeyframeTest is_key; /* nullable: packets are flagged */
  GPtrArray *packets;      /* of the current buffer list */
  guint32 frame;
  guint32 frame_rtp_time;
  gboolean has_frame; /* frame_rtp_time is valid */
  gboolean has_warned;
  const gchar *track_rendition; /* interned; nullable */
  GstWhepDemand rendition;      /* of viewers that need it */
  GstWhepDemand transcode;      /* of those that cannot reorder B-frames */
};

enum
{
  PROP_0,
  PROP_RENDITION,
  PROP_RENDITION_CODEC,
  PROP_UNTOUCHED,
};

G_DEFINE_TYPE (GstWhepSinkPad, gst_whep_sink_pad, GST_TYPE_WHEP_PAD);

/* Returns which of the stream's tracks this pad is. */
static WhepTrackKind
slot (GstWhepSinkPad *self)
{
  if (g_atomic_int_get (&self->is_untouched))
    return WHEP_UNTOUCHED;
  return g_atomic_int_get (&self->is_rendition) ? WHEP_RENDITION : self->kind;
}

static void
end_track (GstWhepSinkPad *self)
{
  if (self->id == 0)
    return;
  if (slot (self) != WHEP_UNTOUCHED)
    gst_whep_news_post_track_removed (GST_PAD (self), &self->news);
  whep_http_end_track (self->http, self->id);
  whep_media_end_track (self->media, self->id);
  self->id = 0;
  gst_whep_pad_set_live (GST_WHEP_PAD (self), FALSE);
  gst_whep_demand_end (&self->rendition);
  gst_whep_demand_end (&self->transcode);
  g_clear_pointer (&self->news.stream, g_free);
}

static void
end_fault (GstWhepSinkPad *self)
{
  if (self->fault_id != 0)
    whep_http_end_track (self->http, self->fault_id);
  self->fault_id = 0;
}

/* Upstream says who publishes, at any time. */
static void
note_publisher (GstWhepSinkPad *self)
{
  if (self->publisher == NULL || self->http == NULL)
    return;
  if (self->id != 0)
    whep_http_note_publisher (self->http, self->id, self->publisher);
  if (self->fault_id != 0)
    whep_http_note_publisher (self->http, self->fault_id, self->publisher);
}

static void
note_format (GstWhepSinkPad *self, const GstStructure *caps)
{
  WhepTrackFormat format;

  gst_whep_news_read_format (GST_PAD (self), caps, &format);
  whep_http_note_format (self->http, self->id, &format);
}

/* The rendition is announced together with the track, so no offer can come in
 * between. */
static void
tell_http (GstWhepSinkPad *self, const gchar *stream, guint32 profile_level_id)
{
  if (slot (self) == WHEP_RENDITION)
    return;
  if (slot (self) == WHEP_UNTOUCHED)
    whep_http_offer_untouched (self->http, stream);
  else if (self->rendition.demand == NULL)
    whep_http_begin_track (self->http, self->id, stream, self->kind,
        self->encoding_name, profile_level_id);
  else
    whep_http_begin_track_with (self->http, self->id, stream,
        self->encoding_name, profile_level_id, self->track_rendition,
        self->rendition.demand);
}

static void
begin_track (GstWhepSinkPad *self, const gchar *stream,
    const gchar *encoding_name, guint clock_rate)
{
  self->id = gst_whep_pad_next_id ();
  self->news = (GstWhepTrackNews){
    .stream = g_strdup (stream),
    .media = self->kind == WHEP_VIDEO ? "video" : "audio",
    .codec = encoding_name,
    .is_rendition = slot (self) == WHEP_RENDITION,
  };
  gst_whep_pad_set_live (GST_WHEP_PAD (self), TRUE);
  self->encoding_name = encoding_name;
  self->is_h264 = g_strcmp0 (encoding_name, "H264") == 0;
  self->is_key = whep_keyframe_test (encoding_name);
  self->has_frame = FALSE;
  whep_arrival_init (&self->arrival, clock_rate, g_get_monotonic_time ());
  GST_OBJECT_LOCK (self);
  self->track_rendition = g_intern_string (self->rendition_codec);
  GST_OBJECT_UNLOCK (self);

  whep_media_begin_track (self->media, self->id, stream, slot (self),
      encoding_name, clock_rate);
  if (self->track_rendition == NULL || slot (self) != WHEP_VIDEO)
    return;
  gst_whep_demand_begin (&self->rendition, "rtmp-webrtc/need-rendition", FALSE);
  whep_media_offer_rendition (self->media, self->id, self->track_rendition);
}

/* New caps of the same codec do not matter to viewers; another codec is a new
 * track. */
static gboolean
set_caps (GstWhepSinkPad *self, GstCaps *caps)
{
  const GstStructure *s = gst_caps_get_structure (caps, 0);
  const gchar *encoding_name =
      g_intern_string (gst_structure_get_string (s, "encoding-name"));
  g_autofree gchar *stream = gst_whep_pad_dup_stream (GST_WHEP_PAD (self));
  gboolean is_new;
  gint clock_rate;

  /* The element has stopped, or not started. */
  if (self->media == NULL)
    return FALSE;
  if (!gst_structure_get_int (s, "clock-rate", &clock_rate) || clock_rate <= 0)
    return FALSE;
  if (encoding_name != self->encoding_name)
    end_track (self);
  is_new = self->id == 0;
  if (is_new)
    begin_track (self, stream, encoding_name, clock_rate);
  tell_http (self, stream, gst_whep_caps_profile_level_id (s));
  whep_http_note_via (self->http, self->id,
      gst_structure_get_string (s, "via"));
  note_format (self, s);
  note_publisher (self);
  if (is_new && slot (self) != WHEP_UNTOUCHED)
    gst_whep_news_post_track_added (GST_PAD (self), s, &self->news);
  return TRUE;
}

/* A new stream: its caps follow and begin a new track. */
static void
take_start (GstWhepSinkPad *self, GstEvent *event)
{
  end_track (self);
  end_fault (self);
  g_clear_pointer (&self->publisher, whep_publisher_free);
  gst_whep_pad_take_start (GST_WHEP_PAD (self), event);
}

/* The kind of media follows from the pad. */
static void
take_fault (GstWhepSinkPad *self, GstEvent *event)
{
  g_autofree gchar *stream = gst_whep_pad_dup_stream (GST_WHEP_PAD (self));
  g_auto (GstWhepFault) fault;

  if (!gst_whep_fault_init (&fault, event) || self->http == NULL ||
      slot (self) >= WHEP_N_TRACKS)
    return;
  end_fault (self);
  self->fault_id = gst_whep_pad_next_id ();
  GST_INFO_OBJECT (self, "%s: unplayable: %s", stream, fault.reason);
  whep_http_note_unplayable (self->http, self->fault_id, stream, self->kind,
      fault.codec, fault.reason);
  note_publisher (self);
}

static void
take_publisher (GstWhepSinkPad *self, GstEvent *event)
{
  WhepPublisher *publisher = gst_whep_publisher_new (event);

  if (publisher == NULL)
    return;
  whep_publisher_free (self->publisher);
  self->publisher = publisher;
  note_publisher (self);
}

/* Facts about the stream from h264livepay. */
static void
take_facts (GstWhepSinkPad *self, GstEvent *event)
{
  const GstStructure *s = gst_event_get_structure (event);
  const gchar *b_frames = gst_structure_get_string (s, "b-frames");

  if (self->id == 0 || b_frames == NULL ||
      !gst_event_has_name (event, "rtmp-webrtc/stream-facts"))
    return;
  gst_whep_demand_begin (&self->transcode, "rtmp-webrtc/need-transcode", TRUE);
  whep_http_note_b_frames (self->http, self->id, self->news.stream, b_frames,
      self->transcode.demand);
}

/* Events end here. EOS ends the pipeline only if that is being ended. */
static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  GstWhepSinkPad *self = GST_WHEP_SINK_PAD (pad);
  gboolean is_ok = TRUE;
  GstCaps *caps;

  switch ((gint) GST_EVENT_TYPE (event)) {
    case GST_EVENT_STREAM_START:
      take_start (self, event);
      break;
    case GST_EVENT_CAPS:
      gst_event_parse_caps (event, &caps);
      is_ok = set_caps (self, caps);
      break;
    case GST_EVENT_SEGMENT:
      gst_event_copy_segment (event, &self->segment);
      break;
    case GST_EVENT_CUSTOM_DOWNSTREAM_STICKY:
      take_facts (self, event);
      take_fault (self, event);
      take_publisher (self, event);
      break;
    case GST_EVENT_FLUSH_STOP:
      gst_segment_init (&self->segment, GST_FORMAT_TIME);
      break;
    case GST_EVENT_EOS:
      end_track (self);
      end_fault (self);
      /* A pad that is being released has no parent any more. */
      if (parent != NULL)
        gst_whep_sink_note_end (GST_WHEP_SINK (parent));
      break;
  }
  gst_event_unref (event);
  return is_ok;
}

/* When the buffer was due, on the monotonic clock that the media threads and
 * the Sender Reports use. */
static gint64
media_us (GstWhepSinkPad *self, GstElement *sink, GstBuffer *buffer)
{
  gint64 now_us = g_get_monotonic_time ();
  g_autoptr (GstClock) clock = gst_element_get_clock (sink);
  GstClockTime running_time = GST_CLOCK_TIME_NONE;
  GstClockTimeDiff late;

  if (self->segment.format == GST_FORMAT_TIME)
    running_time = gst_segment_to_running_time (&self->segment, GST_FORMAT_TIME,
        GST_BUFFER_PTS (buffer));
  if (clock == NULL || !GST_CLOCK_TIME_IS_VALID (running_time))
    return now_us;
  late = GST_CLOCK_DIFF (running_time + gst_element_get_base_time (sink),
      gst_clock_get_time (clock));
  return whep_media_clock_map (&self->media_clock, now_us - late / GST_USECOND,
      now_us);
}

static void
warn_of_size (GstWhepSinkPad *self, GstElement *sink, guint size)
{
  if (self->has_warned)
    return;
  self->has_warned = TRUE;
  GST_ELEMENT_WARNING (sink, STREAM, WRONG_TYPE,
      ("RTP packets are too large for WebRTC."),
      ("%u bytes of payload, %u at most: set the payloader's mtu to 1200 or "
       "less",
          size, MAX_PAYLOAD_BYTES));
}

/* RFC 6184 section 1.3: nal_ref_idc, which aggregates and fragments have as
 * well, is 0 if no frame refers to this one. */
static gboolean
is_droppable (GstWhepSinkPad *self, const WhepPacket *packet)
{
  return self->is_h264 && packet->size > 0 && (packet->payload[0] & 0x60) == 0;
}

static gboolean
is_key (GstWhepSinkPad *self, const WhepPacket *packet, GstBuffer *buffer)
{
  if (self->is_key != NULL)
    return self->is_key (packet->payload, packet->size - packet->n_padding);
  return !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
}

/* Video frames are distinguished by their timestamps; each audio packet is a
 * frame. */
static void
read_frame (GstWhepSinkPad *self, WhepPacket *packet, GstBuffer *buffer)
{
  gboolean starts_frame = self->kind == WHEP_AUDIO || !self->has_frame ||
      packet->rtp_time != self->frame_rtp_time;

  if (starts_frame)
    self->frame++;
  self->has_frame = TRUE;
  self->frame_rtp_time = packet->rtp_time;
  packet->frame = self->frame;
  packet->starts_key_frame = starts_frame && is_key (self, packet, buffer);
  if (starts_frame)
    whep_arrival_begin_frame (&self->arrival, packet->rtp_time,
        packet->starts_key_frame, g_get_monotonic_time ());
  whep_arrival_add (&self->arrival, packet->size - packet->n_padding);
}

/* Returns: (nullable): the packet, with its padding, or NULL if the buffer is
 * not an RTP packet or is too large to send. */
static WhepPacket *
packet_from (GstWhepSinkPad *self, GstElement *sink, GstBuffer *buffer)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  WhepPacket *packet = NULL;
  guint size;

  if (!gst_rtp_buffer_map (buffer, GST_MAP_READ, &rtp)) {
    GST_WARNING_OBJECT (self, "dropping a buffer that is not an RTP packet");
    return NULL;
  }
  size = gst_buffer_get_size (buffer) - gst_rtp_buffer_get_header_len (&rtp);
  if (size > MAX_PAYLOAD_BYTES) {
    warn_of_size (self, sink, size);
  } else {
    packet = whep_packet_new (size);
    packet->n_padding = size - gst_rtp_buffer_get_payload_len (&rtp);
    packet->is_marked = gst_rtp_buffer_get_marker (&rtp);
    packet->rtp_time = gst_rtp_buffer_get_timestamp (&rtp);
    packet->media_us = media_us (self, sink, buffer);
    gst_buffer_extract (buffer, gst_rtp_buffer_get_header_len (&rtp),
        packet->payload, size);
    read_frame (self, packet, buffer);
    packet->is_droppable = is_droppable (self, packet);
  }
  gst_rtp_buffer_unmap (&rtp);
  return packet;
}

static gboolean
add_buffer (GstBuffer **buffer, guint index, gpointer user_data)
{
  GstWhepSinkPad *self = user_data;
  GstElement *sink = GST_PAD_PARENT (self);
  WhepPacket *packet = packet_from (self, sink, *buffer);

  if (packet != NULL)
    g_ptr_array_add (self->packets, packet);
  else
    whep_arrival_drop (&self->arrival);
  return TRUE;
}

/* The HTTP thread reports how the track arrives. */
static void
note_arrival (GstWhepSinkPad *self)
{
  WhepArrivalFigures figures;
  WhepUplink uplink;

  if (!whep_arrival_take (&self->arrival, g_get_monotonic_time (), &figures))
    return;
  gst_whep_publisher_read_uplink (GST_PAD (self), &uplink);
  whep_http_note_arrival (self->http, self->id, &figures, &uplink);
}

static void
push_packets (GstWhepSinkPad *self)
{
  if (self->packets->len > 0)
    whep_media_push (self->media, self->id,
        (WhepPacket **) self->packets->pdata, self->packets->len);
  g_ptr_array_set_size (self->packets, 0);
  gst_whep_demand_follow (&self->rendition, GST_PAD (self));
  gst_whep_demand_follow (&self->transcode, GST_PAD (self));
  note_arrival (self);
}

static GstFlowReturn
on_buffer (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  GstWhepSinkPad *self = GST_WHEP_SINK_PAD (pad);
  gboolean has_track = self->id != 0;

  if (has_track) {
    add_buffer (&buffer, 0, self);
    push_packets (self);
  }
  gst_buffer_unref (buffer);
  return has_track ? GST_FLOW_OK : GST_FLOW_NOT_NEGOTIATED;
}

static GstFlowReturn
on_buffer_list (GstPad *pad, GstObject *parent, GstBufferList *list)
{
  GstWhepSinkPad *self = GST_WHEP_SINK_PAD (pad);
  gboolean has_track = self->id != 0;

  if (has_track) {
    gst_buffer_list_foreach (list, add_buffer, self);
    push_packets (self);
  }
  gst_buffer_list_unref (list);
  return has_track ? GST_FLOW_OK : GST_FLOW_NOT_NEGOTIATED;
}

static void
gst_whep_sink_pad_start (GstWhepPad *pad, WhepMedia *media, WhepHttp *http)
{
  GstWhepSinkPad *self = GST_WHEP_SINK_PAD (pad);

  self->media = media;
  self->http = http;
  gst_segment_init (&self->segment, GST_FORMAT_TIME);
}

static void
gst_whep_sink_pad_stop (GstWhepPad *pad)
{
  GstWhepSinkPad *self = GST_WHEP_SINK_PAD (pad);

  end_track (self);
  end_fault (self);
  self->media = NULL;
  self->http = NULL;
}

GstPad *
gst_whep_sink_pad_new (GstPadTemplate *templ, const gchar *name,
    WhepTrackKind kind)
{
  GstPad *pad = g_object_new (GST_TYPE_WHEP_SINK_PAD, "name", name, "direction",
      GST_PAD_SINK, "template", templ, NULL);

  GST_WHEP_SINK_PAD (pad)->kind = kind;
  /* The functions can only be set on a pad that has a direction. */
  gst_pad_set_event_function (pad, on_event);
  gst_pad_set_chain_function (pad, on_buffer);
  gst_pad_set_chain_list_function (pad, on_buffer_list);
  return pad;
}

static void
gst_whep_sink_pad_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  GstWhepSinkPad *self = GST_WHEP_SINK_PAD (object);

  switch (id) {
    case PROP_RENDITION:
      g_atomic_int_set (&self->is_rendition, g_value_get_boolean (value));
      break;
    case PROP_UNTOUCHED:
      g_atomic_int_set (&self->is_untouched, g_value_get_boolean (value));
      break;
    case PROP_RENDITION_CODEC:
      GST_OBJECT_LOCK (self);
      g_free (self->rendition_codec);
      self->rendition_codec = g_value_dup_string (value);
      GST_OBJECT_UNLOCK (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
gst_whep_sink_pad_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  GstWhepSinkPad *self = GST_WHEP_SINK_PAD (object);

  switch (id) {
    case PROP_RENDITION:
      g_value_set_boolean (value, g_atomic_int_get (&self->is_rendition));
      break;
    case PROP_UNTOUCHED:
      g_value_set_boolean (value, g_atomic_int_get (&self->is_untouched));
      break;
    case PROP_RENDITION_CODEC:
      GST_OBJECT_LOCK (self);
      g_value_set_string (value, self->rendition_codec);
      GST_OBJECT_UNLOCK (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
gst_whep_sink_pad_finalize (GObject *object)
{
  GstWhepSinkPad *self = GST_WHEP_SINK_PAD (object);

  g_free (self->rendition_codec);
  g_free (self->news.stream);
  whep_publisher_free (self->publisher);
  g_ptr_array_unref (self->packets);
  G_OBJECT_CLASS (gst_whep_sink_pad_parent_class)->finalize (object);
}

static void
gst_whep_sink_pad_init (GstWhepSinkPad *self)
{
  self->packets = g_ptr_array_new ();
  gst_segment_init (&self->segment, GST_FORMAT_TIME);
}

static void
gst_whep_sink_pad_class_init (GstWhepSinkPadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstWhepPadClass *pad_class = GST_WHEP_PAD_CLASS (klass);

  pad_class->start = gst_whep_sink_pad_start;
  pad_class->stop = gst_whep_sink_pad_stop;
  object_class->set_property = gst_whep_sink_pad_set_property;
  object_class->get_property = gst_whep_sink_pad_get_property;
  object_class->finalize = gst_whep_sink_pad_finalize;

  g_object_class_install_property (object_class, PROP_RENDITION,
      g_param_spec_boolean ("rendition", "Rendition",
          "This is not a track of its own but the stream's video in another "
          "codec, for viewers that cannot play the main one: see "
          "rendition-codec",
          FALSE,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_READY));
  g_object_class_install_property (object_class, PROP_RENDITION_CODEC,
      g_param_spec_string ("rendition-codec", "Rendition's codec",
          "Another codec, as an encoding-name (\"H264\"), in which this video "
          "is available while a viewer needs it; unset: none. The element's "
          "documentation describes the event that asks for it",
          NULL,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_READY));
  g_object_class_install_property (object_class, PROP_UNTOUCHED,
      g_param_spec_boolean ("untouched", "Untouched",
          "This is not a track of its own but the stream's video with its "
          "B-frames, for viewers that reorder them; the main one is without. "
          "It must begin after that",
          FALSE,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_READY));
}
