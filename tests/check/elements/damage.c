/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Damaged frames of any codec leak no memory and do not end the publisher. The
 * test counts the memory blocks that they are in. */

#include "gst/live/gstrecipe.h"
#include "tests/support/countingsink.h"
#include "tests/support/exflv.h"
#include "tests/support/flvfile.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <string.h>

/* One file of each codec, and those whose payloader parses its input. */
#define N_FRAMES 120
#define N_PAID 3000
/* Tag header and FLV's description of the codec; the frame begins after
 * them. */
#define TAG_HEADER_BYTES 11
#define BACK_POINTER_BYTES 4
#define SEED 1
#define FRAME_MS 33

static gint n_alive; /* atomic */

static void
forget (gpointer data)
{
  g_atomic_int_add (&n_alive, -1);
  g_free (data);
}

static GstBuffer *
counted_buffer (const guint8 *data, gsize size)
{
  guint8 *copy = g_malloc (size + 1);

  g_atomic_int_inc (&n_alive);
  if (size > 0)
    memcpy (copy, data, size);
  return gst_buffer_new_wrapped_full (0, copy, size, 0, size, copy, forget);
}

/* Removes, overwrites or inverts bytes of @data from @from on. Returns the
 * remaining size. */
static gsize
damage (GRand *rand, guint8 *data, gsize size, gsize from)
{
  gsize n = size - from;

  if (n == 0)
    return size;
  switch (g_rand_int_range (rand, 0, 5)) {
    case 0:
      return from + g_rand_int_range (rand, 0, n);
    case 1:
      for (gsize i = from; i < size; i++)
        data[i] = g_rand_int (rand);
      return size;
    case 2:
      for (guint i = 0; i < 8; i++)
        data[from + g_rand_int_range (rand, 0, n)] = g_rand_int (rand);
      return size;
    case 3:
      /* The part with headers. */
      for (guint i = 0; i < 3; i++)
        data[from + g_rand_int_range (rand, 0, MIN (n, 12))] ^= 1
            << g_rand_int_range (rand, 0, 8);
      return size;
    default:
      return size;
  }
}

static GstBuffer *
damaged_tag (GRand *rand, GstBuffer *tag)
{
  GstBuffer *result;
  GstMapInfo map;
  g_autofree guint8 *data = NULL;
  gsize size, body;

  gst_buffer_map (tag, &map, GST_MAP_READ);
  data = g_memdup2 (map.data, map.size);
  size = map.size - BACK_POINTER_BYTES;
  gst_buffer_unmap (tag, &map);
  gst_buffer_unref (tag);
  size = damage (rand, data, size, MIN (size, TAG_HEADER_BYTES + 5));
  body = size - TAG_HEADER_BYTES;
  data[1] = body >> 16;
  data[2] = body >> 8;
  data[3] = body;
  result = counted_buffer (data, size);
  return gst_buffer_append (result,
      gst_buffer_new_allocate (NULL, BACK_POINTER_BYTES, NULL));
}

#define PICTURE                                                                \
  "videotestsrc num-buffers=12 ! video/x-raw,width=160,height=120,"            \
  "framerate=30/1,format=I420 ! "
#define TONE                                                                   \
  "audiotestsrc num-buffers=12 samplesperbuffer=960 ! "                        \
  "audio/x-raw,rate=48000,channels=2 ! audioconvert ! "

static const gchar *const encoders[] = {
  PICTURE "x265enc tune=zerolatency speed-preset=ultrafast key-int-max=6 ! "
          "h265parse ! video/x-h265,stream-format=hvc1,alignment=au",
  PICTURE "av1enc usage-profile=realtime cpu-used=8 lag-in-frames=0 "
          "keyframe-max-dist=6 ! av1parse ! "
          "video/x-av1,stream-format=obu-stream,alignment=tu",
  PICTURE "vp8enc deadline=1 keyframe-max-dist=6",
  PICTURE "vp9enc deadline=1 lag-in-frames=0 keyframe-max-dist=6",
  TONE "opusenc",
  TONE "flacenc ! flacparse",
  TONE "avenc_ac3 ! ac3parse",
  TONE "avenc_aac ! aacparse",
};

static GstHarness *
publisher_new (void)
{
  GstHarness *publisher =
      gst_harness_new_with_padnames ("rtmpwebrtcsink", "sink_0", NULL);

  counting_sink_reset ();
  gst_harness_set_src_caps_str (publisher, "video/x-flv");
  return publisher;
}

GST_START_TEST (damaged_frames_leak_no_memory)
{
  g_autoptr (GPtrArray) samples = ex_flv_encode (encoders[__i__]);
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
  GstHarness *publisher = publisher_new ();

  for (guint i = 0; i < N_FRAMES; i++) {
    GstSample *sample = samples->pdata[i % samples->len];
    GstBuffer *frame = gst_sample_get_buffer (sample);
    GstCaps *caps = gst_sample_get_caps (sample);
    GstBuffer *header =
        i > 0 ? NULL : ex_flv_header (caps, frame, i * FRAME_MS);

    if (header != NULL)
      gst_harness_push (publisher, header);
    ck_assert_int_eq (gst_harness_push (publisher,
                          damaged_tag (rand,
                              ex_flv_frame (caps, frame, i * FRAME_MS))),
        GST_FLOW_OK);
  }
  gst_harness_teardown (publisher);
  ck_assert_int_eq (g_atomic_int_get (&n_alive), 0);
}
GST_END_TEST;

static const gchar *const files[] = { "h264-aac.flv", "h264-bframes-aac.flv",
  "aac.flv", "mp3.flv", "alaw.flv" };

GST_START_TEST (damaged_tags_of_files_leak_no_memory)
{
  g_autoptr (GBytes) file = flv_file_load (files[__i__]);
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
  GstHarness *publisher = publisher_new ();
  gsize offset = 0;
  GstBuffer *tag;

  while ((tag = flv_file_next_tag (file, &offset)) != NULL) {
    guint8 type[TAG_HEADER_BYTES + 2] = { 0 };

    gst_buffer_extract (tag, 0, type, sizeof type);
    /* The tag that begins the track is left intact. */
    if (type[TAG_HEADER_BYTES + 1] != 0)
      tag = damaged_tag (rand, tag);
    ck_assert_int_eq (gst_harness_push (publisher, tag), GST_FLOW_OK);
  }
  gst_harness_teardown (publisher);
  ck_assert_int_eq (g_atomic_int_get (&n_alive), 0);
}
GST_END_TEST;

static const struct
{
  const gchar *caps;
  const gchar *encoder;
} paid[] = {
  { "video/x-vp8", PICTURE "vp8enc deadline=1 keyframe-max-dist=6" },
  { "video/x-vp8",
      PICTURE "vp8enc deadline=1 keyframe-max-dist=6 token-partitions=8" },
  { "video/x-vp9",
      PICTURE "vp9enc deadline=1 lag-in-frames=0 keyframe-max-dist=6" },
  { "video/x-vp9",
      PICTURE "vp9enc deadline=1 lag-in-frames=6 "
              "auto-alt-ref=true target-bitrate=200000" },
};

/* rtpvp8pay and rtpvp9pay fail for good on a frame that they cannot parse, and
 * leak its memory. */
GST_START_TEST (payloaders_get_no_frame_that_they_cannot_parse)
{
  g_autoptr (GPtrArray) samples = ex_flv_encode (paid[__i__].encoder);
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
  g_autoptr (GstCaps) caps = gst_caps_from_string (paid[__i__].caps);
  GstElement *chain = gst_recipe_make (gst_recipe_find (caps), NULL, NULL);
  GstHarness *harness = gst_harness_new_with_element (chain, "sink", "src");

  gst_harness_set_src_caps_str (harness, paid[__i__].caps);
  for (guint i = 0; i < N_PAID; i++) {
    GstSample *sample = samples->pdata[i % samples->len];
    g_autofree guint8 *data = NULL;
    GstMapInfo map;
    gsize size;

    gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ);
    data = g_memdup2 (map.data, map.size);
    size = damage (rand, data, map.size, 0);
    gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
    ck_assert_int_eq (gst_harness_push (harness, counted_buffer (data, size)),
        GST_FLOW_OK);
  }
  ck_assert_uint_gt (gst_harness_buffers_received (harness), N_PAID / 5);
  gst_harness_teardown (harness);
  gst_object_unref (chain);
  ck_assert_int_eq (g_atomic_int_get (&n_alive), 0);
}
GST_END_TEST;

static Suite *
damage_suite (void)
{
  Suite *suite = suite_create ("damage");
  TCase *tcase = tcase_create ("damage");

  counting_sink_replace_whepsink ();
  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, damaged_frames_leak_no_memory, 0,
      G_N_ELEMENTS (encoders));
  tcase_add_loop_test (tcase, damaged_tags_of_files_leak_no_memory, 0,
      G_N_ELEMENTS (files));
  tcase_add_loop_test (tcase, payloaders_get_no_frame_that_they_cannot_parse, 0,
      G_N_ELEMENTS (paid));
  return suite;
}

GST_CHECK_MAIN (damage);
