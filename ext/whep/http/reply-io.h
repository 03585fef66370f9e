/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replies to HTTP requests, each with what players on other sites (CORS) and
 * browsers need. For the HTTP thread. */

#pragma once

#include "ext/whep/http/problem.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The headers of every reply; before any of the below. */
void whep_reply_begin (SoupServerMessage *message);

void whep_reply_empty (SoupServerMessage *message, guint status);
void whep_reply_text (SoupServerMessage *message, guint status,
    const gchar *content_type, const gchar *text);
void whep_reply_bytes (SoupServerMessage *message, const gchar *content_type,
    GBytes *bytes);
/* Server-sent events: the body comes by and by, as the caller appends it. */
void whep_reply_stream (SoupServerMessage *message);
gboolean whep_reply_is_stream (SoupServerMessage *message);
/* A page of ours, which may load nothing from elsewhere. */
void whep_reply_page (SoupServerMessage *message, guint status,
    const gchar *html);
/* What was asked for is at @location. */
void whep_reply_moved (SoupServerMessage *message, const gchar *location);
/* Whether a person asks, who is better served by a page than by JSON. */
gboolean whep_reply_wants_page (SoupServerMessage *message);

/* A refusal: @detail is for the person who reads it. */
void whep_reply_refusal (SoupServerMessage *message, const WhepProblem *problem,
    const gchar *detail);
void whep_reply_problem (SoupServerMessage *message, WhepProblemKind kind,
    const gchar *detail);
/* Returns: (nullable): the @detail of the refusal that @message got, NULL if it
 * got none. */
const gchar *whep_reply_reason (SoupServerMessage *message);
/* One that may change in a while. */
void whep_reply_later (SoupServerMessage *message, WhepProblemKind kind,
    guint retry_after_s, const gchar *detail);
/* 405; @allow lists the methods that there are. */
void whep_reply_not_allowed (SoupServerMessage *message, const gchar *allow);
/* To OPTIONS: the methods that there are. */
void whep_reply_options (SoupServerMessage *message, const gchar *allow);

G_END_DECLS
