/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* OBUs are packetised, and unpacked without a change. */

#include "gst/live/obu.h"
#include "tests/support/av1unpack.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define BYTES(text) (const guint8 *) text, sizeof text - 1
/* The type in bits 3 to 6; bit 1: a size follows. */
#define DELIMITER "\x12\0"
#define SEQUENCE "\x0a\3abc"
#define FRAME "\x32\5frame"

static const struct
{
  const gchar *why;
  const guint8 *bytes;
  gsize size;
  gboolean is_valid;
  guint n_obus;
} units[] = {
  { "nothing", BYTES (""), TRUE, 0 },
  { "a delimiter isn't sent", BYTES (DELIMITER), TRUE, 0 },
  { "a key frame", BYTES (DELIMITER SEQUENCE FRAME), TRUE, 2 },
  { "the last has no size",
      BYTES (SEQUENCE "\x30"
                      "frame"),
      TRUE, 2 },
  { "padding and tile lists aren't sent", BYTES ("\x7a\1x\x42\1x" FRAME), TRUE,
      1 },
  { "an extension", BYTES ("\x36\x08\1x"), TRUE, 1 },
  { "a truncated extension", BYTES ("\x36"), FALSE, 0 },
  { "a truncated size", BYTES ("\x32\x85"), FALSE, 0 },
  { "a truncated payload", BYTES ("\x32\6frame"), FALSE, 0 },
  { "a size that never ends", BYTES ("\x32\x80\x80\x80\x80\x80\x80\x80\x80\0"),
      FALSE, 0 },
  { "a size of 33 bits", BYTES ("\x32\x80\x80\x80\x80\x20"), FALSE, 0 },
  { "the forbidden bit", BYTES ("\xb2\1x"), FALSE, 0 },
};

GST_START_TEST (obus_are_read_and_useless_ones_left_out)
{
  for (guint i = 0; i < G_N_ELEMENTS (units); i++) {
    ObuUnit unit = { 0 };

    ck_assert_msg (obu_unit_read (&unit, units[i].bytes, units[i].size) ==
            units[i].is_valid,
        "%s", units[i].why);
    if (units[i].is_valid)
      ck_assert_msg (unit.n_obus == units[i].n_obus, "%s: %u", units[i].why,
          unit.n_obus);
  }
}
GST_END_TEST;

GST_START_TEST (a_sequence_header_is_detected)
{
  ObuUnit with = { 0 }, without = { 0 };

  ck_assert (obu_unit_read (&with, BYTES (DELIMITER SEQUENCE FRAME)));
  ck_assert (with.has_sequence_header);
  ck_assert (obu_unit_read (&without, BYTES (DELIMITER FRAME)));
  ck_assert (!without.has_sequence_header);
}
GST_END_TEST;

GST_START_TEST (too_many_obus_are_rejected)
{
  g_autofree guint8 *data = g_malloc (2 * (OBU_MAX + 1));
  ObuUnit unit = { 0 }, one_more = { 0 };

  for (guint i = 0; i <= OBU_MAX; i++)
    memcpy (data + 2 * i, "\x32\0", 2);
  ck_assert (obu_unit_read (&unit, data, 2 * OBU_MAX));
  ck_assert (!obu_unit_read (&one_more, data, 2 * (OBU_MAX + 1)));
}
GST_END_TEST;

/* Written by hand according to section 4.4 of the payload format. */
GST_START_TEST (packets_match_the_payload_format)
{
  static const guint8 whole[] = { 0x20, 4, 0x08, 'a', 'b', 'c', 0x30, 'f', 'r',
    'a', 'm', 'e' };
  static const guint8 first[] = { 0x60, 4, 0x08, 'a', 'b', 'c', 0x30, 'f' };
  static const guint8 second[] = { 0x90, 'r', 'a', 'm', 'e' };
  ObuUnit unit = { 0 };
  ObuPacker packer = { .unit = &unit };
  guint8 out[100];

  ck_assert (obu_unit_read (&unit, BYTES (DELIMITER SEQUENCE FRAME)));
  ck_assert_uint_eq (obu_packer_next (&packer, out, sizeof out), sizeof whole);
  ck_assert_int_eq (memcmp (out, whole, sizeof whole), 0);
  ck_assert_uint_eq (obu_packer_next (&packer, out, sizeof out), 0);

  packer = (ObuPacker){ .unit = &unit };
  ck_assert_uint_eq (obu_packer_next (&packer, out, 9), sizeof first);
  ck_assert_int_eq (memcmp (out, first, sizeof first), 0);
  ck_assert (!obu_packer_is_done (&packer));
  ck_assert_uint_eq (obu_packer_next (&packer, out, 9), sizeof second);
  ck_assert_int_eq (memcmp (out, second, sizeof second), 0);
  ck_assert (obu_packer_is_done (&packer));
}
GST_END_TEST;

/* A temporal unit of several OBUs, without delimiters, each with a size of five
 * bytes, as written by av1_unpack(). */
static GByteArray *
random_unit (GRand *rand)
{
  GByteArray *unit = g_byte_array_new ();
  guint n_obus = g_rand_int_range (rand, 1, 7);

  for (guint i = 0; i < n_obus; i++) {
    guint size =
        g_rand_int_range (rand, 0, 1 << g_rand_int_range (rand, 1, 13));
    guint8 header[] = { 0x32, 0x80 | (size & 0x7f), 0x80 | (size >> 7 & 0x7f),
      0x80, 0x80, 0 };

    g_byte_array_append (unit, header, sizeof header);
    for (guint j = 0; j < size; j++) {
      guint8 byte = g_rand_int (rand);

      g_byte_array_append (unit, &byte, 1);
    }
  }
  return unit;
}

GST_START_TEST (packets_unpack_to_the_original)
{
  for (guint seed = 0; seed < 300; seed++) {
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
    gsize limit = g_rand_int_range (rand, OBU_PACKET_MIN, 1200);
    g_autoptr (GByteArray) in = random_unit (rand);
    g_autoptr (GByteArray) out = g_byte_array_new ();
    Av1Unpack unpack = { .out = out };
    ObuUnit unit = { 0 };
    ObuPacker packer = { .unit = &unit };
    guint8 packet[1200];
    gsize size;

    ck_assert (obu_unit_read (&unit, in->data, in->len));
    while ((size = obu_packer_next (&packer, packet, limit)) > 0) {
      ck_assert_msg (size <= limit, "seed %u", seed);
      ck_assert_msg (av1_unpack (&unpack, packet, size), "seed %u", seed);
    }
    ck_assert_msg (av1_unpack_end (&unpack), "seed %u", seed);
    ck_assert_msg (out->len == in->len &&
            memcmp (out->data, in->data, in->len) == 0,
        "seed %u", seed);
  }
}
GST_END_TEST;

/* A unit of OBUs of at least two bytes, as frames of an encoder are. */
static GByteArray *
random_frames (GRand *rand)
{
  GByteArray *unit = g_byte_array_new ();
  guint n_obus = g_rand_int_range (rand, 2, 7);

  for (guint i = 0; i < n_obus; i++) {
    guint size =
        g_rand_int_range (rand, 1, 1 << g_rand_int_range (rand, 1, 12));
    guint8 header[] = { 0x32, 0x80 | (size & 0x7f), size >> 7 };

    g_byte_array_append (unit, header, sizeof header);
    for (guint j = 0; j < size; j++)
      g_byte_array_append (unit, (const guint8 *) "x", 1);
  }
  return unit;
}

/* libwebrtc takes a packet whose Z bit is 0 for the first one of a frame. */
GST_START_TEST (only_the_first_packet_of_a_unit_begins_with_a_whole_obu)
{
  for (guint seed = 0; seed < 1000; seed++) {
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
    gsize limit = g_rand_int_range (rand, 16, 1200);
    g_autoptr (GByteArray) in = random_frames (rand);
    ObuUnit unit = { 0 };
    ObuPacker packer = { .unit = &unit };
    guint8 packet[1200];

    ck_assert (obu_unit_read (&unit, in->data, in->len));
    for (guint n = 0; obu_packer_next (&packer, packet, limit) > 0; n++)
      ck_assert_msg (((packet[0] & 0x80) != 0) == (n > 0), "seed %u, packet %u",
          seed, n);
  }
}
GST_END_TEST;

static Suite *
obu_suite (void)
{
  Suite *suite = suite_create ("obu");
  TCase *tcase = tcase_create ("obu");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, obus_are_read_and_useless_ones_left_out);
  tcase_add_test (tcase, a_sequence_header_is_detected);
  tcase_add_test (tcase, too_many_obus_are_rejected);
  tcase_add_test (tcase, packets_match_the_payload_format);
  tcase_add_test (tcase, packets_unpack_to_the_original);
  tcase_add_test (tcase,
      only_the_first_packet_of_a_unit_begins_with_a_whole_obu);
  return suite;
}

GST_CHECK_MAIN (obu);
