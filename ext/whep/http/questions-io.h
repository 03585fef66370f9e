/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The questions about requests that the hook has not answered yet. Requests
 * other than those that wait for an answer are served as usual. For the HTTP
 * thread. */

#pragma once

#include "gst/access/authorizer-io.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The hook answers a few hundred questions a second over
 * ACCESS_HOOK_MAX_CONNECTIONS; with more, the last would not be answered in
 * time. */
#define WHEP_QUESTIONS_MAX 128

typedef struct _WhepQuestions WhepQuestions;

/* @access must have a hook if anything is asked, and outlives the questions. */
WhepQuestions *whep_questions_new (AccessAuthorizer *access);
/* After whep_questions_close(), if anything was ever asked. */
void whep_questions_free (WhepQuestions *self);
/* Cancels all questions and accepts no more. Runs the thread's default main
 * context until they have been answered. */
void whep_questions_close (WhepQuestions *self);

/* Whether @n further questions may be asked. */
gboolean whep_questions_have_room (const WhepQuestions *self, guint n);

/* The answer. @status: of HTTP; 0: there was no answer. @why: (nullable): NULL
 * for yes. @is_gone: the request's connection has ended. */
typedef void (*WhepAnswerFunc) (SoupServerMessage *message, guint status,
    const gchar *why, gboolean is_gone, gpointer user_data);

/* Whether @status of an answer is a decision: a server error is none. */
gboolean whep_questions_is_decided (guint status);
/* Reply to a request that cannot be decided on at the moment: because there is
 * no room, or no decision. */
void whep_questions_reply_full (SoupServerMessage *message);
void whep_questions_reply_undecided (SoupServerMessage *message);

/* Asks about @request, which @message brought; there must be room. Calls @func
 * once, later. */
void whep_questions_ask (WhepQuestions *self, SoupServerMessage *message,
    const AccessRequest *request, WhepAnswerFunc func, gpointer user_data);

G_END_DECLS
