/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes one stream to files, in a thread of its own, because a disk may take
 * any time. A disk that is full, or slower than the stream, ends the recording;
 * it never delays the stream.
 *
 * Each file is complete up to its last fragment at any time: there is none
 * without a key frame, and what has been written stays playable when the
 * process is killed. */

#pragma once

#include "gst/record/atomicfile-io.h"
#include "gst/record/cutter.h"
#include "gst/record/queue.h"

G_BEGIN_DECLS

/* What may wait for the disk: ten seconds of a stream with 20 Mbit/s. */
#define RECORD_WRITER_MAX_BYTES (24 * 1024 * 1024)
/* How long a fragment waits for others, so that they are written at once;
 * this is what a recording lacks at its end if the process is killed. */
#define RECORD_WRITER_GATHER_US (G_USEC_PER_SEC / 4)
#define RECORD_WRITER_GATHER_BYTES (256 * 1024)

/* A file that has begun or ended. One that could not be begun has ended without
 * a byte. */
typedef struct
{
  const gchar *path;
  const gchar *why;    /* nullable: why it has ended; NULL: it has begun */
  gboolean has_failed; /* this and all that follows: it has ended */
  gboolean is_slow;    /* because record_writer_push() returned FALSE */
  guint64 duration_ns;
  guint64 n_bytes;
} RecordNews;

/* The file that is being written. */
typedef struct
{
  gchar *path;         /* owned */
  gint64 since_us;     /* since the epoch */
  guint64 duration_ns; /* this and the next: of what has been written */
  guint64 n_bytes;
} RecordFile;

void record_file_clear (RecordFile *self);

/* Called from the writer's thread. */
typedef void (*RecordNewsFunc) (const RecordNews *news, gpointer user_data);

typedef struct
{
  const gchar *location; /* a template: see location.h */
  const gchar *stream;
  GTimeZone *zone;     /* of the times in paths */
  RecordLimits limits; /* of each file */
  RecordNewsFunc report;
  gpointer user_data;
  GDestroyNotify free_user_data; /* nullable; called once nothing reports */
  RecordWriteFunc write;         /* nullable */
} RecordWriterParams;

typedef struct _RecordWriter RecordWriter;

/* Starts the thread; @location is valid. Returns: (nullable): NULL if there can
 * be no further thread; @free_user_data has then been called. */
RecordWriter *record_writer_new (const RecordWriterParams *params,
    GError **error);
RecordWriter *record_writer_ref (RecordWriter *self);
/* The thread has a reference of its own. */
void record_writer_unref (RecordWriter *self);

/* From any thread, and without waiting. Takes what @piece owns. Returns FALSE
 * if the recording has failed. */
gboolean record_writer_push (RecordWriter *self, RecordPiece *piece);
/* Writes what has been pushed, and closes the file; @why is static. Does not
 * wait for that. */
void record_writer_finish (RecordWriter *self, const gchar *why);
/* From any thread. Copies what is known of the current file. Returns FALSE if
 * there is none, or if nothing of it has been written yet. */
gboolean record_writer_read (RecordWriter *self, RecordFile *file);
/* Waits until the thread has ended; it reports nothing afterwards. Returns
 * FALSE if it has not until @limit_us. */
gboolean record_writer_wait (RecordWriter *self, gint64 limit_us);

G_END_DECLS
