/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Datagrams become runs that one GSO send can carry. */

#include "ext/whep/viewer/outbox.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static const WhepAddress ALICE = { .remote_ip = { 1 }, .remote_port = 1000 };
static const WhepAddress BOB = { .remote_ip = { 2 }, .remote_port = 1000 };

static void
send (WhepOutbox *out, const WhepAddress *to, gsize size)
{
  guint8 *room = whep_outbox_reserve (out, size);

  ck_assert (room != NULL);
  memset (room, 0x55, size);
  whep_outbox_commit (out, to, size);
}

static void
assert_run (const WhepOutbox *out, guint index, guint n_segments, gsize size)
{
  ck_assert_uint_lt (index, out->n_runs);
  ck_assert_uint_eq (out->runs[index].n_segments, n_segments);
  ck_assert_uint_eq (out->runs[index].size, size);
}

GST_START_TEST (equal_datagrams_to_one_address_are_one_run)
{
  WhepOutbox *out = whep_outbox_new ();

  send (out, &ALICE, 1200);
  send (out, &ALICE, 1200);
  send (out, &ALICE, 700);
  ck_assert_uint_eq (out->n_runs, 1);
  assert_run (out, 0, 3, 3100);
  ck_assert_uint_eq (out->runs[0].segment_size, 1200);
  whep_outbox_free (out);
}
GST_END_TEST;

GST_START_TEST (a_shorter_datagram_ends_its_run)
{
  WhepOutbox *out = whep_outbox_new ();

  send (out, &ALICE, 1200);
  send (out, &ALICE, 700);
  send (out, &ALICE, 700);
  ck_assert_uint_eq (out->n_runs, 2);
  assert_run (out, 0, 2, 1900);
  assert_run (out, 1, 1, 700);
  ck_assert_uint_eq (out->runs[1].offset, 1900);
  whep_outbox_free (out);
}
GST_END_TEST;

GST_START_TEST (a_longer_datagram_or_another_address_starts_a_run)
{
  WhepOutbox *out = whep_outbox_new ();

  send (out, &ALICE, 700);
  send (out, &ALICE, 1200);
  send (out, &BOB, 1200);
  ck_assert_uint_eq (out->n_runs, 3);
  whep_outbox_free (out);
}
GST_END_TEST;

GST_START_TEST (a_run_stays_within_the_kernel_s_limits)
{
  WhepOutbox *out = whep_outbox_new ();

  for (guint i = 0; i < WHEP_RUN_MAX_SEGMENTS + 1; i++)
    send (out, &ALICE, 100);
  ck_assert_uint_eq (out->n_runs, 2);
  assert_run (out, 0, WHEP_RUN_MAX_SEGMENTS, WHEP_RUN_MAX_SEGMENTS * 100);

  whep_outbox_flush (out);
  for (guint i = 0; i < 50; i++)
    send (out, &ALICE, WHEP_DATAGRAM_MAX);
  ck_assert_uint_eq (out->n_runs, 2);
  ck_assert_uint_le (out->runs[0].size, WHEP_RUN_MAX_BYTES);
  whep_outbox_free (out);
}
GST_END_TEST;

GST_START_TEST (a_full_outbox_has_no_room_until_it_is_flushed)
{
  WhepOutbox *out = whep_outbox_new ();
  guint n_sent = 0;

  while (whep_outbox_reserve (out, WHEP_DATAGRAM_MAX) != NULL) {
    send (out, &ALICE, WHEP_DATAGRAM_MAX);
    n_sent++;
  }
  ck_assert_uint_eq (n_sent, WHEP_OUTBOX_BYTES / WHEP_DATAGRAM_MAX);

  whep_outbox_flush (out);
  for (guint i = 0; i < WHEP_OUTBOX_RUNS; i++)
    send (out, i % 2 ? &ALICE : &BOB, 20);
  ck_assert (whep_outbox_reserve (out, 20) == NULL);
  whep_outbox_free (out);
}
GST_END_TEST;

GST_START_TEST (addresses_differ_by_ip_port_and_local_address)
{
  WhepAddress other = ALICE;

  ck_assert (whep_address_equal (&ALICE, &other));
  other.remote_port++;
  ck_assert (!whep_address_equal (&ALICE, &other));
  other = ALICE;
  other.local_ip[15] = 1;
  ck_assert (!whep_address_equal (&ALICE, &other));
  ck_assert (!whep_address_equal (&ALICE, &BOB));
}
GST_END_TEST;

static Suite *
outbox_suite (void)
{
  Suite *suite = suite_create ("outbox");
  TCase *tcase = tcase_create ("runs");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, equal_datagrams_to_one_address_are_one_run);
  tcase_add_test (tcase, a_shorter_datagram_ends_its_run);
  tcase_add_test (tcase, a_longer_datagram_or_another_address_starts_a_run);
  tcase_add_test (tcase, a_run_stays_within_the_kernel_s_limits);
  tcase_add_test (tcase, a_full_outbox_has_no_room_until_it_is_flushed);
  tcase_add_test (tcase, addresses_differ_by_ip_port_and_local_address);
  return suite;
}

GST_CHECK_MAIN (outbox);
