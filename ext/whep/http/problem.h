/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The errors of the HTTP server as problem details (RFC 9457). Pure. */

#pragma once

#include "gst/sdp/error.h"

G_BEGIN_DECLS

/* The prefix of each type. */
#define WHEP_PROBLEM_URN "urn:problem-type:whep:"

/* What all errors of a kind have in common. Programs compare the type; neither
 * it nor the title changes between versions. */
typedef struct
{
  guint status; /* HTTP status code */
  const gchar *type;
  const gchar *title;
} WhepProblem;

typedef enum
{
  WHEP_PROBLEM_MALFORMED_FRAGMENT,
  WHEP_PROBLEM_MALFORMED_LIST,
  WHEP_PROBLEM_MALFORMED_WIDTH,
  WHEP_PROBLEM_MALFORMED_DELAY,
  WHEP_PROBLEM_MALFORMED_BODY,
  WHEP_PROBLEM_MALFORMED_QUERY,
  WHEP_PROBLEM_TOKEN_NEEDED,
  WHEP_PROBLEM_TOKEN_REFUSED,
  WHEP_PROBLEM_NOT_ALLOWED,
  WHEP_PROBLEM_NOT_FOUND,
  WHEP_PROBLEM_NO_SESSION,
  WHEP_PROBLEM_NO_LISTENER,
  WHEP_PROBLEM_NO_SNAPSHOT,
  WHEP_PROBLEM_NO_STREAM,
  WHEP_PROBLEM_NO_VIEWER,
  WHEP_PROBLEM_NO_RECORDING,
  WHEP_PROBLEM_NO_METHOD,
  WHEP_PROBLEM_NO_PUBLISHER,
  WHEP_PROBLEM_UNPLAYABLE,
  WHEP_PROBLEM_FIXED_SOURCE,
  WHEP_PROBLEM_RECORDING_REFUSED,
  WHEP_PROBLEM_DISCONNECTED,
  WHEP_PROBLEM_OTHER_ICE_SESSION,
  WHEP_PROBLEM_TOO_LONG,
  WHEP_PROBLEM_WRONG_TYPE,
  WHEP_PROBLEM_UNUSABLE_FRAGMENT,
  WHEP_PROBLEM_UNUSABLE_MEMBER,
  WHEP_PROBLEM_IF_MATCH_NEEDED,
  WHEP_PROBLEM_TOO_MANY_REQUESTS,
  WHEP_PROBLEM_NO_DECODER,
  WHEP_PROBLEM_NO_RECORDER,
  WHEP_PROBLEM_UNDECIDED,
  WHEP_PROBLEM_DRAINING,
  WHEP_PROBLEM_TOO_MANY_VIEWERS,
  WHEP_PROBLEM_TOO_MANY_OF_ADDRESS,
  WHEP_PROBLEM_TOO_MANY_OF_STREAM,
  WHEP_PROBLEM_TOO_MANY_LISTENERS,
  WHEP_PROBLEM_TOO_MANY_SNAPSHOTS,
} WhepProblemKind;
#define WHEP_N_PROBLEMS (WHEP_PROBLEM_TOO_MANY_SNAPSHOTS + 1)

const WhepProblem *whep_problem (WhepProblemKind kind);
/* The error for an offer that cannot be answered. */
WhepProblem whep_problem_of_offer (SdpError code);

/* Returns: (transfer full): the body; @detail is a sentence for the user. */
gchar *whep_problem_to_json (const WhepProblem *self, const gchar *detail);

G_END_DECLS
