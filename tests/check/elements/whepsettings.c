/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Properties that are set while the element starts and stops. Under
 * AddressSanitizer this finds any use of a string after it was freed. */

#include <gst/check/gstcheck.h>

#define N_STARTS 50

static const gchar *const texts[] = {
  "address",
  "advertise",
  "ice-servers",
  "view-keys",
  "on-watch",
  "api-token-file",
  "cors-origins",
  "publish-url",
  "tls-certificate",
  "tls-key",
  "tls-self-signed",
};

typedef struct
{
  GstElement *sink;
  gint is_over; /* atomic */
  guint n_set;
} Meddler;

static const gchar *
value_of (const gchar *name)
{
  if (g_str_equal (name, "address"))
    return "127.0.0.1";
  if (g_str_equal (name, "advertise"))
    return "192.0.2.7";
  if (g_str_equal (name, "publish-url"))
    return "rtmp://192.0.2.7/live";
  return NULL;
}

static gpointer
meddle (gpointer user_data)
{
  Meddler *self = user_data;

  while (!g_atomic_int_get (&self->is_over)) {
    for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
      g_autofree gchar *before = NULL;

      g_object_get (self->sink, texts[i], &before, NULL);
      g_object_set (self->sink, texts[i], value_of (texts[i]), NULL);
    }
    g_atomic_int_inc (&self->n_set);
  }
  return NULL;
}

GST_START_TEST (settings_can_change_while_the_element_starts_and_stops)
{
  Meddler meddler = { gst_element_factory_make ("whepsink", NULL) };
  GThread *thread;

  g_object_set (meddler.sink, "address", "127.0.0.1", "port", 0, NULL);
  thread = g_thread_new ("meddler", meddle, &meddler);
  for (guint i = 0; i < N_STARTS; i++) {
    guint n_before = g_atomic_int_get (&meddler.n_set);

    ck_assert_int_eq (gst_element_set_state (meddler.sink, GST_STATE_PAUSED),
        GST_STATE_CHANGE_SUCCESS);
    gst_element_set_state (meddler.sink, GST_STATE_NULL);
    while (g_atomic_int_get (&meddler.n_set) == n_before)
      g_thread_yield ();
  }
  g_atomic_int_set (&meddler.is_over, 1);
  g_thread_join (thread);
  gst_object_unref (meddler.sink);
}
GST_END_TEST;

static Suite *
whepsettings_suite (void)
{
  Suite *suite = suite_create ("whepsettings");
  TCase *tcase = tcase_create ("whepsettings");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase,
      settings_can_change_while_the_element_starts_and_stops);
  return suite;
}

GST_CHECK_MAIN (whepsettings);
