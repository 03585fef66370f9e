/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The other nodes behind the same load balancer, with the room for viewers that
 * each has announced. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of a larger cluster, so many are known at a time: any of them will do. */
#define DIRECTORY_NODE_TABLE_MAX 64

typedef struct _DirectoryNodeTable DirectoryNodeTable;

/* @own: the name of this node, which is never returned. */
DirectoryNodeTable *directory_node_table_new (const gchar *own);
void directory_node_table_free (DirectoryNodeTable *self);

/* Replaces what was known by the announcements in @text, one a line, which
 * anybody may have written. What is no announcement of a node is ignored. */
void directory_node_table_read (DirectoryNodeTable *self, const gchar *text,
    gsize size, gint64 now_us);

/* Takes a place at the node with the most room, so that a crowd is spread until
 * the nodes announce their room again. Returns: (transfer full) (nullable): its
 * name; NULL if no node has room, or what was read is older than
 * DIRECTORY_TTL_MS, after which a node may be gone. */
gchar *directory_node_table_take_place (DirectoryNodeTable *self,
    gint64 now_us);

G_END_DECLS
