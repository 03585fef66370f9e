/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How many of something each client has, so that the client with the most of
 * them makes room. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _WhepClientCounts WhepClientCounts;

WhepClientCounts *whep_client_counts_new (void);
void whep_client_counts_free (WhepClientCounts *self);

/* Adds one of @client, a text of gst/net/client.h. */
void whep_client_counts_add (WhepClientCounts *self, const gchar *client);
/* Takes one away, which has been added before. */
void whep_client_counts_remove (WhepClientCounts *self, const gchar *client);

guint whep_client_counts_get (const WhepClientCounts *self,
    const gchar *client);
/* Returns whether no other client has more. */
gboolean whep_client_counts_has_most (const WhepClientCounts *self,
    const gchar *client);

G_END_DECLS
