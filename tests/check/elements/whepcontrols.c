/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A viewer chooses with its offer what it is sent, and changes it later at its
 * session's URL. */

#include "tests/support/whepserver.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define STREAM "live/cam"
#define PATH "/whep/" STREAM
#define VIEWERS "/api/streams/" STREAM "/viewers"
#define OFFER "chromium-156-linux"
#define JSON "application/json"

static void
server_init (WhepServer *self)
{
  whep_server_init (self, 10);
  whep_server_publish (self, 1, STREAM);
}

/* Returns: (transfer full): the session's path. */
static gchar *
open_session (WhepServer *self, const gchar *query)
{
  g_autofree gchar *path = g_strconcat (PATH, query, NULL);
  g_auto (Reply) reply = whep_server_offer (self, path, OFFER);

  ck_assert_uint_eq (reply.status, 201);
  return reply_session_path (&reply);
}

/* The media threads report once a second. */
static void
wait_for (WhepServer *self, const gchar *frames)
{
  gint64 until_us = g_get_monotonic_time () + WHEP_SERVER_PATIENCE_US;
  g_autofree gchar *member = g_strdup_printf ("\"frames\":\"%s\"", frames);
  gboolean is_found = FALSE;

  while (!is_found) {
    g_auto (Reply) reply = whep_server_ask (self, "GET", VIEWERS);

    is_found = strstr (reply.body, member) != NULL;
    ck_assert_msg (g_get_monotonic_time () < until_us, "%s", reply.body);
  }
}

static void
assert_takes (WhepServer *self, const gchar *path, const gchar *body)
{
  g_auto (Reply) reply = whep_server_ask_with (self, "PATCH", path, JSON, body);

  ck_assert_msg (reply.status == 204, "%s: %u %s", body, reply.status,
      reply.body);
}

GST_START_TEST (a_viewer_changes_what_it_has_chosen)
{
  WhepServer server;

  server_init (&server);
  {
    g_autofree gchar *path = open_session (&server, "?frames=key");

    wait_for (&server, "key");
    assert_takes (&server, path, "{\"frames\":\"all\"}");
    wait_for (&server, "all");
    assert_takes (&server, path, "{\"frames\":\"key\"}");
    assert_takes (&server, path, "{}");
    wait_for (&server, "key");
  }
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_viewer_that_chooses_nothing_gets_all_frames)
{
  WhepServer server;

  server_init (&server);
  {
    g_autofree gchar *path = open_session (&server, "");

    wait_for (&server, "all");
  }
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (an_offer_that_chooses_what_there_is_not_is_rejected)
{
  WhepServer server;

  server_init (&server);
  {
    g_auto (Reply) reply =
        whep_server_offer (&server, PATH "?frames=some", OFFER);

    reply_assert_problem (&reply, 400, "“all” or “key”");
    ck_assert (strstr (reply.body, "malformed-query") != NULL);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

static const struct
{
  const gchar *type, *body;
  guint status;
  const gchar *words;
} rejected[] = {
  { JSON, "", 400, "JSON object" },
  { JSON, "[\"key\"]", 400, "JSON object" },
  { JSON, "{\"frames\":\"some\"}", 422, "“all” or “key”" },
  { JSON, "{\"picture\":\"small\"}", 422, "“all” or “key”" },
  { "text/plain", "{\"frames\":\"all\"}", 415, JSON },
};

GST_START_TEST (a_change_to_what_there_is_not_is_rejected)
{
  WhepServer server;

  server_init (&server);
  {
    g_autofree gchar *path = open_session (&server, "?frames=key");

    for (guint i = 0; i < G_N_ELEMENTS (rejected); i++) {
      g_auto (Reply) reply = whep_server_ask_with (&server, "PATCH", path,
          rejected[i].type, rejected[i].body);

      reply_assert_problem (&reply, rejected[i].status, rejected[i].words);
    }
    wait_for (&server, "key");
  }
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_session_that_has_ended_takes_no_change)
{
  WhepServer server;

  server_init (&server);
  {
    g_autofree gchar *path = open_session (&server, "");
    g_auto (Reply) gone = whep_server_ask (&server, "DELETE", path);
    g_auto (Reply) reply = whep_server_ask_with (&server, "PATCH", path, JSON,
        "{\"frames\":\"key\"}");

    ck_assert_uint_eq (gone.status, 200);
    reply_assert_problem (&reply, 404, "session");
  }
  whep_server_clear (&server);
}
GST_END_TEST;

static Suite *
whepcontrols_suite (void)
{
  Suite *suite = suite_create ("whepcontrols");
  TCase *tcase = tcase_create ("whepcontrols");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_viewer_changes_what_it_has_chosen);
  tcase_add_test (tcase, a_viewer_that_chooses_nothing_gets_all_frames);
  tcase_add_test (tcase, an_offer_that_chooses_what_there_is_not_is_rejected);
  tcase_add_test (tcase, a_change_to_what_there_is_not_is_rejected);
  tcase_add_test (tcase, a_session_that_has_ended_takes_no_change);
  return suite;
}

GST_CHECK_MAIN (whepcontrols);
