/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replies to HTTP requests, each with what players on other sites (CORS) and
 * browsers need. For the HTTP thread. */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* RFC 6585 section 4; libsoup doesn't know it. */
#define WHEP_REPLY_TOO_MANY 429

/* The headers of every reply; before any of the below. */
void whep_reply_begin (SoupServerMessage *message);

void whep_reply_empty (SoupServerMessage *message, guint status);
void whep_reply_text (SoupServerMessage *message, guint status,
    const gchar *content_type, const gchar *text);
void whep_reply_bytes (SoupServerMessage *message, const gchar *content_type,
    GBytes *bytes);
/* A page of ours, which may load nothing from elsewhere. */
void whep_reply_page (SoupServerMessage *message, const gchar *html);

/* A refusal as RFC 9457 has it: @detail is for the person who reads it. */
void whep_reply_problem (SoupServerMessage *message, guint status,
    const gchar *detail);
/* One that may change in a while. */
void whep_reply_later (SoupServerMessage *message, guint status,
    guint retry_after_s, const gchar *detail);
/* 405; @allow lists the methods that there are. */
void whep_reply_not_allowed (SoupServerMessage *message, const gchar *allow);
/* To OPTIONS: the methods that there are. */
void whep_reply_options (SoupServerMessage *message, const gchar *allow);

G_END_DECLS
