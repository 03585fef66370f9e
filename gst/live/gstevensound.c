/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Even timestamps: see gstevensound.h. */

#include "gst/live/gstevensound.h"

#include "gst/live/evensteps.h"

/* Owned by the pad's streaming thread. */
typedef struct
{
  GstEvenSoundSamples samples;
  guint rate;
  EvenSteps steps;
  guint64 n_samples; /* so far, so that no rounding adds up */
} EvenSound;

static guint
samples_of (const EvenSound *self, GstBuffer *buffer)
{
  guint n_samples;
  GstMapInfo map;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return 0;
  n_samples = self->samples (map.data, map.size);
  gst_buffer_unmap (buffer, &map);
  return n_samples;
}

static GstPadProbeReturn
even (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  EvenSound *self = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  guint n_samples = samples_of (self, buffer);
  gint64 duration_ns, time_ns;

  if (n_samples == 0 || !GST_BUFFER_PTS_IS_VALID (buffer)) {
    self->steps.has_begun = FALSE;
    return GST_PAD_PROBE_OK;
  }
  duration_ns = gst_util_uint64_scale (self->n_samples + n_samples, GST_SECOND,
                    self->rate) -
      gst_util_uint64_scale (self->n_samples, GST_SECOND, self->rate);
  self->n_samples += n_samples;
  time_ns = even_steps_map (&self->steps, GST_BUFFER_PTS (buffer), duration_ns);
  buffer = gst_buffer_make_writable (buffer);
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  GST_BUFFER_PTS (buffer) = MAX (time_ns, 0);
  return GST_PAD_PROBE_OK;
}

void
gst_even_sound_add (GstPad *pad, GstEvenSoundSamples samples, guint rate)
{
  EvenSound *self = g_new0 (EvenSound, 1);

  self->samples = samples;
  self->rate = rate;
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, even, self, g_free);
}
