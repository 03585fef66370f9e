/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Elements that do the same job give the same sound and the same pictures, as
 * early: each that is registered here is compared with the first. */

#include "gst/live/gstalternatives.h"
#include "gst/live/gsth264encoders.h"
#include "tests/support/exflv.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#define MAX_ALTERNATIVES 8
#define RATE 48000

/* Two seconds; each half second begins with a tone of 1 kHz. Of 16 bits,
 * because audiotestsrc does not clear the silence of floats. */
#define SOUND                                                                  \
  "audiotestsrc wave=ticks tick-interval=500000000 freq=1000 "                 \
  "sine-periods-per-tick=100 num-buffers=94 samplesperbuffer=1024 ! "          \
  "audio/x-raw,format=S16LE,rate=48000,channels=2 ! audioconvert ! "
#define N_SAMPLES (94 * 1024)
/* The second tone begins about there; the first is where decoders differ in how
 * they begin. */
#define SECOND_TONE (RATE / 2)
/* faad swallows the first frame and gives its time to the second, and so on. */
#define FAAD_EARLY 1024
/* Half a millisecond: nobody hears that. */
#define ONSET_TOLERANCE 24
/* What an encoder adds at the beginning and at the end to fill its frames. */
#define MAX_PADDING 4096
/* Of the echoes where a tone begins and ends; those of opusenc differ from run
 * to run. Another sampling rate would make it 36. */
#define MAX_ECHO_PERIODS 12
#define N_PICTURES 30
#define PICTURE_AREA (320 * 240)
#define PICTURES                                                               \
  "videotestsrc pattern=ball num-buffers=30 ! video/x-raw,width=320,"          \
  "height=240,framerate=30/1,format=I420 ! "

/* With the delay that encoder and decoder have together, in samples: of AAC a
 * frame, of MP3 576 of LAME and 529 of the filter bank, of AC-3 half a
 * transform. */
static const struct
{
  const gchar *job, *encoder;
  gint delay;
} sounds[] = {
  { "aac", "avenc_aac ! aacparse ! audio/mpeg,stream-format=raw", 1024 },
  { "mp3", "lamemp3enc ! mpegaudioparse", 1105 },
  { "flac", "flacenc ! flacparse", 0 },
  { "ac3", "avenc_ac3 ! ac3parse", 256 },
  { "opus", "opusenc", 0 },
};

static const struct
{
  const gchar *job, *encoder;
} pictures[] = {
  { "h264",
      "x264enc bframes=2 key-int-max=15 ! h264parse ! "
      "video/x-h264,stream-format=byte-stream,alignment=au" },
  { "h265",
      "x265enc tune=zerolatency speed-preset=ultrafast key-int-max=15 ! "
      "h265parse ! video/x-h265,stream-format=byte-stream,alignment=au" },
  { "av1",
      "av1enc usage-profile=realtime cpu-used=10 lag-in-frames=0 ! av1parse ! "
      "video/x-av1,stream-format=obu-stream,alignment=tu" },
  { "vp8", "vp8enc deadline=1" },
  { "vp9", "vp9enc deadline=1 lag-in-frames=0" },
};

/* What came out of a decoder. */
typedef struct
{
  const gchar *element;
  GArray *samples; /* gint16, from the time 0 on */
  guint n_frames;
  guint n_before_end; /* of these, before EOS */
  GstClockTime last;
  gdouble brightness;
} Output;

static GstElementFactory *
find (const gchar *job, guint index)
{
  const gchar *element = gst_alternatives_at (job, index);

  return element != NULL ? gst_element_factory_find (element) : NULL;
}

/* Every case is a process of its own, with ranks as they were. */
static void
leave_all_but (const gchar *job, guint index)
{
  for (guint i = 0; gst_alternatives_at (job, i) != NULL; i++) {
    g_autoptr (GstElementFactory) factory = find (job, i);

    if (factory != NULL)
      gst_plugin_feature_set_rank (GST_PLUGIN_FEATURE (factory),
          i == index ? GST_RANK_MARGINAL : GST_RANK_NONE);
  }
}

/* @job: nullable: what is pushed is raw. */
static GstHarness *
open_chain (const gchar *job, const gchar *rest)
{
  g_autofree gchar *chain =
      job == NULL ? g_strdup (rest) : g_strdup_printf ("{%s} ! %s", job, rest);
  g_autoptr (GError) error = NULL;
  static const GstCodecChoice any = { 0 };
  g_autofree gchar *filled = gst_alternatives_fill_in (chain, &any, &error);

  ck_assert_msg (filled != NULL, "%s", error != NULL ? error->message : "");
  return gst_harness_new_parse (filled);
}

/* FLAC's headers come as frames without a time. */
static void
push_all (GstHarness *harness, GPtrArray *frames)
{
  GstSample *first = g_ptr_array_index (frames, 0);

  gst_harness_set_src_caps (harness,
      gst_caps_ref (gst_sample_get_caps (first)));
  for (guint i = 0; i < frames->len; i++) {
    GstBuffer *frame = gst_sample_get_buffer (g_ptr_array_index (frames, i));

    if (GST_BUFFER_PTS_IS_VALID (frame))
      ck_assert_int_eq (gst_harness_push (harness, gst_buffer_ref (frame)),
          GST_FLOW_OK);
  }
}

static void
take_sound (Output *self, GstBuffer *sound)
{
  guint at =
      gst_util_uint64_scale_round (GST_BUFFER_PTS (sound), RATE, GST_SECOND);
  GstMapInfo map;

  ck_assert (gst_buffer_map (sound, &map, GST_MAP_READ));
  g_array_set_size (self->samples,
      MAX (self->samples->len, at + map.size / sizeof (gint16)));
  memcpy (&g_array_index (self->samples, gint16, at), map.data, map.size);
  gst_buffer_unmap (sound, &map);
}

static void
hear (Output *self, const gchar *job, GPtrArray *frames)
{
  GstHarness *harness = open_chain (job,
      "audioconvert ! audioresample ! "
      "capsfilter caps=audio/x-raw,format=S16LE,rate=48000,channels=1");

  push_all (harness, frames);
  self->n_before_end = gst_harness_buffers_in_queue (harness);
  gst_harness_push_event (harness, gst_event_new_eos ());
  self->samples = g_array_new (FALSE, TRUE, sizeof (gint16));
  while (gst_harness_buffers_in_queue (harness) > 0) {
    g_autoptr (GstBuffer) sound = gst_harness_pull (harness);

    take_sound (self, sound);
    self->n_frames++;
  }
  gst_harness_teardown (harness);
}

/* The first sample as loud as a quarter of full scale, from the middle of the
 * silence before the second tone on. */
static guint
onset (const Output *self)
{
  guint i = SECOND_TONE / 2;

  while (i < self->samples->len &&
      ABS (g_array_index (self->samples, gint16, i)) < G_MAXINT16 / 4)
    i++;
  return i;
}

/* Periods of the tone, wherever it is loud. */
static guint
n_periods (const Output *self)
{
  gboolean is_low = TRUE;
  guint n = 0;

  for (guint i = 0; i < self->samples->len; i++) {
    gint sample = g_array_index (self->samples, gint16, i);

    if (sample < -G_MAXINT16 / 8) {
      is_low = TRUE;
    } else if (sample > G_MAXINT16 / 8 && is_low) {
      is_low = FALSE;
      n++;
    }
  }
  return n;
}

static void
look (Output *self, const gchar *job, GPtrArray *frames)
{
  GstHarness *harness = open_chain (job,
      "videoconvert ! capsfilter caps=video/x-raw,format=I420");

  push_all (harness, frames);
  gst_harness_push_event (harness, gst_event_new_eos ());
  while (gst_harness_buffers_in_queue (harness) > 0) {
    g_autoptr (GstBuffer) picture = gst_harness_pull (harness);
    GstMapInfo map;

    ck_assert_msg (self->n_frames == 0 || GST_BUFFER_PTS (picture) > self->last,
        "%s: picture %u is not after the one before it", self->element,
        self->n_frames);
    self->last = GST_BUFFER_PTS (picture);
    ck_assert (gst_buffer_map (picture, &map, GST_MAP_READ));
    for (gsize i = 0; i < PICTURE_AREA; i++)
      self->brightness += map.data[i];
    gst_buffer_unmap (picture, &map);
    self->n_frames++;
  }
  gst_harness_teardown (harness);
}

typedef void (
    *Check) (Output *output, guint i, GPtrArray *frames, const Output *raw);

/* Calls @check for each alternative that is registered.
 * Returns: how many are. */
static guint
each_alternative (const gchar *job, guint row, const gchar *input, Check check,
    const Output *raw)
{
  g_autoptr (GPtrArray) frames = ex_flv_encode (input);
  guint n = 0;

  for (guint i = 0; gst_alternatives_at (job, i) != NULL; i++) {
    g_autoptr (GstElementFactory) factory = find (job, i);
    Output output = { .element = gst_alternatives_at (job, i) };

    if (factory == NULL)
      continue;
    leave_all_but (job, i);
    check (&output, row, frames, raw);
    n++;
  }
  return n;
}

static gint
delay_of (const Output *output, guint row)
{
  gboolean is_faad = g_str_equal (output->element, "faad");

  return sounds[row].delay - (is_faad ? FAAD_EARLY : 0);
}

static void
check_sound (Output *output, guint row, GPtrArray *frames, const Output *raw)
{
  gint late;

  hear (output, sounds[row].job, frames);
  late = onset (output) - onset (raw);
  g_print ("%s: %u samples of %u, tone %d samples late, %u periods of %u, "
           "%u of %u buffers before the end\n",
      output->element, output->samples->len, raw->samples->len, late,
      n_periods (output), n_periods (raw), output->n_before_end,
      output->n_frames);
  ck_assert_msg (ABS ((gint) (output->samples->len - raw->samples->len)) <=
          MAX_PADDING,
      "%s: %u samples", output->element, output->samples->len);
  ck_assert_msg (ABS (late - delay_of (output, row)) <= ONSET_TOLERANCE,
      "%s: %d samples late", output->element, late);
  ck_assert_msg (ABS ((gint) (n_periods (output) - n_periods (raw))) <=
          MAX_ECHO_PERIODS,
      "%s: %u periods", output->element, n_periods (output));
  ck_assert_msg (output->n_before_end + 1 >= output->n_frames,
      "%s: %u of %u buffers are held back", output->element,
      output->n_frames - output->n_before_end, output->n_frames);
  g_array_unref (output->samples);
}

GST_START_TEST (each_decoder_of_sound_gives_the_same_length_pitch_and_delay)
{
  g_autofree gchar *input = g_strconcat (SOUND, sounds[__i__].encoder, NULL);
  g_autoptr (GPtrArray) raw_frames = ex_flv_encode (SOUND "identity");
  Output raw = { .element = "raw" };

  hear (&raw, NULL, raw_frames);
  ck_assert_uint_eq (raw.samples->len, N_SAMPLES);
  ck_assert_uint_ge (each_alternative (sounds[__i__].job, __i__, input,
                         check_sound, &raw),
      1);
  g_array_unref (raw.samples);
}
GST_END_TEST;

static gdouble
brightness (const Output *self)
{
  return self->brightness / N_PICTURES / PICTURE_AREA;
}

static void
check_pictures (Output *output, guint row, GPtrArray *frames, const Output *raw)
{
  look (output, pictures[row].job, frames);
  g_print ("%s: %u pictures, mean %.2f of %.2f\n", output->element,
      output->n_frames, brightness (output), brightness (raw));
  ck_assert_msg (output->n_frames == N_PICTURES, "%s: %u pictures",
      output->element, output->n_frames);
  ck_assert_msg (ABS (brightness (output) - brightness (raw)) < 1, "%s: %f",
      output->element, brightness (output));
}

GST_START_TEST (each_decoder_of_video_gives_all_pictures_in_order)
{
  g_autofree gchar *input =
      g_strconcat (PICTURES, pictures[__i__].encoder, NULL);
  g_autoptr (GPtrArray) raw_frames = ex_flv_encode (PICTURES "identity");
  Output raw = { .element = "raw" };

  look (&raw, NULL, raw_frames);
  ck_assert_uint_ge (each_alternative (pictures[__i__].job, __i__, input,
                         check_pictures, &raw),
      1);
}
GST_END_TEST;

/* Each picture leaves in the call that brought it. */
static void
check_encoder (Output *output, guint row, GPtrArray *frames, const Output *raw)
{
  static const GstCodecChoice any = { 0 };
  g_autofree gchar *chain = gst_alternatives_fill_in ("{to-h264}", &any, NULL);
  g_autoptr (GstElement) bin =
      gst_parse_bin_from_description (chain, TRUE, NULL);
  g_autoptr (GstElement) encoder =
      gst_bin_get_by_name (GST_BIN (bin), GST_H264_ENCODERS_NAME);
  GstHarness *harness;
  guint n_keys = 0;

  gst_h264_encoders_set_up (encoder, 2);
  harness = gst_harness_new_with_element (bin, "sink", "src");
  push_all (harness, frames);
  output->n_before_end = gst_harness_buffers_in_queue (harness);
  while (gst_harness_buffers_in_queue (harness) > 0) {
    g_autoptr (GstBuffer) frame = gst_harness_pull (harness);

    n_keys += !GST_BUFFER_FLAG_IS_SET (frame, GST_BUFFER_FLAG_DELTA_UNIT);
  }
  gst_harness_teardown (harness);
  ck_assert_msg (output->n_before_end == N_PICTURES, "%s: %u frames",
      output->element, output->n_before_end);
  ck_assert_msg (n_keys == 1, "%s: %u keys", output->element, n_keys);
}

GST_START_TEST (each_encoder_holds_back_nothing)
{
  ck_assert_uint_ge (each_alternative ("to-h264", 0, PICTURES "identity",
                         check_encoder, NULL),
      1);
}
GST_END_TEST;

GST_START_TEST (a_job_that_nothing_can_do_fails)
{
  g_autoptr (GError) error = NULL;

  leave_all_but ("mp3", MAX_ALTERNATIVES);
  ck_assert (gst_alternatives_fill_in ("identity ! {mp3} ! identity", NULL,
                 &error) == NULL);
  ck_assert_str_eq (error->message,
      "no element \"avdec_mp3\" or \"mpg123audiodec\"");
}
GST_END_TEST;

static Suite *
alternatives_suite (void)
{
  Suite *suite = suite_create ("alternatives");
  TCase *tcase = tcase_create ("alternatives");

  gst_object_unref (gst_plugin_load_by_name ("rtmpwebrtc"));
  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase,
      each_decoder_of_sound_gives_the_same_length_pitch_and_delay, 0,
      G_N_ELEMENTS (sounds));
  tcase_add_loop_test (tcase, each_decoder_of_video_gives_all_pictures_in_order,
      0, G_N_ELEMENTS (pictures));
  tcase_add_test (tcase, each_encoder_holds_back_nothing);
  tcase_add_test (tcase, a_job_that_nothing_can_do_fails);
  return suite;
}

GST_CHECK_MAIN (alternatives);
