/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bytes of RTP payloads, written by hand according to the RFCs. */

#include "gst/live/nalpacket.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define UNIT(...)                                                              \
  {                                                                            \
    (const guint8[]){ __VA_ARGS__ }, sizeof (const guint8[])                   \
    {                                                                          \
      __VA_ARGS__                                                              \
    }                                                                          \
  }

/* A PPS, and slices of NRI 2 and 0, one with the forbidden bit. */
static const NalUnit h264[] = {
  UNIT (0x48, 1),
  UNIT (0x65, 1, 2, 3),
  UNIT (0x01, 4),
  UNIT (0x81, 5),
};
/* A PPS, an IDR slice of layer 33 and TID 2, one of layer 32 and TID 3. */
static const NalUnit h265[] = {
  UNIT (0x44, 0x01, 1),
  UNIT (0x27, 0x0a, 1, 2, 3),
  UNIT (0x03, 0x03, 4),
};

static const struct
{
  const gchar *why;
  const NalPacketFormat *format;
  const NalUnit *units;
  NalPacket packet;
  gsize size;
  guint8 bytes[16];
} packets[] = {
  { "RFC 6184, section 5.6: a unit", &nal_packet_h264, h264, { 1, 1, 0, 4 }, 4,
      { 0x65, 1, 2, 3 } },
  { "section 5.8: the first fragment", &nal_packet_h264, h264, { 1, 1, 1, 1 },
      3, { 0x7c, 0x85, 1 } },
  { "a fragment in between", &nal_packet_h264, h264, { 1, 1, 2, 1 }, 3,
      { 0x7c, 0x05, 2 } },
  { "the last fragment", &nal_packet_h264, h264, { 1, 1, 3, 1 }, 3,
      { 0x7c, 0x45, 3 } },
  { "its forbidden bit stays", &nal_packet_h264, h264, { 3, 1, 1, 1 }, 3,
      { 0x9c, 0xc1, 5 } },
  { "section 5.7.1: an aggregation has the highest NRI", &nal_packet_h264, h264,
      { 0, 2, 0, 6 }, 11, { 0x78, 0, 2, 0x48, 1, 0, 4, 0x65, 1, 2, 3 } },
  { "and the forbidden bit of any unit", &nal_packet_h264, h264, { 2, 2, 0, 4 },
      9, { 0x98, 0, 2, 0x01, 4, 0, 2, 0x81, 5 } },
  { "RFC 7798, section 4.4.1: a unit", &nal_packet_h265, h265, { 0, 1, 0, 3 },
      3, { 0x44, 0x01, 1 } },
  { "section 4.4.3: the first fragment", &nal_packet_h265, h265, { 1, 1, 2, 1 },
      4, { 0x63, 0x0a, 0x93, 1 } },
  { "a fragment in between", &nal_packet_h265, h265, { 1, 1, 3, 1 }, 4,
      { 0x63, 0x0a, 0x13, 2 } },
  { "the last fragment", &nal_packet_h265, h265, { 1, 1, 4, 1 }, 4,
      { 0x63, 0x0a, 0x53, 3 } },
  { "section 4.4.2: the lowest layer and TID", &nal_packet_h265, h265,
      { 0, 2, 0, 8 }, 14,
      { 0x60, 0x01, 0, 3, 0x44, 0x01, 1, 0, 5, 0x27, 0x0a, 1, 2, 3 } },
  { "which has six bits", &nal_packet_h265, h265, { 1, 2, 0, 8 }, 14,
      { 0x61, 0x02, 0, 5, 0x27, 0x0a, 1, 2, 3, 0, 3, 0x03, 0x03, 4 } },
};

GST_START_TEST (payloads_have_the_bytes_of_the_rfcs)
{
  for (guint i = 0; i < G_N_ELEMENTS (packets); i++) {
    const NalPacket *packet = &packets[i].packet;
    guint8 out[sizeof packets[i].bytes] = { 0 };

    ck_assert_msg (nal_packet_size (packet, packets[i].format) ==
            packets[i].size,
        "%s", packets[i].why);
    nal_packet_write (packet, packets[i].format, packets[i].units, out);
    ck_assert_msg (memcmp (out, packets[i].bytes, sizeof out) == 0, "%s",
        packets[i].why);
  }
}
GST_END_TEST;

static const struct
{
  const gchar *why;
  const NalPacketFormat *format;
  NalUnit unit;
  gboolean is_taken;
} kinds[] = {
  { "a slice", &nal_packet_h264, UNIT (0x41), TRUE },
  { "the last type of H.264", &nal_packet_h264, UNIT (0x17), TRUE },
  { "no type", &nal_packet_h264, UNIT (0x40), FALSE },
  { "STAP-A", &nal_packet_h264, UNIT (0x18), FALSE },
  { "FU-A", &nal_packet_h264, UNIT (0x1c), FALSE },
  { "a slice of H.265", &nal_packet_h265, UNIT (0x02, 0x01), TRUE },
  { "half a header", &nal_packet_h265, UNIT (0x02), FALSE },
  { "the last type of H.265", &nal_packet_h265, UNIT (0x5e, 0x01), TRUE },
  { "an aggregation", &nal_packet_h265, UNIT (0x60, 0x01), FALSE },
};

GST_START_TEST (types_of_packets_are_no_units)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    ck_assert_msg (nal_packet_takes (kinds[i].format, &kinds[i].unit) ==
            kinds[i].is_taken,
        "%s", kinds[i].why);
}
GST_END_TEST;

static Suite *
nalpacket_suite (void)
{
  Suite *suite = suite_create ("nalpacket");
  TCase *tcase = tcase_create ("nalpacket");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, payloads_have_the_bytes_of_the_rfcs);
  tcase_add_test (tcase, types_of_packets_are_no_units);
  return suite;
}

GST_CHECK_MAIN (nalpacket);
