/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a directory makes of a Redis that knows nothing, or refuses what it is
 * asked: a small Redis on loopback. */

#include "gst/directory/directory-io.h"
#include "tests/support/redisserver.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define PATIENCE_US (60 * G_USEC_PER_SEC)
#define CAM "rtmp-webrtc:stream:live/cam"
#define ALIEN "gateway=0123456789abcdef address="
#define PORT 1935

static guint
port_of (gpointer user_data)
{
  return PORT;
}

static gboolean
no_load (DirectoryLoad *load, gpointer user_data)
{
  return FALSE;
}

static Directory *
directory_at (RedisServer *redis)
{
  g_autofree gchar *url =
      g_strdup_printf ("redis://127.0.0.1:%u", redis_server_port (redis));
  const DirectoryParams params = { .url = url,
    .port = port_of,
    .load = no_load };
  const gchar *why;
  Directory *directory = directory_new (&params, &why);

  ck_assert_msg (directory != NULL, "%s", why);
  return directory;
}

static void
on_found (const gchar *address, gpointer answer)
{
  *(gchar **) answer = g_strdup (address != NULL ? address : "nowhere");
}

/* Returns: (transfer full) */
static gchar *
look_up (Directory *directory, const gchar *stream)
{
  GMainContext *context = g_main_context_new ();
  gchar *answer = NULL;

  directory_find (directory, stream, context, on_found, &answer, NULL);
  while (answer == NULL)
    g_main_context_iteration (context, TRUE);
  g_main_context_unref (context);
  return answer;
}

static void
look_up_until (Directory *directory, const gchar *stream, const gchar *address)
{
  gint64 until_us = g_get_monotonic_time () + PATIENCE_US;

  while (TRUE) {
    g_autofree gchar *found = look_up (directory, stream);

    if (strcmp (found, address) == 0)
      return;
    ck_assert_msg (g_get_monotonic_time () < until_us, "%s, not %s", found,
        address);
    g_thread_yield ();
  }
}

/* Other gateways may return to it later than this one. */
GST_START_TEST (a_redis_that_has_forgotten_all_is_not_believed_at_once)
{
  RedisServer *redis = redis_server_new (NULL);
  Directory *directory = directory_at (redis);

  redis_server_set (redis, CAM, ALIEN "rtmp://192.0.2.1");
  for (guint i = 0; i < 3; i++) {
    g_autofree gchar *cam = look_up (directory, "live/cam");
    g_autofree gchar *none = look_up (directory, "live/none");

    ck_assert_str_eq (cam, "rtmp://192.0.2.1");
    ck_assert_str_eq (none, "nowhere");
    if (i == 0)
      redis_server_stop (redis);
    if (i == 1)
      redis_server_start (redis);
    while (i == 1 && redis_server_n_connections (redis) < 2)
      g_thread_yield ();
  }
  directory_free (directory);
  redis_server_free (redis);
}
GST_END_TEST;

static const struct
{
  const gchar *error;
  gboolean is_of_connection;
} refusals[] = {
  { "LOADING Redis is loading the dataset in memory", FALSE },
  { "MOVED 3999 192.0.2.1:6379", FALSE },
  { "ERR unknown command", FALSE },
  { "NOPERM this user has no permissions", FALSE },
  { "READONLY You can't write against a read only replica.", TRUE },
  { "NOAUTH Authentication required.", TRUE },
};

GST_START_TEST (an_error_about_a_question_costs_no_connection)
{
  RedisServer *redis = redis_server_new (NULL);
  Directory *directory = directory_at (redis);
  guint n_before, n_refused;

  redis_server_set (redis, CAM, ALIEN "rtmp://192.0.2.1");
  look_up_until (directory, "live/cam", "rtmp://192.0.2.1");
  redis_server_set (redis, CAM, ALIEN "rtmp://192.0.2.2");
  n_before = redis_server_n_connections (redis);
  redis_server_refuse (redis, "GETRANGE", refusals[__i__].error);
  n_refused = redis_server_n_refused (redis);
  /* What is known stays in use, and who refuses is asked seldom. */
  for (guint i = 0; i < 100; i++) {
    g_autofree gchar *cam = look_up (directory, "live/cam");

    ck_assert_str_eq (cam, "rtmp://192.0.2.1");
  }
  ck_assert_uint_lt (redis_server_n_refused (redis) - n_refused, 10);
  redis_server_refuse (redis, NULL, NULL);
  look_up_until (directory, "live/cam", "rtmp://192.0.2.2");
  ck_assert ((redis_server_n_connections (redis) > n_before) ==
      refusals[__i__].is_of_connection);
  directory_free (directory);
  redis_server_free (redis);
}
GST_END_TEST;

static void
redis_waits_for_refusals (RedisServer *self, guint n)
{
  gint64 until_us = g_get_monotonic_time () + PATIENCE_US;

  while (redis_server_n_refused (self) < n) {
    ck_assert_msg (g_get_monotonic_time () < until_us, "never %u", n);
    g_thread_yield ();
  }
}

GST_START_TEST (what_is_refused_is_announced_again)
{
  RedisServer *redis = redis_server_new (NULL);
  gint64 until_us = g_get_monotonic_time () + PATIENCE_US;
  g_autofree gchar *cam = NULL;
  Directory *directory;

  redis_server_refuse (redis, "SET", "LOADING Redis is loading");
  directory = directory_at (redis);
  directory_publish (directory, "live/cam");
  redis_waits_for_refusals (redis, 4);
  redis_server_refuse (redis, NULL, NULL);
  while ((cam = redis_server_dup (redis, CAM)) == NULL)
    ck_assert_msg (g_get_monotonic_time () < until_us, "it is never announced");
  ck_assert_msg (g_str_has_suffix (cam, " address=rtmp://127.0.0.1:1935"), "%s",
      cam);
  ck_assert_uint_eq (redis_server_n_connections (redis), 1);
  directory_free (directory);
  redis_server_free (redis);
}
GST_END_TEST;

static Suite *
directoryerrors_suite (void)
{
  Suite *suite = suite_create ("directoryerrors");
  TCase *tcase = tcase_create ("directoryerrors");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase,
      a_redis_that_has_forgotten_all_is_not_believed_at_once);
  tcase_add_loop_test (tcase, an_error_about_a_question_costs_no_connection, 0,
      G_N_ELEMENTS (refusals));
  tcase_add_test (tcase, what_is_refused_is_announced_again);
  return suite;
}

GST_CHECK_MAIN (directoryerrors);
