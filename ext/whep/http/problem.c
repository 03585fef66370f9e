/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The errors of the HTTP server: see problem.h. */

#include "ext/whep/http/problem.h"
#include "ext/whep/http/json.h"

static const WhepProblem problems[WHEP_N_PROBLEMS] = {
  [WHEP_PROBLEM_MALFORMED_FRAGMENT] = { 400, "malformed-fragment",
      "The body is not an SDP fragment" },
  [WHEP_PROBLEM_MALFORMED_LIST] = { 400, "malformed-list",
      "The body is not a list of events" },
  [WHEP_PROBLEM_MALFORMED_WIDTH] = { 400, "malformed-width",
      "The width is not a number of pixels" },
  [WHEP_PROBLEM_MALFORMED_DELAY] = { 400, "malformed-delay",
      "The delay is not a number of seconds" },
  [WHEP_PROBLEM_MALFORMED_BODY] = { 400, "malformed-body",
      "The body is not a JSON object" },
  [WHEP_PROBLEM_MALFORMED_QUERY] = { 400, "malformed-query",
      "A parameter of the query is malformed" },
  [WHEP_PROBLEM_TOKEN_NEEDED] = { 401, "token-needed", "A token is needed" },
  [WHEP_PROBLEM_TOKEN_REFUSED] = { 401, "token-refused",
      "The token is not valid for the stream" },
  [WHEP_PROBLEM_NOT_ALLOWED] = { 403, "not-allowed",
      "Watching is not allowed" },
  [WHEP_PROBLEM_NOT_FOUND] = { 404, "not-found",
      "There is nothing at this address" },
  [WHEP_PROBLEM_NO_SESSION] = { 404, "no-session",
      "The session does not exist" },
  [WHEP_PROBLEM_NO_LISTENER] = { 404, "no-listener",
      "The event listener does not exist" },
  [WHEP_PROBLEM_NO_SNAPSHOT] = { 404, "no-snapshot",
      "There is no picture of the stream" },
  [WHEP_PROBLEM_NO_STREAM] = { 404, "no-stream", "The stream is not live" },
  [WHEP_PROBLEM_NO_VIEWER] = { 404, "no-viewer", "The viewer does not exist" },
  [WHEP_PROBLEM_NO_RECORDING] = { 404, "no-recording",
      "The stream is not recorded" },
  [WHEP_PROBLEM_NO_METHOD] = { 405, "no-method",
      "The resource does not support the method" },
  [WHEP_PROBLEM_NO_PUBLISHER] = { 409, "no-publisher",
      "Nobody publishes the stream" },
  [WHEP_PROBLEM_UNPLAYABLE] = { 409, "unplayable",
      "The stream contains nothing playable" },
  [WHEP_PROBLEM_FIXED_SOURCE] = { 409, "fixed-source",
      "The stream's source cannot be disconnected" },
  [WHEP_PROBLEM_RECORDING_REFUSED] = { 409, "recording-refused",
      "The recording cannot be started or stopped" },
  [WHEP_PROBLEM_DISCONNECTED] = { 410, "disconnected",
      "The viewer was disconnected" },
  [WHEP_PROBLEM_OTHER_ICE_SESSION] = { 412, "other-ice-session",
      "The ICE session has been replaced" },
  [WHEP_PROBLEM_TOO_LONG] = { 413, "too-long", "The body is too long" },
  [WHEP_PROBLEM_WRONG_TYPE] = { 415, "wrong-type",
      "The body has an unexpected media type" },
  [WHEP_PROBLEM_UNUSABLE_FRAGMENT] = { 422, "unusable-fragment",
      "The fragment's ICE credentials are unusable" },
  [WHEP_PROBLEM_UNUSABLE_MEMBER] = { 422, "unusable-member",
      "A member of the body has an unusable name or value" },
  [WHEP_PROBLEM_IF_MATCH_NEEDED] = { 428, "if-match-needed",
      "The request has no If-Match" },
  [WHEP_PROBLEM_TOO_MANY_REQUESTS] = { 429, "too-many-requests",
      "Too many requests" },
  [WHEP_PROBLEM_NO_DECODER] = { 501, "no-decoder",
      "The server cannot decode the stream" },
  [WHEP_PROBLEM_NO_RECORDER] = { 501, "no-recorder",
      "The server cannot record streams" },
  [WHEP_PROBLEM_UNDECIDED] = { 503, "undecided",
      "Permission to watch cannot be checked" },
  [WHEP_PROBLEM_DRAINING] = { 503, "draining",
      "The server admits no new viewers" },
  [WHEP_PROBLEM_TOO_MANY_VIEWERS] = { 503, "too-many-viewers",
      "The limit of viewers is reached" },
  [WHEP_PROBLEM_TOO_MANY_OF_ADDRESS] = { 503, "too-many-of-address",
      "The limit of viewers per address is reached" },
  [WHEP_PROBLEM_TOO_MANY_OF_STREAM] = { 503, "too-many-of-stream",
      "The limit of viewers per stream is reached" },
  [WHEP_PROBLEM_TOO_MANY_LISTENERS] = { 503, "too-many-listeners",
      "The limit of event listeners is reached" },
  [WHEP_PROBLEM_TOO_MANY_SNAPSHOTS] = { 503, "too-many-snapshots",
      "Too many pictures are asked for" },
};

const WhepProblem *
whep_problem (WhepProblemKind kind)
{
  return &problems[kind];
}

WhepProblem
whep_problem_of_offer (SdpError code)
{
  const SdpErrorType *error = sdp_error_type (code);

  return (WhepProblem){ code == SDP_ERROR_MALFORMED ? 400 : 406, error->type,
    error->title };
}

gchar *
whep_problem_to_json (const WhepProblem *self, const gchar *detail)
{
  g_autofree gchar *type = g_strconcat (WHEP_PROBLEM_URN, self->type, NULL);
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_object (json);
  whep_json_add_text (json, "type", type);
  whep_json_add_text (json, "title", self->title);
  whep_json_add_number (json, "status", self->status);
  whep_json_add_text (json, "detail", detail);
  json_builder_end_object (json);
  return whep_json_to_text (json);
}
