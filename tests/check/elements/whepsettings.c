/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Properties that are set while the element starts and stops. Under
 * AddressSanitizer this finds any use of a string after it was freed. */

#include "ext/whep/gstwhepcontrols.h"

#include <gst/check/gstcheck.h>
#include <json-glib/json-glib.h>

#define N_STARTS 50

static const gchar *const texts[] = {
  "address",
  "advertise",
  "ice-servers",
  "view-keys",
  "view-jwt-keys",
  "on-watch",
  "on-event",
  "on-event-secret-file",
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

/* Returns: (transfer none): what the description of the API says of it. */
static JsonObject *
described_settings (JsonNode *root)
{
  JsonObject *object = json_node_get_object (root);
  const gchar *const path[] = { "components", "schemas", "Settings",
    "properties" };

  for (guint i = 0; i < G_N_ELEMENTS (path); i++)
    object = json_object_get_object_member (object, path[i]);
  return object;
}

GST_START_TEST (settings_that_can_change_are_described_with_their_ranges)
{
  GstElement *sink = gst_element_factory_make ("whepsink", NULL);
  WhepControls controls = gst_whep_controls_of (sink);
  g_autofree gchar *path = g_build_filename (g_getenv ("SRC_ROOT"), "ext",
      "whep", "http", "openapi.json", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  WhepApiNumber settings[WHEP_CONTROLS_MAX_SETTINGS];
  guint n_settings = controls.read_settings (settings, sink);
  JsonObject *described;

  ck_assert (json_parser_load_from_file (parser, path, NULL));
  described = described_settings (json_parser_get_root (parser));
  ck_assert_uint_eq (n_settings, json_object_get_size (described));
  for (guint i = 0; i < n_settings; i++) {
    JsonObject *schema =
        json_object_get_object_member (described, settings[i].name);

    ck_assert_msg (schema != NULL, "%s", settings[i].name);
    ck_assert_uint_eq (json_object_get_int_member (schema, "minimum"),
        settings[i].min);
    ck_assert_uint_eq (json_object_get_int_member (schema, "maximum"),
        settings[i].max);
  }
  gst_object_unref (sink);
}
GST_END_TEST;

GST_START_TEST (a_control_changes_the_settings_that_are_set)
{
  GstElement *sink = gst_element_factory_make ("whepsink", NULL);
  WhepControls controls = gst_whep_controls_of (sink);
  WhepApiNumber settings[WHEP_CONTROLS_MAX_SETTINGS];
  guint n_settings = controls.read_settings (settings, sink);
  guint before, after;

  ck_assert_uint_gt (n_settings, 1);
  g_object_get (sink, "max-viewers-per-address", &before, NULL);
  for (guint i = 0; i < n_settings; i++) {
    settings[i].is_set = g_str_equal (settings[i].name, "max_viewers");
    settings[i].value = 77;
  }
  controls.change_settings (settings, n_settings, sink);
  g_object_get (sink, "max-viewers", &after, NULL);
  ck_assert_uint_eq (after, 77);
  g_object_get (sink, "max-viewers-per-address", &after, NULL);
  ck_assert_uint_eq (after, before);
  gst_object_unref (sink);
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
  tcase_add_test (tcase,
      settings_that_can_change_are_described_with_their_ranges);
  tcase_add_test (tcase, a_control_changes_the_settings_that_are_set);
  return suite;
}

GST_CHECK_MAIN (whepsettings);
