/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is read from Redis can be written there again, and a room is that of a
 * node with a name. */

#include "gst/directory/announcement.h"
#include "gst/directory/nodetable.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
read_rooms (const gchar *text, gsize size)
{
  DirectoryNodeTable *table = directory_node_table_new ("own");
  g_autofree gchar *node = NULL;

  directory_node_table_read (table, text, size, 0);
  node = directory_node_table_take_place (table, 0);
  if (node != NULL) {
    g_assert (*node != '\0' && strlen (node) <= DIRECTORY_NODE_MAX);
    g_assert (!g_str_equal (node, "own"));
  }
  directory_node_table_free (table);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  DirectoryAnnouncement found, again;

  read_rooms ((const gchar *) data, size);
  if (directory_announcement_decode (&found, (const gchar *) data, size)) {
    g_autofree gchar *text =
        directory_announcement_encode (found.gateway, found.address);

    g_assert (text != NULL);
    g_assert (directory_announcement_decode (&again, text, strlen (text)));
    g_assert (g_str_equal (again.gateway, found.gateway));
    g_assert (g_str_equal (again.address, found.address));
    directory_announcement_clear (&again);
  }
  directory_announcement_clear (&found);
  return 0;
}
