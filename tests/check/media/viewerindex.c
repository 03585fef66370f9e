/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A thread's viewers are found by ufrag, by address and by deadline, whatever
 * was added, moved and removed before. */

#include "ext/whep/media/viewerindex.h"

#include <gst/check/gstcheck.h>

#define N_ENTRIES 50
#define N_MOVES 2000
#define SEED 7

static SSL_CTX *context;

static void
setup (void)
{
  context = SSL_CTX_new (DTLS_server_method ());
}

static void
teardown (void)
{
  SSL_CTX_free (context);
}

static WhepViewerEntry *
add_entry (WhepViewerIndex *viewers, const gchar *ufrag)
{
  WhepViewerParams params = { .stream_name = "live/cam",
    .ice_ufrag = ufrag,
    .ice_pwd = "a-password-of-24-letters",
    .remote_ufrag = "them",
    .cname = "test",
    .dtls_context = context };

  return whep_viewer_index_add (viewers, whep_viewer_new (&params, 0), NULL);
}

static WhepAddress
address_of (guint16 port)
{
  return (WhepAddress){ .remote_ip = { 1, 2, 3 }, .remote_port = port };
}

static void
learn (WhepViewerIndex *viewers, WhepViewerEntry *entry, guint16 port)
{
  WhepAddress address = address_of (port);

  whep_viewer_index_learn (viewers, entry, &address);
}

static void
assert_found (const WhepViewerIndex *viewers, guint16 port,
    const WhepViewerEntry *entry)
{
  WhepAddress address = address_of (port);

  ck_assert_msg (whep_viewer_index_by_address (viewers, &address) == entry,
      "port %u", port);
}

GST_START_TEST (a_viewer_is_found_by_its_ufrag_until_it_is_removed)
{
  WhepViewerIndex *viewers = whep_viewer_index_new ();
  WhepViewerEntry *one = add_entry (viewers, "one");
  WhepViewerEntry *two = add_entry (viewers, "two");

  ck_assert_uint_eq (whep_viewer_index_count (viewers), 2);
  ck_assert (whep_viewer_index_by_ufrag (viewers, "one") == one);
  ck_assert (whep_viewer_index_by_ufrag (viewers, "two") == two);
  ck_assert (whep_viewer_index_by_ufrag (viewers, "three") == NULL);

  whep_viewer_index_remove (viewers, one);
  ck_assert_uint_eq (whep_viewer_index_count (viewers), 1);
  ck_assert (whep_viewer_index_by_ufrag (viewers, "one") == NULL);
  ck_assert (whep_viewer_index_by_ufrag (viewers, "two") == two);
  whep_viewer_index_free (viewers);
}
GST_END_TEST;

static void
restart (WhepViewerIndex *viewers, WhepViewerEntry *entry, const gchar *ufrag)
{
  WhepIceCredentials credentials;

  whep_ice_credentials_init (&credentials, ufrag, "new-password-of-24-chars",
      "they");
  whep_viewer_index_restart_ice (viewers, entry, &credentials);
}

GST_START_TEST (a_viewer_is_found_by_its_first_and_its_newest_ufrag)
{
  WhepViewerIndex *viewers = whep_viewer_index_new ();
  WhepViewerEntry *entry = add_entry (viewers, "first");

  restart (viewers, entry, "second");
  ck_assert (whep_viewer_index_by_ufrag (viewers, "first") == entry);
  ck_assert (whep_viewer_index_by_ufrag (viewers, "second") == entry);
  restart (viewers, entry, "third");
  ck_assert (whep_viewer_index_by_ufrag (viewers, "first") == entry);
  ck_assert (whep_viewer_index_by_ufrag (viewers, "second") == NULL);
  ck_assert (whep_viewer_index_by_ufrag (viewers, "third") == entry);
  ck_assert_str_eq (whep_viewer_ufrag (entry->viewer), "first");

  whep_viewer_index_remove (viewers, entry);
  ck_assert (whep_viewer_index_by_ufrag (viewers, "first") == NULL);
  ck_assert (whep_viewer_index_by_ufrag (viewers, "third") == NULL);
  whep_viewer_index_free (viewers);
}
GST_END_TEST;

GST_START_TEST (an_address_belongs_to_the_viewer_that_proved_it_last)
{
  WhepViewerIndex *viewers = whep_viewer_index_new ();
  WhepViewerEntry *one = add_entry (viewers, "one");
  WhepViewerEntry *two = add_entry (viewers, "two");

  learn (viewers, one, 1);
  learn (viewers, one, 1);
  ck_assert_uint_eq (one->n_addresses, 1);
  assert_found (viewers, 1, one);

  learn (viewers, two, 1);
  assert_found (viewers, 1, two);
  /* Removing the former owner does not remove the address. */
  whep_viewer_index_remove (viewers, one);
  assert_found (viewers, 1, two);
  whep_viewer_index_remove (viewers, two);
  assert_found (viewers, 1, NULL);
  whep_viewer_index_free (viewers);
}
GST_END_TEST;

GST_START_TEST (one_address_too_many_starts_the_list_afresh)
{
  WhepViewerIndex *viewers = whep_viewer_index_new ();
  WhepViewerEntry *one = add_entry (viewers, "one");

  for (guint16 port = 1; port <= WHEP_VIEWER_ENTRY_MAX_ADDRESSES; port++)
    learn (viewers, one, port);
  for (guint16 port = 1; port <= WHEP_VIEWER_ENTRY_MAX_ADDRESSES; port++)
    assert_found (viewers, port, one);

  learn (viewers, one, WHEP_VIEWER_ENTRY_MAX_ADDRESSES + 1);
  ck_assert_uint_eq (one->n_addresses, 1);
  assert_found (viewers, WHEP_VIEWER_ENTRY_MAX_ADDRESSES + 1, one);
  for (guint16 port = 1; port <= WHEP_VIEWER_ENTRY_MAX_ADDRESSES; port++)
    assert_found (viewers, port, NULL);
  whep_viewer_index_free (viewers);
}
GST_END_TEST;

static gint64
soonest_of (WhepViewerEntry *const *all)
{
  gint64 soonest_us = G_MAXINT64;

  for (guint i = 0; i < N_ENTRIES; i++)
    if (all[i] != NULL)
      soonest_us = MIN (soonest_us, all[i]->deadline_us);
  return soonest_us;
}

static void
move_one (WhepViewerIndex *viewers, WhepViewerEntry **all, GRand *rand)
{
  guint index = g_rand_int_range (rand, 0, N_ENTRIES);

  if (all[index] == NULL) {
    g_autofree gchar *ufrag = g_strdup_printf ("viewer%u", index);

    all[index] = add_entry (viewers, ufrag);
  } else if (g_rand_int_range (rand, 0, 4) == 0) {
    whep_viewer_index_remove (viewers, all[index]);
    all[index] = NULL;
  } else {
    whep_viewer_index_set_deadline (viewers, all[index],
        g_rand_int_range (rand, 0, 1000));
  }
}

GST_START_TEST (the_soonest_deadline_comes_first_however_they_move)
{
  WhepViewerIndex *viewers = whep_viewer_index_new ();
  WhepViewerEntry *all[N_ENTRIES] = { NULL };
  GRand *rand = g_rand_new_with_seed (SEED);

  ck_assert (whep_viewer_index_soonest (viewers) == NULL);
  for (guint i = 0; i < N_MOVES; i++) {
    WhepViewerEntry *soonest;

    move_one (viewers, all, rand);
    soonest = whep_viewer_index_soonest (viewers);
    if (soonest == NULL)
      ck_assert_uint_eq (whep_viewer_index_count (viewers), 0);
    else
      ck_assert_msg (soonest->deadline_us == soonest_of (all),
          "move %u of seed %u", i, SEED);
  }
  g_rand_free (rand);
  whep_viewer_index_free (viewers);
}
GST_END_TEST;

static Suite *
viewerindex_suite (void)
{
  Suite *suite = suite_create ("viewerindex");
  TCase *tcase = tcase_create ("viewerindex");

  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase, a_viewer_is_found_by_its_ufrag_until_it_is_removed);
  tcase_add_test (tcase, a_viewer_is_found_by_its_first_and_its_newest_ufrag);
  tcase_add_test (tcase, an_address_belongs_to_the_viewer_that_proved_it_last);
  tcase_add_test (tcase, one_address_too_many_starts_the_list_afresh);
  tcase_add_test (tcase, the_soonest_deadline_comes_first_however_they_move);
  suite_add_tcase (suite, tcase);
  return suite;
}

GST_CHECK_MAIN (viewerindex);
