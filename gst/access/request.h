/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A request to be authorized: a peer asks to publish, play or watch a stream.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ACCESS_ACTION_PUBLISH "publish"
#define ACCESS_ACTION_WATCH "watch"
#define ACCESS_ACTION_PLAY "play"
/* See that a stream exists, in a list. */
#define ACCESS_ACTION_LIST "list"

typedef struct
{
  const gchar *action;  /* one of the above */
  const gchar *stream;  /* APP/KEY */
  const gchar *query;   /* as received; may hold secrets */
  const gchar *address; /* of the peer */
} AccessRequest;

/* Returns: (transfer full): the first part of the stream's name; @key is the
 * rest of it, behind the slash. */
gchar *access_request_split (const AccessRequest *self, const gchar **key);

G_END_DECLS
