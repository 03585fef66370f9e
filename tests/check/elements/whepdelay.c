/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Offers with a delay: the answer tells what the viewer gets. */

#include "tests/support/whepserver.h"

#include <gst/check/gstcheck.h>

#define STREAM "live/cam"
#define PATH "/whep/" STREAM
#define OFFER "chromium-156-linux"
#define S G_USEC_PER_SEC

static void
server_init (WhepServer *self, gint64 rewind_us)
{
  const WhepHttpParams params = { .address = "127.0.0.1",
    .max_viewers = 100,
    .rewind_us = rewind_us };

  whep_server_init_as (self, &params);
  whep_server_publish (self, 1, STREAM);
}

/* The last @seconds, of @n_frames of @size in each, the first a key frame. */
static void
publish (WhepServer *self, guint seconds, guint n_frames, gsize size)
{
  gint64 now_us = g_get_monotonic_time ();

  for (guint i = 0; i <= seconds * n_frames; i++)
    whep_server_push_frame_of (self, 1, size, i % n_frames == 0,
        now_us - (gint64) (seconds * n_frames - i) * S / n_frames);
}

/* The media threads report once a second. */
static void
wait_until_cut (WhepServer *self)
{
  gint64 until_us = g_get_monotonic_time () + WHEP_SERVER_PATIENCE_US;
  gint64 reach_us = G_MAXINT64;

  while (reach_us == G_MAXINT64 && g_get_monotonic_time () < until_us) {
    const WhepMediaStatsStream *stream;
    WhepMediaStats stats;

    g_thread_yield ();
    whep_media_stats (self->media, &stats);
    stream = whep_media_stats_find_stream (&stats, STREAM);
    reach_us = stream == NULL ? G_MAXINT64 : stream->reach_us;
    whep_media_stats_clear (&stats);
  }
  ck_assert_int_lt (reach_us, G_MAXINT64);
}

static void
assert_gets (WhepServer *self, const gchar *query, const gchar *delay)
{
  g_autofree gchar *path = g_strconcat (PATH, query, NULL);
  g_auto (Reply) reply = whep_server_offer (self, path, OFFER);

  ck_assert_uint_eq (reply.status, 201);
  ck_assert_str_eq (reply_header (&reply, "Playback-Delay"), delay);
}

/* Also of a stream that does not reach back so far yet. */
GST_START_TEST (an_answer_tells_the_delay)
{
  WhepServer server;

  server_init (&server, 20 * S);
  assert_gets (&server, "?delay=10", "10.0;max=20");
  publish (&server, 15, 1, 100);
  assert_gets (&server, "?delay=10", "10.0;max=20");
  assert_gets (&server, "?delay=60", "20.0;max=20");
  assert_gets (&server, "?token=a&delay=3", "3.0;max=20");
  assert_gets (&server, "?delay=0", "0.0;max=20");
  assert_gets (&server, "", "0.0;max=20");
  whep_server_clear (&server);
}
GST_END_TEST;

/* Twice WHEP_LOG_DEFAULT_BYTES are 5.58 s of the frames. The oldest GOP is for
 * a viewer to start with, and the last second of it for repairs. */
GST_START_TEST (a_delay_is_limited_by_what_is_kept)
{
  WhepServer server;

  server_init (&server, 20 * S);
  publish (&server, 15, 100, 60000);
  wait_until_cut (&server);
  assert_gets (&server, "?delay=60", "3.5;max=20");
  assert_gets (&server, "?delay=3", "3.0;max=20");
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_server_that_keeps_nothing_offers_no_delay)
{
  WhepServer server;

  server_init (&server, 0);
  assert_gets (&server, "?delay=10", "");
  assert_gets (&server, "", "");
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_malformed_delay_is_rejected)
{
  static const gchar *const queries[] = { "?delay=", "?delay=-1", "?delay=1e3",
    "?delay=86401" };
  WhepServer server;

  server_init (&server, 20 * S);
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++) {
    g_autofree gchar *path = g_strconcat (PATH, queries[i], NULL);
    g_auto (Reply) reply = whep_server_offer (&server, path, OFFER);

    reply_assert_problem (&reply, 400, "number of seconds");
  }
  whep_server_clear (&server);
}
GST_END_TEST;

static Suite *
whepdelay_suite (void)
{
  Suite *suite = suite_create ("whepdelay");
  TCase *tcase = tcase_create ("whepdelay");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, an_answer_tells_the_delay);
  tcase_add_test (tcase, a_delay_is_limited_by_what_is_kept);
  tcase_add_test (tcase, a_server_that_keeps_nothing_offers_no_delay);
  tcase_add_test (tcase, a_malformed_delay_is_rejected);
  return suite;
}

GST_CHECK_MAIN (whepdelay);
