/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a request may watch a stream. A file of keys, the application and a
 * server that is asked over HTTP: each one that is set must agree, and while
 * one of them cannot decide, the request is rejected. Other requests are served
 * while the server is asked.
 *
 * The request's token is that of `Authorization: Bearer` (RFC 6750), or
 * `?token=` where a player cannot set a header. For the HTTP thread. */

#pragma once

#include "gst/access/authorizer-io.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Requests that wait for the server's decision. It decides a few hundred a
 * second over ACCESS_HOOK_MAX_CONNECTIONS; more would wait too long. */
#define WHEP_AUTHORIZER_MAX_ASKING 128

/* Asks the application, from the HTTP thread.
 *
 * Returns: (transfer full) (nullable): NULL for yes, else why not. */
typedef gchar *(
    *WhepAuthorizeFunc) (const AccessRequest *request, gpointer user_data);

typedef struct
{
  const gchar *keys;      /* nullable: path of the file, see keys.h */
  WhepAuthorizeFunc func; /* nullable */
  gpointer func_data;
  const gchar *hook; /* nullable: a URL, see hook-io.h */
} WhepAuthorizerParams;

typedef struct _WhepAuthorizer WhepAuthorizer;

/* "" counts as NULL. Fails if the file can't be read or the URL is none. */
WhepAuthorizer *whep_authorizer_new (const WhepAuthorizerParams *params,
    GError **error);
/* After whep_authorizer_close(), if a request was ever checked. */
void whep_authorizer_free (WhepAuthorizer *self);
/* Rejects the requests that wait and those that arrive until it returns: it
 * runs the thread's default main context. */
void whep_authorizer_close (WhepAuthorizer *self);

/* Called once the request has been allowed. */
typedef void (*WhepAuthorizedFunc) (SoupServerMessage *message,
    const gchar *stream, gpointer user_data);

/* Calls @authorized, immediately or later; not if the request was rejected or
 * its connection has ended. */
void whep_authorizer_check (WhepAuthorizer *self, SoupServerMessage *message,
    const gchar *stream, WhepAuthorizedFunc authorized, gpointer user_data);

G_END_DECLS
