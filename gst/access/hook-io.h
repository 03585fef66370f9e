/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Somebody else's server is asked who may publish: a POST with JSON, answered
 * by 2xx for yes. Any thread may ask; it waits for the answer. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Of silence of the server that is asked: a person waits for the answer. */
#define ACCESS_HOOK_TIMEOUT_S 5

typedef struct
{
  const gchar *action;  /* "publish" */
  const gchar *stream;  /* APP/KEY */
  const gchar *query;   /* as it came; may hold secrets */
  const gchar *address; /* of the peer */
} AccessVisit;

/* Returns: (transfer full): the first part of the stream's name; @key is the
 * rest of it, behind the slash. */
gchar *access_visit_split (const AccessVisit *self, const gchar **key);

/* Returns: (transfer full) (nullable): NULL for yes, else why not, in words for
 * the visitor. No answer is a no. */
gchar *access_hook_ask (const gchar *url, const AccessVisit *visit,
    GCancellable *cancellable);

G_END_DECLS
