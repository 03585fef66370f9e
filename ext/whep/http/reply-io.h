/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replies to HTTP requests, with the headers that browsers and players on other
 * sites (CORS) need. For the HTTP thread. */

#pragma once

#include "ext/whep/http/problem.h"
#include "ext/whep/http/representation-io.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Sets the headers of every reply; to be called before any function below.
 * @origin: (nullable): the origin whose pages may read it, or "*". @varies:
 * whether that depends on the request's origin. */
void whep_reply_begin (SoupServerMessage *message, const gchar *origin,
    gboolean varies);

void whep_reply_empty (SoupServerMessage *message, guint status);
void whep_reply_text (SoupServerMessage *message, guint status,
    const gchar *content_type, const gchar *text);
void whep_reply_bytes (SoupServerMessage *message, const gchar *content_type,
    GBytes *bytes);
/* Whether the client has what the tag stands for, as it says: replies 304
 * then. */
gboolean whep_reply_unmodified (SoupServerMessage *message, const gchar *etag);
/* Replies with a file, compressed if the client accepts that, or with 304. */
void whep_reply_representation (SoupServerMessage *message,
    const WhepRepresentation *file);
/* Starts server-sent events: the caller appends to the body over time. */
void whep_reply_stream (SoupServerMessage *message);
/* The same for fragmented MP4. @codecs: (nullable): of RFC 6381. */
void whep_reply_mp4 (SoupServerMessage *message, const gchar *codecs);
gboolean whep_reply_is_stream (SoupServerMessage *message);
/* Replies with one of our pages, which may not load anything from other
 * sites. */
void whep_reply_page (SoupServerMessage *message, guint status,
    const WhepRepresentation *page);
/* Redirects to @location. */
void whep_reply_moved (SoupServerMessage *message, const gchar *location);
/* Redirects there with the same method and body, this time only (307). */
void whep_reply_elsewhere (SoupServerMessage *message, const gchar *location);
/* Redirects there with the same method and body (308). */
void whep_reply_moved_for_good (SoupServerMessage *message,
    const gchar *location);
/* Whether the client is a browser, for which a page is better than JSON. */
gboolean whep_reply_wants_page (SoupServerMessage *message);

/* Replies with an error; @detail is for the user. */
void whep_reply_rejection (SoupServerMessage *message,
    const WhepProblem *problem, const gchar *detail);
void whep_reply_problem (SoupServerMessage *message, WhepProblemKind kind,
    const gchar *detail);
/* Returns: (nullable): the @detail of the error that @message was answered
 * with, or NULL if it was not answered with an error. */
const gchar *whep_reply_reason (SoupServerMessage *message);
/* Returns: (nullable): the type of that error; static. */
const gchar *whep_reply_problem_type (SoupServerMessage *message);
/* An error after which the client should retry. */
void whep_reply_later (SoupServerMessage *message, WhepProblemKind kind,
    guint retry_after_s, const gchar *detail);
/* 405; @allow lists the supported methods. */
void whep_reply_not_allowed (SoupServerMessage *message, const gchar *allow);
/* Answers OPTIONS with the supported methods. */
void whep_reply_options (SoupServerMessage *message, const gchar *allow);

G_END_DECLS
