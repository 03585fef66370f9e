/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file of keys counts as it is, not as it was. */

#include "gst/access/keysfile-io.h"

#include <gst/check/gstcheck.h>
#include <glib/gstdio.h>
#include <string.h>

/* Which of two secrets the file lets in. */
static const struct
{
  const gchar *text; /* NULL: the file is removed */
  gboolean is_readable, has_one, has_two, is_told;
} steps[] = {
  { "* one\n", TRUE, TRUE, FALSE, FALSE },
  { "* two\n", TRUE, FALSE, TRUE, FALSE },
  { "* one\n* two\n", TRUE, TRUE, TRUE, FALSE },
  { "one", FALSE, FALSE, FALSE, TRUE },
  { "* two\n\n", TRUE, FALSE, TRUE, FALSE },
  { NULL, FALSE, FALSE, FALSE, TRUE },
  { "* one\n", TRUE, TRUE, FALSE, FALSE },
};

GST_START_TEST (a_file_is_read_when_it_has_changed)
{
  g_autofree gchar *folder = g_dir_make_tmp ("keysfile-XXXXXX", NULL);
  g_autofree gchar *path = g_build_filename (folder, "keys", NULL);
  AccessKeysFile *file = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autoptr (GError) error = NULL;
    const AccessKeys *keys;

    if (steps[i].text != NULL)
      ck_assert (g_file_set_contents (path, steps[i].text, -1, NULL));
    else
      ck_assert_int_eq (g_remove (path), 0);
    if (file == NULL)
      file = access_keysfile_new (path, ACCESS_KEYS_BY_STREAM, NULL);
    keys = access_keysfile_read (file, &error);
    ck_assert_msg ((keys != NULL) == steps[i].is_readable, "step %u", i);
    ck_assert_msg ((error != NULL) == steps[i].is_told, "step %u", i);
    if (keys == NULL)
      continue;
    ck_assert_int_eq (access_keys_allow (keys, "a/b", "one"), steps[i].has_one);
    ck_assert_int_eq (access_keys_allow (keys, "a/b", "two"), steps[i].has_two);
  }
  access_keysfile_free (file);
  g_remove (path);
  g_rmdir (folder);
}
GST_END_TEST;

GST_START_TEST (a_bad_file_is_told_of_by_name_and_line)
{
  g_autofree gchar *path = NULL;
  g_autoptr (GError) error = NULL;
  gint fd = g_file_open_tmp ("keys-XXXXXX", &path, NULL);

  ck_assert_int_ge (fd, 0);
  g_close (fd, NULL);
  ck_assert (g_file_set_contents (path, "a/b c\nd\n", -1, NULL));
  ck_assert (access_keysfile_new (path, ACCESS_KEYS_BY_STREAM, &error) == NULL);
  ck_assert (strstr (error->message, path) != NULL);
  ck_assert (strstr (error->message, "line 2") != NULL);
  g_remove (path);
  g_clear_error (&error);
  ck_assert (access_keysfile_new (path, ACCESS_KEYS_BY_STREAM, &error) == NULL);
  ck_assert (strstr (error->message, path) != NULL);
}
GST_END_TEST;

static Suite *
keysfile_suite (void)
{
  Suite *suite = suite_create ("keysfile");
  TCase *tcase = tcase_create ("keysfile");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_file_is_read_when_it_has_changed);
  tcase_add_test (tcase, a_bad_file_is_told_of_by_name_and_line);
  return suite;
}

GST_CHECK_MAIN (keysfile);
