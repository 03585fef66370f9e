/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-audioratematch
 * @title: audioratematch
 * @short_description: Makes the duration of audio match its timestamps
 *
 * A publisher's sound card never runs at exactly the speed of its clock. The
 * buffers of audio that follows the clock, as that of #flvlivedemux does, begin
 * slightly before or after the end of the previous one. An encoder that counts
 * samples then has gaps or overlaps, which are audible. This element adds or
 * removes a few samples of a buffer, so that it ends where the next one begins.
 * It adds no delay; buffers that fit are forwarded unchanged.
 *
 * An offset that is larger than clock drift can be is a gap and remains one.
 *
 * ## Example
 *
 * |[
 * gst-launch-1.0 rtmpserversrc : flvlivedemux name=demux \
 *     demux.audio ! avdec_aac ! audioconvert ! audioratematch ! \
 *     audioresample ! opusenc perfect-timestamp=true ! fakesink
 * ]|
 *
 * Since: 0.1
 */

#include "gst/live/gstaudioratematch.h"

#include "gst/live/ratematch.h"

#include <gst/audio/audio-format.h>

GST_DEBUG_CATEGORY_STATIC (gst_audio_rate_match_debug);
#define GST_CAT_DEFAULT gst_audio_rate_match_debug

/* A larger offset is a gap. */
#define GAP_NS (20 * GST_MSECOND)
/* A smaller offset may come from timestamps rounded to milliseconds. A larger
 * one is corrected over several buffers. */
#define NEAR_NS (2 * GST_MSECOND)
#define N_BUFFERS 4
/* The largest part of a buffer that is added or removed: two percent, twice the
 * rate at which times follow a publisher's clock. */
#define MAX_PART 50

struct _GstAudioRateMatch
{
  GstElement parent;

  GstPad *sink;
  GstPad *src;

  /* Owned by the streaming thread. */
  guint rate; /* 0 until there are caps */
  guint n_channels;
  RateMatch match;
  GstClockTime base; /* NONE: set by the next buffer */
  guint64 n_samples; /* output since then */
};

#define SOUND                                                                  \
  "audio/x-raw, format=" GST_AUDIO_NE (                                        \
      S16) ", layout=interleaved, "                                            \
           "rate=[1, max], channels=[1, " G_STRINGIFY (                        \
               RATE_MATCH_CHANNELS_LIMIT) "]"

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (SOUND));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (SOUND));

G_DEFINE_TYPE (GstAudioRateMatch, gst_audio_rate_match, GST_TYPE_ELEMENT);
GST_ELEMENT_REGISTER_DEFINE (audioratematch, "audioratematch", GST_RANK_NONE,
    GST_TYPE_AUDIO_RATE_MATCH);

static GstClockTime
duration_of (const GstAudioRateMatch *self, guint64 n_samples)
{
  return gst_util_uint64_scale (n_samples, GST_SECOND, self->rate);
}

/* Returns: how much later the buffer begins than the previous one ended. */
static GstClockTimeDiff
off_by (const GstAudioRateMatch *self, GstBuffer *buffer)
{
  if (!GST_BUFFER_PTS_IS_VALID (buffer))
    return 0;
  return GST_CLOCK_DIFF (self->base + duration_of (self, self->n_samples),
      GST_BUFFER_PTS (buffer));
}

/* Returns: how many samples the buffer lacks; negative if it has too many. */
static gint
missing_samples (const GstAudioRateMatch *self, GstBuffer *buffer,
    guint n_samples)
{
  const GstClockTimeDiff near = NEAR_NS;
  GstClockTimeDiff off = off_by (self, buffer);
  gint limit = n_samples / MAX_PART;
  gint64 n_missing;

  if (ABS (off) <= near)
    return 0;
  off += off > 0 ? -near : near;
  n_missing = off * self->rate / (GstClockTimeDiff) (N_BUFFERS * GST_SECOND);
  return CLAMP (n_missing, -limit, limit);
}

static gboolean
is_gap (const GstAudioRateMatch *self, GstBuffer *buffer)
{
  const GstClockTimeDiff limit = GAP_NS;

  return !GST_CLOCK_TIME_IS_VALID (self->base) ||
      ABS (off_by (self, buffer)) > limit;
}

static void
begin (GstAudioRateMatch *self, GstBuffer *buffer)
{
  self->base = GST_BUFFER_PTS (buffer);
  self->n_samples = 0;
}

/* Takes @buffer. Returns: (transfer full): the buffer to push instead. */
static GstBuffer *
match (GstAudioRateMatch *self, GstBuffer *buffer, guint n_samples,
    guint n_wanted)
{
  GstBuffer *matched;
  GstMapInfo in, out;

  if (!gst_buffer_map (buffer, &in, GST_MAP_READ))
    return buffer;
  if (n_wanted == n_samples) {
    rate_match_pass (&self->match, self->n_channels, (gint16 *) in.data,
        n_samples);
    gst_buffer_unmap (buffer, &in);
    return gst_buffer_make_writable (buffer);
  }
  matched = gst_buffer_new_allocate (NULL,
      n_wanted * self->n_channels * sizeof (gint16), NULL);
  gst_buffer_copy_into (matched, buffer, GST_BUFFER_COPY_FLAGS, 0, -1);
  gst_buffer_map (matched, &out, GST_MAP_WRITE);
  rate_match_stretch (&self->match, self->n_channels, (gint16 *) in.data,
      n_samples, (gint16 *) out.data, n_wanted);
  gst_buffer_unmap (matched, &out);
  gst_buffer_unmap (buffer, &in);
  gst_buffer_unref (buffer);
  return matched;
}

static GstFlowReturn
on_buffer (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  GstAudioRateMatch *self = GST_AUDIO_RATE_MATCH (parent);
  guint n_samples, n_wanted;
  GstClockTime time;

  if (self->rate == 0) {
    gst_buffer_unref (buffer);
    return GST_FLOW_NOT_NEGOTIATED;
  }
  n_samples =
      gst_buffer_get_size (buffer) / (self->n_channels * sizeof (gint16));
  if (n_samples == 0)
    return gst_pad_push (self->src, buffer);

  if (is_gap (self, buffer)) {
    GST_DEBUG_OBJECT (self, "restarts with %" GST_PTR_FORMAT, buffer);
    begin (self, buffer);
    buffer = gst_buffer_make_writable (buffer);
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  }
  if (!GST_CLOCK_TIME_IS_VALID (self->base))
    return gst_pad_push (self->src, buffer);
  n_wanted = n_samples + missing_samples (self, buffer, n_samples);
  buffer = match (self, buffer, n_samples, n_wanted);

  time = self->base + duration_of (self, self->n_samples);
  self->n_samples += n_wanted;
  GST_BUFFER_PTS (buffer) = time;
  GST_BUFFER_DURATION (buffer) =
      self->base + duration_of (self, self->n_samples) - time;
  GST_BUFFER_OFFSET (buffer) = GST_BUFFER_OFFSET_NONE;
  GST_BUFFER_OFFSET_END (buffer) = GST_BUFFER_OFFSET_NONE;
  return gst_pad_push (self->src, buffer);
}

static void
restart (GstAudioRateMatch *self)
{
  self->base = GST_CLOCK_TIME_NONE;
  self->match = (RateMatch){ 0 };
}

static gboolean
set_caps (GstAudioRateMatch *self, GstCaps *caps)
{
  const GstStructure *s = gst_caps_get_structure (caps, 0);
  gint rate = 0, n_channels = 0;

  restart (self);
  self->rate = 0;
  if (!gst_structure_get_int (s, "rate", &rate) || rate < 1 ||
      !gst_structure_get_int (s, "channels", &n_channels) || n_channels < 1 ||
      n_channels > RATE_MATCH_CHANNELS_LIMIT)
    return FALSE;
  self->rate = rate;
  self->n_channels = n_channels;
  return TRUE;
}

static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  GstAudioRateMatch *self = GST_AUDIO_RATE_MATCH (parent);
  GstCaps *caps;

  if (GST_EVENT_TYPE (event) == GST_EVENT_SEGMENT ||
      GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    restart (self);
  if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS) {
    gst_event_parse_caps (event, &caps);
    if (!set_caps (self, caps)) {
      gst_event_unref (event);
      return FALSE;
    }
  }
  return gst_pad_event_default (pad, parent, event);
}

static GstStateChangeReturn
change_state (GstElement *element, GstStateChange transition)
{
  GstAudioRateMatch *self = GST_AUDIO_RATE_MATCH (element);
  GstStateChangeReturn result =
      GST_ELEMENT_CLASS (gst_audio_rate_match_parent_class)
          ->change_state (element, transition);

  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) {
    restart (self);
    self->rate = 0;
  }
  return result;
}

static void
gst_audio_rate_match_init (GstAudioRateMatch *self)
{
  restart (self);
  self->sink = gst_pad_new_from_static_template (&sink_template, "sink");
  gst_pad_set_chain_function (self->sink, on_buffer);
  gst_pad_set_event_function (self->sink, on_event);
  GST_PAD_SET_PROXY_CAPS (self->sink);
  gst_element_add_pad (GST_ELEMENT (self), self->sink);

  self->src = gst_pad_new_from_static_template (&src_template, "src");
  GST_PAD_SET_PROXY_CAPS (self->src);
  gst_element_add_pad (GST_ELEMENT (self), self->src);
}

static void
gst_audio_rate_match_class_init (GstAudioRateMatchClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_audio_rate_match_debug, "audioratematch", 0,
      "audio that matches its timestamps");
  element_class->change_state = change_state;
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Audio rate match",
      "Filter/Effect/Audio",
      "Adds or removes a few samples so that audio matches its timestamps, "
      "without delay",
      PACKAGE_AUTHOR);
}
