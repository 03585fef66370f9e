/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Authorization of HTTP requests: who may watch a stream, and who administers
 * the server. A token, the application and a server that is asked over HTTP
 * (the hook): each one that is set must allow it, and while one of them cannot
 * decide, the request is rejected. Other requests are served while the hook is
 * asked. An administrator may watch everything. See gst/access/authorizer-io.h.
 *
 * Wrong tokens are limited per client, so that guessing is slow. For the HTTP
 * thread. */

#pragma once

#include "ext/whep/http/asker-io.h"
#include "ext/whep/http/questions-io.h"

G_BEGIN_DECLS

/* The number of wrong tokens that a client may send at once, and the interval
 * after which it may send another one. A family behind one address has some
 * outdated links; a guesser of 64-bit tokens has no chance. */
#define WHEP_AUTHORIZER_GUESSES 20
#define WHEP_AUTHORIZER_GUESS_US (5 * G_USEC_PER_SEC)

/* Asks the application, from the HTTP thread.
 *
 * Returns: (transfer full) (nullable): NULL for yes, else why not. */
typedef gchar *(
    *WhepAuthorizeFunc) (const AccessRequest *request, gpointer user_data);

typedef struct
{
  const gchar *keys;       /* nullable: path of the file, see keys.h */
  const gchar *jwt_keys;   /* nullable: path of a file, see jwtkeys.h */
  const gchar *api_tokens; /* nullable: path of the administrators' file */
  WhepAuthorizeFunc func;  /* nullable */
  gpointer func_data;
  const gchar *hook; /* nullable: a URL, see hook-io.h */
} WhepAuthorizerParams;

typedef struct _WhepAuthorizer WhepAuthorizer;

/* "" counts as NULL. Fails if a file cannot be read or the URL is invalid. */
WhepAuthorizer *whep_authorizer_new (const WhepAuthorizerParams *params,
    GError **error);
/* After whep_authorizer_close(), if a request was ever checked. */
void whep_authorizer_free (WhepAuthorizer *self);
/* Rejects the requests that wait and those that arrive until it returns: it
 * runs the thread's default main context. */
void whep_authorizer_close (WhepAuthorizer *self);

/* Called once the request has been authorized. */
typedef void (*WhepAuthorizedFunc) (SoupServerMessage *message,
    const gchar *stream, gpointer user_data);

/* Calls @authorized, at once or later; not if the request was rejected, which
 * has then been replied to, or its connection has ended. */
void whep_authorizer_check (WhepAuthorizer *self, SoupServerMessage *message,
    const gchar *stream, WhepAuthorizedFunc authorized, gpointer user_data);

/* Whether a token can make somebody an administrator. */
gboolean whep_authorizer_has_admins (const WhepAuthorizer *self);
/* Replies with the reason and returns FALSE if the request is not an
 * administrator's. */
gboolean whep_authorizer_check_admin (WhepAuthorizer *self,
    SoupServerMessage *message);

/* For visibility-io.h, journalreaders-io.h and apiendpoint-io.h. */

/* Whether a request may be rejected at all. */
gboolean whep_authorizer_is_guarded (const WhepAuthorizer *self);
/* Finds out what the asker's token is worth now. @asker is then to be cleared,
 * and its grant not to be used any more once the function has returned to the
 * main loop. Guesses do not matter: for a request that was identified when it
 * arrived, and whose reply has begun. */
void whep_authorizer_examine (WhepAuthorizer *self, SoupServerMessage *message,
    WhepAsker *asker);
/* The same for a request that has arrived. Replies and returns FALSE if the
 * client has sent too many wrong tokens: then not even a right one is looked
 * at, and there is nothing to clear. */
gboolean whep_authorizer_identify (WhepAuthorizer *self,
    SoupServerMessage *message, WhepAsker *asker);
/* Counts a token that nobody has issued as a guess. */
void whep_authorizer_count_guess (WhepAuthorizer *self,
    SoupServerMessage *message, const WhepAsker *asker);
/* Replies to a request for what its asker may not see. */
void whep_authorizer_reject_look (SoupServerMessage *message,
    const gchar *detail);
/* The decision of the token and of the application. */
gboolean whep_authorizer_allows (WhepAuthorizer *self, const WhepAsker *asker,
    const gchar *stream);
/* Returns: (nullable): the questions to the hook, if there is one. */
WhepQuestions *whep_authorizer_questions (WhepAuthorizer *self);

G_END_DECLS
