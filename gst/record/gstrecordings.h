/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The recordings of an element: those of all streams, as the settings say, and
 * those of single streams that were started by hand.
 *
 * Messages of the element report each file: "recording-started" with
 * "stream-name" and "location"; "recording-ended" with "reason", "duration" and
 * "bytes" as well. A failure is also a warning, and a stream that is to be
 * recorded is tried again later. */

#pragma once

#include "gst/record/cutter.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* Where recordings go that are started by hand, without a location. */
#define GST_RECORDINGS_DEFAULT_LOCATION "recordings/%a/%k/%Y-%m-%dT%H-%M-%S.mp4"
/* From a failure until the next attempt. */
#define GST_RECORDINGS_RETRY_US (10 * G_USEC_PER_SEC)
/* How long the end of the element waits for the disk. */
#define GST_RECORDINGS_WAIT_US (5 * G_USEC_PER_SEC)
/* Of recordings that have ended, but for what the disk has not taken yet; each
 * may have RECORD_WRITER_MAX_BYTES of that. With more, none begins. */
#define GST_RECORDINGS_MAX_ENDING 16

typedef struct _GstRecordings GstRecordings;
typedef struct _GstRecorder GstRecorder;

/* @element posts the messages; not owned. */
GstRecordings *gst_recordings_new (GstElement *element);
/* All recorders have been freed. */
void gst_recordings_free (GstRecordings *self);

/* From now on, each stream that begins is recorded at that @location, a
 * template; NULL or "": none is. Returns FALSE if the template is invalid: see
 * gst/record/location.h. All functions that follow may be called from any
 * thread. */
gboolean gst_recordings_set_location (GstRecordings *self,
    const gchar *location, const gchar **why);
/* The limits of files that begin from now on. */
void gst_recordings_set_limits (GstRecordings *self,
    const RecordLimits *limits);

/* Start and stop the recording of one stream. @location: (nullable): the
 * setting's, or the default. Return: (nullable): NULL, or the static reason why
 * not. */
const gchar *gst_recordings_start (GstRecordings *self, const gchar *stream,
    const gchar *location);
const gchar *gst_recordings_stop (GstRecordings *self, const gchar *stream);
/* Returns: (nullable) (transfer full): a structure `recording`, NULL if the
 * stream is not to be recorded. If there is a file, it has its `location`,
 * `since` (int64, microseconds since the epoch), `duration` (uint64, ns) and
 * `bytes` (uint64); there is none before the next key frame, nor between a
 * failure and the next attempt. */
GstStructure *gst_recordings_describe (GstRecordings *self,
    const gchar *stream);
/* Ends all files and waits for that, for GST_RECORDINGS_WAIT_US in all. */
void gst_recordings_end (GstRecordings *self);

/* A stream begins. */
GstRecorder *gst_recorder_new (GstRecordings *recordings, const gchar *stream);
/* Ends the file, without waiting for that. */
void gst_recorder_free (GstRecorder *self);
/* Whether the stream is to be recorded now. Takes no lock. */
gboolean gst_recorder_is_wanted (const GstRecorder *self);
/* What fmp4livemux pushes: init segments, also of streams that are not recorded
 * yet, and fragments. Never waits for the disk. @buffer remains the caller's;
 * its memory is shared. */
void gst_recorder_take (GstRecorder *self, GstBuffer *buffer);

G_END_DECLS
