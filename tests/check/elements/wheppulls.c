/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests that wait for a pulled stream: what clients get, whatever becomes of
 * the pull. */

#include "ext/whep/http/httpcall-io.h"
#include "tests/support/browseroffer.h"
#include "tests/support/whepserver.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define OFFER "chromium-156-linux"
#define N_CLIENTS 100
#define NO_HURRY_US (60 * (gint64) G_USEC_PER_SEC)

typedef struct
{
  WhepServer server;
  gint n_begun, n_ended; /* atomic */
  gboolean has_origin;
  GPtrArray *sent; /* of SoupMessage: requests without an answer */
  guint n_answered;
} Edge;

static gboolean
on_begin (const gchar *stream, gpointer user_data)
{
  Edge *self = user_data;

  g_atomic_int_inc (&self->n_begun);
  return self->has_origin;
}

static void
on_end (const gchar *stream, gpointer user_data)
{
  g_atomic_int_inc (&((Edge *) user_data)->n_ended);
}

static void
edge_init (Edge *self, gint64 timeout_us)
{
  WhepHttpParams params = {
    .address = "127.0.0.1",
    .max_viewers = 2 * N_CLIENTS,
    .pulls = {
      .begin = on_begin,
      .end = on_end,
      .user_data = self,
      .max_pulls = 1,
      .linger_us = NO_HURRY_US,
      .timeout_us = timeout_us,
    },
  };

  *self = (Edge){ .has_origin = TRUE };
  self->sent = g_ptr_array_new_with_free_func (g_object_unref);
  whep_server_init_as (&self->server, &params);
  g_object_unref (self->server.client);
  self->server.client = soup_session_new_with_options ("max-conns",
      2 * N_CLIENTS, "max-conns-per-host", 2 * N_CLIENTS, NULL);
}

static void
edge_clear (Edge *self)
{
  whep_server_clear (&self->server);
  g_ptr_array_unref (self->sent);
}

static void
on_reply (GObject *client, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GBytes) body =
      soup_session_send_and_read_finish (SOUP_SESSION (client), result, NULL);

  ((Edge *) user_data)->n_answered++;
}

/* Does not wait for the answer. */
static void
edge_send (Edge *self, const gchar *method, const gchar *path,
    GCancellable *cancellable)
{
  SoupMessage *message = whep_server_message (&self->server, method, path);
  g_autofree gchar *offer = browser_offer_load (OFFER);
  g_autoptr (GBytes) bytes = g_bytes_new (offer, strlen (offer));

  if (strcmp (method, "POST") == 0)
    soup_message_set_request_body_from_bytes (message, "application/sdp",
        bytes);
  soup_session_send_and_read_async (self->server.client, message, 0,
      cancellable, on_reply, self);
  g_ptr_array_add (self->sent, message);
}

static guint
status_of (const Edge *self, guint i)
{
  return soup_message_get_status (g_ptr_array_index (self->sent, i));
}

static void
edge_iterate_until (Edge *self, gboolean (*is_so) (Edge *self))
{
  gint64 end_us = g_get_monotonic_time () + WHEP_SERVER_PATIENCE_US;

  while (!is_so (self)) {
    ck_assert_int_lt (g_get_monotonic_time (), end_us);
    if (!g_main_context_iteration (NULL, FALSE))
      g_thread_yield ();
  }
}

static gboolean
has_answers (Edge *self)
{
  return self->n_answered == self->sent->len;
}

static gboolean
has_begun (Edge *self)
{
  return g_atomic_int_get (&self->n_begun) > 0;
}

GST_START_TEST (all_who_ask_at_once_wait_for_one_pull)
{
  Edge edge;

  edge_init (&edge, NO_HURRY_US);
  for (guint i = 0; i < N_CLIENTS; i++)
    edge_send (&edge, "POST", "/whep/live/cam", NULL);
  edge_iterate_until (&edge, has_begun);
  whep_server_publish (&edge.server, 1, "live/cam");
  edge_iterate_until (&edge, has_answers);
  for (guint i = 0; i < N_CLIENTS; i++)
    ck_assert_uint_eq (status_of (&edge, i), 201);
  ck_assert_int_eq (edge.n_begun, 1);
  ck_assert_int_eq (edge.n_ended, 0);
  edge_clear (&edge);
}
GST_END_TEST;

/* Only the pull of the stream that is asked for first takes the single slot. */
GST_START_TEST (other_requests_are_served_while_some_wait)
{
  g_auto (Reply) list = { 0 };
  g_auto (Reply) other = { 0 };
  Edge edge;

  edge_init (&edge, NO_HURRY_US);
  edge_send (&edge, "POST", "/whep/live/cam", NULL);
  edge_iterate_until (&edge, has_begun);
  list = whep_server_ask (&edge.server, "GET", "/api/streams");
  ck_assert_uint_eq (list.status, 200);
  ck_assert_str_eq (list.body, "[]");
  other = whep_server_offer (&edge.server, "/whep/live/other", OFFER);
  reply_assert_problem (&other, 409, "Nobody publishes");
  ck_assert_uint_eq (edge.n_answered, 0);
  edge_clear (&edge);
}
GST_END_TEST;

GST_START_TEST (a_stream_that_the_origin_lacks_is_asked_for_once)
{
  g_auto (Reply) again = { 0 };
  Edge edge;

  edge_init (&edge, NO_HURRY_US);
  for (guint i = 0; i < 3; i++)
    edge_send (&edge, "POST", "/whep/live/none", NULL);
  edge_send (&edge, "GET", "/live/live/none.mp4", NULL);
  edge_iterate_until (&edge, has_begun);
  whep_http_fail_pull (edge.server.http, "live/none");
  edge_iterate_until (&edge, has_answers);
  for (guint i = 0; i < 3; i++)
    ck_assert_uint_eq (status_of (&edge, i), 409);
  ck_assert_uint_eq (status_of (&edge, 3), 404);
  again = whep_server_offer (&edge.server, "/whep/live/none", OFFER);
  reply_assert_problem (&again, 409, "Nobody publishes");
  ck_assert_str_eq (reply_header (&again, "Retry-After"), "2");
  ck_assert_int_eq (edge.n_begun, 1);
  ck_assert_int_eq (edge.n_ended, 1);
  edge_clear (&edge);
}
GST_END_TEST;

GST_START_TEST (nothing_is_pulled_for_a_client_that_is_not_admitted)
{
  Edge edge;

  edge_init (&edge, NO_HURRY_US);
  for (guint i = 0; i < 2; i++) {
    g_auto (Reply) offer = { 0 };
    g_auto (Reply) reader = { 0 };

    if (i == 0)
      whep_http_drain (edge.server.http, 0);
    else
      whep_http_set_limits (edge.server.http,
          &(const WhepViewerLimits){ .max = 0 });
    offer = whep_server_offer (&edge.server, "/whep/live/cam", OFFER);
    reader = whep_server_ask (&edge.server, "GET", "/live/live/cam.mp4");
    ck_assert_uint_eq (offer.status, 503);
    ck_assert_uint_eq (reader.status, 503);
    ck_assert_str_eq (reply_header (&reader, "Retry-After"), "10");
    if (i == 0)
      whep_http_drain (edge.server.http, -1);
  }
  ck_assert_int_eq (edge.n_begun, 0);
  edge_clear (&edge);
}
GST_END_TEST;

GST_START_TEST (a_request_waits_no_longer_than_the_limit)
{
  g_auto (Reply) reply = { 0 };
  Edge edge;

  edge_init (&edge, 1);
  reply = whep_server_offer (&edge.server, "/whep/live/cam", OFFER);
  reply_assert_problem (&reply, 409, "Nobody publishes");
  ck_assert_int_eq (edge.n_begun, 1);
  edge_clear (&edge);
}
GST_END_TEST;

GST_START_TEST (a_client_that_leaves_costs_the_others_nothing)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Edge edge;

  edge_init (&edge, NO_HURRY_US);
  edge_send (&edge, "POST", "/whep/live/cam", cancellable);
  edge_iterate_until (&edge, has_begun);
  edge_send (&edge, "POST", "/whep/live/cam", NULL);
  g_cancellable_cancel (cancellable);
  while (edge.n_answered == 0)
    g_main_context_iteration (NULL, TRUE);
  whep_server_publish (&edge.server, 1, "live/cam");
  edge_iterate_until (&edge, has_answers);
  ck_assert_uint_eq (status_of (&edge, 1), 201);
  edge_clear (&edge);
}
GST_END_TEST;

GST_START_TEST (a_stream_that_is_published_here_is_not_pulled)
{
  g_auto (Reply) offer = { 0 };
  g_auto (Reply) reader = { 0 };
  Edge edge;

  edge_init (&edge, NO_HURRY_US);
  whep_server_publish (&edge.server, 1, "live/cam");
  offer = whep_server_offer (&edge.server, "/whep/live/cam", OFFER);
  ck_assert_uint_eq (offer.status, 201);
  reader = whep_server_ask (&edge.server, "GET", "/live/live/cam.mp4");
  ck_assert_uint_eq (reader.status, 404);
  ck_assert_int_eq (edge.n_begun, 0);
  edge_clear (&edge);
}
GST_END_TEST;

GST_START_TEST (without_an_origin_nobody_waits)
{
  g_auto (Reply) reply = { 0 };
  Edge edge;

  edge_init (&edge, NO_HURRY_US);
  edge.has_origin = FALSE;
  reply = whep_server_offer (&edge.server, "/whep/live/cam", OFFER);
  reply_assert_problem (&reply, 409, "Nobody publishes");
  edge_clear (&edge);
}
GST_END_TEST;

GST_START_TEST (all_who_wait_are_answered_when_the_server_stops)
{
  Edge edge;

  edge_init (&edge, NO_HURRY_US);
  edge_send (&edge, "POST", "/whep/live/cam", NULL);
  edge_send (&edge, "GET", "/live/live/cam.mp4", NULL);
  edge_iterate_until (&edge, has_begun);
  whep_http_free (g_steal_pointer (&edge.server.http));
  edge_iterate_until (&edge, has_answers);
  edge_clear (&edge);
}
GST_END_TEST;

static Suite *
wheppulls_suite (void)
{
  Suite *suite = suite_create ("wheppulls");
  TCase *tcase = tcase_create ("wheppulls");

  tcase_add_test (tcase, all_who_ask_at_once_wait_for_one_pull);
  tcase_add_test (tcase, other_requests_are_served_while_some_wait);
  tcase_add_test (tcase, a_stream_that_the_origin_lacks_is_asked_for_once);
  tcase_add_test (tcase, nothing_is_pulled_for_a_client_that_is_not_admitted);
  tcase_add_test (tcase, a_request_waits_no_longer_than_the_limit);
  tcase_add_test (tcase, a_client_that_leaves_costs_the_others_nothing);
  tcase_add_test (tcase, a_stream_that_is_published_here_is_not_pulled);
  tcase_add_test (tcase, without_an_origin_nobody_waits);
  tcase_add_test (tcase, all_who_wait_are_answered_when_the_server_stops);
  suite_add_tcase (suite, tcase);
  return suite;
}

GST_CHECK_MAIN (wheppulls);
