/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server that is asked decides; without an answer it is no. */

#include "gst/access/hook-io.h"
#include "tests/support/hookserver.h"

#include <gst/check/gstcheck.h>

static const struct
{
  const gchar *stream;
  const gchar *why; /* NULL for yes; how it begins */
} visits[] = {
  { "live/yes", NULL },
  { "live/no", "not on Sundays" },
  { "live/rude", "the authorization server rejects it: 401" },
  { "live/long", "\nlll" },
  { "live/broken", "the authorization server rejects it: 500" },
  { "live/moved", "the authorization server rejects it: 307" },
};

GST_START_TEST (the_answer_decides)
{
  HookServer *server = hook_server_new ();

  for (guint i = 0; i < G_N_ELEMENTS (visits); i++) {
    const AccessRequest request = { "publish", visits[i].stream, "a=\"b",
      "::1" };
    g_autofree gchar *body = NULL;
    g_autofree gchar *why =
        access_hook_ask (hook_server_url (server), &request, NULL);

    ck_assert_msg (visits[i].why == NULL
            ? why == NULL
            : why != NULL && g_str_has_prefix (why, visits[i].why),
        "%s: %s", visits[i].stream, why);
    body = hook_server_pop (server);
    if (i == 0)
      ck_assert_str_eq (body,
          "{\"action\":\"publish\",\"app\":\"live\",\"key\":\"yes\","
          "\"query\":\"a=\\\"b\",\"address\":\"::1\"}");
  }
  hook_server_free (server);
}
GST_END_TEST;

GST_START_TEST (no_answer_is_a_no)
{
  const AccessRequest request = { "publish", "live/yes", "", "" };
  HookServer *server = hook_server_new ();
  g_autofree gchar *url = g_strdup (hook_server_url (server));
  g_autofree gchar *why = NULL;

  hook_server_free (server);
  why = access_hook_ask (url, &request, NULL);
  ck_assert_str_eq (why, "the authorization server does not answer");
}
GST_END_TEST;

static gpointer
cancel_when_asked (gpointer user_data)
{
  gpointer *both = user_data;

  g_free (hook_server_pop (both[0]));
  g_cancellable_cancel (both[1]);
  return NULL;
}

GST_START_TEST (waiting_can_be_cancelled)
{
  const AccessRequest request = { "publish", "live/slow", "", "" };
  HookServer *server = hook_server_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gpointer both[] = { server, cancellable };
  GThread *thread = g_thread_new ("canceller", cancel_when_asked, both);
  g_autofree gchar *why =
      access_hook_ask (hook_server_url (server), &request, cancellable);

  ck_assert_str_eq (why, "the authorization server does not answer");
  g_thread_join (thread);
  hook_server_free (server);
}
GST_END_TEST;

static const struct
{
  gboolean is_right;
  const gchar *url;
} urls[] = {
  { TRUE, "http://h" },
  { TRUE, "https://user:password@[::1]:8443/may?they" },
  { FALSE, "" },
  { FALSE, "h/may" },
  { FALSE, "ftp://h/may" },
  { FALSE, "http:h/may" },
  { FALSE, "http:/may" },
  { FALSE, "http:///may" },
  { FALSE, "https://:8443/may" },
};

GST_START_TEST (only_a_server_with_a_name_can_be_asked)
{
  for (guint i = 0; i < G_N_ELEMENTS (urls); i++) {
    g_autoptr (GError) error = NULL;

    ck_assert_msg (access_hook_check_url (urls[i].url, &error) ==
            urls[i].is_right,
        "%s", urls[i].url);
    ck_assert ((error == NULL) == urls[i].is_right);
  }
}
GST_END_TEST;

static Suite *
hook_suite (void)
{
  Suite *suite = suite_create ("hook");
  TCase *tcase = tcase_create ("hook");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_answer_decides);
  tcase_add_test (tcase, no_answer_is_a_no);
  tcase_add_test (tcase, waiting_can_be_cancelled);
  tcase_add_test (tcase, only_a_server_with_a_name_can_be_asked);
  return suite;
}

GST_CHECK_MAIN (hook);
