/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rtmpserversrc's properties, set by one thread while another starts and stops
 * it. */

#include <gst/check/gstcheck.h>

#define N_STARTS 200

typedef struct
{
  GstElement *src;
  gint is_over; /* atomic */
} Fixture;

/* The string is a different one each time, and its memory is soon reused. */
static gpointer
set_all_the_time (gpointer user_data)
{
  Fixture *self = user_data;

  for (guint i = 0; !g_atomic_int_get (&self->is_over); i++) {
    g_autofree gchar *none = g_strnfill (i % 2 == 0 ? 0 : 4096, ' ');
    g_autofree gchar *read = NULL;

    g_strstrip (none);
    g_object_set (self->src, "address", i % 3 == 0 ? "127.0.0.1" : "127.0.0.2",
        "publish-keys", none, "publish-jwt-keys", none, "on-publish", none,
        "on-event", none, "tls-certificate", none, "tls-key",
        i % 3 == 0 ? "key.pem" : "another-key.pem", "idle-timeout", 1 + i % 9,
        "max-publishers", 1 + i % 9, "takeover", i % 2, NULL);
    g_object_get (self->src, "address", &read, NULL);
    ck_assert (g_str_has_prefix (read, "127.0.0."));
  }
  return NULL;
}

GST_START_TEST (properties_can_change_while_the_element_starts_and_stops)
{
  Fixture fixture = {
    .src = gst_element_factory_make ("rtmpserversrc", NULL),
  };
  GThread *setter;

  g_object_set (fixture.src, "address", "127.0.0.1", "port", 0, NULL);
  setter = g_thread_new ("setter", set_all_the_time, &fixture);
  for (guint i = 0; i < N_STARTS; i++) {
    ck_assert_int_eq (gst_element_set_state (fixture.src, GST_STATE_PLAYING),
        GST_STATE_CHANGE_SUCCESS);
    ck_assert_int_eq (gst_element_set_state (fixture.src, GST_STATE_NULL),
        GST_STATE_CHANGE_SUCCESS);
  }
  g_atomic_int_set (&fixture.is_over, TRUE);
  g_thread_join (setter);
  gst_object_unref (fixture.src);
}
GST_END_TEST;

static Suite *
rtmpproperties_suite (void)
{
  Suite *suite = suite_create ("rtmpproperties");
  TCase *tcase = tcase_create ("rtmpproperties");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase,
      properties_can_change_while_the_element_starts_and_stops);
  return suite;
}

GST_CHECK_MAIN (rtmpproperties);
