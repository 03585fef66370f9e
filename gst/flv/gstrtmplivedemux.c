/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-rtmplivedemux
 * @title: rtmplivedemux
 * @short_description: FLV of an RTMP publisher to parsed streams
 *
 * The latency-tuned demuxer for RTMP: #flvlivedemux and a parser for each
 * track. A pad appears with its track's first frame, with its caps set. Nothing
 * is delayed: each frame is pushed in the same call that delivered it (except
 * the first two of MP3, which the parser confirms by the third). H.264 is
 * output as whole access units in byte-stream format, with SPS and PPS before
 * each key frame, without delimiters, filler data and SEI other than recovery
 * points, ready for a payloader.
 *
 * If a parser has no output for a second or two, an element message
 * `track-unplayable` with the fields described in #flvlivedemux is posted, and
 * the other track continues. The #GstStream of each pad is that of
 * #flvlivedemux, with the parser's caps.
 *
 * ## Examples
 *
 * Watch what a publisher sends to port 1935:
 * |[
 * gst-launch-1.0 rtmpserversrc : rtmplivedemux name=demux \
 *     demux.video ! avdec_h264 ! autovideosink sync=false
 * ]|
 * Take a stream from another server and send it as RTP:
 * |[
 * gst-launch-1.0 rtmp2src location=rtmp://example.net/live/cam ! \
 *     rtmplivedemux name=demux \
 *     demux.video ! rtph264pay aggregate-mode=zero-latency ! udpsink port=5004
 * ]|
 *
 * Since: 0.1
 */

#include "gst/flv/gstrtmplivedemux.h"

#include <gst/pbutils/pbutils.h>

GST_DEBUG_CATEGORY_STATIC (gst_rtmp_live_demux_debug);
#define GST_CAT_DEFAULT gst_rtmp_live_demux_debug

/* Stored on the demuxer's pad: its chain. Stored on the chain: its state. */
#define CHAIN_KEY "rtmplivedemux-chain"
#define PARSING_KEY "rtmplivedemux-parsing"

/* A parser that has produced no output for this many frames, or for this long,
 * never will: the stream's headers are invalid. */
#define SILENT_FRAMES_LIMIT 50
#define SILENT_LIMIT (2 * GST_SECOND)

/* A track's parser, until the track's pad is added. */
typedef struct
{
  GstElement *demux; /* not owned */
  const gchar *name; /* interned */
  guint n_frames;
  GstClockTime first;
  gboolean has_pad;
  gboolean is_unplayable; /* the message has been posted */
} Parsing;

struct _GstRtmpLiveDemux
{
  GstBin parent;

  GstElement *demux;
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS ("video/x-flv"));

static GstStaticPadTemplate video_template = GST_STATIC_PAD_TEMPLATE ("video",
    GST_PAD_SRC, GST_PAD_SOMETIMES,
    GST_STATIC_CAPS (
        "video/x-h264, stream-format=byte-stream, alignment=au; "
        "video/x-h265, stream-format=byte-stream, alignment=au; "
        "video/x-av1, stream-format=obu-stream, alignment=tu; "
        "video/x-vp8; video/x-vp9; video/x-flash-video, flvversion=1; "
        "video/x-vp6-flash; video/mpeg, mpegversion=4, systemstream=false"));

static GstStaticPadTemplate audio_template =
    GST_STATIC_PAD_TEMPLATE ("audio", GST_PAD_SRC, GST_PAD_SOMETIMES,
        GST_STATIC_CAPS ("audio/mpeg, mpegversion=4, stream-format=raw; "
                         "audio/mpeg, mpegversion=1, layer=3; "
                         "audio/x-opus; audio/x-flac, framed=true; "
                         "audio/x-ac3, framed=true; audio/x-eac3, framed=true; "
                         "audio/x-alaw, rate=8000; audio/x-mulaw, rate=8000"));

/* The parsers and filters of each codec. */
static const struct
{
  const gchar *caps;
  const gchar *chain;
} chains[] = {
  { "video/x-h264",
      "h264parse config-interval=-1 ! "
      "capsfilter caps=video/x-h264,stream-format=byte-stream,alignment=au" },
  { "video/x-h265",
      "h265parse config-interval=-1 ! "
      "capsfilter caps=video/x-h265,stream-format=byte-stream,alignment=au" },
  { "video/x-av1", "identity" },
  { "video/x-vp8", "identity" },
  { "video/x-vp9", "identity" },
  { "video/x-flash-video", "identity" },
  { "video/x-vp6-flash", "identity" },
  { "video/mpeg, mpegversion=4", "identity" },
  { "audio/x-opus", "identity" },
  { "audio/x-flac", "identity" },
  { "audio/x-ac3", "identity" },
  { "audio/x-eac3", "identity" },
  { "audio/mpeg, mpegversion=4", "aacparse" },
  { "audio/mpeg, mpegversion=1", "mpegaudioparse" },
  { "audio/x-alaw", "identity" },
  { "audio/x-mulaw", "identity" },
};

G_DEFINE_TYPE (GstRtmpLiveDemux, gst_rtmp_live_demux, GST_TYPE_BIN);
GST_ELEMENT_REGISTER_DEFINE (rtmplivedemux, "rtmplivedemux", GST_RANK_NONE,
    GST_TYPE_RTMP_LIVE_DEMUX);

const gchar *
gst_rtmp_live_demux_chain_at (guint index)
{
  return index < G_N_ELEMENTS (chains) ? chains[index].chain : NULL;
}

static GstElement *
make_chain (GstPad *pad, GError **error)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);

  for (guint i = 0; i < G_N_ELEMENTS (chains); i++) {
    g_autoptr (GstCaps) wanted = gst_caps_from_string (chains[i].caps);

    if (gst_caps_is_subset (caps, wanted))
      return gst_parse_bin_from_description_full (chains[i].chain, TRUE, NULL,
          GST_PARSE_FLAG_FATAL_ERRORS, error);
  }
  /* Each row of gstflvcaps.c needs a row here. */
  g_assert_not_reached ();
}

static gboolean
copy_sticky_event (GstPad *pad, GstEvent **event, gpointer ghost)
{
  gst_pad_store_sticky_event (ghost, *event);
  return TRUE;
}

/* Parsers forward a stream whose SPS they don't understand, but without a size.
 */
static gboolean
is_understood (GstEvent *event)
{
  const GstStructure *s;
  GstCaps *caps;

  gst_event_parse_caps (event, &caps);
  s = gst_caps_get_structure (caps, 0);
  return gst_structure_has_field (s, "width") ||
      (!gst_structure_has_name (s, "video/x-h264") &&
          !gst_structure_has_name (s, "video/x-h265"));
}

/* The stream that the demuxer announced is passed on with the parser's caps. */
static void
set_stream_caps (GstPad *pad, GstEvent *event)
{
  g_autoptr (GstEvent) start =
      gst_pad_get_sticky_event (pad, GST_EVENT_STREAM_START, 0);
  g_autoptr (GstStream) stream = NULL;
  GstCaps *caps;

  gst_event_parse_stream (start, &stream);
  gst_event_parse_caps (event, &caps);
  if (stream != NULL)
    gst_stream_set_caps (stream, caps);
}

static void
add_pad (Parsing *parsing, GstPad *pad)
{
  GstPad *ghost;

  parsing->has_pad = TRUE;
  ghost = gst_ghost_pad_new_from_template (parsing->name, pad,
      gst_element_get_pad_template (parsing->demux, parsing->name));
  gst_pad_set_active (ghost, TRUE);
  gst_pad_sticky_events_foreach (pad, copy_sticky_event, ghost);
  gst_element_add_pad (parsing->demux, ghost);
}

/* The chain's caps are fixed now, so they can determine how the pad is linked.
 */
static GstPadProbeReturn
on_caps (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  Parsing *parsing = user_data;

  if (GST_EVENT_TYPE (event) != GST_EVENT_CAPS || !is_understood (event))
    return GST_PAD_PROBE_OK;
  set_stream_caps (pad, event);
  if (!parsing->has_pad)
    add_pad (parsing, pad);
  return GST_PAD_PROBE_OK;
}

static void
say_unplayable (Parsing *parsing, GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  g_autofree gchar *codec =
      caps != NULL ? gst_pb_utils_get_codec_description (caps) : NULL;

  GST_WARNING_OBJECT (parsing->demux,
      "%s: its parser has no output for %u frames", parsing->name,
      parsing->n_frames);
  parsing->is_unplayable = TRUE;
  gst_element_post_message (parsing->demux,
      gst_message_new_element (GST_OBJECT (parsing->demux),
          gst_structure_new ("track-unplayable", "media", G_TYPE_STRING,
              parsing->name, "codec", G_TYPE_STRING, codec, "reason",
              G_TYPE_STRING, "the server cannot parse it", NULL)));
}

static void
count_silent (Parsing *parsing, GstPad *pad, GstClockTime time)
{
  if (parsing->n_frames++ == 0)
    parsing->first = time;
  if (parsing->is_unplayable)
    return;
  if (parsing->n_frames >= SILENT_FRAMES_LIMIT ||
      (GST_CLOCK_TIME_IS_VALID (time) &&
          GST_CLOCK_DIFF (parsing->first, time) >= (gint64) SILENT_LIMIT))
    say_unplayable (parsing, pad);
}

/* A failing parser only affects its own track: the other one continues. */
static GstFlowReturn
on_buffer (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  Parsing *parsing = g_object_get_data (G_OBJECT (parent), PARSING_KEY);
  GstClockTime time = GST_BUFFER_DTS_OR_PTS (buffer);
  GstFlowReturn flow = gst_proxy_pad_chain_default (pad, parent, buffer);

  if (parsing->has_pad || flow == GST_FLOW_FLUSHING)
    return flow;
  count_silent (parsing, pad, time);
  return GST_FLOW_OK;
}

/* h264parse adds a delimiter before each access unit of a byte stream. RTP has
 * the marker bit for that, so the delimiter would only cost bytes. */
static GstPadProbeReturn
drop_delimiter (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  static const guint8 delimiter[] = { 0, 0, 0, 1, 9, 0xf0 };
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);

  if (gst_buffer_memcmp (buffer, 0, delimiter, sizeof delimiter) != 0)
    return GST_PAD_PROBE_OK;
  buffer = gst_buffer_make_writable (buffer);
  gst_buffer_resize (buffer, sizeof delimiter, -1);
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  return GST_PAD_PROBE_OK;
}

static void
on_pad_added (GstElement *demux, GstPad *pad, GstRtmpLiveDemux *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstPad) sink = NULL;
  g_autoptr (GstPad) src = NULL;
  GstElement *chain = make_chain (pad, &error);
  Parsing *parsing;

  if (chain == NULL) {
    GST_ELEMENT_ERROR (self, CORE, MISSING_PLUGIN,
        ("A parser for the %s track is missing.", GST_PAD_NAME (pad)),
        ("%s", error->message));
    return;
  }

  sink = gst_element_get_static_pad (chain, "sink");
  src = gst_element_get_static_pad (chain, "src");
  gst_bin_add (GST_BIN (self), chain);
  g_object_set_data (G_OBJECT (pad), CHAIN_KEY, chain);
  parsing = g_new0 (Parsing, 1);
  *parsing = (Parsing){ .demux = GST_ELEMENT (self),
    .name = g_intern_string (GST_PAD_NAME (pad)) };
  g_object_set_data_full (G_OBJECT (chain), PARSING_KEY, parsing, g_free);
  gst_pad_set_chain_function (sink, on_buffer);
  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_caps, parsing,
      NULL);
  if (g_str_equal (GST_PAD_NAME (pad), "video"))
    gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_BUFFER, drop_delimiter, NULL,
        NULL);
  gst_element_sync_state_with_parent (chain);
  gst_pad_link_full (pad, sink, GST_PAD_LINK_CHECK_NOTHING);
}

static void
on_pad_removed (GstElement *demux, GstPad *pad, GstRtmpLiveDemux *self)
{
  GstElement *chain = g_object_get_data (G_OBJECT (pad), CHAIN_KEY);
  g_autoptr (GstPad) ghost = NULL;

  if (chain == NULL)
    return;
  ghost = gst_element_get_static_pad (GST_ELEMENT (self), GST_PAD_NAME (pad));
  if (ghost != NULL) {
    gst_pad_set_active (ghost, FALSE);
    gst_element_remove_pad (GST_ELEMENT (self), ghost);
  }
  gst_element_set_locked_state (chain, TRUE);
  gst_element_set_state (chain, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (self), chain);
}

static void
gst_rtmp_live_demux_init (GstRtmpLiveDemux *self)
{
  GstElementClass *element_class = GST_ELEMENT_GET_CLASS (self);
  g_autoptr (GstPad) target = NULL;

  self->demux = gst_element_factory_make ("flvlivedemux", "demux");
  g_assert (self->demux != NULL);
  g_signal_connect (self->demux, "pad-added", G_CALLBACK (on_pad_added), self);
  g_signal_connect (self->demux, "pad-removed", G_CALLBACK (on_pad_removed),
      self);
  gst_bin_add (GST_BIN (self), self->demux);

  target = gst_element_get_static_pad (self->demux, "sink");
  gst_element_add_pad (GST_ELEMENT (self),
      gst_ghost_pad_new_from_template ("sink", target,
          gst_element_class_get_pad_template (element_class, "sink")));
}

static void
gst_rtmp_live_demux_class_init (GstRtmpLiveDemuxClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_rtmp_live_demux_debug, "rtmplivedemux", 0,
      "FLV from RTMP to parsed streams");
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &video_template);
  gst_element_class_add_static_pad_template (element_class, &audio_template);
  gst_element_class_set_static_metadata (element_class, "RTMP live demuxer",
      "Codec/Demuxer",
      "Demultiplexes and parses what an RTMP publisher sends (live FLV, "
      "classic or enhanced) without delay: H.264 is output as byte-stream "
      "access units with SPS and PPS before each key frame",
      PACKAGE_AUTHOR);
}
