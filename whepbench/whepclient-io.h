/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The HTTP side of WHEP (draft-ietf-wish-whep): offers are posted, redirections
 * followed, and sessions deleted. Everything that the server sends is limited.
 * Works in the main context of the thread that made it. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* As many concurrent requests; others wait in libsoup. */
#define WHEP_CLIENT_MAX_CONNECTIONS 64

typedef struct
{
  guint status;          /* of the last response; 0: there was none */
  const gchar *answer;   /* nullable: there is no session */
  const gchar *location; /* nullable: the session's URL */
  gboolean is_typed;     /* the answer's Content-Type is application/sdp */
  const gchar *fault;    /* why there is no session; else NULL */
} WhepReply;

/* @reply is valid during the call. */
typedef void (*WhepReplyFunc) (const WhepReply *reply, gpointer user_data);

typedef struct
{
  const gchar *token; /* of RFC 6750; nullable */
  gboolean trusts_any_certificate;
} WhepClientParams;

typedef struct _WhepClient WhepClient;

WhepClient *whep_client_new (const WhepClientParams *params);
/* Cancels what is pending, whose functions are called for that. */
void whep_client_free (WhepClient *self);

/* @reply is called exactly once, and never before this returns. */
void whep_client_post (WhepClient *self, const gchar *url, const gchar *offer,
    WhepReplyFunc reply, gpointer user_data);
/* Ends a session; whatever comes of it is ignored. */
void whep_client_delete (WhepClient *self, const gchar *url);
/* Requests that have not ended. */
guint whep_client_n_pending (const WhepClient *self);

G_END_DECLS
