/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The controlling end of ICE, and its response to checks. */

#include "whepbench/peerice.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define NOW_US (1000 * G_USEC_PER_SEC)

typedef struct
{
  PeerIce ours, theirs;
  WhepOutbox *out, *replies;
} Pair;

static WhepAddress
address (guint8 number)
{
  return (WhepAddress){
    .remote_ip = { [10] = 0xff, [11] = 0xff, 192, 0, 2, number },
    .remote_port = 1000
  };
}

static void
pair_init (Pair *self)
{
  const WhepAddress remotes[] = { address (1), address (2) };

  self->out = whep_outbox_new ();
  self->replies = whep_outbox_new ();
  peer_ice_init (&self->ours, 1);
  peer_ice_init (&self->theirs, 2);
  peer_ice_start (&self->ours, self->theirs.ufrag, self->theirs.pwd, remotes,
      G_N_ELEMENTS (remotes), NOW_US);
}

static void
pair_clear (Pair *self)
{
  whep_outbox_free (self->out);
  whep_outbox_free (self->replies);
}

/* Only what is for @reachable arrives, and so does the response. */
static void
step (Pair *self, gint64 now_us, const WhepAddress *reachable)
{
  const WhepAddress from = address (9);
  const WhepRun *run = &self->out->runs[0];

  peer_ice_tick (&self->ours, now_us, self->out);
  if (self->out->n_runs == 1 && whep_address_equal (&run->to, reachable))
    peer_ice_receive (&self->theirs, self->out->bytes + run->offset, run->size,
        &from, self->replies);
  if (self->replies->n_runs == 1) {
    ck_assert (whep_address_equal (&self->replies->runs[0].to, &from));
    peer_ice_receive (&self->ours, self->replies->bytes,
        self->replies->runs[0].size, reachable, self->out);
  }
  whep_outbox_flush (self->out);
  whep_outbox_flush (self->replies);
}

GST_START_TEST (the_address_that_responds_is_nominated)
{
  const WhepAddress second = address (2), us = address (9);
  gint64 now_us = NOW_US;
  Pair pair;

  pair_init (&pair);
  for (guint i = 0; i < 10 && !pair.ours.is_nominated; i++) {
    step (&pair, now_us, &second);
    now_us = peer_ice_deadline_us (&pair.ours);
  }
  ck_assert (pair.ours.is_connected && pair.ours.is_nominated);
  ck_assert (whep_address_equal (peer_ice_remote (&pair.ours), &second));
  ck_assert (whep_address_equal (&pair.ours.mapped, &us));
  pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (a_check_with_another_password_gets_no_success)
{
  const WhepAddress first = address (1);
  Pair pair;

  pair_init (&pair);
  peer_ice_start (&pair.ours, pair.theirs.ufrag, "another-password-of-24-le",
      &first, 1, NOW_US);
  step (&pair, NOW_US, &first);
  ck_assert (!pair.ours.is_connected);
  pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (seeds_make_credentials)
{
  PeerIce a, b, c;

  peer_ice_init (&a, 1);
  peer_ice_init (&b, 1);
  peer_ice_init (&c, 2);
  ck_assert_str_eq (a.pwd, b.pwd);
  ck_assert_str_ne (a.pwd, c.pwd);
  ck_assert_uint_eq (strlen (a.ufrag), PEER_ICE_UFRAG_SIZE);
  ck_assert_uint_eq (strlen (a.pwd), PEER_ICE_PWD_SIZE);
}
GST_END_TEST;

static Suite *
peerice_suite (void)
{
  Suite *suite = suite_create ("peerice");
  TCase *tcase = tcase_create ("peerice");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_address_that_responds_is_nominated);
  tcase_add_test (tcase, a_check_with_another_password_gets_no_success);
  tcase_add_test (tcase, seeds_make_credentials);
  return suite;
}

GST_CHECK_MAIN (peerice);
