/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sets up what the streamer sends: see streamersource-io.h. */

#include "pipelines/streamersource-io.h"

#include "pipelines/duration.h"
#include "pipelines/publishurl.h"

#include <errno.h>
#include <glib/gstdio.h>

/* The sample rate of the streamer's audio. */
#define SAMPLE_RATE 48000
#define BUFFER_SAMPLES 1024
#define MAX_SECONDS (24 * 3600)
#define NS_PER_S G_GUINT64_CONSTANT (1000000000)

static gboolean
fail (GError **error, const gchar *text)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, text);
  return FALSE;
}

static gboolean
check_file (const gchar *path, GError **error)
{
  g_autofree gchar *shown = g_filename_display_name (path);
  g_autofree gchar *why = NULL;

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    why = g_strdup_printf ("\"%.256s\" is a folder.", shown);
  else if (g_access (path, R_OK) != 0)
    why = g_strdup_printf ("\"%.256s\" can't be read: %s.", shown,
        g_strerror (errno));
  return why == NULL || fail (error, why);
}

static gboolean
check_url (const gchar *url, GError **error)
{
  g_autofree gchar *fault = NULL;
  g_autofree gchar *why = NULL;

  if (url == NULL)
    return fail (error, "Where to? rtmp://HOST/APP/KEY");
  fault = publish_url_fault (url);
  if (fault == NULL)
    return TRUE;
  why = g_strdup_printf ("\"%.256s\": %s.", url, fault);
  return fail (error, why);
}

static void
set_number (Invocation *self, const gchar *name, guint64 number)
{
  g_autofree gchar *text = g_strdup_printf ("%" G_GUINT64_FORMAT, number);

  invocation_set (self, name, text, "--seconds");
}

/* Sets the number of frames and audio buffers for the requested duration. */
static gboolean
set_length (Invocation *self, guint fps, GError **error)
{
  guint64 time_ns;

  if (!duration_from_text (self->seconds, &time_ns) ||
      time_ns > MAX_SECONDS * NS_PER_S) {
    g_autofree gchar *why = g_strdup_printf ("--seconds: \"%.64s\" is out of "
                                             "range; 0 to %d is allowed.",
        self->seconds, MAX_SECONDS);

    return fail (error, why);
  }
  if (time_ns == 0)
    return TRUE;
  set_number (self, "N_FRAMES", MAX (1, time_ns * fps / NS_PER_S));
  set_number (self, "N_BUFFERS",
      MAX (1, time_ns / BUFFER_SAMPLES * SAMPLE_RATE / NS_PER_S));
  return TRUE;
}

static gboolean
check_all (Invocation *self, guint fps, GError **error)
{
  if (!check_url (self->url, error))
    return FALSE;
  if (self->file != NULL && !check_file (self->file, error))
    return FALSE;
  if (self->file == NULL && self->flags.copies)
    return fail (error, "--copy is for files.");
  if (self->file == NULL && self->flags.loops)
    return fail (error, "--loop is for files.");
  if (self->file != NULL && self->seconds != NULL)
    return fail (error, "--seconds has no effect on a file.");
  return self->seconds == NULL || set_length (self, fps, error);
}

gint
streamer_source_set_up (Invocation *self, guint fps, GError **error)
{
  gint file = self->flags.copies ? INVOCATION_COPY : INVOCATION_FILE;

  if (self->file == NULL)
    file = INVOCATION_TEST;
  if (!check_all (self, fps, error) ||
      !invocation_check_meaning (self, file, error))
    return -1;
  invocation_set (self, "URL", self->url, "URL");
  if (self->file != NULL)
    invocation_set (self, "FILE", self->file, "FILE");
  self->flags.reconnects = !self->flags.does_not_reconnect;
  return file;
}
