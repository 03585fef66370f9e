/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RTCP from browsers is parsed exactly, and what we write is valid. */

#include "ext/whep/viewer/rtcp.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define ROOM 2048
/* The maximum number of items in these packets. */
#define ITEMS_MAX 16
/* The rest of a report block, after the loss. */
#define BLOCK_REST "00012345 00000067 89abcdef 00010000"

static gsize
from_hex (const gchar *hex, guint8 *out)
{
  gsize size = 0;

  for (; *hex != '\0'; hex++) {
    if (*hex == ' ')
      continue;
    out[size++] =
        g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]);
    hex++;
  }
  return size;
}

/* Returns the number of items, or -1 if the packet is not well-formed. */
static gint
read_all (const guint8 *data, gsize size, WhepRtcpItem *items)
{
  WhepRtcpReader reader;
  gint n_items = 0;

  if (!whep_rtcp_reader_init (&reader, data, size))
    return -1;
  while (whep_rtcp_reader_next (&reader, &items[n_items]))
    ck_assert_int_lt (++n_items, ITEMS_MAX);
  return n_items;
}

static gint
read_hex (const gchar *hex, WhepRtcpItem *items)
{
  guint8 data[ROOM];

  return read_all (data, from_hex (hex, data), items);
}

GST_START_TEST (only_well_formed_compounds_are_read)
{
  static const struct
  {
    const gchar *hex;
    gint n_items;
    const gchar *why;
  } packets[] = {
    { "", -1, "nothing" },
    { "80", -1, "a single byte" },
    { "80c90000", 0, "the smallest packet" },
    { "80c9000100000001", 0, "a report without blocks" },
    { "80c9000200000001", -1, "longer than the datagram" },
    { "40c9000100000001", -1, "version 1" },
    { "80c900010000000180", -1, "one byte too many" },
    { "80c9000100000001 80ca", -1, "half a header" },
    { "80c9000100000001 80cb0002", -1, "the second packet is cut off" },
    { "81c9000100000001", 0, "a count without its block" },
    { "80c9000700000001 0000aaaa20000102" BLOCK_REST, 0, "an extension" },
    { "81cb000300000001 0362796500000000", 0, "a BYE with a reason" },
    { "9fcb000100000001", 0, "a BYE of 31 that names one" },
    { "a0c900020000000100000004", 0, "four bytes of padding" },
    { "a0c900020000000100000000", -1, "padding that doesn't count itself" },
    { "a0c900020000000100000003", -1,
        "padding that is not a multiple of four" },
    { "a0c90002000000010000000c", -1, "padding that eats the header" },
    { "a0c900020000000100000004 80c9000100000001", -1, "padding within" },
    { "81ce0002000000010000aaaa", 1, "a PLI on its own (RFC 5506)" },
    { "81ce000100000001", 0, "a PLI without a source" },
    { "81cd0002000000010000aaaa", 0, "a NACK without a pair" },
    { "84ce00030000000100000000 00000000", 0, "a FIR with half an entry" },
    { "8fcd000400000001 00000002 00010002 00000000", 0, "transport-cc" },
    { "80cf000400000001 04000002 00010002 00000000", 1, "a reference time" },
    { "80cc0002000000014e414d45", 0, "an application's packet" },
    { "8fce00050000000100000000 52454d42 010986a0 0000aaaa", 0, "REMB" },
  };
  WhepRtcpItem items[ITEMS_MAX];

  for (guint i = 0; i < G_N_ELEMENTS (packets); i++) {
    gint n_items = read_hex (packets[i].hex, items);

    ck_assert_msg (n_items == packets[i].n_items, "%s: %d items",
        packets[i].why, n_items);
  }
}
GST_END_TEST;

static void
assert_block (const WhepRtcpItem *item, guint32 ssrc, gint32 n_lost)
{
  ck_assert_int_eq (item->kind, WHEP_RTCP_BLOCK);
  ck_assert_uint_eq (item->ssrc, ssrc);
  ck_assert_uint_eq (item->block.ssrc, ssrc);
  ck_assert_uint_eq (item->block.fraction_lost, 0x20);
  ck_assert_int_eq (item->block.n_lost, n_lost);
  ck_assert_uint_eq (item->block.highest_seq, 0x00012345);
  ck_assert_uint_eq (item->block.jitter, 0x67);
  ck_assert_uint_eq (item->block.last_sr, 0x89abcdef);
  ck_assert_uint_eq (item->block.delay_since_sr, 0x00010000);
}

GST_START_TEST (reports_of_both_kinds_yield_their_blocks)
{
  WhepRtcpItem items[ITEMS_MAX];

  ck_assert_int_eq (read_hex ("82c9000d 00000001 "
                              "0000aaaa 20000102 " BLOCK_REST
                              "0000bbbb 20ffffff " BLOCK_REST
                              /* a Sender Report comes with the second m-line */
                              "81c8000c 00000002 0102030405060708 "
                              "00000001 00000002 00000003 "
                              "0000cccc 20800000 " BLOCK_REST,
                        items),
      3);
  assert_block (&items[0], 0xaaaa, 0x102);
  assert_block (&items[1], 0xbbbb, -1);
  assert_block (&items[2], 0xcccc, -0x800000);
}
GST_END_TEST;

GST_START_TEST (a_nack_lists_every_lost_packet)
{
  static const guint16 expected[] = { 0x1234, 0x1235, 0x1244, 0xfff8, 0xffff,
    0x0000, 0x0001 };
  WhepRtcpItem items[ITEMS_MAX];

  ck_assert_int_eq (read_hex ("81cd0004 00000001 0000aaaa 12348001 fff801c0",
                        items),
      1);
  ck_assert_int_eq (items[0].kind, WHEP_RTCP_NACK);
  ck_assert_uint_eq (items[0].ssrc, 0xaaaa);
  ck_assert_uint_eq (items[0].n_seqs, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    ck_assert_uint_eq (items[0].seqs[i], expected[i]);
}
GST_END_TEST;

GST_START_TEST (a_nack_of_everything_is_truncated_at_the_limit)
{
  static const guint8 header[] = { 0x81, 205, 0, 102, 0, 0, 0, 1, 0, 0, 0xaa,
    0xaa };
  guint8 data[4 * 103];
  WhepRtcpItem items[ITEMS_MAX];

  memset (data, 0xff, sizeof (data));
  memcpy (data, header, sizeof (header));
  ck_assert_int_eq (read_all (data, sizeof (data), items), 1);
  ck_assert_uint_eq (items[0].n_seqs, WHEP_RTCP_NACK_MAX);
}
GST_END_TEST;

GST_START_TEST (two_nacks_in_a_compound_are_separate)
{
  guint8 data[ROOM];
  gsize size = from_hex ("81cd0003 00000001 0000aaaa 12340000"
                         "81cd0003 00000001 0000bbbb 56780000",
      data);
  WhepRtcpReader reader;
  WhepRtcpItem item;

  ck_assert (whep_rtcp_reader_init (&reader, data, size));
  ck_assert (whep_rtcp_reader_next (&reader, &item));
  ck_assert (whep_rtcp_reader_next (&reader, &item));
  ck_assert_uint_eq (item.ssrc, 0xbbbb);
  ck_assert_uint_eq (item.n_seqs, 1);
  ck_assert_uint_eq (item.seqs[0], 0x5678);
}
GST_END_TEST;

GST_START_TEST (padding_is_not_read_as_feedback)
{
  WhepRtcpItem items[ITEMS_MAX];

  ck_assert_int_eq (read_hex ("a1cd0004 00000001 0000aaaa 12340000 00000004",
                        items),
      1);
  ck_assert_uint_eq (items[0].n_seqs, 1);
}
GST_END_TEST;

GST_START_TEST (a_pli_names_its_source)
{
  WhepRtcpItem items[ITEMS_MAX];

  ck_assert_int_eq (read_hex ("81ce0002 00000001 0000aaaa", items), 1);
  ck_assert_int_eq (items[0].kind, WHEP_RTCP_PLI);
  ck_assert_uint_eq (items[0].ssrc, 0xaaaa);
}
GST_END_TEST;

GST_START_TEST (a_fir_has_an_entry_for_each_source)
{
  WhepRtcpItem items[ITEMS_MAX];

  ck_assert_int_eq (read_hex ("84ce0006 00000001 00000000 "
                              "0000aaaa 01000000 0000bbbb 02000000",
                        items),
      2);
  ck_assert_int_eq (items[0].kind, WHEP_RTCP_FIR);
  ck_assert_uint_eq (items[0].ssrc, 0xaaaa);
  ck_assert_int_eq (items[1].kind, WHEP_RTCP_FIR);
  ck_assert_uint_eq (items[1].ssrc, 0xbbbb);
}
GST_END_TEST;

GST_START_TEST (items_are_returned_in_the_order_of_the_packet)
{
  static const WhepRtcpKind expected[] = { WHEP_RTCP_BLOCK, WHEP_RTCP_NACK,
    WHEP_RTCP_PLI };
  WhepRtcpItem items[ITEMS_MAX];

  ck_assert_int_eq (read_hex ("81c90007 00000001 0000aaaa 20000102 " BLOCK_REST
                              "81ca0002 00000001 01000000"
                              "81cd0003 00000001 0000aaaa 12348001"
                              "81ce0002 00000001 0000aaaa"
                              "82cb0002 00000001 00000002",
                        items),
      G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    ck_assert_int_eq (items[i].kind, expected[i]);
}
GST_END_TEST;

static void
assert_hex (const guint8 *data, gsize size, const gchar *hex)
{
  guint8 expected[ROOM];

  ck_assert_uint_eq (size, from_hex (hex, expected));
  ck_assert_msg (memcmp (data, expected, size) == 0, "differs from %s", hex);
}

GST_START_TEST (a_report_is_an_sr_with_a_cname)
{
  WhepRtcpReport report = {
    .ssrc = 0xaabbccdd,
    .ntp_time = G_GUINT64_CONSTANT (0x0102030405060708),
    .rtp_time = 0x11121314,
    .n_packets = 0x21222324,
    .n_bytes = 0x31323334,
    .cname = "me",
  };
  guint8 out[WHEP_RTCP_REPORT_MAX];
  gsize size = whep_rtcp_write_report (&report, out);

  assert_hex (out, size,
      "80c80006 aabbccdd 0102030405060708 11121314 21222324 31323334"
      "81ca0003 aabbccdd 01026d65 00000000");
}
GST_END_TEST;

GST_START_TEST (a_cname_of_any_length_is_framed_and_ended)
{
  const gchar *name = "0123456789012345678901234567890123456789";
  guint8 out[WHEP_RTCP_REPORT_MAX];
  WhepRtcpItem items[ITEMS_MAX];

  for (gsize length = 0; length <= strlen (name); length++) {
    g_autofree gchar *cname = g_strndup (name, length);
    WhepRtcpReport report = { .cname = cname };
    gsize size = whep_rtcp_write_report (&report, out);
    gsize text_size = MIN (length, WHEP_RTCP_CNAME_MAX);

    ck_assert_uint_le (size, WHEP_RTCP_REPORT_MAX);
    ck_assert_int_eq (read_all (out, size, items), 0);
    ck_assert_uint_eq (out[37], text_size);
    ck_assert (memcmp (out + 38, name, text_size) == 0);
    ck_assert_uint_eq (out[38 + text_size], 0);
    ck_assert_uint_eq (out[size - 1], 0);
    ck_assert_uint_le (size - 38 - text_size, 4);
  }
}
GST_END_TEST;

GST_START_TEST (a_reference_time_is_found_among_the_blocks_of_an_xr)
{
  static const struct
  {
    const gchar *hex;
    gboolean is_found;
  } packets[] = {
    { "80cf0004 00000001 04000002 11112222 33334444", TRUE },
    /* Preceded by a block of another type and by one without a body. */
    { "80cf0007 00000001 07000001 aaaaaaaa 06000000 04000002 11112222 33334444",
        TRUE },
    { "80cf0001 00000001", FALSE },
    { "80cf0000", FALSE },
    { "80cf0003 00000001 04000001 11112222", FALSE },
    /* The block claims to be longer than the packet. */
    { "80cf0003 00000001 04000002 11112222", FALSE },
    { "80cf0004 00000001 0400ffff 11112222 33334444", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (packets); i++) {
    WhepRtcpItem items[ITEMS_MAX];

    ck_assert_msg (read_hex (packets[i].hex, items) == packets[i].is_found,
        "%s", packets[i].hex);
    if (!packets[i].is_found)
      continue;
    ck_assert_int_eq (items[0].kind, WHEP_RTCP_REFERENCE_TIME);
    ck_assert_uint_eq (items[0].ssrc, 1);
    ck_assert_uint_eq (items[0].reference_time, 0x22223333);
  }
}
GST_END_TEST;

GST_START_TEST (a_report_echoes_a_reference_time)
{
  WhepRtcpReport report = { .ssrc = 0xaabbccdd,
    .cname = "a",
    .echo_ssrc = 1,
    .echo_time = 0x22223333,
    .echo_delay = 0x00018000 };
  guint8 out[WHEP_RTCP_REPORT_MAX];
  gsize size = whep_rtcp_write_report (&report, out);
  WhepRtcpItem items[ITEMS_MAX];

  assert_hex (out + size - 24, 24,
      "80cf0005 aabbccdd 05000003 00000001 22223333 00018000");
  ck_assert_int_eq (read_all (out, size, items), 0);
}
GST_END_TEST;

GST_START_TEST (a_bye_is_preceded_by_an_empty_report)
{
  guint8 out[WHEP_RTCP_REPORT_MAX];
  gsize size = whep_rtcp_write_bye (0xaabbccdd, out);

  assert_hex (out, size, "80c90001 aabbccdd 81cb0001 aabbccdd");
}
GST_END_TEST;

GST_START_TEST (ntp_time_counts_from_1900_in_32_32)
{
  ck_assert_uint_eq (whep_rtcp_ntp_time (0),
      G_GUINT64_CONSTANT (2208988800) << 32);
  ck_assert_uint_eq (whep_rtcp_ntp_time (1500000),
      (G_GUINT64_CONSTANT (2208988801) << 32) + 0x80000000);
  ck_assert_uint_eq (whep_rtcp_ntp_time (999999) & 0xffffffff, 0xffffef39);
  /* 2036-02-07 06:28:16: the second era begins at zero. */
  ck_assert_uint_eq (whep_rtcp_ntp_time (
                         G_GINT64_CONSTANT (2085978496) * G_USEC_PER_SEC),
      0);
}
GST_END_TEST;

static Suite *
rtcp_suite (void)
{
  Suite *suite = suite_create ("rtcp");
  TCase *tcase = tcase_create ("reader");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, only_well_formed_compounds_are_read);
  tcase_add_test (tcase, reports_of_both_kinds_yield_their_blocks);
  tcase_add_test (tcase, a_nack_lists_every_lost_packet);
  tcase_add_test (tcase, a_nack_of_everything_is_truncated_at_the_limit);
  tcase_add_test (tcase, two_nacks_in_a_compound_are_separate);
  tcase_add_test (tcase, padding_is_not_read_as_feedback);
  tcase_add_test (tcase, a_pli_names_its_source);
  tcase_add_test (tcase, a_fir_has_an_entry_for_each_source);
  tcase_add_test (tcase, a_reference_time_is_found_among_the_blocks_of_an_xr);
  tcase_add_test (tcase, items_are_returned_in_the_order_of_the_packet);

  tcase = tcase_create ("writer");
  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_report_is_an_sr_with_a_cname);
  tcase_add_test (tcase, a_cname_of_any_length_is_framed_and_ended);
  tcase_add_test (tcase, a_report_echoes_a_reference_time);
  tcase_add_test (tcase, a_bye_is_preceded_by_an_empty_report);
  tcase_add_test (tcase, ntp_time_counts_from_1900_in_32_32);
  return suite;
}

GST_CHECK_MAIN (rtcp);
