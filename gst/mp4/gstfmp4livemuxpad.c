/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A track of fmp4livemux: see gstfmp4livemuxpad.h. */

#include "gst/mp4/gstfmp4livemuxpad.h"

#include "gst/mp4/frameclock.h"
#include "gst/mp4/gstmp4caps.h"

GST_DEBUG_CATEGORY_EXTERN (gst_fmp4_live_mux_debug);
#define GST_CAT_DEFAULT gst_fmp4_live_mux_debug

struct _GstFmp4LiveMuxPad
{
  GstPad parent;

  guint id;
  gint width, height; /* properties; atomic */
  GstSegment segment;
  GstCaps *caps; /* nullable */
  GByteArray *config;
  Mp4Track track;
  Mp4FrameClock clock;
  gboolean is_known; /* track is set */
  gboolean is_unusable;
  gboolean is_announced;
  gboolean has_ended;
};

enum
{
  PROP_0,
  PROP_WIDTH,
  PROP_HEIGHT,
};

G_DEFINE_TYPE (GstFmp4LiveMuxPad, gst_fmp4_live_mux_pad, GST_TYPE_PAD);

GstPad *
gst_fmp4_live_mux_pad_new (GstPadTemplate *templ, const gchar *name, guint id)
{
  GstFmp4LiveMuxPad *self = g_object_new (GST_TYPE_FMP4_LIVE_MUX_PAD, "name",
      name, "direction", GST_PAD_SINK, "template", templ, NULL);

  self->id = id;
  return GST_PAD (self);
}

void
gst_fmp4_live_mux_pad_reset (GstFmp4LiveMuxPad *self)
{
  gst_segment_init (&self->segment, GST_FORMAT_TIME);
  gst_clear_caps (&self->caps);
  self->is_known = FALSE;
  self->is_unusable = FALSE;
  self->is_announced = FALSE;
  self->has_ended = FALSE;
  self->clock = (Mp4FrameClock){ 0 };
}

void
gst_fmp4_live_mux_pad_set_segment (GstFmp4LiveMuxPad *self,
    const GstSegment *segment)
{
  gst_segment_copy_into (segment, &self->segment);
}

/* The times go on in the new timescale. */
static void
set_clock (GstFmp4LiveMuxPad *self)
{
  guint32 timescale = mp4_track_timescale (&self->track);

  if (self->clock.timescale != timescale)
    self->clock = (Mp4FrameClock){ .timescale = timescale };
  self->clock.nominal_ns = gst_mp4_nominal_duration (self->caps);
  self->clock.is_counted = !mp4_track_is_video (&self->track);
}

static const gchar *
describe (GstFmp4LiveMuxPad *self, GstBuffer *frame)
{
  const gchar *fault =
      gst_mp4_track_from_caps (self->caps, frame, &self->track, self->config);

  if (fault != NULL)
    return fault;
  self->track.id = self->id;
  if (self->track.width == 0)
    self->track.width = g_atomic_int_get (&self->width);
  if (self->track.height == 0)
    self->track.height = g_atomic_int_get (&self->height);
  self->is_known = TRUE;
  set_clock (self);
  return NULL;
}

void
gst_fmp4_live_mux_pad_set_caps (GstFmp4LiveMuxPad *self, GstCaps *caps)
{
  gst_caps_replace (&self->caps, caps);
  self->is_known = FALSE;
  self->is_unusable = FALSE;
  self->is_announced = FALSE;
  describe (self, NULL);
}

void
gst_fmp4_live_mux_pad_set_ended (GstFmp4LiveMuxPad *self, gboolean is_ended)
{
  self->has_ended = is_ended;
}

gboolean
gst_fmp4_live_mux_pad_has_begun (const GstFmp4LiveMuxPad *self)
{
  return self->caps != NULL || self->has_ended;
}

gboolean
gst_fmp4_live_mux_pad_is_live (const GstFmp4LiveMuxPad *self)
{
  return self->caps != NULL && !self->is_unusable &&
      !(self->has_ended && self->is_announced);
}

gboolean
gst_fmp4_live_mux_pad_is_video (const GstFmp4LiveMuxPad *self)
{
  return g_str_has_prefix (GST_PAD_NAME (self), "video");
}

gboolean
gst_fmp4_live_mux_pad_has_ended (const GstFmp4LiveMuxPad *self)
{
  return self->has_ended;
}

const Mp4Track *
gst_fmp4_live_mux_pad_track (const GstFmp4LiveMuxPad *self)
{
  return self->is_known ? &self->track : NULL;
}

gchar *
gst_fmp4_live_mux_pad_codec (const GstFmp4LiveMuxPad *self)
{
  return self->caps != NULL ? gst_mp4_codec_string (self->caps) : NULL;
}

/* Its size may have been told after its caps. */
static gboolean
is_complete (const GstFmp4LiveMuxPad *self)
{
  return self->is_known &&
      (!mp4_track_is_video (&self->track) || self->track.width > 0);
}

gboolean
gst_fmp4_live_mux_pad_look (GstFmp4LiveMuxPad *self, GstBuffer *frame)
{
  const gchar *fault;

  if (is_complete (self))
    return TRUE;
  if (self->caps == NULL || self->is_unusable)
    return FALSE;
  fault = describe (self, frame);
  if (fault == NULL)
    return TRUE;
  self->is_unusable = TRUE;
  GST_WARNING_OBJECT (self, "left out: %s", fault);
  return FALSE;
}

gboolean
gst_fmp4_live_mux_pad_is_announced (const GstFmp4LiveMuxPad *self)
{
  return self->is_announced;
}

void
gst_fmp4_live_mux_pad_set_announced (GstFmp4LiveMuxPad *self)
{
  self->is_announced = TRUE;
}

/* B-frames begin with decode times before the segment, which are negative.
 * Returns FALSE if there is no time. */
static gboolean
running_time (const GstFmp4LiveMuxPad *self, GstClockTime time,
    GstClockTimeDiff *running)
{
  guint64 distance;
  gint sign;

  if (!GST_CLOCK_TIME_IS_VALID (time))
    return FALSE;
  sign = gst_segment_to_running_time_full (&self->segment, GST_FORMAT_TIME,
      time, &distance);
  *running = sign * (GstClockTimeDiff) distance;
  return sign != 0;
}

gboolean
gst_fmp4_live_mux_pad_running_time (const GstFmp4LiveMuxPad *self,
    GstBuffer *buffer, GstClockTimeDiff *dts)
{
  return running_time (self, GST_BUFFER_DTS_OR_PTS (buffer), dts);
}

gboolean
gst_fmp4_live_mux_pad_time (GstFmp4LiveMuxPad *self, GstBuffer *buffer,
    GstClockTimeDiff shift, Mp4Frame *frame, GstClockTime *dts,
    GstClockTime *pts)
{
  GstClockTime duration = GST_BUFFER_DURATION (buffer);
  GstClockTimeDiff decode, present;

  if (!gst_fmp4_live_mux_pad_running_time (self, buffer, &decode))
    return FALSE;
  if (!running_time (self, GST_BUFFER_PTS (buffer), &present))
    present = decode;
  *dts = MAX (decode + shift, 0);
  *pts = MAX (present + shift, 0);
  *frame = (Mp4Frame){
    .track_id = self->id,
    .size = gst_buffer_get_size (buffer),
    .is_sync = !gst_fmp4_live_mux_pad_is_video (self) ||
        !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT),
  };
  mp4_frame_clock_take (&self->clock, *dts,
      GST_CLOCK_TIME_IS_VALID (duration) ? duration : 0, &frame->decode_time,
      &frame->duration);
  /* Where decode times were moved, the picture's time stays. */
  frame->composition_offset = self->clock.is_counted
      ? 0
      : mp4_frame_clock_ticks (&self->clock, *pts) -
          (gint64) frame->decode_time;
  return TRUE;
}

static void
gst_fmp4_live_mux_pad_set_property (GObject *object, guint id,
    const GValue *value, GParamSpec *pspec)
{
  GstFmp4LiveMuxPad *self = GST_FMP4_LIVE_MUX_PAD (object);

  if (id == PROP_WIDTH)
    g_atomic_int_set (&self->width, g_value_get_uint (value));
  else if (id == PROP_HEIGHT)
    g_atomic_int_set (&self->height, g_value_get_uint (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gst_fmp4_live_mux_pad_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  GstFmp4LiveMuxPad *self = GST_FMP4_LIVE_MUX_PAD (object);

  if (id == PROP_WIDTH)
    g_value_set_uint (value, g_atomic_int_get (&self->width));
  else if (id == PROP_HEIGHT)
    g_value_set_uint (value, g_atomic_int_get (&self->height));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gst_fmp4_live_mux_pad_finalize (GObject *object)
{
  GstFmp4LiveMuxPad *self = GST_FMP4_LIVE_MUX_PAD (object);

  gst_clear_caps (&self->caps);
  g_byte_array_unref (self->config);
  G_OBJECT_CLASS (gst_fmp4_live_mux_pad_parent_class)->finalize (object);
}

static void
gst_fmp4_live_mux_pad_init (GstFmp4LiveMuxPad *self)
{
  self->config = g_byte_array_new ();
  gst_segment_init (&self->segment, GST_FORMAT_TIME);
}

static void
gst_fmp4_live_mux_pad_class_init (GstFmp4LiveMuxPadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING;

  object_class->set_property = gst_fmp4_live_mux_pad_set_property;
  object_class->get_property = gst_fmp4_live_mux_pad_get_property;
  object_class->finalize = gst_fmp4_live_mux_pad_finalize;
  g_object_class_install_property (object_class, PROP_WIDTH,
      g_param_spec_uint ("width", "Width",
          "The width of the pictures in pixels, if the caps don't have it", 0,
          G_MAXUINT16, 0, flags));
  g_object_class_install_property (object_class, PROP_HEIGHT,
      g_param_spec_uint ("height", "Height",
          "The height of the pictures in pixels, if the caps don't have it", 0,
          G_MAXUINT16, 0, flags));
}
