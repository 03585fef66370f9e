/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* draft-ietf-wish-whep, clause by clause, from the client's side; the clauses
 * that it shares with WHIP have the sections of RFC 9725. Tokens:
 * whepaccess.c. */

#include "ext/whep/http/problem.h"
#include "ext/whep/http/ratelimit.h"
#include "tests/support/browseroffer.h"
#include "whepbench/sdpcheck.h"
#include "tests/support/whepserver.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define SDP "application/sdp"
#define FRAGMENT "application/trickle-ice-sdpfrag"
#define PATCHES FRAGMENT ", application/json"
#define PLAYER "chromium-156-linux"
#define ENDPOINT "/whep/live/cam"
#define OFFER                                                                  \
  BROWSER_OFFER_SESSION                                                        \
  "a=group:BUNDLE 0 1\r\n" BROWSER_OFFER_TRANSPORT BROWSER_OFFER_VIDEO         \
      BROWSER_OFFER_AUDIO
#define NOT_A_SESSION ENDPOINT "/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static void
server_init (WhepServer *self)
{
  whep_server_init (self, 10);
  whep_server_publish (self, 1, "live/cam");
}

static Reply
post (WhepServer *self, const gchar *type, const gchar *body)
{
  return whep_server_ask_with (self, "POST", ENDPOINT, type, body);
}

static void
assert_headers_match (const Reply *self, const gchar *const (*headers)[2])
{
  for (guint i = 0; headers[i][0] != NULL; i++)
    ck_assert_msg (g_regex_match_simple (headers[i][1],
                       reply_header (self, headers[i][0]), 0, 0),
        "%s: %s", headers[i][0], reply_header (self, headers[i][0]));
}

/* The setup of a session. */

GST_START_TEST (an_offer_is_answered_201_with_a_session)
{
  static const gchar *const headers[][2] = {
    { "Content-Type", "^application/sdp$" },
    /* Relative, and not guessable. */
    { "Location", "^cam/[A-Za-z0-9]{32}$" },
    /* A strong one. */
    { "ETag", "^\"[^\"]+\"$" },
    { "Accept-Patch", "^application/trickle-ice-sdpfrag, application/json$" },
    { NULL, NULL },
  };
  WhepServer server;

  server_init (&server);
  {
    g_auto (Reply) one = post (&server, SDP, OFFER);
    g_auto (Reply) two = post (&server, SDP, OFFER);

    ck_assert_uint_eq (one.status, 201);
    assert_headers_match (&one, headers);
    ck_assert_str_ne (reply_header (&one, "Location"),
        reply_header (&two, "Location"));
    ck_assert_str_ne (reply_header (&one, "ETag"), reply_header (&two, "ETag"));
  }
  whep_server_clear (&server);
}
GST_END_TEST;

static const struct
{
  const gchar *why, *line;
  guint count;
} lines[] = {
  { "4.3.1: all is bundled", "a=group:BUNDLE 0 1\r\n", 1 },
  { "4.3.1: both m-sections are sent", "a=sendonly\r\n", 2 },
  { "4.3.1: and multiplexed", "a=rtcp-mux\r\n", 2 },
  { "RFC 8842: the browser begins DTLS", "a=setup:passive\r\n", 2 },
  { "4.3.1: one MediaStream", "a=msid:stream ", 2 },
  { "4.4.1: the server doesn't trickle", "a=end-of-candidates\r\n", 1 },
};

GST_START_TEST (the_answer_is_complete_and_sends_one_stream)
{
  WhepServer server;

  server_init (&server);
  whep_http_begin_track (server.http, 2, "live/cam", WHEP_AUDIO, "OPUS", 0);
  {
    g_auto (Reply) reply = post (&server, SDP, OFFER);
    g_autofree gchar *broken =
        sdp_check_answer (OFFER, strlen (OFFER), reply.body, NULL);

    ck_assert_msg (broken == NULL, "%s", broken);
    for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
      g_auto (GStrv) pieces = g_strsplit (reply.body, lines[i].line, -1);

      ck_assert_msg (g_strv_length (pieces) == lines[i].count + 1, "%s: %s",
          lines[i].why, reply.body);
    }
  }
  whep_server_clear (&server);
}
GST_END_TEST;

/* With another direction of the player in place of a=recvonly; "" is
 * sendrecv. */
static gchar *
offer_with (const gchar *direction)
{
  GString *offer = g_string_new (OFFER);

  g_string_replace (offer, "a=recvonly\r\n", direction, 0);
  return g_string_free (offer, FALSE);
}

static const struct
{
  const gchar *direction;
  guint status;
} directions[] = {
  { "a=recvonly\r\n", 201 },
  { "a=sendrecv\r\n", 201 },
  { "", 201 },
  { "a=sendonly\r\n", 406 },
  { "a=inactive\r\n", 406 },
};

GST_START_TEST (an_offer_must_ask_to_receive)
{
  WhepServer server;

  server_init (&server);
  for (guint i = 0; i < G_N_ELEMENTS (directions); i++) {
    g_autofree gchar *offer = offer_with (directions[i].direction);
    g_auto (Reply) reply = post (&server, SDP, offer);

    ck_assert_msg (reply.status == directions[i].status, "%s: %u",
        directions[i].direction, reply.status);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

static const struct
{
  const gchar *why, *path, *content_type, *body;
  guint status;
  const gchar *type;
} rejected[] = {
  { "4.3: not SDP by its type", ENDPOINT, "text/plain", OFFER, 415,
      "wrong-type" },
  { "4.3: not SDP", ENDPOINT, SDP, "offer", 400, "malformed-offer" },
  { "4.3: nothing", ENDPOINT, SDP, "", 400, "malformed-offer" },
  { "4.3: a codec that the stream doesn't have", ENDPOINT, SDP,
      BROWSER_OFFER_SESSION
      "a=group:BUNDLE 0\r\n" BROWSER_OFFER_TRANSPORT
      "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n"
      "c=IN IP4 0.0.0.0\r\n"
      "a=mid:0\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n",
      406, "no-video-codec" },
  { "4.3: nobody publishes", "/whep/live/none", SDP, OFFER, 409,
      "no-publisher" },
  { "a name that no stream can have", "/whep/live", SDP, OFFER, 404,
      "not-found" },
};

GST_START_TEST (an_offer_that_cannot_be_served_is_rejected_with_a_reason)
{
  WhepServer server;

  server_init (&server);
  for (guint i = 0; i < G_N_ELEMENTS (rejected); i++) {
    g_auto (Reply) reply = whep_server_ask_with (&server, "POST",
        rejected[i].path, rejected[i].content_type, rejected[i].body);
    g_autofree gchar *type =
        g_strdup_printf ("\"" WHEP_PROBLEM_URN "%s\"", rejected[i].type);

    ck_assert_msg (reply.status == rejected[i].status, "%s: %u %s",
        rejected[i].why, reply.status, reply.body);
    reply_assert_problem (&reply, rejected[i].status, "");
    ck_assert_msg (strstr (reply.body, type) != NULL, "%s: %s", rejected[i].why,
        reply.body);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (an_offer_that_can_be_served_later_gets_retry_after)
{
  WhepServer server;

  whep_server_init (&server, 0);
  {
    g_auto (Reply) reply = post (&server, SDP, OFFER);

    ck_assert_uint_eq (reply.status, 409);
    ck_assert_str_eq (reply_header (&reply, "Retry-After"), "2");
  }
  whep_server_publish (&server, 1, "live/cam");
  {
    g_auto (Reply) reply = post (&server, SDP, OFFER);

    ck_assert_uint_eq (reply.status, 503);
    ck_assert_str_eq (reply_header (&reply, "Retry-After"), "10");
  }
  whep_server_clear (&server);
}
GST_END_TEST;

/* Sessions. */

typedef struct
{
  WhepServer server;
  gchar *path;
  gchar *etag; /* the newest */
  gchar *answer;
} Session;

static void
session_init (Session *self)
{
  g_auto (Reply) reply = { 0 };

  server_init (&self->server);
  reply = post (&self->server, SDP, OFFER);
  ck_assert_msg (reply.status == 201, "%s", reply.body);
  self->path = reply_session_path (&reply);
  self->etag = g_strdup (reply_header (&reply, "ETag"));
  self->answer = g_strdup (reply.body);
}

static void
session_clear (Session *self)
{
  whep_server_clear (&self->server);
  g_free (self->path);
  g_free (self->etag);
  g_free (self->answer);
}

/* @if_match: (nullable): the header's value. */
static Reply
ask (Session *self, const gchar *method, const gchar *if_match,
    const gchar *type, const gchar *body)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  SoupMessage *message =
      whep_server_message (&self->server, method, self->path);

  soup_message_set_request_body_from_bytes (message, type, bytes);
  if (if_match != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message),
        "If-Match", if_match);
  return whep_server_send (&self->server, message);
}

static Reply
patch (Session *self, const gchar *if_match, const gchar *fragment)
{
  return ask (self, "PATCH", if_match, FRAGMENT, fragment);
}

#define CANDIDATES                                                             \
  "a=ice-ufrag:abcd\r\n"                                                       \
  "a=ice-pwd:0123456789abcdefghijkl\r\n"                                       \
  "m=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"                               \
  "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n"                             \
  "a=candidate:2 1 udp 1 nobody-knows-me.local 9 typ host\r\n"                 \
  "a=end-of-candidates\r\n"
#define RESTART                                                                \
  "a=ice-ufrag:efgh\r\n"                                                       \
  "a=ice-pwd:abcdefghijkl0123456789\r\n"

static const struct
{
  const gchar *why;
  const gchar *if_match; /* "": the newest tag; NULL: none */
  const gchar *fragment;
  guint status;
} patches[] = {
  { "RFC 9725 4.3.2: candidates", "", CANDIDATES, 204 },
  { "4.3.2: none, which is the end of them", "", "a=end-of-candidates\r\n",
      204 },
  { "4.3.1: without the tag", NULL, "a=end-of-candidates\r\n", 428 },
  { "without it, but of an ICE session by name", NULL, CANDIDATES, 204 },
  { "4.3.1: of another ICE session", "\"another\"", CANDIDATES, 412 },
  { "RFC 9110 13.1.1: weak tags don't match", "W/\"another\"", CANDIDATES,
      412 },
  { "4.3.2: no fragment", "", "{}", 400 },
  { "4.3.3: a restart without the tag", NULL, RESTART, 428 },
  { "4.3.3: of another ICE session", "\"another\"", RESTART, 412 },
  { "4.3.3: half a restart", "*", "a=ice-ufrag:efgh\r\n", 422 },
  { "4.3.3: no password is so short", "*",
      "a=ice-ufrag:efgh\r\na=ice-pwd:short\r\n", 422 },
};

GST_START_TEST (a_fragment_applies_to_the_ice_session_that_it_names)
{
  Session session;

  session_init (&session);
  for (guint i = 0; i < G_N_ELEMENTS (patches); i++) {
    const gchar *if_match = patches[i].if_match;
    g_auto (Reply) reply = patch (&session,
        g_strcmp0 (if_match, "") == 0 ? session.etag : if_match,
        patches[i].fragment);

    ck_assert_msg (reply.status == patches[i].status, "%s: %u %s",
        patches[i].why, reply.status, reply.body);
    /* 4.3.2: no ETag except that of a restart. */
    ck_assert_str_eq (reply_header (&reply, "ETag"), "");
  }
  {
    g_auto (Reply) reply = ask (&session, "PATCH", "*", SDP, OFFER);

    ck_assert_uint_eq (reply.status, 415);
    ck_assert_str_eq (reply_header (&reply, "Accept-Patch"), PATCHES);
  }
  session_clear (&session);
}
GST_END_TEST;

/* Returns: (transfer full): the value of the text's line @name, which is unique
 * or always the same. */
static gchar *
dup_value (const gchar *text, const gchar *name)
{
  const gchar *start = strstr (text, name);

  ck_assert_msg (start != NULL, "%s: %s", name, text);
  start += strlen (name);
  return g_strndup (start, strcspn (start, "\r\n"));
}

static void
assert_new (const gchar *fragment, const gchar *answer, const gchar *name)
{
  g_autofree gchar *value = dup_value (fragment, name);
  g_autofree gchar *before = dup_value (answer, name);

  ck_assert_str_ne (value, before);
}

static void
assert_same (const gchar *fragment, const gchar *answer, const gchar *name)
{
  g_autofree gchar *value = dup_value (fragment, name);
  g_autofree gchar *before = dup_value (answer, name);

  ck_assert_str_eq (value, before);
}

static const gchar *const restarts[] = { "*", "\"*\"", "" };

GST_START_TEST (a_restart_has_a_new_tag_and_the_servers_new_credentials)
{
  const gchar *if_match = restarts[__i__];
  Session session;
  g_autofree gchar *etag = NULL;

  session_init (&session);
  {
    g_auto (Reply) reply =
        patch (&session, *if_match == '\0' ? session.etag : if_match, RESTART);

    ck_assert_msg (reply.status == 200, "%s", reply.body);
    ck_assert_str_eq (reply_header (&reply, "Content-Type"), FRAGMENT);
    etag = g_strdup (reply_header (&reply, "ETag"));
    ck_assert_str_ne (etag, session.etag);
    assert_new (reply.body, session.answer, "a=ice-ufrag:");
    assert_new (reply.body, session.answer, "a=ice-pwd:");
    assert_same (reply.body, session.answer, "a=candidate:");
    assert_same (reply.body, session.answer, "a=mid:");
    assert_same (reply.body, session.answer, "a=group:BUNDLE ");
    ck_assert (strstr (reply.body, "a=ice-lite\r\n") != NULL);
  }
  {
    g_auto (Reply) late = patch (&session, session.etag, CANDIDATES);
    g_auto (Reply) now =
        patch (&session, etag, "a=ice-ufrag:efgh\r\na=end-of-candidates\r\n");

    ck_assert_uint_eq (late.status, 412);
    ck_assert_uint_eq (now.status, 204);
  }
  session_clear (&session);
}
GST_END_TEST;

GST_START_TEST (delete_ends_a_session_whatever_its_ice_session_is)
{
  Session session;

  session_init (&session);
  {
    g_auto (Reply) reply = ask (&session, "DELETE", "\"another\"", SDP, "");
    g_auto (Reply) again = ask (&session, "DELETE", NULL, SDP, "");
    g_auto (Reply) late = patch (&session, session.etag, CANDIDATES);

    ck_assert_uint_eq (reply.status, 200);
    reply_assert_problem (&again, 404, "ended");
    reply_assert_problem (&late, 404, "ended");
  }
  session_clear (&session);
}
GST_END_TEST;

static const struct
{
  const gchar *why, *method;
  guint status;
  const gchar *header, *value;
} of_sessions[] = {
  { "4.4: a session's options", "OPTIONS", 204, "Accept-Patch", PATCHES },
  { "4.4: a session's methods", "OPTIONS", 204, "Allow",
      "GET, HEAD, PATCH, DELETE, OPTIONS" },
  { "4.2: GET has no content", "GET", 200, "Content-Length", "0" },
  { "4.2: HEAD says the type", "HEAD", 200, "Content-Type", SDP },
  { "4.2: what else there is not", "POST", 405, "Allow",
      "GET, HEAD, PATCH, DELETE, OPTIONS" },
};

GST_START_TEST (a_session_answers_each_method)
{
  Session session;

  session_init (&session);
  for (guint i = 0; i < G_N_ELEMENTS (of_sessions); i++) {
    gboolean is_post = g_str_equal (of_sessions[i].method, "POST");
    g_auto (Reply) reply = is_post ? ask (&session, "POST", NULL, SDP, OFFER)
                                   : whep_server_ask (&session.server,
                                         of_sessions[i].method, session.path);

    ck_assert_msg (reply.status == of_sessions[i].status, "%s: %u",
        of_sessions[i].why, reply.status);
    ck_assert_msg (g_str_equal (reply_header (&reply, of_sessions[i].header),
                       of_sessions[i].value),
        "%s: %s", of_sessions[i].why,
        reply_header (&reply, of_sessions[i].header));
  }
  session_clear (&session);
}
GST_END_TEST;

/* The endpoint, and what all replies have in common. */

static const struct
{
  const gchar *why, *method, *path;
  guint status;
  const gchar *header, *value;
} questions[] = {
  { "4.4: the endpoint's options", "OPTIONS", ENDPOINT, 204, "Accept-Post",
      SDP },
  { "4.4: for players of other sites", "OPTIONS", ENDPOINT, 204,
      "Access-Control-Allow-Origin", "*" },
  { "4.4: with a token", "OPTIONS", ENDPOINT, 204,
      "Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match" },
  { "4.2: only offers are taken", "GET", ENDPOINT, 405, "Allow",
      "POST, OPTIONS" },
  { "4.2: only offers are taken", "PUT", ENDPOINT, 405, "Allow",
      "POST, OPTIONS" },
  { "4.2: a session that is none", "DELETE", NOT_A_SESSION, 404, "Content-Type",
      "application/problem+json" },
};

GST_START_TEST (an_endpoint_answers_each_method)
{
  WhepServer server;

  server_init (&server);
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++) {
    g_auto (Reply) reply =
        whep_server_ask (&server, questions[i].method, questions[i].path);

    ck_assert_msg (reply.status == questions[i].status, "%s: %u",
        questions[i].why, reply.status);
    ck_assert_msg (g_str_equal (reply_header (&reply, questions[i].header),
                       questions[i].value),
        "%s: %s", questions[i].why, reply_header (&reply, questions[i].header));
  }
  whep_server_clear (&server);
}
GST_END_TEST;

static const gchar *const of_every_reply[][2] = {
  { "Access-Control-Allow-Origin", "^\\*$" },
  { "Access-Control-Allow-Methods", "POST, PATCH, DELETE, OPTIONS" },
  { "Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match" },
  { "Access-Control-Expose-Headers",
      "Location, ETag, Link, Retry-After, Accept-Patch, Accept-Post, "
      "WWW-Authenticate" },
  { NULL, NULL },
};

static const struct
{
  const gchar *method, *path, *type, *body;
  guint status;
} replies_to_players[] = {
  { "POST", ENDPOINT, SDP, OFFER, 201 },
  { "OPTIONS", ENDPOINT, SDP, "", 204 },
  { "POST", ENDPOINT, SDP, "offer", 400 },
  { "DELETE", NOT_A_SESSION, SDP, "", 404 },
  { "GET", ENDPOINT, SDP, "", 405 },
  { "POST", "/whep/live/none", SDP, OFFER, 409 },
  { "POST", ENDPOINT, "text/plain", "", 415 },
  { "GET", "/whep.js", SDP, "", 200 },
};

GST_START_TEST (every_reply_to_a_player_can_be_read_by_pages_of_other_origins)
{
  WhepServer server;

  server_init (&server);
  for (guint i = 0; i < G_N_ELEMENTS (replies_to_players); i++) {
    g_auto (Reply) reply = whep_server_ask_with (&server,
        replies_to_players[i].method, replies_to_players[i].path,
        replies_to_players[i].type, replies_to_players[i].body);

    ck_assert_msg (reply.status == replies_to_players[i].status, "%s %s: %u",
        replies_to_players[i].method, replies_to_players[i].path, reply.status);
    assert_headers_match (&reply, of_every_reply);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_client_over_its_rate_limit_gets_retry_after)
{
  WhepServer server;
  guint n_served = 0;

  server_init (&server);
  /* During these requests, some more may be earned. */
  for (guint status = 0; status != 429; n_served++) {
    g_auto (Reply) reply = post (&server, SDP, "v=0\r\n");

    status = reply.status;
    ck_assert_uint_lt (n_served, 100 * WHEP_RATE_LIMIT_BURST);
    if (status != 429)
      continue;
    reply_assert_problem (&reply, 429, "address");
    ck_assert_str_eq (soup_message_get_reason_phrase (reply.message),
        "Too Many Requests");
    ck_assert_str_eq (reply_header (&reply, "Retry-After"), "1");
  }
  ck_assert_uint_gt (n_served, WHEP_RATE_LIMIT_BURST);
  {
    /* Requests that cost nothing are not counted. */
    g_auto (Reply) reply = whep_server_ask (&server, "OPTIONS", ENDPOINT);

    ck_assert_uint_eq (reply.status, 204);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

static Suite *
whepconformance_suite (void)
{
  Suite *suite = suite_create ("whepconformance");
  TCase *tcase = tcase_create ("setup");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, an_offer_is_answered_201_with_a_session);
  tcase_add_test (tcase, the_answer_is_complete_and_sends_one_stream);
  tcase_add_test (tcase, an_offer_must_ask_to_receive);
  tcase_add_test (tcase,
      an_offer_that_cannot_be_served_is_rejected_with_a_reason);
  tcase_add_test (tcase, an_offer_that_can_be_served_later_gets_retry_after);

  tcase = tcase_create ("sessions");
  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_fragment_applies_to_the_ice_session_that_it_names);
  tcase_add_loop_test (tcase,
      a_restart_has_a_new_tag_and_the_servers_new_credentials, 0,
      G_N_ELEMENTS (restarts));
  tcase_add_test (tcase, delete_ends_a_session_whatever_its_ice_session_is);
  tcase_add_test (tcase, a_session_answers_each_method);

  tcase = tcase_create ("endpoint");
  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, an_endpoint_answers_each_method);
  tcase_add_test (tcase,
      every_reply_to_a_player_can_be_read_by_pages_of_other_origins);
  tcase_add_test (tcase, a_client_over_its_rate_limit_gets_retry_after);
  return suite;
}

GST_CHECK_MAIN (whepconformance);
