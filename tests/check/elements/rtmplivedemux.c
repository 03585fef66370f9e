/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parsed streams leave in the call that brought the publisher's tags. */

#include "tests/support/demuxrig.h"
#include "tests/support/flvfile.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>

#define NAL(type) (1u << (type))
#define IDR NAL (5)
#define SEI NAL (6)
#define SPS NAL (7)
#define PPS NAL (8)
#define AUD NAL (9)
#define AUDIO_TAG 8
#define VIDEO_TAG 9

static const struct
{
  const gchar *file;
  guint n_frames[2];
} files[] = {
  { "h264-aac.flv", { 90, 131 } },
  { "h264-bframes-aac.flv", { 90, 131 } },
  { "h264.flv", { 90, 0 } },
  { "aac.flv", { 0, 131 } },
  { "alaw.flv", { 0, 131 } },
  { "mp3.flv", { 0, 116 } },
};
/* Measured with 1.22. */
#define MP3_FRAMES_OF_DOUBT 3
#define MP3_FILE (G_N_ELEMENTS (files) - 1)

/* A frame's tag has the codec's packet type 1, or is of a codec without. */
static gboolean
is_frame (GstBuffer *tag, guint *track)
{
  guint8 start[13];

  if (gst_buffer_extract (tag, 0, start, sizeof start) != sizeof start)
    return FALSE;
  *track = start[0] == VIDEO_TAG ? 0 : 1;
  if (start[0] == 18)
    return FALSE;
  if (*track == 1 && start[11] >> 4 != 10)
    return TRUE;
  return start[12] == 1;
}

GST_START_TEST (each_frame_leaves_in_the_call_that_brought_it)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GBytes) file = flv_file_load (files[i].file);
    guint n_in[2] = { 0, 0 };
    gsize offset = 0;
    GstBuffer *tag;
    DemuxRig rig;

    demux_rig_open (&rig, "rtmplivedemux");
    while ((tag = flv_file_next_tag (file, &offset)) != NULL) {
      guint track;

      if (is_frame (tag, &track))
        n_in[track]++;
      ck_assert_int_eq (gst_harness_push (rig.in, tag), GST_FLOW_OK);
      /* MP3's parser needs several frames before it accepts the first. */
      if (i == MP3_FILE && n_in[1] < MP3_FRAMES_OF_DOUBT)
        continue;
      for (guint j = 0; j < 2; j++)
        ck_assert_msg (demux_rig_n_frames (&rig, j) == n_in[j], "%s: %u of %u",
            files[i].file, demux_rig_n_frames (&rig, j), n_in[j]);
    }
    for (guint j = 0; j < 2; j++)
      ck_assert_uint_eq (n_in[j], files[i].n_frames[j]);
    ck_assert (rig.has_caps);
    demux_rig_close (&rig);
  }
}
GST_END_TEST;

/* The types of the units in a byte stream. */
static guint32
nals_of (GstBuffer *buffer)
{
  guint32 nals = 0;
  GstMapInfo map;

  ck_assert (gst_buffer_map (buffer, &map, GST_MAP_READ));
  for (gsize i = 0; i + 3 < map.size; i++) {
    if (map.data[i] == 0 && map.data[i + 1] == 0 && map.data[i + 2] == 1)
      nals |= NAL (map.data[i + 3] & 0x1f);
  }
  gst_buffer_unmap (buffer, &map);
  return nals;
}

static void
push_file (DemuxRig *rig, const gchar *name)
{
  g_autoptr (GBytes) file = flv_file_load (name);

  ck_assert_int_eq (gst_harness_push (rig->in,
                        flv_file_cut (file, 0, G_MAXINT)),
      GST_FLOW_OK);
}

static void
check_units (const gchar *name)
{
  guint n_keys = 0;
  DemuxRig rig;

  demux_rig_open (&rig, "rtmplivedemux");
  push_file (&rig, name);
  for (guint n = demux_rig_n_frames (&rig, 0); n > 0; n--) {
    g_autoptr (GstBuffer) frame = gst_harness_pull (rig.outs[0]);
    guint32 nals = nals_of (frame);

    ck_assert_uint_eq (nals & (SEI | AUD), 0);
    if ((nals & IDR) == 0)
      continue;
    ck_assert_uint_eq (nals & (SPS | PPS), SPS | PPS);
    ck_assert (!GST_BUFFER_FLAG_IS_SET (frame, GST_BUFFER_FLAG_DELTA_UNIT));
    n_keys++;
  }
  ck_assert_uint_eq (n_keys, 3);
  demux_rig_close (&rig);
}

GST_START_TEST (key_frames_have_parameter_sets_and_frames_no_extra_units)
{
  check_units ("h264-aac.flv");
  check_units ("h264-bframes-aac.flv");
}
GST_END_TEST;

GST_START_TEST (the_output_can_be_decoded)
{
  GstHarness *decoder = gst_harness_new ("avdec_h264");
  g_autoptr (GstCaps) caps = NULL;
  DemuxRig rig;

  demux_rig_open (&rig, "rtmplivedemux");
  push_file (&rig, "h264-bframes-aac.flv");
  caps = gst_pad_get_current_caps (rig.outs[0]->sinkpad);
  gst_harness_set_src_caps (decoder, g_steal_pointer (&caps));
  for (guint n = demux_rig_n_frames (&rig, 0); n > 0; n--)
    ck_assert_int_eq (gst_harness_push (decoder,
                          gst_harness_pull (rig.outs[0])),
        GST_FLOW_OK);
  ck_assert (gst_harness_push_event (decoder, gst_event_new_eos ()));
  ck_assert_uint_eq (gst_harness_buffers_received (decoder), 90);
  demux_rig_close (&rig);
  gst_harness_teardown (decoder);
}
GST_END_TEST;

/* ISO/IEC 14496-3, section 1.6.5: how an encoder signals HE-AAC. The contents
 * of the file are then a stream whose upper half is silent. */
#define AAC_TAG_START "\xaf\0"
static const struct
{
  const gchar *why;
  const gchar *config;
  gsize size;
  gint rate;
} signallings[] = {
  { "plain", AAC_TAG_START "\x12\x08", 4, 44100 },
  { "without it, said so", AAC_TAG_START "\x12\x08\x56\xe5\0", 7, 44100 },
  { "with it, behind the rest", AAC_TAG_START "\x12\x08\x56\xe5\x88", 7,
      88200 },
  { "with it, before the rest", AAC_TAG_START "\x2a\x08\x88\0", 6, 88200 },
  { "with parametric stereo", AAC_TAG_START "\xea\x08\x88\0", 6, 88200 },
};

static void
push_aac (DemuxRig *rig, const gchar *config, gsize size)
{
  g_autoptr (GBytes) file = flv_file_load ("aac.flv");
  gsize offset = 0;
  GstBuffer *tag;

  demux_rig_push (rig, flv_tag_new (AUDIO_TAG, 0, config, size));
  while ((tag = flv_file_next_tag (file, &offset)) != NULL) {
    guint track;

    if (is_frame (tag, &track))
      demux_rig_push (rig, tag);
    else
      gst_buffer_unref (tag);
  }
}

GST_START_TEST (aac_is_decoded_however_it_is_signalled)
{
  for (guint i = 0; i < G_N_ELEMENTS (signallings); i++) {
    GstHarness *decoder = gst_harness_new ("avdec_aac");
    g_autoptr (GstCaps) caps = NULL;
    gint rate = 0;
    DemuxRig rig;

    demux_rig_open (&rig, "rtmplivedemux");
    push_aac (&rig, signallings[i].config, signallings[i].size);
    ck_assert_uint_eq (demux_rig_n_frames (&rig, 1), 131);
    gst_harness_set_src_caps (decoder,
        gst_pad_get_current_caps (rig.outs[1]->sinkpad));
    for (guint n = 0; n < 131; n++)
      ck_assert_int_eq (gst_harness_push (decoder,
                            gst_harness_pull (rig.outs[1])),
          GST_FLOW_OK);
    ck_assert_msg (gst_harness_buffers_received (decoder) == 131, "%s: %u",
        signallings[i].why, gst_harness_buffers_received (decoder));
    caps = gst_pad_get_current_caps (decoder->sinkpad);
    gst_structure_get_int (gst_caps_get_structure (caps, 0), "rate", &rate);
    ck_assert_msg (rate == signallings[i].rate, "%s: %d", signallings[i].why,
        rate);
    demux_rig_close (&rig);
    gst_harness_teardown (decoder);
  }
}
GST_END_TEST;

GST_START_TEST (the_element_adds_no_latency)
{
  DemuxRig rig;

  demux_rig_open (&rig, "rtmplivedemux");
  push_file (&rig, "h264-bframes-aac.flv");
  ck_assert_uint_eq (gst_harness_query_latency (rig.outs[0]), 0);
  ck_assert_uint_eq (gst_harness_query_latency (rig.outs[1]), 0);
  demux_rig_close (&rig);
}
GST_END_TEST;

/* The same H.264 frame with lengths of two bytes. */
static GstBuffer *
shorten_lengths (GstBuffer *tag)
{
  const gsize body = 11, header = 5, back_pointer = 4;
  g_autoptr (GByteArray) out = g_byte_array_new ();
  GstMapInfo map;
  gsize end;

  ck_assert (gst_buffer_map (tag, &map, GST_MAP_READ));
  end = map.size - back_pointer;
  g_byte_array_append (out, map.data + body, header);
  if (map.data[body + 1] == 0) {
    g_byte_array_append (out, map.data + body + header, end - body - header);
    out->data[header + 4] = 0xfd;
  }
  for (gsize at = body + header; map.data[body + 1] == 1 && at < end;) {
    gsize size = map.data[at + 2] << 8 | map.data[at + 3];

    ck_assert_uint_eq (map.data[at] | map.data[at + 1], 0);
    g_byte_array_append (out, map.data + at + 2, 2 + size);
    at += 4 + size;
  }
  gst_buffer_unmap (tag, &map);
  return flv_tag_new (VIDEO_TAG, 0, out->data, out->len);
}

GST_START_TEST (two_byte_lengths_give_the_same_output_as_four_byte_ones)
{
  g_autoptr (GBytes) file = flv_file_load ("h264.flv");
  gsize offset = 0;
  GstBuffer *tag;
  DemuxRig four, two;

  demux_rig_open (&four, "rtmplivedemux");
  demux_rig_open (&two, "rtmplivedemux");
  while ((tag = flv_file_next_tag (file, &offset)) != NULL) {
    guint8 type;

    gst_buffer_extract (tag, 0, &type, 1);
    if (type == VIDEO_TAG)
      gst_harness_push (two.in, shorten_lengths (tag));
    gst_harness_push (four.in, tag);
  }
  ck_assert_uint_eq (demux_rig_n_frames (&four, 0), 90);
  ck_assert_uint_eq (demux_rig_n_frames (&two, 0), 90);
  for (guint i = 0; i < 90; i++) {
    g_autoptr (GstBuffer) a = gst_harness_pull (four.outs[0]);
    g_autoptr (GstBuffer) b = gst_harness_pull (two.outs[0]);
    GstMapInfo map;

    ck_assert (gst_buffer_map (b, &map, GST_MAP_READ));
    ck_assert_uint_eq (gst_buffer_get_size (a), map.size);
    ck_assert_int_eq (gst_buffer_memcmp (a, 0, map.data, map.size), 0);
    gst_buffer_unmap (b, &map);
  }
  demux_rig_close (&four);
  demux_rig_close (&two);
}
GST_END_TEST;

GST_START_TEST (a_new_sequence_header_continues_on_the_same_pad)
{
  GstHarness *out;
  DemuxRig rig;

  demux_rig_open (&rig, "rtmplivedemux");
  push_file (&rig, "h264.flv");
  out = rig.outs[0];
  push_file (&rig, "h264-bframes-aac.flv");
  ck_assert (rig.outs[0] == out);
  ck_assert_uint_eq (demux_rig_n_frames (&rig, 0), 180);
  for (guint i = 0; i < 180; i++) {
    g_autoptr (GstBuffer) frame = gst_harness_pull (out);

    /* The first frame of the second file has the second file's parameter
     * sets. */
    if (i == 90)
      ck_assert_uint_eq (nals_of (frame) & (IDR | SPS | PPS), IDR | SPS | PPS);
  }
  demux_rig_close (&rig);
}
GST_END_TEST;

static void
count_pad (GstElement *element, GstPad *pad, guint *n_pads)
{
  (*n_pads)++;
}

GST_START_TEST (a_new_codec_gets_a_new_pad_of_the_same_name)
{
  GstHarness *before;
  guint n_removed = 0;
  DemuxRig rig;

  demux_rig_open (&rig, "rtmplivedemux");
  g_signal_connect (rig.in->element, "pad-removed", G_CALLBACK (count_pad),
      &n_removed);
  push_file (&rig, "aac.flv");
  before = rig.outs[1];
  push_file (&rig, "alaw.flv");
  ck_assert (rig.outs[1] != before);
  ck_assert_uint_eq (n_removed, 1);
  ck_assert (GST_PAD_IS_EOS (before->sinkpad));
  ck_assert_uint_eq (gst_harness_buffers_received (before), 131);
  ck_assert_uint_eq (demux_rig_n_frames (&rig, 1), 131);
  demux_rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (a_new_stream_brings_its_own_name)
{
  GstEvent *start = gst_event_new_stream_start ("second");
  g_autoptr (GstEvent) out = NULL;
  DemuxRig rig;

  demux_rig_open (&rig, "rtmplivedemux");
  push_file (&rig, "h264.flv");
  gst_structure_set (gst_event_writable_structure (start), "stream-name",
      G_TYPE_STRING, "live/second", NULL);
  ck_assert (gst_harness_push_event (rig.in, start));
  push_file (&rig, "h264.flv");
  ck_assert_uint_eq (demux_rig_n_frames (&rig, 0), 180);
  out = gst_pad_get_sticky_event (rig.outs[0]->sinkpad, GST_EVENT_STREAM_START,
      0);
  ck_assert_str_eq (gst_structure_get_string (gst_event_get_structure (out),
                        "stream-name"),
      "live/second");
  demux_rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (the_element_starts_over_after_ready)
{
  g_autoptr (GBytes) file = flv_file_load ("h264-aac.flv");
  GstHarness *in =
      gst_harness_new_with_padnames ("rtmplivedemux", "sink", NULL);
  guint n_added = 0;
  guint n_removed = 0;

  g_signal_connect (in->element, "pad-added", G_CALLBACK (count_pad), &n_added);
  g_signal_connect (in->element, "pad-removed", G_CALLBACK (count_pad),
      &n_removed);
  for (guint i = 1; i <= 3; i++) {
    gst_harness_set_src_caps_str (in, "video/x-flv");
    /* Both pads exist and neither is linked: upstream gets the flow return. */
    ck_assert_int_eq (gst_harness_push (in, flv_file_cut (file, 0, G_MAXINT)),
        GST_FLOW_NOT_LINKED);
    ck_assert_uint_eq (n_added, 2 * i);
    ck_assert_int_eq (gst_element_set_state (in->element, GST_STATE_READY),
        GST_STATE_CHANGE_SUCCESS);
    ck_assert_uint_eq (n_removed, 2 * i);
    ck_assert_int_eq (gst_element_set_state (in->element, GST_STATE_PLAYING),
        GST_STATE_CHANGE_SUCCESS);
  }
  gst_harness_teardown (in);
}
GST_END_TEST;

static Suite *
rtmplivedemux_suite (void)
{
  Suite *suite = suite_create ("rtmplivedemux");
  TCase *tcase = tcase_create ("rtmplivedemux");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_frame_leaves_in_the_call_that_brought_it);
  tcase_add_test (tcase,
      key_frames_have_parameter_sets_and_frames_no_extra_units);
  tcase_add_test (tcase, the_output_can_be_decoded);
  tcase_add_test (tcase, aac_is_decoded_however_it_is_signalled);
  tcase_add_test (tcase, the_element_adds_no_latency);
  tcase_add_test (tcase,
      two_byte_lengths_give_the_same_output_as_four_byte_ones);
  tcase_add_test (tcase, a_new_sequence_header_continues_on_the_same_pad);
  tcase_add_test (tcase, a_new_codec_gets_a_new_pad_of_the_same_name);
  tcase_add_test (tcase, a_new_stream_brings_its_own_name);
  tcase_add_test (tcase, the_element_starts_over_after_ready);
  return suite;
}

GST_CHECK_MAIN (rtmplivedemux);
