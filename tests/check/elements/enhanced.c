/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The codecs of Enhanced RTMP: encoded frames go in as tags, and come out as
 * RTP that can be decoded, each in the call that brought it. */

#include "ext/whep/stream/keyframe.h"
#include "gst/live/gstrecipe.h"
#include "tests/support/av1unpack.h"
#include "tests/support/exflv.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/rtp/gstrtpbuffer.h>

#define N_FRAMES 30
#define N_KEYS 3

#define PICTURE                                                                \
  "videotestsrc num-buffers=30 ! video/x-raw,width=160,height=120,"            \
  "framerate=30/1,format=I420 ! "
#define TONE                                                                   \
  "audiotestsrc num-buffers=30 samplesperbuffer=960 ! "                        \
  "audio/x-raw,rate=48000,channels=2 ! "

static const struct
{
  const gchar *name;
  const gchar *encoder;
  const gchar *encoding_name;
  const gchar *decoder; /* from RTP; NULL: see the test of AV1 */
  gboolean is_passed;   /* not transcoded: a frame in is a frame out */
} codecs[] = {
  { "HEVC",
      PICTURE
      "x265enc tune=zerolatency speed-preset=ultrafast key-int-max=10 ! "
      "h265parse ! video/x-h265,stream-format=hvc1,alignment=au",
      "H265", "rtph265depay ! h265parse ! avdec_h265", TRUE },
  { "AV1",
      PICTURE "av1enc usage-profile=realtime cpu-used=8 lag-in-frames=0 "
              "keyframe-max-dist=10 ! av1parse ! "
              "video/x-av1,stream-format=obu-stream,alignment=tu",
      "AV1", NULL, TRUE },
  { "VP8", PICTURE "vp8enc deadline=1 keyframe-max-dist=10", "VP8",
      "rtpvp8depay ! vp8dec", TRUE },
  { "VP9", PICTURE "vp9enc deadline=1 lag-in-frames=0 keyframe-max-dist=10",
      "VP9", "rtpvp9depay ! vp9dec", TRUE },
  { "Opus", TONE "opusenc", "OPUS", "rtpopusdepay ! opusdec", TRUE },
  { "FLAC", TONE "audioconvert ! flacenc ! flacparse", "OPUS",
      "rtpopusdepay ! opusdec", FALSE },
  { "AC-3", TONE "audioconvert ! avenc_ac3 ! ac3parse", "OPUS",
      "rtpopusdepay ! opusdec", FALSE },
  { "AAC", TONE "audioconvert ! avenc_aac ! aacparse", "OPUS",
      "rtpopusdepay ! opusdec", FALSE },
};
#define AV1 1
#define N_VIDEO 4

typedef struct
{
  GstHarness *in;
  GstHarness *out; /* the demuxer's pad; NULL until it is there */
  GstHarness *rtp; /* its chain */
} Rig;

static void
on_pad_added (GstElement *element, GstPad *pad, Rig *rig)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  const GstRecipe *recipe = gst_recipe_find (caps);
  g_autoptr (GError) error = NULL;
  g_autofree gchar *words = gst_caps_to_string (caps);
  GstElement *chain;

  ck_assert_msg (recipe != NULL, "%s", words);
  chain = gst_recipe_make (recipe, NULL, &error);
  ck_assert_msg (chain != NULL, "%s", error != NULL ? error->message : "");
  rig->rtp = gst_harness_new_with_element (chain, "sink", "src");
  gst_object_unref (chain);
  gst_harness_set_src_caps (rig->rtp, g_steal_pointer (&caps));
  rig->out = gst_harness_new_with_element (element, NULL, NULL);
  gst_harness_add_element_src_pad (rig->out, pad);
}

static void
rig_open (Rig *rig)
{
  *rig = (Rig){ 0 };
  rig->in = gst_harness_new_with_padnames ("rtmplivedemux", "sink", NULL);
  g_signal_connect (rig->in->element, "pad-added", G_CALLBACK (on_pad_added),
      rig);
  gst_harness_set_src_caps_str (rig->in, "video/x-flv");
}

static void
rig_close (Rig *rig)
{
  gst_harness_teardown (rig->rtp);
  gst_harness_teardown (rig->out);
  gst_harness_teardown (rig->in);
}

/* FLAC's headers arrive as frames, too. */
static gboolean
is_header (GstBuffer *frame)
{
  return GST_BUFFER_FLAG_IS_SET (frame, GST_BUFFER_FLAG_HEADER) &&
      !GST_BUFFER_PTS_IS_VALID (frame);
}

static void
pass_on (Rig *rig)
{
  while (gst_harness_buffers_in_queue (rig->out) > 0)
    ck_assert_int_eq (gst_harness_push (rig->rtp, gst_harness_pull (rig->out)),
        GST_FLOW_OK);
}

/* Pushes an encoder's frame, and its header before the first.
 * Returns: the number of RTP packets that it became. */
static guint
push_frame (Rig *rig, GstSample *sample, gboolean is_first)
{
  GstBuffer *frame = gst_sample_get_buffer (sample);
  GstCaps *caps = gst_sample_get_caps (sample);
  guint32 time_ms = GST_TIME_AS_MSECONDS (GST_BUFFER_PTS (frame));
  guint n_before =
      rig->rtp != NULL ? gst_harness_buffers_received (rig->rtp) : 0;
  GstBuffer *header = is_first ? ex_flv_header (caps, frame, time_ms) : NULL;

  if (header != NULL)
    ck_assert_int_eq (gst_harness_push (rig->in, header), GST_FLOW_OK);
  ck_assert_int_eq (gst_harness_push (rig->in,
                        ex_flv_frame (caps, frame, time_ms)),
      GST_FLOW_OK);
  ck_assert (rig->out != NULL);
  pass_on (rig);
  return gst_harness_buffers_received (rig->rtp) - n_before;
}

/* Returns: the number of frames pushed. */
static guint
push_all (Rig *rig, guint codec, GPtrArray *samples)
{
  guint n_frames = 0;

  for (guint i = 0; i < samples->len; i++) {
    GstSample *sample = samples->pdata[i];
    guint n_packets;

    if (is_header (gst_sample_get_buffer (sample)))
      continue;
    n_packets = push_frame (rig, sample, n_frames == 0);
    if (codecs[codec].is_passed)
      ck_assert_msg (n_packets > 0, "%s: frame %u is held back",
          codecs[codec].name, n_frames);
    n_frames++;
  }
  return n_frames;
}

/* Returns: the number of frames that the decoder makes of the packets. */
static guint
decode (guint codec, GPtrArray *packets, GstCaps *caps)
{
  GstHarness *decoder = gst_harness_new_parse (codecs[codec].decoder);
  guint n_frames;

  gst_harness_set_src_caps (decoder, gst_caps_ref (caps));
  for (guint i = 0; i < packets->len; i++)
    ck_assert_int_eq (gst_harness_push (decoder,
                          gst_buffer_ref (packets->pdata[i])),
        GST_FLOW_OK);
  gst_harness_push_event (decoder, gst_event_new_eos ());
  n_frames = gst_harness_buffers_received (decoder);
  gst_harness_teardown (decoder);
  return n_frames;
}

static GPtrArray *
pull_packets (Rig *rig)
{
  GPtrArray *packets =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gst_buffer_unref);
  GstBuffer *packet;

  while ((packet = gst_harness_try_pull (rig->rtp)) != NULL)
    g_ptr_array_add (packets, packet);
  return packets;
}

static gboolean
starts_key (guint codec, GstBuffer *packet)
{
  WhepKeyframeTest test = whep_keyframe_test (codecs[codec].encoding_name);
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  gboolean is_key;

  if (test == NULL)
    return !GST_BUFFER_FLAG_IS_SET (packet, GST_BUFFER_FLAG_DELTA_UNIT);
  ck_assert (gst_rtp_buffer_map (packet, GST_MAP_READ, &rtp));
  is_key = test (gst_rtp_buffer_get_payload (&rtp),
      gst_rtp_buffer_get_payload_len (&rtp));
  gst_rtp_buffer_unmap (&rtp);
  return is_key;
}

/* Viewers start at the first packets of key frames. */
static guint
n_key_frames (guint codec, GPtrArray *packets)
{
  guint n_keys = 0;
  GstClockTime last = GST_CLOCK_TIME_NONE;

  for (guint i = 0; i < packets->len; i++) {
    GstClockTime time = GST_BUFFER_PTS (packets->pdata[i]);

    n_keys += time != last && starts_key (codec, packets->pdata[i]);
    last = time;
  }
  return n_keys;
}

static guint
n_marks (GPtrArray *packets)
{
  guint n = 0;

  for (guint i = 0; i < packets->len; i++) {
    GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;

    ck_assert (gst_rtp_buffer_map (packets->pdata[i], GST_MAP_READ, &rtp));
    n += gst_rtp_buffer_get_marker (&rtp);
    gst_rtp_buffer_unmap (&rtp);
  }
  return n;
}

static void
check_codec (guint codec)
{
  g_autoptr (GPtrArray) samples = ex_flv_encode (codecs[codec].encoder);
  g_autoptr (GPtrArray) packets = NULL;
  g_autoptr (GstCaps) caps = NULL;
  guint n_in;
  Rig rig;

  rig_open (&rig);
  n_in = push_all (&rig, codec, samples);
  caps = gst_pad_get_current_caps (rig.rtp->sinkpad);
  packets = pull_packets (&rig);
  ck_assert_str_eq (gst_structure_get_string (gst_caps_get_structure (caps, 0),
                        "encoding-name"),
      codecs[codec].encoding_name);
  if (codec < N_VIDEO)
    ck_assert_msg (n_marks (packets) == n_in, "%s: %u marks",
        codecs[codec].name, n_marks (packets));
  if (codec < N_VIDEO)
    ck_assert_msg (n_key_frames (codec, packets) == N_KEYS, "%s: %u key frames",
        codecs[codec].name, n_key_frames (codec, packets));
  if (codecs[codec].decoder != NULL) {
    guint n_out = decode (codec, packets, caps);

    ck_assert_msg (codecs[codec].is_passed ? n_out == n_in : n_out > n_in / 2,
        "%s: %u in, %u out", codecs[codec].name, n_in, n_out);
  }
  rig_close (&rig);
}

GST_START_TEST (each_codec_comes_out_as_rtp_that_can_be_decoded)
{
  check_codec (__i__);
}
GST_END_TEST;

/* HEVC's parameter sets: see the test of access units. */
GST_START_TEST (video_with_its_parameters_in_band_needs_no_sequence_header)
{
  g_autoptr (GPtrArray) samples = ex_flv_encode (codecs[__i__].encoder);
  Rig rig;

  rig_open (&rig);
  for (guint i = 0; i < samples->len; i++)
    ck_assert_uint_ge (push_frame (&rig, samples->pdata[i], FALSE), 1);
  rig_close (&rig);
}
GST_END_TEST;

/* GStreamer 1.22 has no depayloader for AV1. */
GST_START_TEST (depacketized_av1_can_be_decoded)
{
  GstHarness *decoder = gst_harness_new_parse ("av1parse ! av1dec");
  g_autoptr (GPtrArray) samples = ex_flv_encode (codecs[AV1].encoder);
  g_autoptr (GPtrArray) packets = NULL;
  g_autoptr (GByteArray) unit = g_byte_array_new ();
  Av1Unpack unpack = { .out = unit };
  Rig rig;

  rig_open (&rig);
  ck_assert_uint_eq (push_all (&rig, AV1, samples), N_FRAMES);
  packets = pull_packets (&rig);
  gst_harness_set_src_caps_str (decoder,
      "video/x-av1,stream-format=obu-stream,alignment=tu");
  for (guint i = 0; i < packets->len; i++) {
    GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
    gboolean is_last;

    ck_assert (gst_rtp_buffer_map (packets->pdata[i], GST_MAP_READ, &rtp));
    ck_assert (av1_unpack (&unpack, gst_rtp_buffer_get_payload (&rtp),
        gst_rtp_buffer_get_payload_len (&rtp)));
    is_last = gst_rtp_buffer_get_marker (&rtp);
    gst_rtp_buffer_unmap (&rtp);
    if (!is_last)
      continue;
    ck_assert (av1_unpack_end (&unpack));
    ck_assert_int_eq (gst_harness_push (decoder,
                          gst_buffer_new_memdup (unit->data, unit->len)),
        GST_FLOW_OK);
    g_byte_array_set_size (unit, 0);
  }
  gst_harness_push_event (decoder, gst_event_new_eos ());
  ck_assert_uint_eq (gst_harness_buffers_received (decoder), N_FRAMES);
  rig_close (&rig);
  gst_harness_teardown (decoder);
}
GST_END_TEST;

static Suite *
enhanced_suite (void)
{
  Suite *suite = suite_create ("enhanced");
  TCase *tcase = tcase_create ("enhanced");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, each_codec_comes_out_as_rtp_that_can_be_decoded,
      0, G_N_ELEMENTS (codecs));
  tcase_add_loop_test (tcase,
      video_with_its_parameters_in_band_needs_no_sequence_header, AV1, N_VIDEO);
  tcase_add_test (tcase, depacketized_av1_can_be_decoded);
  return suite;
}

GST_CHECK_MAIN (enhanced);
