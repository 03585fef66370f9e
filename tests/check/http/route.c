/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The routes of paths. */

#include "ext/whep/http/route.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define ID "abcdefghijklmnopqrstuvwxyzABCDE1"

static const struct
{
  const gchar *path;
  WhepRouteKind kind;
  const gchar *stream, *session_stream, *root;
} paths[] = {
  { "/", WHEP_ROUTE_LIST, "", "", "./" },
  { "/api/streams", WHEP_ROUTE_STREAMS, "", "", "../" },
  { "/api/ingest", WHEP_ROUTE_INGEST, "", "", "../" },
  { "/api/v1/events", WHEP_ROUTE_JOURNAL, "", "", "../../" },
  { "/api/v1/events/", WHEP_ROUTE_NONE, "", "", "../../../" },
  { "/api/streams/live/cam/viewers", WHEP_ROUTE_VIEWERS, "live/cam", "",
      "../../../../" },
  { "/api/streams/live%2Fcam/viewers", WHEP_ROUTE_VIEWERS, "live/cam", "",
      "../../../" },
  { "/api/streams/live/cam", WHEP_ROUTE_NONE, "", "", "../../../" },
  { "/api/streams/cam/viewers", WHEP_ROUTE_NONE, "", "", "../../../" },
  { "/api/streams/viewers", WHEP_ROUTE_NONE, "", "", "../../" },
  { "/api/streams//viewers", WHEP_ROUTE_NONE, "", "", "../../../" },
  { "/api/v1/streams", WHEP_ROUTE_API_STREAMS, "", "", "../../" },
  { "/api/v1/viewers", WHEP_ROUTE_API_VIEWERS, "", "", "../../" },
  { "/api/v1/settings", WHEP_ROUTE_API_SETTINGS, "", "", "../../" },
  { "/api/v1/drain", WHEP_ROUTE_API_DRAIN, "", "", "../../" },
  { "/api/v1/openapi.json", WHEP_ROUTE_API_DESCRIPTION, "", "", "../../" },
  { "/api/v1/streams/live/cam", WHEP_ROUTE_API_STREAM, "live/cam", "",
      "../../../../" },
  { "/api/v1/streams/live/a%2Fviewers", WHEP_ROUTE_API_STREAM, "live/a/viewers",
      "", "../../../../" },
  { "/api/v1/streams/cam", WHEP_ROUTE_NONE, "", "", "../../../" },
  { "/api/v1/streams/live/cam/viewers", WHEP_ROUTE_API_STREAM_VIEWERS,
      "live/cam", "", "../../../../../" },
  { "/api/v1/streams/live/cam/publisher", WHEP_ROUTE_API_PUBLISHER, "live/cam",
      "", "../../../../../" },
  { "/api/v1/streams/live/cam/recording", WHEP_ROUTE_API_RECORDING, "live/cam",
      "", "../../../../../" },
  { "/api/v1/viewers/a1B2", WHEP_ROUTE_API_VIEWER, "", "", "../../../" },
  { "/api/v1/viewers/", WHEP_ROUTE_NONE, "", "", "../../../" },
  { "/api/v1/viewers/a-b", WHEP_ROUTE_NONE, "", "", "../../../" },
  { "/api/v1/viewers/" ID "x", WHEP_ROUTE_NONE, "", "", "../../../" },
  { "/api/v1/other", WHEP_ROUTE_NONE, "", "", "../../" },
  { "/live/live/cam.mp4", WHEP_ROUTE_MP4, "live/cam", "", "../../" },
  { "/live/a/b%2Fc.mp4.mp4", WHEP_ROUTE_MP4, "a/b/c.mp4", "", "../../" },
  { "/live/cam.mp4", WHEP_ROUTE_MOVED, "", "", "../" },
  { "/snapshot/live/cam.jpg", WHEP_ROUTE_SNAPSHOT, "live/cam", "", "../../" },
  { "/snapshot/live/cam.png", WHEP_ROUTE_MOVED, "", "", "../../" },
  { "/snapshot/cam.jpg", WHEP_ROUTE_MOVED, "", "", "../" },
  { "/snapshot/.jpg", WHEP_ROUTE_MOVED, "", "", "../" },
  { "/live/live/cam.flv", WHEP_ROUTE_MOVED, "", "", "../../" },
  { "/live//.mp4", WHEP_ROUTE_NONE, "", "", "../../" },
  { "/metrics", WHEP_ROUTE_METRICS, "", "", "./" },
  { "/healthz", WHEP_ROUTE_HEALTH, "", "", "./" },
  { "/player.css", WHEP_ROUTE_ASSET, "", "", "./" },
  { "/watch/live/cam", WHEP_ROUTE_WATCH, "live/cam", "", "../../" },
  { "/wall", WHEP_ROUTE_WALL, "", "", "./" },
  { "/watch/a/b/c", WHEP_ROUTE_WATCH, "a/b/c", "", "../../../" },
  { "/embed/live/cam", WHEP_ROUTE_EMBED, "live/cam", "", "../../" },
  { "/embed/", WHEP_ROUTE_NONE, "", "", "../" },
  { "/watch/live%2Fcam", WHEP_ROUTE_WATCH, "live/cam", "", "../" },
  { "/watch/live/caf%C3%A9", WHEP_ROUTE_WATCH, "live/café", "", "../../" },
  { "/whep/live/cam", WHEP_ROUTE_WHEP, "live/cam", "", "../../" },
  { "/whep/live/cam/" ID, WHEP_ROUTE_WHEP, "live/cam/" ID, "live/cam",
      "../../../" },
  { "/whep/live/cam/edge-1." ID, WHEP_ROUTE_WHEP, "live/cam/edge-1." ID,
      "live/cam", "../../../" },
  { "/whep/live/cam/a/edge_1." ID, WHEP_ROUTE_WHEP, "live/cam/a/edge_1." ID,
      "live/cam/a", "../../../../" },
  { "/whep/live/cam/e.1." ID, WHEP_ROUTE_WHEP, "live/cam/e.1." ID, "",
      "../../../" },
  { "/whep/live/cam/." ID, WHEP_ROUTE_WHEP, "live/cam/." ID, "", "../../../" },
  { "/whep/live/cam/" ID "x." ID, WHEP_ROUTE_WHEP, "live/cam/" ID "x." ID, "",
      "../../../" },
  /* The stream's name is too short to have a session. */
  { "/whep/live/" ID, WHEP_ROUTE_WHEP, "live/" ID, "", "../../" },
  { "/whep/live/cam/" ID "2", WHEP_ROUTE_WHEP, "live/cam/" ID "2", "",
      "../../../" },
  { "/whep/live/cam/-" ID, WHEP_ROUTE_WHEP, "live/cam/-" ID, "", "../../../" },
  { "/watch/live/cam/" ID, WHEP_ROUTE_WATCH, "live/cam/" ID, "", "../../../" },
  { "", WHEP_ROUTE_NONE, "", "", "./" },
  { "healthz", WHEP_ROUTE_NONE, "", "", "./" },
  { "/healthz/", WHEP_ROUTE_NONE, "", "", "../" },
  { "/whep", WHEP_ROUTE_ASSET, "", "", "./" },
};

GST_START_TEST (a_path_is_parsed_into_its_route)
{
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    WhepRoute route;

    whep_route_parse (paths[i].path, &route);
    ck_assert_msg (route.kind == paths[i].kind, "%s", paths[i].path);
    ck_assert_str_eq (route.stream, paths[i].stream);
    ck_assert_str_eq (route.session_stream, paths[i].session_stream);
    ck_assert_str_eq (route.session_id, *paths[i].session_stream ? ID : "");
    ck_assert_str_eq (route.listener_id, "");
    ck_assert_str_eq (route.root, paths[i].root);
  }
}
GST_END_TEST;

GST_START_TEST (a_viewer_is_named_by_its_id)
{
  WhepRoute route;

  whep_route_parse ("/api/v1/viewers/a1B2", &route);
  ck_assert_str_eq (route.viewer_id, "a1B2");
  ck_assert (whep_route_is_api (route.kind));
  whep_route_parse ("/api/streams", &route);
  ck_assert_str_eq (route.viewer_id, "");
  ck_assert (!whep_route_is_api (route.kind));
}
GST_END_TEST;

static const struct
{
  const gchar *path, *query, *location;
} moves[] = {
  { "/live/cam", NULL, "../watch/live/cam" },
  { "/live/cam/", NULL, "../../watch/live/cam" },
  { "/live%2Fcam", NULL, NULL }, /* may be a file's name */
  { "/live/caf%C3%A9///", "sync", "../../../../watch/live/caf%C3%A9?sync" },
  { "/watch/live/cam/", "token=a%2Fb&sync",
      "../../../watch/live/cam?token=a%2Fb&sync" },
  { "/watch/a/b/c/", NULL, "../../../../watch/a/b/c" },
  { "/watch", NULL, "./" },
  { "/watch/", NULL, "../" },
  { "/index.html", "x", "./?x" },
  { "/watch/cam/", NULL, NULL },
  { "/watch/live//cam/", NULL, NULL },
  { "//example.net/cam", NULL, NULL },
  { "/%2Fexample.net/cam/", NULL, NULL },
  { "/live/%2e%2e/", NULL, NULL },
  { "/whep/live/", NULL, NULL },
  { "/api/streams/", NULL, NULL },
  { "/events/" ID "/", NULL, NULL },
};

GST_START_TEST (a_mistyped_path_redirects_to_a_page_or_nowhere)
{
  for (guint i = 0; i < G_N_ELEMENTS (moves); i++) {
    WhepRoute route;
    g_autofree gchar *location = NULL;

    whep_route_parse (moves[i].path, &route);
    ck_assert_msg ((route.kind == WHEP_ROUTE_MOVED) ==
            (moves[i].location != NULL),
        "%s", moves[i].path);
    if (moves[i].location == NULL)
      continue;
    location = whep_route_moved_location (&route, moves[i].query);
    ck_assert_str_eq (location, moves[i].location);
  }
}
GST_END_TEST;

#define LISTENER "ABCDEFGHIJKLMNOPQRSTUVWXYZabcde2"

static const struct
{
  const gchar *path;
  WhepRouteKind kind;
  const gchar *session_id, *listener_id, *root;
} events[] = {
  { "/events/" ID, WHEP_ROUTE_EVENTS, ID, "", "../" },
  { "/events/" ID "/" LISTENER, WHEP_ROUTE_EVENTS, ID, LISTENER, "../../" },
  { "/events/edge-1." ID, WHEP_ROUTE_EVENTS, ID, "", "../" },
  { "/events/edge-1." ID "/" LISTENER, WHEP_ROUTE_EVENTS, ID, LISTENER,
      "../../" },
  { "/events/edge-1." ID "/edge-1." LISTENER, WHEP_ROUTE_NONE, "", "",
      "../../" },
  { "/events/.1" ID, WHEP_ROUTE_NONE, "", "", "../" },
  { "/events/" ID "/", WHEP_ROUTE_NONE, "", "", "../../" },
  { "/events/" ID "/" LISTENER "/", WHEP_ROUTE_NONE, "", "", "../../../" },
  { "/events/" ID "/" LISTENER "/x", WHEP_ROUTE_NONE, "", "", "../../../" },
  { "/events/" ID "2", WHEP_ROUTE_NONE, "", "", "../" },
  { "/events/live/cam", WHEP_ROUTE_NONE, "", "", "../../" },
  { "/events/", WHEP_ROUTE_NONE, "", "", "../" },
};

GST_START_TEST (an_events_path_names_a_session_or_a_listener)
{
  for (guint i = 0; i < G_N_ELEMENTS (events); i++) {
    WhepRoute route;

    whep_route_parse (events[i].path, &route);
    ck_assert_msg (route.kind == events[i].kind, "%s", events[i].path);
    ck_assert_str_eq (route.session_id, events[i].session_id);
    ck_assert_str_eq (route.listener_id, events[i].listener_id);
    ck_assert_str_eq (route.root, events[i].root);
  }
}
GST_END_TEST;

static const gchar *const impossible[] = {
  "",
  "cam",
  "/cam",
  "live/",
  "live//cam",
  "/live/cam",
  "live/cam/",
  "live/.",
  "live/../cam",
  "live/c\nm",
  "live/c\177m",
  "live/\xc2\x85",
  "live/\xff",
};

static const gchar *const possible[] = {
  "live/cam",
  "a/b/c",
  "live/...",
  "live/two words",
  "live/caf\xc3\xa9",
  "live/?#%",
};

GST_START_TEST (a_stream_name_has_an_app_and_a_key)
{
  for (guint i = 0; i < G_N_ELEMENTS (impossible); i++)
    ck_assert_msg (!whep_stream_name_is_valid (impossible[i]), "%s",
        impossible[i]);
  for (guint i = 0; i < G_N_ELEMENTS (possible); i++)
    ck_assert_msg (whep_stream_name_is_valid (possible[i]), "%s", possible[i]);
}
GST_END_TEST;

GST_START_TEST (the_longest_name_fits_with_its_session)
{
  g_autofree gchar *key = g_strnfill (WHEP_STREAM_NAME_MAX - 5, '%');
  g_autofree gchar *name = g_strconcat ("live/", key, NULL);
  g_autofree gchar *escaped = g_uri_escape_string (name, NULL, FALSE);
  g_autofree gchar *path = g_strconcat ("/whep/", escaped, "/" ID, NULL);
  g_autofree gchar *longer = g_strconcat ("/whep/", escaped, "a/" ID, NULL);
  WhepRoute route;

  whep_route_parse (path, &route);
  ck_assert_str_eq (route.session_stream, name);
  ck_assert_str_eq (route.session_id, ID);
  ck_assert_str_eq (route.stream, "");
  whep_route_parse (longer, &route);
  ck_assert_int_eq (route.kind, WHEP_ROUTE_NONE);
}
GST_END_TEST;

static const struct
{
  const gchar *path, *location;
} locations[] = {
  { "/whep/live/cam", "cam/" ID },
  { "/whep/live%2Fcam", "live%2Fcam/" ID },
  { "/whep/live/a:b", "a%3Ab/" ID },
  { "/whep/live/caf%C3%A9", "caf%C3%A9/" ID },
  { "/whep/live/a@b!", "a@b!/" ID },
};

GST_START_TEST (a_location_leads_from_the_endpoint_to_the_session)
{
  for (guint i = 0; i < G_N_ELEMENTS (locations); i++) {
    g_autofree gchar *location = whep_route_location (locations[i].path, ID);
    g_autofree gchar *base =
        g_strconcat ("http://host/proxied", locations[i].path, NULL);
    g_autofree gchar *uri =
        g_uri_resolve_relative (base, location, G_URI_FLAGS_ENCODED, NULL);
    WhepRoute route;

    ck_assert_str_eq (location, locations[i].location);
    ck_assert (uri != NULL);
    whep_route_parse (strstr (uri, "/whep/"), &route);
    ck_assert_str_eq (route.session_id, ID);
  }
}
GST_END_TEST;

GST_START_TEST (a_location_names_the_node)
{
  g_autofree gchar *segment = whep_route_session_segment ("edge-1", ID);
  g_autofree gchar *alone = whep_route_session_segment (NULL, ID);
  g_autofree gchar *location = whep_route_location ("/whep/live/cam", segment);
  g_autofree gchar *path = g_strconcat ("/whep/live/", location, NULL);
  WhepRoute route;

  ck_assert_str_eq (alone, ID);
  ck_assert_str_eq (location, "cam/edge-1." ID);
  whep_route_parse (path, &route);
  ck_assert_str_eq (route.session_id, ID);
  ck_assert_str_eq (route.session_stream, "live/cam");
}
GST_END_TEST;

GST_START_TEST (a_nodes_name_is_short_and_needs_no_escape)
{
  static const gchar *const good[] = { "a", "edge-1", "E_2",
    "abcdefghijklmnopqrstuvwxyz012345" };
  static const gchar *const bad[] = { "", "a.b", "a/b", "a b", "\xc3\xa9",
    "abcdefghijklmnopqrstuvwxyz0123456" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    ck_assert_msg (whep_node_name_is_valid (good[i]), "%s", good[i]);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    ck_assert_msg (!whep_node_name_is_valid (bad[i]), "%s", bad[i]);
}
GST_END_TEST;

static Suite *
route_suite (void)
{
  Suite *suite = suite_create ("route");
  TCase *tcase = tcase_create ("route");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_path_is_parsed_into_its_route);
  tcase_add_test (tcase, a_viewer_is_named_by_its_id);
  tcase_add_test (tcase, a_mistyped_path_redirects_to_a_page_or_nowhere);
  tcase_add_test (tcase, an_events_path_names_a_session_or_a_listener);
  tcase_add_test (tcase, a_stream_name_has_an_app_and_a_key);
  tcase_add_test (tcase, the_longest_name_fits_with_its_session);
  tcase_add_test (tcase, a_location_leads_from_the_endpoint_to_the_session);
  tcase_add_test (tcase, a_location_names_the_node);
  tcase_add_test (tcase, a_nodes_name_is_short_and_needs_no_escape);
  return suite;
}

GST_CHECK_MAIN (route);
