/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is on the disk at each moment at which a process could be killed. */

#include "gst/record/atomicfile-io.h"
#include "tests/support/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <gst/check/gstcheck.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BOX_BYTES 100
#define HEADER_BYTES 8
/* As much as the disk takes at once. */
#define PIECE_BYTES 7

/* The program is linked so that this comes before the function. */
int __wrap_linkat (int from_fd, const char *from, int to_fd, const char *to,
    int flags);
int __real_linkat (int from_fd, const char *from, int to_fd, const char *to,
    int flags);

static gchar *folder, *path;
static gboolean has_links; /* files without a name can get one */
static guint n_looks;      /* at the file while it was written */
static gsize n_free;       /* what the disk still takes */

int
__wrap_linkat (int from_fd, const char *from, int to_fd, const char *to,
    int flags)
{
  if (has_links)
    return __real_linkat (from_fd, from, to_fd, to, flags);
  errno = EPERM;
  return -1;
}

static void
set_up (void)
{
  folder = g_dir_make_tmp ("atomicfile-XXXXXX", NULL);
  path = g_build_filename (folder, "live", "cam.mp4", NULL);
  has_links = TRUE;
  n_looks = 0;
  n_free = G_MAXSIZE;
}

static void
tear_down (void)
{
  folder_remove (folder);
  g_free (folder);
  g_free (path);
}

/* Of whole boxes, @n of them. */
static GByteArray *
new_batch (guint n)
{
  GByteArray *batch = g_byte_array_new ();
  guint8 box[BOX_BYTES] = { 0, 0, 0, BOX_BYTES, 'm', 'd', 'a', 't' };

  for (guint i = 0; i < n; i++)
    g_byte_array_append (batch, box, sizeof box);
  return batch;
}

/* Returns how many whole boxes there are; then there is nothing but a box that
 * players skip. */
static guint
n_boxes (const gchar *at_path)
{
  g_autofree gchar *data = NULL;
  gsize size, at = 0;
  guint n = 0;

  ck_assert (g_file_get_contents (at_path, &data, &size, NULL));
  while (at + HEADER_BYTES <= size && memcmp (data + at + 4, "mdat", 4) == 0) {
    at += BOX_BYTES;
    n++;
  }
  ck_assert_uint_le (at, size);
  if (size - at >= HEADER_BYTES)
    ck_assert (memcmp (data + at + 4, "free", 4) == 0);
  return n;
}

static gssize
write_pieces (int fd, const void *data, gsize size)
{
  gsize n = MIN (size, MIN (n_free, PIECE_BYTES));
  gssize n_now;

  if (n == 0) {
    errno = ENOSPC;
    return -1;
  }
  n_now = write (fd, data, n);
  n_free -= n_now;
  /* A process that is killed now leaves a file of three boxes, or none. */
  if (has_links && g_file_test (path, G_FILE_TEST_EXISTS)) {
    ck_assert_uint_eq (n_boxes (path), 3);
    n_looks++;
  }
  return n_now;
}

static void
open_file (RecordAtomicFile *self)
{
  record_atomic_file_init (self, write_pieces);
  ck_assert (record_atomic_file_open (self, path));
}

static gboolean
append (RecordAtomicFile *self, guint n)
{
  g_autoptr (GByteArray) batch = new_batch (n), same = new_batch (n);
  gboolean is_well = record_atomic_file_append (self, batch);

  ck_assert (batch->len == same->len &&
      memcmp (batch->data, same->data, same->len) == 0);
  return is_well;
}

/* Whether the file system of the folder has files without a name. */
static gboolean
has_unnamed_files (void)
{
  gint fd = open (folder, O_WRONLY | O_TMPFILE, 0600);

  if (fd >= 0)
    close (fd);
  return fd >= 0;
}

GST_START_TEST (a_file_has_a_name_once_it_has_a_batch)
{
  RecordAtomicFile file;

  open_file (&file);
  ck_assert_int_eq (file.is_named, !has_unnamed_files ());
  has_links = has_unnamed_files ();
  ck_assert (append (&file, 3));
  ck_assert_uint_eq (n_boxes (path), 3);
  ck_assert_uint_eq (n_looks, 0);
  record_atomic_file_clear (&file);
}
GST_END_TEST;

GST_START_TEST (at_each_moment_a_batch_is_there_or_is_not)
{
  RecordAtomicFile file;

  has_links = has_unnamed_files ();
  open_file (&file);
  ck_assert (append (&file, 3));
  has_links = TRUE;
  ck_assert (append (&file, 5));
  ck_assert_uint_eq (n_boxes (path), 8);
  ck_assert_uint_ge (n_looks, 5 * BOX_BYTES / PIECE_BYTES);
  ck_assert_uint_eq (file.n_bytes, 8 * BOX_BYTES);
  record_atomic_file_clear (&file);
}
GST_END_TEST;

GST_START_TEST (no_file_is_overwritten)
{
  g_autofree gchar *second =
      g_build_filename (folder, "live", "cam-2.mp4", NULL);
  RecordAtomicFile file, other;

  open_file (&file);
  ck_assert (append (&file, 3));
  record_atomic_file_clear (&file);
  open_file (&other);
  ck_assert (append (&other, 1));
  ck_assert_str_eq (other.path, second);
  ck_assert_uint_eq (n_boxes (path), 3);
  ck_assert_uint_eq (n_boxes (second), 1);
  record_atomic_file_clear (&other);
}
GST_END_TEST;

GST_START_TEST (a_file_that_can_get_no_name_later_is_created_under_it)
{
  RecordAtomicFile file;

  has_links = FALSE;
  open_file (&file);
  ck_assert (append (&file, 3));
  ck_assert (append (&file, 2));
  ck_assert (file.is_named);
  ck_assert_uint_eq (n_boxes (path), 5);
  record_atomic_file_clear (&file);
}
GST_END_TEST;

GST_START_TEST (a_full_disk_leaves_whole_batches_or_no_file)
{
  RecordAtomicFile file, none;

  open_file (&file);
  ck_assert (append (&file, 3));
  n_free = BOX_BYTES / 2;
  ck_assert (!append (&file, 1));
  ck_assert_int_eq (errno, ENOSPC);
  ck_assert_uint_eq (n_boxes (path), 3);
  record_atomic_file_clear (&file);
  ck_assert_int_eq (unlink (path), 0);
  n_free = BOX_BYTES / 2;
  open_file (&none);
  ck_assert (!append (&none, 1));
  record_atomic_file_clear (&none);
  ck_assert (!g_file_test (path, G_FILE_TEST_EXISTS));
}
GST_END_TEST;

static Suite *
atomicfile_suite (void)
{
  Suite *suite = suite_create ("atomicfile");
  TCase *tcase = tcase_create ("atomicfile");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, a_file_has_a_name_once_it_has_a_batch);
  tcase_add_test (tcase, at_each_moment_a_batch_is_there_or_is_not);
  tcase_add_test (tcase, no_file_is_overwritten);
  tcase_add_test (tcase, a_file_that_can_get_no_name_later_is_created_under_it);
  tcase_add_test (tcase, a_full_disk_leaves_whole_batches_or_no_file);
  return suite;
}

GST_CHECK_MAIN (atomicfile);
