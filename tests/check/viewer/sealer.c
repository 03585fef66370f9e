/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The same packet always becomes the same datagram; a retransmission has a
 * stream of its own. */

#include "ext/whep/viewer/sealer.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define PT 108
#define RTX_PT 109
#define SSRC 0x1234
#define RTX_SSRC 0x5678
#define PAYLOAD_BYTES 100
#define PLAYOUT_DELAY_ID 5

static WhepSealer sealer;
static WhepSrtp *srtp;
static WhepPacket *packet;
static const WhepSealerFields fields = { (7 << 16) + 0x0102, 0x01020304,
  WHEP_PLAYOUT_DELAY_IN_STEP };

static void
setup (void)
{
  const WhepSrtpKey key = { { 1 }, { 2 } };
  const SdpAnswerMedia media = {
    .pt = PT,
    .rtx_pt = RTX_PT,
    .playout_delay_id = PLAYOUT_DELAY_ID,
  };
  const WhepSealerParams params = { &media, SSRC, RTX_SSRC, 300, 0 };

  srtp = whep_srtp_new (WHEP_SRTP_AEAD_AES_128_GCM, &key);
  packet = whep_packet_new (PAYLOAD_BYTES);
  memset (packet->payload, 'x', PAYLOAD_BYTES);
  packet->is_marked = TRUE;
  whep_sealer_init (&sealer, &params);
}

static void
teardown (void)
{
  whep_packet_unref (packet);
  whep_srtp_free (srtp);
}

GST_START_TEST (a_packet_has_the_viewer_s_header)
{
  const guint8 expected[] = { 0x90, 0x80 | PT, 1, 2, 1, 2, 3, 4, 0, 0, 0x12,
    0x34, 0xbe, 0xde, 0, 1, 0x52, 0, 0, 100 };
  guint8 room[WHEP_DATAGRAM_MAX];
  gsize size = whep_sealer_seal (&sealer, srtp, packet, &fields, room);

  ck_assert_uint_gt (size, sizeof (expected) + PAYLOAD_BYTES);
  ck_assert (memcmp (room, expected, sizeof (expected)) == 0);
}
GST_END_TEST;

GST_START_TEST (a_packet_is_the_same_each_time)
{
  const WhepSealerFields other = { (7 << 16) + 0x0103, 0x01020304,
    WHEP_PLAYOUT_DELAY_AT_ONCE };
  guint8 first[WHEP_DATAGRAM_MAX], again[WHEP_DATAGRAM_MAX];
  gsize size = whep_sealer_seal (&sealer, srtp, packet, &fields, first);

  whep_sealer_seal (&sealer, srtp, packet, &other, again);
  ck_assert_uint_eq (whep_sealer_seal (&sealer, srtp, packet, &fields, again),
      size);
  ck_assert (memcmp (first, again, size) == 0);
}
GST_END_TEST;

GST_START_TEST (a_retransmission_has_numbers_of_its_own_and_the_same_time)
{
  const guint8 expected[] = { 0x90, 0x80 | RTX_PT, 1, 44, 1, 2, 3, 4, 0, 0,
    0x56, 0x78, 0xbe, 0xde, 0, 1, 0x52, 0, 0, 100 };
  guint8 plain[WHEP_DATAGRAM_MAX], room[WHEP_DATAGRAM_MAX];
  gsize plain_size = whep_sealer_seal (&sealer, srtp, packet, &fields, plain);
  gsize size = whep_sealer_seal_rtx (&sealer, srtp, packet, &fields, room);

  ck_assert (memcmp (room, expected, sizeof (expected)) == 0);
  ck_assert_uint_eq (size, plain_size + WHEP_RTX_PREFIX);
  whep_sealer_seal_rtx (&sealer, srtp, packet, &fields, room);
  ck_assert_uint_eq (room[3], 45);
}
GST_END_TEST;

/* RFC 4588 section 4 */
GST_START_TEST (padding_is_sent_but_not_sent_again)
{
  guint8 plain[WHEP_DATAGRAM_MAX], room[WHEP_DATAGRAM_MAX];
  gsize size = whep_sealer_seal (&sealer, srtp, packet, &fields, plain);

  packet->n_padding = 30;
  packet->payload[PAYLOAD_BYTES - 1] = 30;
  ck_assert_uint_eq (whep_sealer_seal (&sealer, srtp, packet, &fields, room),
      size);
  ck_assert_uint_eq (room[0], plain[0] | 0x20);
  ck_assert_uint_eq (whep_sealer_seal_rtx (&sealer, srtp, packet, &fields,
                         room),
      size + WHEP_RTX_PREFIX - 30);
  ck_assert_uint_eq (room[0], plain[0]);
  packet->n_padding = 0;
  whep_sealer_seal (&sealer, srtp, packet, &fields, room);
  ck_assert_uint_eq (room[0], plain[0]);
}
GST_END_TEST;

static Suite *
sealer_suite (void)
{
  Suite *suite = suite_create ("sealer");
  TCase *tcase = tcase_create ("sealer");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase, a_packet_has_the_viewer_s_header);
  tcase_add_test (tcase, a_packet_is_the_same_each_time);
  tcase_add_test (tcase,
      a_retransmission_has_numbers_of_its_own_and_the_same_time);
  tcase_add_test (tcase, padding_is_sent_but_not_sent_again);
  return suite;
}

GST_CHECK_MAIN (sealer);
