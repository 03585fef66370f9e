/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The description of the API, which is served and names each route. */

#include "ext/whep/http/route.h"
#include "tests/support/whepserver.h"

#include <gst/check/gstcheck.h>
#include <json-glib/json-glib.h>

/* Returns: (transfer full) */
static JsonNode *
load_description (void)
{
  g_autofree gchar *path = g_build_filename (g_getenv ("SRC_ROOT"), "ext",
      "whep", "http", "openapi.json", NULL);
  g_autofree gchar *text = NULL;
  JsonNode *root;

  ck_assert (g_file_get_contents (path, &text, NULL, NULL));
  root = json_from_string (text, NULL);
  ck_assert (root != NULL);
  return root;
}

GST_START_TEST (the_description_is_served_to_everybody)
{
  g_autoptr (JsonNode) expected = load_description ();
  WhepServer server;

  whep_server_init (&server, 1);
  {
    g_auto (Reply) reply =
        whep_server_ask (&server, "GET", "/api/v1/openapi.json");
    g_autoptr (JsonNode) root = json_from_string (reply.body, NULL);

    ck_assert_uint_eq (reply.status, 200);
    ck_assert_str_eq (reply_header (&reply, "Content-Type"),
        "application/json");
    ck_assert (json_node_equal (root, expected));
  }
  whep_server_clear (&server);
}
GST_END_TEST;

static gboolean
is_described (JsonObject *paths, const gchar *prefix, const gchar *suffix)
{
  g_autofree gchar *of_stream =
      g_strconcat (prefix, "{app}/{key}", suffix, NULL);
  g_autofree gchar *of_viewer = g_strconcat (prefix, "{id}", suffix, NULL);

  return json_object_has_member (paths, suffix == NULL ? prefix : of_stream) ||
      json_object_has_member (paths, of_viewer);
}

GST_START_TEST (each_route_is_in_the_description)
{
  g_autoptr (JsonNode) root = load_description ();
  JsonObject *paths =
      json_object_get_object_member (json_node_get_object (root), "paths");
  const gchar *prefix, *suffix;
  guint n_found = 0;

  for (guint i = 0; whep_route_describe (i, &prefix, &suffix); i++) {
    if (!g_str_has_prefix (prefix, "/api/v1/"))
      continue;
    ck_assert_msg (is_described (paths, prefix, suffix), "%s…%s", prefix,
        suffix);
    n_found++;
  }
  ck_assert_uint_eq (n_found, json_object_get_size (paths));
}
GST_END_TEST;

static Suite *
whepdescription_suite (void)
{
  Suite *suite = suite_create ("whepdescription");
  TCase *tcase = tcase_create ("whepdescription");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_description_is_served_to_everybody);
  tcase_add_test (tcase, each_route_is_in_the_description);
  return suite;
}

GST_CHECK_MAIN (whepdescription);
