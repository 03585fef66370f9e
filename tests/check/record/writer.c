/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A writer's files, on disks that are well, full and stuck. */

#include "gst/record/writer-io.h"
#include "tests/support/fmp4bytes.h"
#include "tests/support/folder.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <unistd.h>

#define FRAME_BYTES 100
#define FRAGMENT_BYTES (FMP4_HEAD_BYTES + FRAME_BYTES)
#define LARGE_BYTES (1024 * 1024)
#define PATIENCE_US (20 * G_USEC_PER_SEC)

/* What the writer has reported, a line each: "began", or "ended: " and why. */
typedef struct
{
  gchar *folder;
  GMutex lock;
  GString *lines;
  guint64 n_bytes, duration_ns; /* of the last that ended */
  gchar *path;                  /* of the last */
} Log;

static Log told;
/* What a disk still takes, and whether it takes time. */
static gint n_free;
static GMutex stuck;

static void
on_news (const RecordNews *news, gpointer user_data)
{
  g_mutex_lock (&told.lock);
  g_string_append_printf (told.lines, "%s%s%s\n",
      news->why == NULL ? "began" : "ended: ",
      news->why == NULL ? "" : news->why, news->has_failed ? "!" : "");
  told.n_bytes = news->n_bytes;
  told.duration_ns = news->duration_ns;
  g_free (told.path);
  told.path = g_strdup (news->path);
  g_mutex_unlock (&told.lock);
}

static void
set_up (void)
{
  told.folder = g_dir_make_tmp ("record-XXXXXX", NULL);
  told.lines = g_string_new (NULL);
  told.path = NULL;
}

static void
tear_down (void)
{
  folder_remove (told.folder);
  g_free (told.folder);
  g_free (told.path);
  g_string_free (told.lines, TRUE);
}

static RecordWriter *
new_writer (const gchar *name, RecordWriteFunc write_func,
    const RecordLimits *limits)
{
  g_autofree gchar *location = g_build_filename (told.folder, name, NULL);
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  RecordWriterParams params = {
    .location = location,
    .stream = "live/cam",
    .zone = zone,
    .report = on_news,
    .write = write_func,
  };
  RecordWriter *writer;

  if (limits != NULL)
    params.limits = *limits;
  writer = record_writer_new (&params, NULL);
  ck_assert (writer != NULL);
  return writer;
}

static void
push_init (RecordWriter *writer)
{
  RecordPiece piece = { .head = g_byte_array_free_to_bytes (fmp4_init ()),
    .is_init = TRUE };

  ck_assert (record_writer_push (writer, &piece));
}

static gboolean
push (RecordWriter *writer, guint64 ms, gboolean is_key, gsize size)
{
  g_autoptr (GByteArray) all = fmp4_fragment (FMP4_VIDEO, ms, size);
  RecordPiece piece = { .is_key = is_key };

  piece.head = g_bytes_new (all->data, FMP4_HEAD_BYTES);
  piece.body = g_bytes_new (all->data + FMP4_HEAD_BYTES, size);
  return record_writer_push (writer, &piece);
}

static void
finish (RecordWriter *writer)
{
  record_writer_finish (writer, "the publisher has left");
  ck_assert (record_writer_wait (writer, PATIENCE_US));
  record_writer_unref (writer);
}

static gsize
init_bytes (void)
{
  g_autoptr (GByteArray) init = fmp4_init ();

  return init->len;
}

static gsize
size_of (const gchar *path)
{
  GStatBuf info;

  return g_stat (path, &info) == 0 ? info.st_size : 0;
}

GST_START_TEST (a_file_has_the_init_segment_and_all_from_a_key_frame_on)
{
  RecordWriter *writer = new_writer ("%a/%k.mp4", NULL, NULL);

  push_init (writer);
  push (writer, 0, FALSE, FRAME_BYTES);
  for (guint i = 0; i < 10; i++)
    ck_assert (push (writer, 1000 + 40 * i, i == 0, FRAME_BYTES));
  finish (writer);
  ck_assert_str_eq (told.lines->str, "began\nended: the publisher has left\n");
  ck_assert (g_str_has_suffix (told.path, "/live/cam.mp4"));
  ck_assert_uint_eq (told.n_bytes, init_bytes () + 10 * FRAGMENT_BYTES);
  ck_assert_uint_eq (size_of (told.path), told.n_bytes);
  ck_assert_uint_eq (told.duration_ns, 360 * GST_MSECOND);
}
GST_END_TEST;

GST_START_TEST (a_limit_begins_another_file_which_overwrites_none)
{
  const RecordLimits limits = { .duration_ns = 100 * GST_MSECOND };
  RecordWriter *writer = new_writer ("%k.mp4", NULL, &limits);

  push_init (writer);
  for (guint i = 0; i < 9; i++)
    ck_assert (push (writer, 40 * i, i % 3 == 0, FRAME_BYTES));
  finish (writer);
  ck_assert_str_eq (told.lines->str,
      "began\nended: its duration is reached\n"
      "began\nended: its duration is reached\n"
      "began\nended: the publisher has left\n");
  ck_assert (g_str_has_suffix (told.path, "/cam-3.mp4"));
  ck_assert_uint_eq (told.n_bytes, init_bytes () + 3 * FRAGMENT_BYTES);
  ck_assert_uint_eq (told.duration_ns, 80 * GST_MSECOND);
}
GST_END_TEST;

GST_START_TEST (a_symbolic_link_is_not_followed)
{
  g_autofree gchar *link = g_build_filename (told.folder, "cam.mp4", NULL);
  g_autofree gchar *target = g_build_filename (told.folder, "other", NULL);
  RecordWriter *writer = new_writer ("%k.mp4", NULL, NULL);

  ck_assert_int_eq (symlink (target, link), 0);
  push_init (writer);
  push (writer, 0, TRUE, FRAME_BYTES);
  finish (writer);
  ck_assert (!g_file_test (target, G_FILE_TEST_EXISTS));
  ck_assert (g_str_has_suffix (told.path, "/cam-2.mp4"));
}
GST_END_TEST;

GST_START_TEST (a_folder_that_cannot_be_written_to_is_reported)
{
  g_autofree gchar *file = g_build_filename (told.folder, "live", NULL);
  RecordWriter *writer = new_writer ("%a/%k.mp4", NULL, NULL);

  ck_assert (g_file_set_contents (file, "", -1, NULL));
  push_init (writer);
  push (writer, 0, TRUE, FRAME_BYTES);
  ck_assert (record_writer_wait (writer, PATIENCE_US));
  ck_assert_str_eq (told.lines->str, "ended: Not a directory!\n");
  ck_assert (!push (writer, 40, FALSE, FRAME_BYTES));
  finish (writer);
}
GST_END_TEST;

/* Takes a part of what it is given at the end, as a disk does. */
static gssize
write_to_small_disk (int fd, const void *data, gsize size)
{
  gsize n = MIN (size, (gsize) n_free);

  if (n == 0) {
    errno = ENOSPC;
    return -1;
  }
  n_free -= n;
  return write (fd, data, n);
}

GST_START_TEST (a_full_disk_ends_the_file_after_a_whole_fragment)
{
  RecordWriter *writer = new_writer ("%k.mp4", write_to_small_disk, NULL);
  guint i = 0;

  n_free = 10 * LARGE_BYTES + LARGE_BYTES / 2;
  push_init (writer);
  while (push (writer, 40 * i, i == 0, LARGE_BYTES))
    i++;
  ck_assert (record_writer_wait (writer, PATIENCE_US));
  ck_assert_str_eq (told.lines->str,
      "began\nended: No space left on device!\n");
  ck_assert_uint_eq (size_of (told.path), told.n_bytes);
  ck_assert_uint_eq ((told.n_bytes - init_bytes ()) %
          (FMP4_HEAD_BYTES + LARGE_BYTES),
      0);
  ck_assert_uint_gt (told.n_bytes, LARGE_BYTES);
  record_writer_unref (writer);
}
GST_END_TEST;

GST_START_TEST (a_disk_without_any_room_leaves_no_file)
{
  RecordWriter *writer = new_writer ("%k.mp4", write_to_small_disk, NULL);

  n_free = 10;
  push_init (writer);
  push (writer, 0, TRUE, FRAME_BYTES);
  ck_assert (record_writer_wait (writer, PATIENCE_US));
  ck_assert_str_eq (told.lines->str, "ended: No space left on device!\n");
  ck_assert (!g_file_test (told.path, G_FILE_TEST_EXISTS));
  record_writer_unref (writer);
}
GST_END_TEST;

static gssize
write_when_free (int fd, const void *data, gsize size)
{
  gssize n;

  g_mutex_lock (&stuck);
  n = write (fd, data, size);
  g_mutex_unlock (&stuck);
  return n;
}

GST_START_TEST (a_stuck_disk_ends_the_recording_and_stops_nobody)
{
  RecordWriter *writer = new_writer ("%k.mp4", write_when_free, NULL);
  guint i = 0;

  g_mutex_lock (&stuck);
  push_init (writer);
  /* Each returns at once, and what they hold is limited. */
  while (push (writer, 40 * i, i == 0, LARGE_BYTES))
    i++;
  ck_assert_uint_le (i, 2 * RECORD_WRITER_MAX_BYTES / LARGE_BYTES);
  ck_assert (!record_writer_wait (writer, 0));
  g_mutex_unlock (&stuck);
  ck_assert (record_writer_wait (writer, PATIENCE_US));
  ck_assert_str_eq (told.lines->str, "began\nended: the disk is too slow!\n");
  ck_assert_uint_eq (size_of (told.path), told.n_bytes);
  record_writer_unref (writer);
}
GST_END_TEST;

GST_START_TEST (a_writer_that_is_stuck_can_be_left_behind)
{
  RecordWriter *writer = new_writer ("%k.mp4", write_when_free, NULL);

  g_mutex_lock (&stuck);
  push_init (writer);
  push (writer, 0, TRUE, FRAME_BYTES);
  record_writer_finish (writer, "the server is stopping");
  ck_assert (!record_writer_wait (writer, 1000));
  record_writer_ref (writer);
  record_writer_unref (writer);
  g_mutex_unlock (&stuck);
  ck_assert (record_writer_wait (writer, PATIENCE_US));
  record_writer_unref (writer);
}
GST_END_TEST;

static Suite *
writer_suite (void)
{
  Suite *suite = suite_create ("writer");
  TCase *tcase = tcase_create ("writer");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase,
      a_file_has_the_init_segment_and_all_from_a_key_frame_on);
  tcase_add_test (tcase, a_limit_begins_another_file_which_overwrites_none);
  tcase_add_test (tcase, a_symbolic_link_is_not_followed);
  tcase_add_test (tcase, a_folder_that_cannot_be_written_to_is_reported);
  tcase_add_test (tcase, a_full_disk_ends_the_file_after_a_whole_fragment);
  tcase_add_test (tcase, a_disk_without_any_room_leaves_no_file);
  tcase_add_test (tcase, a_stuck_disk_ends_the_recording_and_stops_nobody);
  tcase_add_test (tcase, a_writer_that_is_stuck_can_be_left_behind);
  return suite;
}

GST_CHECK_MAIN (writer);
