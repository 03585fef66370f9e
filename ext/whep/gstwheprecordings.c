/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Has the application record: see gstwheprecordings.h. */

#include "ext/whep/gstwheprecordings.h"

#define REQUEST "request-recording"
#define DESCRIBE "describe-recording"

/* Returns: whether the next handler is asked, too. */
static gboolean
take_description (GSignalInvocationHint *hint, GValue *result,
    const GValue *description, gpointer user_data)
{
  g_value_copy (description, result);
  return g_value_get_boxed (description) == NULL;
}

void
gst_whep_recordings_install_signals (GType type)
{
  /**
   * GstWhepSink::request-recording:
   * @sink: the element
   * @stream: the stream's name, APP/KEY
   * @starts: whether its recording is to be started, or stopped
   *
   * Emitted when an administrator starts or stops the recording of a live
   * stream (`POST` or `DELETE /api/v1/streams/APP/KEY/recording`), from the
   * HTTP thread: a handler must not wait for a disk. It chooses where the file
   * is; clients have no say in that. The first handler decides; without one,
   * the reply is 501.
   *
   * Returns: (transfer full) (nullable): %NULL, or the reason why not, which
   * the administrator is shown.
   *
   * Since: 0.1
   */
  g_signal_new (REQUEST, type, G_SIGNAL_RUN_LAST, 0,
      g_signal_accumulator_first_wins, NULL, NULL, G_TYPE_STRING, 2,
      G_TYPE_STRING, G_TYPE_BOOLEAN);
  /**
   * GstWhepSink::describe-recording:
   * @sink: the element
   * @stream: the stream's name, APP/KEY
   *
   * Emitted when an administrator asks for a stream, from the HTTP thread: a
   * handler must not wait for a disk.
   *
   * Returns: (transfer full) (nullable): %NULL if the stream is not recorded;
   * else a structure, which has the fields `location` (a string), `since`
   * (int64, microseconds since the epoch), `duration` (uint64, in nanoseconds)
   * and `bytes` (uint64) if there is a file.
   *
   * Since: 0.1
   */
  g_signal_new (DESCRIBE, type, G_SIGNAL_RUN_LAST, 0, take_description, NULL,
      NULL, GST_TYPE_STRUCTURE, 1, G_TYPE_STRING);
}

gboolean
gst_whep_recordings_record (gpointer sink, const gchar *stream, gboolean starts,
    gchar **why)
{
  guint id = g_signal_lookup (REQUEST, G_OBJECT_TYPE (sink));

  if (!g_signal_has_handler_pending (sink, id, 0, FALSE))
    return FALSE;
  g_signal_emit (sink, id, 0, stream, starts, why);
  return TRUE;
}

static void
read_file (const GstStructure *s, const gchar *location,
    WhepRecording *recording)
{
  guint64 duration_ns = 0, n_bytes = 0;

  recording->location = g_strdup (location);
  gst_structure_get_int64 (s, "since", &recording->since_us);
  gst_structure_get_uint64 (s, "duration", &duration_ns);
  gst_structure_get_uint64 (s, "bytes", &n_bytes);
  recording->duration_ms = duration_ns / GST_MSECOND;
  recording->n_bytes = n_bytes;
}

gboolean
gst_whep_recordings_read (gpointer sink, const gchar *stream,
    WhepRecording *recording)
{
  GstStructure *s = NULL;
  const gchar *location;

  g_signal_emit_by_name (sink, DESCRIBE, stream, &s);
  if (s == NULL)
    return FALSE;
  location = gst_structure_get_string (s, "location");
  if (location != NULL)
    read_file (s, location, recording);
  gst_structure_free (s);
  return TRUE;
}
