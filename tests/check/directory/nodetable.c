/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which node has room for a viewer. */

#include "gst/directory/nodetable.h"
#include "gst/directory/announcement.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define ID "gateway=0123456789abcdef"
#define NOW_US (1000 * G_USEC_PER_SEC)
#define TTL_US (DIRECTORY_TTL_MS * (gint64) 1000)

static void
table_reads (DirectoryNodeTable *self, const gchar *text)
{
  directory_node_table_read (self, text, strlen (text), NOW_US);
}

static void
assert_takes (DirectoryNodeTable *self, gint64 now_us, const gchar *node)
{
  g_autofree gchar *found = directory_node_table_take_place (self, now_us);

  ck_assert_msg (g_strcmp0 (found, node) == 0, "%s, not %s", found, node);
}

GST_START_TEST (the_node_with_the_most_room_is_found)
{
  DirectoryNodeTable *self = directory_node_table_new ("edge1");

  assert_takes (self, NOW_US, NULL);
  table_reads (self,
      ID
      " node=edge1 viewers=0 room=900 draining=0\n" ID
      " node=edge2 viewers=9 room=20 draining=0\n" ID
      " address=rtmp://192.0.2.1 node=edge3 viewers=0 room=30 draining=0\n" ID
      " viewers=0 room=800 draining=0");
  assert_takes (self, NOW_US, "edge3");
  table_reads (self, ID " node=edge2 viewers=9 room=20 draining=0");
  assert_takes (self, NOW_US, "edge2");
  table_reads (self, ID " node=edge2 viewers=9 room=0 draining=1");
  assert_takes (self, NOW_US, NULL);
  directory_node_table_free (self);
}
GST_END_TEST;

GST_START_TEST (a_crowd_is_spread)
{
  DirectoryNodeTable *self = directory_node_table_new ("edge1");

  table_reads (self, ID " node=edge2 room=3\n" ID " node=edge3 room=2\n");
  assert_takes (self, NOW_US, "edge2");
  assert_takes (self, NOW_US, "edge2");
  assert_takes (self, NOW_US, "edge3");
  assert_takes (self, NOW_US, "edge2");
  assert_takes (self, NOW_US, "edge3");
  assert_takes (self, NOW_US, NULL);
  directory_node_table_free (self);
}
GST_END_TEST;

GST_START_TEST (what_was_read_long_ago_says_nothing)
{
  DirectoryNodeTable *self = directory_node_table_new ("edge1");

  table_reads (self, ID " node=edge2 room=3");
  assert_takes (self, NOW_US + TTL_US, "edge2");
  assert_takes (self, NOW_US + TTL_US + 1, NULL);
  directory_node_table_free (self);
}
GST_END_TEST;

static const gchar *const wrong[] = { "", "\n", "\n\n", "room=5",
  ID " room=5 node=", ID " room= node=edge2", ID " room=-1 node=edge2",
  ID " room=4294967296 node=edge2", ID " room=5x node=edge2",
  ID "  room=5 node=edge2", ID " room=5 node=edge2 ",
  ID " room=5 node=\xc3\xa4",
  ID " room=5 node=a23456789012345678901234567890123" };

GST_START_TEST (what_is_no_load_of_a_node_is_ignored)
{
  DirectoryNodeTable *self = directory_node_table_new ("edge1");

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree gchar *text =
        g_strdup_printf ("%s\n" ID " node=edge9 room=1\n", wrong[i]);

    table_reads (self, wrong[i]);
    assert_takes (self, NOW_US, NULL);
    table_reads (self, text);
    assert_takes (self, NOW_US, "edge9");
  }
  directory_node_table_free (self);
}
GST_END_TEST;

GST_START_TEST (a_table_is_limited)
{
  DirectoryNodeTable *self = directory_node_table_new ("edge1");
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i <= DIRECTORY_NODE_TABLE_MAX; i++)
    g_string_append_printf (text, ID " node=n%u room=1\n", i);
  table_reads (self, text->str);
  for (guint i = 0; i < DIRECTORY_NODE_TABLE_MAX; i++) {
    g_autofree gchar *node = g_strdup_printf ("n%u", i);

    assert_takes (self, NOW_US, node);
  }
  assert_takes (self, NOW_US, NULL);
  directory_node_table_free (self);
}
GST_END_TEST;

static Suite *
nodetable_suite (void)
{
  Suite *suite = suite_create ("nodetable");
  TCase *tcase = tcase_create ("nodetable");

  tcase_add_test (tcase, the_node_with_the_most_room_is_found);
  tcase_add_test (tcase, a_crowd_is_spread);
  tcase_add_test (tcase, what_was_read_long_ago_says_nothing);
  tcase_add_test (tcase, what_is_no_load_of_a_node_is_ignored);
  tcase_add_test (tcase, a_table_is_limited);
  suite_add_tcase (suite, tcase);
  return suite;
}

GST_CHECK_MAIN (nodetable);
