/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The recordings of an element: see gstrecordings.h. */

#include "gst/record/gstrecordings.h"

#include "gst/record/location.h"
#include "gst/record/writer-io.h"

GST_DEBUG_CATEGORY_STATIC (recordings_debug);
#define GST_CAT_DEFAULT recordings_debug

/* What a writer reports to, which may outlive the recorder. */
typedef struct
{
  GWeakRef element;
  gchar *stream;
  gint is_failing; /* atomic: no file has been begun since a failure */
} Reporter;

struct _GstRecorder
{
  GstRecordings *recordings;
  Reporter *reporter; /* counted */
  gint is_wanted;     /* atomic: location is set */

  /* Guarded by the lock of the recordings. */
  RecordPiece init;     /* the newest; no head before the first */
  gchar *location;      /* NULL unless the stream is to be recorded */
  RecordWriter *writer; /* nullable */
  RecordWriter *failed; /* nullable: the last one, whose disk may be stuck */
  gint64 retry_us;      /* when to begin again after a failure */
};

struct _GstRecordings
{
  GstElement *element;
  GTimeZone *zone;

  GMutex lock; /* guards what follows */
  gchar *location;
  RecordLimits limits;
  GList *recorders; /* of GstRecorder */
  GList *ending;    /* of RecordWriter: they write what is left */
};

static void
clear_reporter (gpointer data)
{
  Reporter *self = data;

  g_weak_ref_clear (&self->element);
  g_free (self->stream);
}

static void
unref_reporter (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_reporter);
}

static void
post (const Reporter *self, GstElement *element, const RecordNews *news)
{
  GstStructure *s = gst_structure_new (news->why == NULL ? "recording-started"
                                                         : "recording-ended",
      "stream-name", G_TYPE_STRING, self->stream, "location", G_TYPE_STRING,
      news->path, NULL);

  if (news->why != NULL)
    gst_structure_set (s, "reason", G_TYPE_STRING, news->why, "duration",
        G_TYPE_UINT64, news->duration_ns, "bytes", G_TYPE_UINT64, news->n_bytes,
        NULL);
  gst_element_post_message (element,
      gst_message_new_element (GST_OBJECT (element), s));
}

static void
warn (const Reporter *self, GstElement *element, const gchar *why,
    const gchar *details)
{
  GST_ELEMENT_WARNING (element, RESOURCE, WRITE,
      ("The stream \"%s\" is not recorded: %s.", self->stream, why),
      ("%s", details));
}

/* Further attempts that fail without a byte are only logged. A disk that is too
 * slow has been reported by then. */
static void
on_news (const RecordNews *news, gpointer user_data)
{
  Reporter *self = user_data;
  g_autoptr (GstElement) element = g_weak_ref_get (&self->element);
  gboolean was_failing = g_atomic_int_get (&self->is_failing);

  g_atomic_int_set (&self->is_failing, news->has_failed);
  if (element == NULL ||
      (news->has_failed && was_failing && news->n_bytes == 0))
    return;
  post (self, element, news);
  if (news->has_failed && !was_failing && !news->is_slow)
    warn (self, element, news->why, news->path);
}

/* A writer that is stuck cannot report it. */
static void
report_stuck (Reporter *self)
{
  g_autoptr (GstElement) element = g_weak_ref_get (&self->element);

  if (element != NULL &&
      g_atomic_int_compare_and_exchange (&self->is_failing, FALSE, TRUE))
    warn (self, element, "the disk is too slow",
        "what has not been written has reached its limit");
}

static void
unmap (gpointer data)
{
  GstMapInfo *map = data;
  GstMemory *memory = map->memory;

  gst_memory_unmap (memory, map);
  gst_memory_unref (memory);
  g_free (map);
}

/* Takes @memory. Returns: (nullable): NULL if it cannot be read. */
static GBytes *
to_bytes (GstMemory *memory)
{
  GstMapInfo *map = g_new (GstMapInfo, 1);

  if (gst_memory_map (memory, map, GST_MAP_READ))
    return g_bytes_new_with_free_func (map->data, map->size, unmap, map);
  gst_memory_unref (memory);
  g_free (map);
  return NULL;
}

/* Returns FALSE if the buffer is empty or cannot be read. */
static gboolean
to_piece (GstBuffer *buffer, RecordPiece *piece)
{
  *piece = (RecordPiece){ 0 };
  if (gst_buffer_get_size (buffer) == 0)
    return FALSE;
  piece->is_init = GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_HEADER);
  piece->is_key = !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  piece->head = to_bytes (gst_buffer_get_memory (buffer, 0));
  if (gst_buffer_n_memory (buffer) > 1)
    piece->body = to_bytes (gst_buffer_get_memory_range (buffer, 1, -1));
  if (piece->head != NULL &&
      (piece->body != NULL || gst_buffer_n_memory (buffer) == 1))
    return TRUE;
  record_piece_clear (piece);
  return FALSE;
}

static gboolean
is_done (RecordWriter *writer)
{
  return record_writer_wait (writer, 0);
}

/* Returns FALSE if the recording has failed. */
static gboolean
push_locked (GstRecorder *self, const RecordPiece *piece)
{
  RecordPiece copy = *piece;

  g_bytes_ref (copy.head);
  if (copy.body != NULL)
    g_bytes_ref (copy.body);
  if (record_writer_push (self->writer, &copy))
    return TRUE;
  g_clear_pointer (&self->failed, record_writer_unref);
  self->failed = g_steal_pointer (&self->writer);
  self->retry_us = g_get_monotonic_time () + GST_RECORDINGS_RETRY_US;
  return FALSE;
}

static void
forget_done_locked (GstRecordings *self)
{
  for (GList *l = self->ending, *next; l != NULL; l = next) {
    next = l->next;
    if (!is_done (l->data))
      continue;
    record_writer_unref (l->data);
    self->ending = g_list_delete_link (self->ending, l);
  }
}

/* Whether there may be a writer more: those before have got rid of what they
 * had, except for a few. */
static gboolean
may_begin_locked (GstRecorder *self)
{
  if (g_get_monotonic_time () < self->retry_us)
    return FALSE;
  forget_done_locked (self->recordings);
  if ((self->failed == NULL || is_done (self->failed)) &&
      g_list_length (self->recordings->ending) < GST_RECORDINGS_MAX_ENDING)
    return TRUE;
  GST_WARNING ("%s: the disk still has to take earlier recordings",
      self->reporter->stream);
  self->retry_us = g_get_monotonic_time () + GST_RECORDINGS_RETRY_US;
  return FALSE;
}

/* Begins to record if that is wanted, and not too soon after a failure. */
static void
begin_locked (GstRecorder *self)
{
  RecordWriterParams params = {
    .location = self->location,
    .stream = self->reporter->stream,
    .zone = self->recordings->zone,
    .limits = self->recordings->limits,
    .report = on_news,
    .free_user_data = unref_reporter,
  };

  if (self->writer != NULL || self->location == NULL ||
      self->init.head == NULL || !may_begin_locked (self))
    return;
  params.user_data = g_atomic_rc_box_acquire (self->reporter);
  self->writer = record_writer_new (&params, NULL);
  if (self->writer != NULL)
    push_locked (self, &self->init);
  else
    self->retry_us = g_get_monotonic_time () + GST_RECORDINGS_RETRY_US;
}

/* Returns FALSE if the recording has failed. */
static gboolean
take_locked (GstRecorder *self, const RecordPiece *piece)
{
  begin_locked (self);
  return self->writer == NULL || push_locked (self, piece);
}

void
gst_recorder_take (GstRecorder *self, GstBuffer *buffer)
{
  gboolean is_well;
  RecordPiece piece;

  if (!GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_HEADER) &&
      !gst_recorder_is_wanted (self))
    return;
  if (!to_piece (buffer, &piece))
    return;
  g_mutex_lock (&self->recordings->lock);
  is_well = take_locked (self, &piece);
  if (piece.is_init) {
    record_piece_clear (&self->init);
    self->init = piece;
  } else {
    record_piece_clear (&piece);
  }
  g_mutex_unlock (&self->recordings->lock);
  if (!is_well)
    report_stuck (self->reporter);
}

gboolean
gst_recorder_is_wanted (const GstRecorder *self)
{
  return g_atomic_int_get (&self->is_wanted);
}

static void
set_location_locked (GstRecorder *self, const gchar *location)
{
  g_free (self->location);
  self->location = g_strdup (location);
  g_atomic_int_set (&self->is_wanted, location != NULL);
}

static void
finish_locked (GstRecorder *self, const gchar *why)
{
  if (self->writer == NULL)
    return;
  record_writer_finish (self->writer, why);
  self->recordings->ending = g_list_prepend (self->recordings->ending,
      g_steal_pointer (&self->writer));
}

GstRecorder *
gst_recorder_new (GstRecordings *recordings, const gchar *stream)
{
  GstRecorder *self = g_new0 (GstRecorder, 1);

  self->recordings = recordings;
  self->reporter = g_atomic_rc_box_new0 (Reporter);
  g_weak_ref_init (&self->reporter->element, recordings->element);
  self->reporter->stream = g_strdup (stream);
  g_mutex_lock (&recordings->lock);
  set_location_locked (self, recordings->location);
  recordings->recorders = g_list_prepend (recordings->recorders, self);
  g_mutex_unlock (&recordings->lock);
  return self;
}

void
gst_recorder_free (GstRecorder *self)
{
  GstRecordings *recordings;

  if (self == NULL)
    return;
  recordings = self->recordings;
  g_mutex_lock (&recordings->lock);
  recordings->recorders = g_list_remove (recordings->recorders, self);
  finish_locked (self, "the publisher has left");
  if (self->failed != NULL)
    recordings->ending = g_list_prepend (recordings->ending, self->failed);
  forget_done_locked (recordings);
  g_mutex_unlock (&recordings->lock);
  record_piece_clear (&self->init);
  unref_reporter (self->reporter);
  g_free (self->location);
  g_free (self);
}

GstRecordings *
gst_recordings_new (GstElement *element)
{
  GstRecordings *self = g_new0 (GstRecordings, 1);

  GST_DEBUG_CATEGORY_INIT (recordings_debug, "recordings", 0,
      "begins and ends recordings");
  self->element = element;
  self->zone = g_time_zone_new_local ();
  g_mutex_init (&self->lock);
  return self;
}

void
gst_recordings_free (GstRecordings *self)
{
  if (self == NULL)
    return;
  g_assert (self->recorders == NULL);
  g_list_free_full (self->ending, (GDestroyNotify) record_writer_unref);
  g_mutex_clear (&self->lock);
  g_time_zone_unref (self->zone);
  g_free (self->location);
  g_free (self);
}

gboolean
gst_recordings_set_location (GstRecordings *self, const gchar *location,
    const gchar **why)
{
  if (location != NULL && *location == '\0')
    location = NULL;
  *why = location != NULL ? record_location_check (location) : NULL;
  if (*why != NULL)
    return FALSE;
  g_mutex_lock (&self->lock);
  g_free (self->location);
  self->location = g_strdup (location);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

void
gst_recordings_set_limits (GstRecordings *self, const RecordLimits *limits)
{
  g_mutex_lock (&self->lock);
  self->limits = *limits;
  g_mutex_unlock (&self->lock);
}

/* Returns: (nullable): the newest recorder of that stream. */
static GstRecorder *
find_locked (GstRecordings *self, const gchar *stream)
{
  for (GList *l = self->recorders; l != NULL; l = l->next) {
    GstRecorder *recorder = l->data;

    if (g_str_equal (recorder->reporter->stream, stream))
      return recorder;
  }
  return NULL;
}

static const gchar *
start_locked (GstRecordings *self, const gchar *stream, const gchar *location)
{
  GstRecorder *recorder = find_locked (self, stream);

  if (recorder == NULL)
    return "there is no such stream";
  if (recorder->location != NULL)
    return "the stream is recorded already";
  if (location == NULL)
    location = self->location;
  set_location_locked (recorder,
      location != NULL ? location : GST_RECORDINGS_DEFAULT_LOCATION);
  recorder->retry_us = 0;
  begin_locked (recorder);
  return NULL;
}

const gchar *
gst_recordings_start (GstRecordings *self, const gchar *stream,
    const gchar *location)
{
  const gchar *why;

  if (location != NULL && *location == '\0')
    location = NULL;
  why = location != NULL ? record_location_check (location) : NULL;
  if (why != NULL)
    return why;
  g_mutex_lock (&self->lock);
  why = start_locked (self, stream, location);
  g_mutex_unlock (&self->lock);
  return why;
}

static const gchar *
stop_locked (GstRecordings *self, const gchar *stream)
{
  GstRecorder *recorder = find_locked (self, stream);

  if (recorder == NULL || recorder->location == NULL)
    return "the stream is not recorded";
  set_location_locked (recorder, NULL);
  finish_locked (recorder, "it was stopped");
  return NULL;
}

const gchar *
gst_recordings_stop (GstRecordings *self, const gchar *stream)
{
  const gchar *why;

  g_mutex_lock (&self->lock);
  why = stop_locked (self, stream);
  g_mutex_unlock (&self->lock);
  return why;
}

static void
add_file (GstStructure *s, const RecordFile *file)
{
  gst_structure_set (s, "location", G_TYPE_STRING, file->path, "since",
      G_TYPE_INT64, file->since_us, "duration", G_TYPE_UINT64,
      file->duration_ns, "bytes", G_TYPE_UINT64, file->n_bytes, NULL);
}

GstStructure *
gst_recordings_describe (GstRecordings *self, const gchar *stream)
{
  GstStructure *found = NULL;
  GstRecorder *recorder;
  RecordFile file;

  g_mutex_lock (&self->lock);
  recorder = find_locked (self, stream);
  if (recorder != NULL && recorder->location != NULL)
    found = gst_structure_new_empty ("recording");
  if (found != NULL && recorder->writer != NULL &&
      record_writer_read (recorder->writer, &file)) {
    add_file (found, &file);
    record_file_clear (&file);
  }
  g_mutex_unlock (&self->lock);
  return found;
}

void
gst_recordings_end (GstRecordings *self)
{
  gint64 until_us = g_get_monotonic_time () + GST_RECORDINGS_WAIT_US;
  GList *ending;

  g_mutex_lock (&self->lock);
  for (GList *l = self->recorders; l != NULL; l = l->next)
    finish_locked (l->data, "the server is stopping");
  ending = g_steal_pointer (&self->ending);
  g_mutex_unlock (&self->lock);
  for (GList *l = ending; l != NULL; l = l->next)
    record_writer_wait (l->data, until_us - g_get_monotonic_time ());
  g_list_free_full (ending, (GDestroyNotify) record_writer_unref);
}
