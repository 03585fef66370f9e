/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* H.264 and H.265 in RTP packets: each obeys RFC 6184 or RFC 7798, and
 * GStreamer's own depayloader makes of them what was payloaded. */

#include "gst/bitstream/nalunits.h"
#include "tests/support/nalunpack.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/rtp/gstrtpbuffer.h>
#include <string.h>

#define BYTES(name) name, sizeof name
#define SLICE_BYTES 3
#define MTU 1162
#define MAX_SLICES 32
#define FRAME_TIME (GST_SECOND / 30)

/* Constrained baseline, level 3.1, identifier 0; a PPS of identifier 0. */
static const guint8 sps[] = { 0x67, 0x42, 0xe0, 0x1f, 0x80, 0x7f };
static const guint8 pps[] = { 0x68, 0xce, 0x38, 0x80 };
static const guint8 h265_vps[] = { 0x40, 0x01, 0x0c, 0x01 };
static const guint8 h265_sps[] = { 0x42, 0x01, 0x01, 0x01 };
static const guint8 h265_pps[] = { 0x44, 0x01, 0xc1, 0x72 };

/* How slices begin; of H.264, the first one is I in key frames, otherwise P. */
typedef struct
{
  guint8 first[SLICE_BYTES], further[SLICE_BYTES];
} SliceKind;

typedef struct
{
  const gchar *pay, *depay, *caps, *rtp_caps;
  gboolean is_h265;
  SliceKind key, delta;
  struct
  {
    const guint8 *bytes;
    gsize size;
  } sets[3];
} Codec;

static const Codec h264 = {
  .pay = "h264livepay",
  .depay = "rtph264depay",
  .caps = "video/x-h264, stream-format=byte-stream, alignment=au",
  .rtp_caps = "application/x-rtp, media=video, clock-rate=90000, "
              "encoding-name=H264",
  .key = { { 0x65, 0x88, 1 }, { 0x65, 0x5f, 1 } },
  .delta = { { 0x41, 0x9a, 1 }, { 0x41, 0x5f, 1 } },
  .sets = { { BYTES (sps) }, { BYTES (pps) } },
};

static const Codec h265 = {
  .pay = "h265livepay",
  .depay = "rtph265depay",
  .caps = "video/x-h265, stream-format=byte-stream, alignment=au",
  .rtp_caps = "application/x-rtp, media=video, clock-rate=90000, "
              "encoding-name=H265",
  .is_h265 = TRUE,
  .key = { { 0x26, 0x01, 0x80 }, { 0x26, 0x01, 0x01 } },
  .delta = { { 0x02, 0x01, 0x80 }, { 0x02, 0x01, 0x01 } },
  .sets = { { BYTES (h265_vps) }, { BYTES (h265_sps) }, { BYTES (h265_pps) } },
};

static const Codec *const codecs[] = { &h264, &h265 };

typedef struct
{
  const Codec *codec;
  GstHarness *pay;
  GstHarness *depay;
  GstClockTime time;
  guint16 next_seq;
} Rig;

static void
rig_open (Rig *rig, const Codec *codec)
{
  *rig = (Rig){ .codec = codec };
  rig->pay = gst_harness_new (codec->pay);
  g_object_set (rig->pay->element, "mtu", MTU, NULL);
  gst_harness_set_src_caps_str (rig->pay, codec->caps);
  rig->depay = gst_harness_new (codec->depay);
  gst_harness_set_sink_caps_str (rig->depay, codec->caps);
  gst_harness_set_src_caps_str (rig->depay, codec->rtp_caps);
}

static void
rig_close (Rig *rig)
{
  gst_harness_teardown (rig->pay);
  gst_harness_teardown (rig->depay);
}

static void
add_unit (GByteArray *stream, const guint8 *unit, gsize size)
{
  static const guint8 start_code[] = { 0, 0, 1 };

  g_byte_array_append (stream, start_code, sizeof start_code);
  g_byte_array_append (stream, unit, size);
}

static void
add_sets (GByteArray *stream, const Codec *codec)
{
  for (guint i = 0; i < G_N_ELEMENTS (codec->sets); i++)
    if (codec->sets[i].size > 0)
      add_unit (stream, codec->sets[i].bytes, codec->sets[i].size);
}

/* The first one begins with the picture's first macroblock, or block. */
static void
add_slice (GByteArray *stream, const SliceKind *kind, gboolean is_first,
    gsize size, GRand *rand)
{
  const guint8 *header = is_first ? kind->first : kind->further;
  g_autofree guint8 *slice = g_malloc (size);

  memcpy (slice, header, SLICE_BYTES);
  for (gsize i = SLICE_BYTES; i < size; i++)
    slice[i] = g_rand_int_range (rand, 1, 256);
  add_unit (stream, slice, size);
}

static void
add_slices (GByteArray *stream, const SliceKind *kind, guint n_slices,
    GRand *rand)
{
  guint magnitude = g_rand_int_range (rand, 3, 13);

  for (guint i = 0; i < n_slices; i++)
    add_slice (stream, kind, i == 0,
        g_rand_int_range (rand, SLICE_BYTES, 4 + (1 << magnitude)), rand);
}

static void
push (Rig *rig, const GByteArray *stream)
{
  GstBuffer *frame = gst_buffer_new_memdup (stream->data, stream->len);

  GST_BUFFER_PTS (frame) = rig->time;
  rig->time += FRAME_TIME;
  ck_assert_int_eq (gst_harness_push (rig->pay, frame), GST_FLOW_OK);
}

static void
check_header (Rig *rig, GstRTPBuffer *rtp, gboolean is_last)
{
  if (rig->next_seq != 0)
    ck_assert_uint_eq (gst_rtp_buffer_get_seq (rtp), rig->next_seq);
  rig->next_seq = gst_rtp_buffer_get_seq (rtp) + 1;
  ck_assert_int_eq (gst_rtp_buffer_get_marker (rtp), is_last);
  ck_assert_int_eq (GST_BUFFER_FLAG_IS_SET (rtp->buffer,
                        GST_BUFFER_FLAG_MARKER),
      is_last);
  if (is_last)
    ck_assert (!gst_rtp_buffer_get_padding (rtp));
}

/* All packets of a picture, for the depayloader as well. */
static void
take_packets (Rig *rig, NalUnpack *unpack)
{
  guint n_packets = gst_harness_buffers_in_queue (rig->pay);

  for (guint i = 0; i < n_packets; i++) {
    GstBuffer *packet = gst_harness_pull (rig->pay);
    GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;

    ck_assert_uint_le (gst_buffer_get_size (packet), MTU);
    ck_assert (gst_rtp_buffer_map (packet, GST_MAP_READ, &rtp));
    check_header (rig, &rtp, i == n_packets - 1);
    ck_assert_msg (nal_unpack (unpack, gst_rtp_buffer_get_payload (&rtp),
                       gst_rtp_buffer_get_payload_len (&rtp)),
        "packet %u: %s", i, unpack->why);
    gst_rtp_buffer_unmap (&rtp);
    ck_assert_int_eq (gst_harness_push (rig->depay, packet), GST_FLOW_OK);
  }
  ck_assert (nal_unpack_end (unpack));
}

/* Its start codes have four bytes. */
static void
check_depayloaded (Rig *rig, const GByteArray *expected)
{
  g_autoptr (GstBuffer) frame = gst_harness_pull (rig->depay);
  gsize at = 0, expected_at = 0;
  NalUnit unit, wanted;
  GstMapInfo map;

  gst_buffer_map (frame, &map, GST_MAP_READ);
  while (nal_units_read (expected->data, expected->len, &expected_at, &wanted,
             1) == 1) {
    ck_assert_uint_eq (nal_units_read (map.data, map.size, &at, &unit, 1), 1);
    ck_assert_uint_eq (unit.size, wanted.size);
    ck_assert (memcmp (unit.data, wanted.data, unit.size) == 0);
  }
  ck_assert_uint_eq (nal_units_read (map.data, map.size, &at, &unit, 1), 0);
  gst_buffer_unmap (frame, &map);
}

/* A key frame of H.264 begins with another copy of its SPS. */
static GByteArray *
with_both_sps (const Rig *rig, const GByteArray *picture)
{
  GByteArray *both = g_byte_array_new ();
  NalUnit unit;
  gsize at = 0;

  if (!rig->codec->is_h265 &&
      nal_units_read (picture->data, picture->len, &at, &unit, 1) == 1 &&
      unit.size == sizeof (sps) && memcmp (unit.data, sps, sizeof (sps)) == 0)
    add_unit (both, sps, sizeof (sps));
  g_byte_array_append (both, picture->data, picture->len);
  return both;
}

/* Pushes a picture, and compares what comes out. */
static void
check_picture (Rig *rig, const GByteArray *picture, const GByteArray *once)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GByteArray) expected = with_both_sps (rig, once);
  NalUnpack unpack = { .out = out, .is_h265 = rig->codec->is_h265 };

  push (rig, picture);
  take_packets (rig, &unpack);
  ck_assert_uint_eq (out->len, expected->len);
  ck_assert (memcmp (out->data, expected->data, out->len) == 0);
  check_depayloaded (rig, expected);
}

GST_START_TEST (pictures_of_1_to_32_slices_come_out_as_they_were)
{
  const Codec *codec = codecs[__i__];
  Rig rig;

  rig_open (&rig, codec);
  for (guint n_slices = 1; n_slices <= MAX_SLICES; n_slices++) {
    g_autoptr (GRand) rand = g_rand_new_with_seed (n_slices);
    g_autoptr (GByteArray) key = g_byte_array_new ();
    g_autoptr (GByteArray) picture = g_byte_array_new ();

    add_sets (key, codec);
    add_slices (key, &codec->key, n_slices, rand);
    check_picture (&rig, key, key);
    add_slices (picture, &codec->delta, n_slices, rand);
    check_picture (&rig, picture, picture);
  }
  rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (each_key_frame_has_its_parameter_sets)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (GByteArray) slices = g_byte_array_new ();
  g_autoptr (GByteArray) with_sets = g_byte_array_new ();
  Rig rig;

  rig_open (&rig, &h264);
  add_sets (with_sets, &h264);
  add_slices (slices, &h264.key, 4, rand);
  g_byte_array_append (with_sets, slices->data, slices->len);
  check_picture (&rig, with_sets, with_sets);
  check_picture (&rig, slices, with_sets);
  check_picture (&rig, with_sets, with_sets);
  rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (packets_are_as_large_as_the_mtu_allows)
{
  static const guint mtus[] = { 700, 1162, 1362 };

  for (guint i = 0; i < G_N_ELEMENTS (mtus); i++) {
    g_autoptr (GRand) rand = g_rand_new_with_seed (1);
    g_autoptr (GByteArray) picture = g_byte_array_new ();
    g_autoptr (GstBuffer) packet = NULL;
    Rig rig;

    rig_open (&rig, codecs[__i__]);
    g_object_set (rig.pay->element, "mtu", mtus[i], NULL);
    add_slice (picture, &rig.codec->key, TRUE, 5000, rand);
    push (&rig, picture);
    packet = gst_harness_pull (rig.pay);
    ck_assert_uint_eq (gst_buffer_get_size (packet), mtus[i]);
    rig_close (&rig);
  }
}
GST_END_TEST;

GST_START_TEST (caps_name_the_packetization_mode_and_the_newest_profile)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (GByteArray) picture = g_byte_array_new ();
  g_autoptr (GstCaps) caps = NULL;
  const GstStructure *s;
  Rig rig;

  rig_open (&rig, &h264);
  add_sets (picture, &h264);
  add_slice (picture, &h264.key, TRUE, 100, rand);
  check_picture (&rig, picture, picture);
  caps = gst_pad_get_current_caps (rig.pay->sinkpad);
  s = gst_caps_get_structure (caps, 0);
  ck_assert_str_eq (gst_structure_get_string (s, "packetization-mode"), "1");
  ck_assert_str_eq (gst_structure_get_string (s, "profile-level-id"), "42e01f");
  ck_assert_str_eq (gst_structure_get_string (s, "sprop-parameter-sets"),
      "Z0LgH4B/,aM44gA==");
  rig_close (&rig);
}
GST_END_TEST;

/* More than are planned together, some too large for one packet. */
GST_START_TEST (pictures_of_hundreds_of_slices_come_out_as_well)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (GByteArray) picture = g_byte_array_new ();
  Rig rig;

  rig_open (&rig, codecs[__i__]);
  for (guint i = 0; i < 400; i++)
    add_slice (picture, &rig.codec->key, i == 0, i % 20 == 0 ? 3000 : 20, rand);
  check_picture (&rig, picture, picture);
  rig_close (&rig);
}
GST_END_TEST;

static Suite *
nalpay_suite (void)
{
  Suite *suite = suite_create ("nalpay");
  TCase *tcase = tcase_create ("nalpay");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, pictures_of_1_to_32_slices_come_out_as_they_were,
      0, G_N_ELEMENTS (codecs));
  tcase_add_test (tcase, each_key_frame_has_its_parameter_sets);
  tcase_add_loop_test (tcase, packets_are_as_large_as_the_mtu_allows, 0,
      G_N_ELEMENTS (codecs));
  tcase_add_test (tcase,
      caps_name_the_packetization_mode_and_the_newest_profile);
  tcase_add_loop_test (tcase, pictures_of_hundreds_of_slices_come_out_as_well,
      0, G_N_ELEMENTS (codecs));
  return suite;
}

GST_CHECK_MAIN (nalpay);
