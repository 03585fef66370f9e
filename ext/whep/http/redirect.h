/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Redirects viewers to other nodes behind the same load balancer, which takes a
 * request with "?node=NAME" to that node. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The maximum number of nodes in the setting. */
#define WHEP_REDIRECT_MAX_NODES 64

typedef struct _WhepRedirect WhepRedirect;

/* @own: (nullable): the name of this server, which is never redirected to.
 * @nodes: (nullable): names, separated by commas. */
WhepRedirect *whep_redirect_new (const gchar *own, const gchar *nodes,
    GError **error);
void whep_redirect_free (WhepRedirect *self);

/* Whether the request with that @query (nullable) has been redirected before:
 * it is not redirected again, or full nodes would pass it on for ever. */
gboolean whep_redirect_is_final (const gchar *query);

/* Returns: (transfer full) (nullable): the location of the same resource at
 * another node, relative to the @path of the request, with what else its @query
 * (nullable) has. @found: (nullable): a node that is known to have room;
 * otherwise the nodes of the setting take turns. NULL if there is no other
 * node. */
gchar *whep_redirect_location (WhepRedirect *self, const gchar *found,
    const gchar *path, const gchar *query);

G_END_DECLS
