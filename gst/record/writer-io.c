/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes recordings: see writer-io.h. */

#include "gst/record/writer-io.h"

#include "gst/record/atomicfile-io.h"
#include "gst/record/location.h"

#include <errno.h>
#include <gio/gio.h>
#include <gst/gstinfo.h>
#include <unistd.h>

GST_DEBUG_CATEGORY_STATIC (record_writer_debug);
#define GST_CAT_DEFAULT record_writer_debug

struct _RecordWriter
{
  RecordWriterParams params; /* with copies of the texts */
  gchar *location, *stream;
  gint n_refs; /* atomic */

  GMutex lock; /* guards what follows */
  GCond changed;
  RecordQueue queue;
  const gchar *end; /* why it is to end; NULL before */
  gboolean has_failed;
  gboolean is_done;
  RecordFile file; /* as others see it; no path: there is none */

  /* Owned by the thread. */
  RecordCutter cutter;
  GBytes *init; /* nullable: the newest one */
  GByteArray *batch;
  RecordAtomicFile output; /* without a byte: it has not been reported yet */
  gint64 opened_us;
  gboolean is_slow; /* the queue was full */
};

void
record_file_clear (RecordFile *self)
{
  g_clear_pointer (&self->path, g_free);
}

static gssize
write_file (int fd, const void *data, gsize size)
{
  return write (fd, data, size);
}

static void
report (RecordWriter *self, const gchar *why, gboolean has_failed)
{
  const RecordNews news = { .path = self->output.path,
    .why = why,
    .has_failed = has_failed,
    .is_slow = self->is_slow,
    .duration_ns = self->cutter.duration_ns,
    .n_bytes = self->output.n_bytes };

  if (why == NULL)
    GST_INFO ("%s: records", self->stream);
  else
    GST_INFO ("%s: recording ended after %" G_GUINT64_FORMAT " bytes: %s",
        self->stream, news.n_bytes, why);
  GST_DEBUG ("%s: %s", self->stream, self->output.path);
  self->params.report (&news, self->params.user_data);
}

/* What has been written since is seen by others, too. */
static void
show_file (RecordWriter *self)
{
  g_mutex_lock (&self->lock);
  if (self->file.path == NULL)
    self->file.path = g_strdup (self->output.path);
  self->file.since_us = self->opened_us;
  self->file.duration_ns = self->cutter.duration_ns;
  self->file.n_bytes = self->output.n_bytes;
  g_mutex_unlock (&self->lock);
}

static void
hide_file (RecordWriter *self)
{
  g_mutex_lock (&self->lock);
  record_file_clear (&self->file);
  g_mutex_unlock (&self->lock);
}

static gboolean
has_file (const RecordWriter *self)
{
  return self->output.fd >= 0;
}

/* Everything has been written, as far as that is possible. A full disk leaves
 * no empty files behind. */
static void
close_file (RecordWriter *self, const gchar *why, gboolean has_failed)
{
  if (self->output.path == NULL)
    return;
  hide_file (self);
  record_atomic_file_close (&self->output);
  report (self, why, has_failed);
  record_cutter_end_file (&self->cutter);
  record_atomic_file_clear (&self->output);
}

static void
set_failed (RecordWriter *self, const gchar *why)
{
  close_file (self, why, TRUE);
  g_mutex_lock (&self->lock);
  self->has_failed = TRUE;
  g_mutex_unlock (&self->lock);
}

/* Writes all of the gathered fragments or, if that fails, none of them, so that
 * the file ends with a whole one. */
static gboolean
flush (RecordWriter *self)
{
  gboolean is_first = self->output.n_bytes == 0;
  gboolean is_well = record_atomic_file_append (&self->output, self->batch);
  gint error = errno;

  g_byte_array_set_size (self->batch, 0);
  if (!is_well) {
    set_failed (self, error != 0 ? g_strerror (error) : "nothing was written");
    return FALSE;
  }
  if (self->output.n_bytes > 0)
    show_file (self);
  if (is_first && self->output.n_bytes > 0)
    report (self, NULL, FALSE);
  return TRUE;
}

/* Returns: (transfer full): the path for a recording that begins now. */
static gchar *
dup_path (RecordWriter *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now (self->params.zone);

  return record_location_expand (self->location, self->stream, now);
}

static gboolean
open_file (RecordWriter *self)
{
  g_autofree gchar *path = dup_path (self);

  if (!record_atomic_file_open (&self->output, path)) {
    const gchar *why = g_strerror (errno);

    record_cutter_end_file (&self->cutter);
    set_failed (self, why);
    return FALSE;
  }
  self->opened_us = g_get_real_time ();
  g_byte_array_append (self->batch, g_bytes_get_data (self->init, NULL),
      g_bytes_get_size (self->init));
  return TRUE;
}

static gboolean
begin_file (RecordWriter *self, const RecordCutter *before)
{
  const RecordCutter now = self->cutter;

  if (has_file (self)) {
    /* The file that ends reports its own duration. */
    self->cutter = *before;
    if (!flush (self))
      return FALSE;
    close_file (self, now.why, FALSE);
    self->cutter = now;
  }
  return open_file (self);
}

static void
append (GByteArray *out, GBytes *bytes)
{
  if (bytes != NULL)
    g_byte_array_append (out, g_bytes_get_data (bytes, NULL),
        g_bytes_get_size (bytes));
}

static gboolean
take_fragment (RecordWriter *self, const RecordPiece *piece)
{
  const RecordCutter before = self->cutter;
  gsize size;
  gconstpointer data = g_bytes_get_data (piece->head, &size);
  g_autofree guint8 *head = g_memdup2 (data, size);

  switch (record_cutter_take (&self->cutter, head, size,
      record_piece_size (piece), piece->is_key, &self->params.limits)) {
    case RECORD_CUT_SKIP:
      return TRUE;
    case RECORD_CUT_BEGIN:
      if (!begin_file (self, &before))
        return FALSE;
      break;
    case RECORD_CUT_CONTINUE:
      break;
  }
  g_byte_array_append (self->batch, head, size);
  append (self->batch, piece->body);
  return self->batch->len < RECORD_WRITER_GATHER_BYTES || flush (self);
}

static gboolean
take_piece (RecordWriter *self, const RecordPiece *piece)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (piece->head, &size);

  if (!piece->is_init)
    return take_fragment (self, piece);
  g_clear_pointer (&self->init, g_bytes_unref);
  if (!record_cutter_take_init (&self->cutter, data, size))
    GST_WARNING ("%s: the init segment cannot be read", self->stream);
  self->init = g_bytes_ref (piece->head);
  return TRUE;
}

/* Waits until there is enough to write, or until it has waited for long enough;
 * a file begins at once. Returns: (transfer full): what is to be written, @end
 * (nullable): why nothing follows. */
static GArray *
wait_for_pieces (RecordWriter *self, const gchar **end)
{
  GArray *pieces;
  gint64 until_us = 0;

  g_mutex_lock (&self->lock);
  while (self->end == NULL && !self->queue.has_overflowed &&
      self->queue.n_bytes < RECORD_WRITER_GATHER_BYTES) {
    if (self->queue.pieces->len == 0) {
      g_cond_wait (&self->changed, &self->lock);
      continue;
    }
    if (!has_file (self))
      break;
    if (until_us == 0)
      until_us = g_get_monotonic_time () + RECORD_WRITER_GATHER_US;
    if (!g_cond_wait_until (&self->changed, &self->lock, until_us))
      break;
  }
  pieces = record_queue_take (&self->queue);
  self->is_slow = self->queue.has_overflowed;
  *end = self->is_slow ? "the disk is too slow" : self->end;
  g_mutex_unlock (&self->lock);
  return pieces;
}

static gboolean
write_pieces (RecordWriter *self, const GArray *pieces)
{
  for (guint i = 0; i < pieces->len; i++)
    if (!take_piece (self, &g_array_index (pieces, RecordPiece, i)))
      return FALSE;
  return !has_file (self) || flush (self);
}

static void
set_done (RecordWriter *self)
{
  g_mutex_lock (&self->lock);
  self->is_done = self->has_failed = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static gpointer
run (gpointer user_data)
{
  RecordWriter *self = user_data;
  const gchar *end = NULL;
  gboolean is_well = TRUE;

  while (is_well && end == NULL) {
    g_autoptr (GArray) pieces = wait_for_pieces (self, &end);

    is_well = write_pieces (self, pieces);
  }
  if (is_well)
    close_file (self, end, self->is_slow);
  set_done (self);
  record_writer_unref (self);
  return NULL;
}

RecordWriter *
record_writer_new (const RecordWriterParams *params, GError **error)
{
  RecordWriter *self = g_new0 (RecordWriter, 1);
  GThread *thread;

  GST_DEBUG_CATEGORY_INIT (record_writer_debug, "recordwriter", 0,
      "writes recordings");
  g_assert (record_location_check (params->location) == NULL);
  self->params = *params;
  self->location = g_strdup (params->location);
  self->stream = g_strdup (params->stream);
  self->params.zone = g_time_zone_ref (params->zone);
  if (self->params.write == NULL)
    self->params.write = write_file;
  self->n_refs = 2;
  record_atomic_file_init (&self->output, self->params.write);
  self->batch = g_byte_array_new ();
  record_queue_init (&self->queue, RECORD_WRITER_MAX_BYTES);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  thread = g_thread_try_new ("record-writer", run, self, error);
  if (thread == NULL) {
    record_writer_unref (self);
    record_writer_unref (self);
    return NULL;
  }
  g_thread_unref (thread);
  return self;
}

RecordWriter *
record_writer_ref (RecordWriter *self)
{
  g_atomic_int_inc (&self->n_refs);
  return self;
}

void
record_writer_unref (RecordWriter *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->n_refs))
    return;
  if (self->params.free_user_data != NULL)
    self->params.free_user_data (self->params.user_data);
  record_queue_clear (&self->queue);
  g_clear_pointer (&self->init, g_bytes_unref);
  record_file_clear (&self->file);
  record_atomic_file_clear (&self->output);
  g_byte_array_unref (self->batch);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self->location);
  g_free (self->stream);
  g_time_zone_unref (self->params.zone);
  g_free (self);
}

gboolean
record_writer_push (RecordWriter *self, RecordPiece *piece)
{
  gboolean is_well;

  g_mutex_lock (&self->lock);
  is_well = !self->has_failed && self->end == NULL;
  if (is_well)
    is_well = record_queue_push (&self->queue, piece);
  else
    record_piece_clear (piece);
  /* The thread gathers what follows without being woken. */
  if (!is_well || self->queue.pieces->len == 1 ||
      self->queue.n_bytes >= RECORD_WRITER_GATHER_BYTES)
    g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  return is_well;
}

void
record_writer_finish (RecordWriter *self, const gchar *why)
{
  g_mutex_lock (&self->lock);
  if (self->end == NULL)
    self->end = why;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

gboolean
record_writer_read (RecordWriter *self, RecordFile *file)
{
  gboolean is_open;

  g_mutex_lock (&self->lock);
  is_open = self->file.path != NULL;
  if (is_open) {
    *file = self->file;
    file->path = g_strdup (self->file.path);
  }
  g_mutex_unlock (&self->lock);
  return is_open;
}

gboolean
record_writer_wait (RecordWriter *self, gint64 limit_us)
{
  gint64 until_us = g_get_monotonic_time () + limit_us;
  gboolean is_done;

  g_mutex_lock (&self->lock);
  while (!self->is_done &&
      g_cond_wait_until (&self->changed, &self->lock, until_us))
    continue;
  is_done = self->is_done;
  g_mutex_unlock (&self->lock);
  return is_done;
}
