/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Nodes and their room: see nodetable.h. */

#include "gst/directory/nodetable.h"
#include "gst/directory/announcement.h"

#include <string.h>

struct _DirectoryNodeTable
{
  gchar *own;
  DirectoryRoom rooms[DIRECTORY_NODE_TABLE_MAX];
  guint n_rooms;
  gint64 read_us;
};

DirectoryNodeTable *
directory_node_table_new (const gchar *own)
{
  DirectoryNodeTable *self = g_new0 (DirectoryNodeTable, 1);

  self->own = g_strdup (own);
  return self;
}

void
directory_node_table_free (DirectoryNodeTable *self)
{
  if (self == NULL)
    return;
  g_free (self->own);
  g_free (self);
}

static void
read_line (DirectoryNodeTable *self, const gchar *line, gsize size)
{
  DirectoryRoom room;

  if (directory_announcement_decode_room (&room, line, size) &&
      strcmp (room.node, self->own) != 0)
    self->rooms[self->n_rooms++] = room;
}

void
directory_node_table_read (DirectoryNodeTable *self, const gchar *text,
    gsize size, gint64 now_us)
{
  const gchar *end = text + size;

  self->n_rooms = 0;
  self->read_us = now_us;
  for (const gchar *line = text;
       line < end && self->n_rooms < DIRECTORY_NODE_TABLE_MAX;) {
    const gchar *feed = memchr (line, '\n', end - line);

    if (feed == NULL)
      feed = end;
    read_line (self, line, feed - line);
    line = feed + 1;
  }
}

gchar *
directory_node_table_take_place (DirectoryNodeTable *self, gint64 now_us)
{
  DirectoryRoom *most = NULL;

  if (now_us - self->read_us > DIRECTORY_TTL_MS * (gint64) 1000)
    return NULL;
  for (guint i = 0; i < self->n_rooms; i++)
    if (self->rooms[i].n_free > (most != NULL ? most->n_free : 0))
      most = &self->rooms[i];
  if (most == NULL)
    return NULL;
  most->n_free--;
  return g_strdup (most->node);
}
