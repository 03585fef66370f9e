/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every route, asked for by everybody, under every rule: no reply tells
 * anything of a stream that its asker may not watch, and none differs from that
 * of a stream that does not exist. */

#include "ext/whep/http/route.h"
#include "tests/support/browseroffer.h"
#include "tests/support/eventreader.h"
#include "tests/support/guardedserver.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define PLAYER "chromium-156-linux"
#define NO_ID "01234567890123456789012345678901"

/* %s is a stream's name. */
static const struct
{
  const gchar *method, *path, *type;
} rows[] = {
  { "GET", "/", NULL },
  { "GET", "/wall", NULL },
  { "GET", "/watch", NULL },
  { "GET", "/watch/", NULL },
  { "GET", "/index.html", NULL },
  { "GET", "/watch/%s", NULL },
  { "HEAD", "/watch/%s", NULL },
  { "GET", "/embed/%s", NULL },
  { "GET", "/%s", NULL },
  { "GET", "/%s/", NULL },
  { "GET", "/live/%s.mp4", NULL },
  { "HEAD", "/live/%s.mp4", NULL },
  { "GET", "/snapshot/%s.jpg", NULL },
  { "HEAD", "/snapshot/%s.jpg", NULL },
  { "GET", "/whep/%s", NULL },
  { "POST", "/whep/%s", "application/sdp" },
  { "OPTIONS", "/whep/%s", NULL },
  { "GET", "/whep/%s/" NO_ID, NULL },
  { "HEAD", "/whep/%s/" NO_ID, NULL },
  { "POST", "/whep/%s/" NO_ID, "application/sdp" },
  { "DELETE", "/whep/%s/" NO_ID, NULL },
  { "PATCH", "/whep/%s/" NO_ID, "application/trickle-ice-sdpfrag" },
  { "PATCH", "/whep/%s/" NO_ID, "application/json" },
  { "GET", "/whep/%s/node." NO_ID, NULL },
  { "DELETE", "/whep/%s/node." NO_ID, NULL },
  { "POST", "/whep/%s?node=node", "application/sdp" },
  { "POST", "/whep/%s?frames=key", "application/sdp" },
  { "POST", "/whep/%s?frames=some", "application/sdp" },
  { "GET", "/events/" NO_ID, NULL },
  { "POST", "/events/" NO_ID, "application/json" },
  { "GET", "/events/" NO_ID "/" NO_ID, NULL },
  { "GET", "/events/node." NO_ID "/" NO_ID, NULL },
  { "DELETE", "/events/" NO_ID "/" NO_ID, NULL },
  { "GET", "/api/streams", NULL },
  { "HEAD", "/api/streams", NULL },
  { "POST", "/api/streams", "application/json" },
  { "GET", "/api/streams/%s/viewers", NULL },
  { "HEAD", "/api/streams/%s/viewers", NULL },
  { "OPTIONS", "/api/streams/%s/viewers", NULL },
  { "GET", "/api/ingest", NULL },
  { "HEAD", "/api/v1/events", NULL },
  { "OPTIONS", "/api/v1/events", NULL },
  { "POST", "/api/v1/events", "application/json" },
  { "GET", "/api/v1/streams", NULL },
  { "HEAD", "/api/v1/streams", NULL },
  { "GET", "/api/v1/streams/%s", NULL },
  { "HEAD", "/api/v1/streams/%s", NULL },
  { "OPTIONS", "/api/v1/streams/%s", NULL },
  { "GET", "/api/v1/streams/%s/viewers", NULL },
  { "DELETE", "/api/v1/streams/%s/publisher", NULL },
  { "GET", "/api/v1/streams/%s/recording", NULL },
  { "POST", "/api/v1/streams/%s/recording", NULL },
  { "DELETE", "/api/v1/streams/%s/recording", NULL },
  { "GET", "/api/v1/viewers", NULL },
  { "DELETE", "/api/v1/viewers/abcd", NULL },
  { "GET", "/api/v1/settings", NULL },
  { "PATCH", "/api/v1/settings", "application/json" },
  { "GET", "/api/v1/drain", NULL },
  { "POST", "/api/v1/drain", "application/json" },
  { "DELETE", "/api/v1/drain", NULL },
  { "GET", "/api/v1/openapi.json", NULL },
  { "GET", "/metrics", NULL },
  { "HEAD", "/metrics", NULL },
  { "GET", "/healthz", NULL },
  { "GET", "/whep.js", NULL },
  { "GET", "/nothing", NULL },
};

static gchar *
path_of (guint row, const gchar *stream)
{
  GString *path = g_string_new (rows[row].path);

  g_string_replace (path, "%s", stream, 1);
  return g_string_free (path, FALSE);
}

static gboolean
has_row (const gchar *prefix, const gchar *suffix)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree gchar *path = path_of (i, GUARDED_OPEN);

    if (suffix == NULL ? g_str_equal (path, prefix)
                       : strlen (path) > strlen (prefix) &&
                g_str_has_prefix (path, prefix) &&
                g_str_has_suffix (path, suffix))
      return TRUE;
  }
  return FALSE;
}

GST_START_TEST (no_route_is_left_out)
{
  const gchar *prefix, *suffix;
  guint n_routes;

  for (n_routes = 0; whep_route_describe (n_routes, &prefix, &suffix);
       n_routes++)
    ck_assert_msg (has_row (prefix, suffix), "%s…%s has no row in this test",
        prefix, suffix);
  ck_assert_uint_gt (n_routes, 0);
}
GST_END_TEST;

/* A server with a viewer of each stream, and what only those may know who may
 * watch the stream: its viewers' names in ICE. */
typedef struct
{
  GuardedServer guarded;
  gchar *ufrag_of_open, *ufrag_of_shut;
  guint n_asked;
} World;

static void
set_body (SoupMessage *message, guint row)
{
  g_autofree gchar *offer = NULL;
  g_autoptr (GBytes) body = NULL;

  if (rows[row].type == NULL)
    return;
  offer = g_str_equal (rows[row].type, "application/sdp")
      ? browser_offer_load (PLAYER)
      : g_strdup ("[\"active\"]");
  body = g_bytes_new (offer, strlen (offer));
  soup_message_set_request_body_from_bytes (message, rows[row].type, body);
}

/* Each request is another client's, so that none is over its limits: else all
 * replies would be alike. */
static Reply
ask (World *self, guint row, const gchar *stream, GuardAsker asker)
{
  g_autofree gchar *path = path_of (row, stream);
  SoupMessage *message =
      whep_server_message (&self->guarded.server, rows[row].method, path);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autofree gchar *token = guarded_server_token (&self->guarded, asker);
  g_autofree gchar *bearer = g_strconcat ("Bearer ", token, NULL);
  g_autofree gchar *client = g_strdup_printf ("198.51.%u.%u",
      self->n_asked / 250, self->n_asked % 250);
  Reply reply;

  self->n_asked++;
  set_body (message, row);
  soup_message_headers_replace (headers, "X-Forwarded-For", client);
  if (token != NULL)
    soup_message_headers_replace (headers, "Authorization", bearer);
  reply = whep_server_send (&self->guarded.server, message);
  ck_assert_uint_ne (reply.status, 429);
  return reply;
}

/* Returns: (transfer full): the ufrag that the server calls the viewer by. */
static gchar *
add_viewer (World *self, const gchar *stream)
{
  for (guint row = 0; row < G_N_ELEMENTS (rows); row++)
    if (g_str_equal (rows[row].method, "POST") &&
        g_str_equal (rows[row].path, "/whep/%s")) {
      g_auto (Reply) reply = ask (self, row, stream, ASKER_ADMIN);
      const gchar *ufrag = strstr (reply.body, "a=ice-ufrag:");

      ck_assert_uint_eq (reply.status, 201);
      ufrag += strlen ("a=ice-ufrag:");
      return g_strndup (ufrag, strcspn (ufrag, "\r\n"));
    }
  g_assert_not_reached ();
}

/* Viewers are listed once their media thread has reported them. */
static void
wait_for_viewer (World *self, const gchar *stream, const gchar *ufrag)
{
  gint64 deadline_us = g_get_monotonic_time () + WHEP_SERVER_PATIENCE_US;
  g_autofree gchar *path = g_strdup_printf ("/api/streams/%s/viewers", stream);
  gboolean is_listed = FALSE;

  while (!is_listed) {
    g_auto (Reply) reply =
        guarded_server_ask (&self->guarded, "GET", path, ASKER_ADMIN);

    is_listed = strstr (reply.body, ufrag) != NULL;
    ck_assert_msg (g_get_monotonic_time () < deadline_us, "%s", reply.body);
  }
}

static void
world_init (World *self, GuardRule rule)
{
  memset (self, 0, sizeof (*self));
  guarded_server_init (&self->guarded, rule, TRUE);
  self->ufrag_of_open = add_viewer (self, GUARDED_OPEN);
  self->ufrag_of_shut = add_viewer (self, GUARDED_SHUT);
  wait_for_viewer (self, GUARDED_OPEN, self->ufrag_of_open);
  wait_for_viewer (self, GUARDED_SHUT, self->ufrag_of_shut);
}

static void
world_clear (World *self)
{
  guarded_server_clear (&self->guarded);
  g_free (self->ufrag_of_open);
  g_free (self->ufrag_of_shut);
}

static gboolean
may_see (const World *self, GuardAsker asker, const gchar *stream)
{
  gboolean is_open = g_str_equal (stream, GUARDED_OPEN);

  if (asker == ASKER_ADMIN)
    return TRUE;
  /* These do not look at tokens. */
  if (self->guarded.rule == BY_HOOK || self->guarded.rule == BY_APPLICATION)
    return is_open;
  return asker == ASKER_OF_ALL || (asker == ASKER_OF_OPEN && is_open);
}

static void
add_header (const gchar *name, const gchar *value, gpointer text)
{
  if (g_ascii_strcasecmp (name, "Date") != 0 &&
      g_ascii_strcasecmp (name, "Content-Length") != 0)
    g_string_append_printf (text, "%s: %s\n", name, value);
}

/* All of the reply. */
static GString *
text_of (const Reply *reply)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%u\n", reply->status);
  soup_message_headers_foreach (reply->headers, add_header, text);
  return g_string_append (text, reply->body);
}

static const gchar *
ufrag_of (const World *self, const gchar *stream)
{
  return g_str_equal (stream, GUARDED_OPEN) ? self->ufrag_of_open
                                            : self->ufrag_of_shut;
}

/* The hook rejects both streams, in words of its own. */
static gboolean
may_differ (const World *self, guint row)
{
  return self->guarded.rule == BY_HOOK &&
      (g_str_has_prefix (rows[row].path, "/live/") ||
          g_str_has_prefix (rows[row].path, "/snapshot/") ||
          (g_str_equal (rows[row].method, "POST") &&
              g_str_has_prefix (rows[row].path, "/whep/")));
}

static gboolean
is_about_a_stream (guint row)
{
  return strstr (rows[row].path, "%s") != NULL;
}

/* @of_none: the reply for a stream that does not exist. */
static void
assert_hides (World *self, guint row, GuardAsker asker, const gchar *stream,
    const GString *of_none)
{
  g_auto (Reply) reply = ask (self, row, stream, asker);
  GString *text = text_of (&reply);
  g_autofree gchar *shown = g_strdup (text->str);
  g_autofree gchar *other = g_strdup (of_none->str);
  const gchar *name = guarded_server_asker_name (asker);

  g_string_replace (text, stream, GUARDED_NONE, 0);
  ck_assert_msg (strstr (shown, ufrag_of (self, stream)) == NULL,
      "%s %s, %s: %s", rows[row].method, rows[row].path, name, shown);
  ck_assert_msg (may_differ (self, row) || g_str_equal (text->str, other),
      "%s %s, %s: %s\nbut\n%s", rows[row].method, rows[row].path, name, shown,
      other);
  g_string_free (text, TRUE);
}

static void
visit (World *self, guint row, GuardAsker asker)
{
  static const gchar *const streams[] = { GUARDED_OPEN, GUARDED_SHUT };
  g_auto (Reply) reply = ask (self, row, GUARDED_NONE, asker);
  GString *of_none = text_of (&reply);

  for (guint i = 0; i < G_N_ELEMENTS (streams); i++) {
    if (may_see (self, asker, streams[i]))
      continue;
    ck_assert_msg (strstr (of_none->str, streams[i]) == NULL &&
            strstr (of_none->str, ufrag_of (self, streams[i])) == NULL,
        "%s %s, %s: %s", rows[row].method, rows[row].path,
        guarded_server_asker_name (asker), of_none->str);
    if (is_about_a_stream (row))
      assert_hides (self, row, asker, streams[i], of_none);
  }
  g_string_free (of_none, TRUE);
}

static gboolean
shows (World *self, const gchar *path, GuardAsker asker, const gchar *what)
{
  g_auto (Reply) reply =
      guarded_server_ask (&self->guarded, "GET", path, asker);

  return strstr (reply.body, what) != NULL;
}

/* So there is something to hide. */
static void
assert_shows (World *self, GuardAsker asker, const gchar *stream)
{
  g_autofree gchar *viewers =
      g_strdup_printf ("/api/streams/%s/viewers", stream);
  gboolean is_visible = may_see (self, asker, stream);

  ck_assert_int_eq (shows (self, "/api/streams", asker, stream), is_visible);
  ck_assert_int_eq (shows (self, viewers, asker, ufrag_of (self, stream)),
      is_visible);
  ck_assert_int_eq (shows (self, "/metrics", asker, stream),
      asker == ASKER_ADMIN);
}

GST_START_TEST (a_reply_tells_of_streams_that_the_asker_may_watch_and_no_other)
{
  World world;

  world_init (&world, __i__);
  for (guint asker = 0; asker < GUARD_N_ASKERS; asker++) {
    assert_shows (&world, asker, GUARDED_OPEN);
    assert_shows (&world, asker, GUARDED_SHUT);
  }
  for (guint asker = 0; asker < GUARD_N_ASKERS; asker++)
    for (guint row = 0; row < G_N_ELEMENTS (rows); row++)
      visit (&world, row, asker);
  world_clear (&world);
}
GST_END_TEST;

/* Returns: (transfer full): the first event of the list. */
static gchar *
read_list (GuardedServer *server, GuardAsker asker)
{
  SoupMessage *message =
      guarded_server_message (server, "GET", "/api/streams", asker);
  EventReader reader;
  gchar *event;

  soup_message_headers_replace (soup_message_get_request_headers (message),
      "Accept", "text/event-stream");
  event_reader_open (&reader, server->server.client, message);
  event = event_reader_next (&reader);
  event_reader_clear (&reader);
  ck_assert (g_str_has_prefix (event, "event: streams\n"));
  return event;
}

GST_START_TEST (the_lists_events_tell_of_streams_that_the_asker_may_watch_alone)
{
  World world = { 0 };

  guarded_server_init (&world.guarded, __i__, TRUE);
  for (guint asker = 0; asker < GUARD_N_ASKERS; asker++) {
    g_autofree gchar *event = read_list (&world.guarded, asker);
    const gchar *name = guarded_server_asker_name (asker);

    ck_assert_msg ((strstr (event, GUARDED_OPEN) != NULL) ==
            may_see (&world, asker, GUARDED_OPEN),
        "%s: %s", name, event);
    ck_assert_msg ((strstr (event, GUARDED_SHUT) != NULL) ==
            may_see (&world, asker, GUARDED_SHUT),
        "%s: %s", name, event);
  }
  guarded_server_clear (&world.guarded);
}
GST_END_TEST;

static Suite *
whepeveryroute_suite (void)
{
  Suite *suite = suite_create ("whepeveryroute");
  TCase *tcase = tcase_create ("whepeveryroute");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, no_route_is_left_out);
  tcase_add_loop_test (tcase,
      a_reply_tells_of_streams_that_the_asker_may_watch_and_no_other, 0,
      GUARD_N_RULES);
  tcase_add_loop_test (tcase,
      the_lists_events_tell_of_streams_that_the_asker_may_watch_alone, 0,
      GUARD_N_RULES);
  return suite;
}

GST_CHECK_MAIN (whepeveryroute);
