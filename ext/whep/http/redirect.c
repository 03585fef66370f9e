/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Redirects to other nodes: see redirect.h. */

#include "ext/whep/http/redirect.h"
#include "ext/whep/http/route.h"
#include "gst/access/query.h"

#include <string.h>

#define PARAMETER "node"

struct _WhepRedirect
{
  gchar *own; /* nullable */
  GStrv nodes;
  guint n_nodes;
  guint next;
};

static gboolean
check_name (const gchar *name, GError **error)
{
  if (whep_node_name_is_valid (name))
    return TRUE;
  g_set_error (error, G_URI_ERROR, G_URI_ERROR_FAILED,
      "“%s” is not the name of a node: letters, digits, “-” and “_”, at most "
      "%d of them",
      name, WHEP_NODE_NAME_MAX);
  return FALSE;
}

static gboolean
check_names (const WhepRedirect *self, GError **error)
{
  if (self->own != NULL && !check_name (self->own, error))
    return FALSE;
  if (self->n_nodes > WHEP_REDIRECT_MAX_NODES) {
    g_set_error (error, G_URI_ERROR, G_URI_ERROR_FAILED, "more than %d nodes",
        WHEP_REDIRECT_MAX_NODES);
    return FALSE;
  }
  for (guint i = 0; i < self->n_nodes; i++) {
    if (!check_name (g_strstrip (self->nodes[i]), error))
      return FALSE;
  }
  return TRUE;
}

WhepRedirect *
whep_redirect_new (const gchar *own, const gchar *nodes, GError **error)
{
  WhepRedirect *self = g_new0 (WhepRedirect, 1);

  self->own = g_strdup (own);
  self->nodes = g_strsplit (nodes == NULL ? "" : nodes, ",", -1);
  self->n_nodes = g_strv_length (self->nodes);
  if (!check_names (self, error))
    g_clear_pointer (&self, whep_redirect_free);
  return self;
}

void
whep_redirect_free (WhepRedirect *self)
{
  if (self == NULL)
    return;
  g_free (self->own);
  g_strfreev (self->nodes);
  g_free (self);
}

gboolean
whep_redirect_is_final (const gchar *query)
{
  g_autofree gchar *node =
      access_query_get (query == NULL ? "" : query, PARAMETER);

  return node != NULL;
}

static gboolean
is_other (const WhepRedirect *self, const gchar *node)
{
  return self->own == NULL || strcmp (node, self->own) != 0;
}

/* Returns: (nullable): the next in turn. */
static const gchar *
take_turn (WhepRedirect *self)
{
  for (guint i = 0; i < self->n_nodes; i++) {
    const gchar *node = self->nodes[self->next];

    self->next = (self->next + 1) % self->n_nodes;
    if (is_other (self, node))
      return node;
  }
  return NULL;
}

gchar *
whep_redirect_location (WhepRedirect *self, const gchar *found,
    const gchar *path, const gchar *query)
{
  g_autofree gchar *segment = whep_route_last_segment (path);
  const gchar *node = found;

  if (node == NULL || !whep_node_name_is_valid (node) || !is_other (self, node))
    node = take_turn (self);
  if (node == NULL)
    return NULL;
  return g_strdup_printf ("%s?" PARAMETER "=%s%s%s", segment, node,
      query != NULL && *query != '\0' ? "&" : "", query != NULL ? query : "");
}
