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
  { "/api/streams/live/cam/viewers", WHEP_ROUTE_VIEWERS, "live/cam", "",
      "../../../../" },
  { "/api/streams/live%2Fcam/viewers", WHEP_ROUTE_VIEWERS, "live/cam", "",
      "../../../" },
  { "/api/streams/live/cam", WHEP_ROUTE_NONE, "", "", "../../../" },
  { "/api/streams/cam/viewers", WHEP_ROUTE_NONE, "", "", "../../../" },
  { "/api/streams/viewers", WHEP_ROUTE_NONE, "", "", "../../" },
  { "/api/streams//viewers", WHEP_ROUTE_NONE, "", "", "../../../" },
  { "/live/live/cam.mp4", WHEP_ROUTE_MP4, "live/cam", "", "../../" },
  { "/live/a/b%2Fc.mp4.mp4", WHEP_ROUTE_MP4, "a/b/c.mp4", "", "../../" },
  { "/live/cam.mp4", WHEP_ROUTE_MOVED, "", "", "../" },
  { "/live/live/cam.flv", WHEP_ROUTE_MOVED, "", "", "../../" },
  { "/live//.mp4", WHEP_ROUTE_NONE, "", "", "../../" },
  { "/metrics", WHEP_ROUTE_METRICS, "", "", "./" },
  { "/healthz", WHEP_ROUTE_HEALTH, "", "", "./" },
  { "/player.css", WHEP_ROUTE_ASSET, "", "", "./" },
  { "/watch/live/cam", WHEP_ROUTE_WATCH, "live/cam", "", "../../" },
  { "/watch/a/b/c", WHEP_ROUTE_WATCH, "a/b/c", "", "../../../" },
  { "/watch/live%2Fcam", WHEP_ROUTE_WATCH, "live/cam", "", "../" },
  { "/watch/live/caf%C3%A9", WHEP_ROUTE_WATCH, "live/café", "", "../../" },
  { "/whep/live/cam", WHEP_ROUTE_WHEP, "live/cam", "", "../../" },
  { "/whep/live/cam/" ID, WHEP_ROUTE_WHEP, "live/cam/" ID, "live/cam",
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

static Suite *
route_suite (void)
{
  Suite *suite = suite_create ("route");
  TCase *tcase = tcase_create ("route");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_path_is_parsed_into_its_route);
  tcase_add_test (tcase, a_mistyped_path_redirects_to_a_page_or_nowhere);
  tcase_add_test (tcase, an_events_path_names_a_session_or_a_listener);
  tcase_add_test (tcase, a_stream_name_has_an_app_and_a_key);
  tcase_add_test (tcase, the_longest_name_fits_with_its_session);
  tcase_add_test (tcase, a_location_leads_from_the_endpoint_to_the_session);
  return suite;
}

GST_CHECK_MAIN (route);
