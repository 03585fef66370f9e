/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A streamer that runs alongside the gateway: see testpicture-io.h. */

#include "pipelines/testpicture-io.h"

#include <gio/gio.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

/* The same executable, run as another program. */
#define SELF "/proc/self/exe"
#define STREAM "live/test"
/* A longer shutdown is cut short. */
#define END_LIMIT_S 3

struct _TestPicture
{
  GSubprocess *process;
  GCancellable *cancellable;
  guint limit;
  TestPictureFunc func;
  gpointer user_data;
};

/* Runs in its own session, so that Ctrl-C only reaches the gateway, and both
 * end in order. */
static void
set_up_child (gpointer user_data)
{
  setsid ();
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

static void
on_exit_status (GObject *process, GAsyncResult *result, gpointer user_data)
{
  TestPicture *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_subprocess_wait_finish (G_SUBPROCESS (process), result, &error) &&
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->process);
  g_clear_handle_id (&self->limit, g_source_remove);
  self->func (self->user_data);
}

TestPicture *
test_picture_new (const gchar *folder, guint port, TestPictureFunc func,
    gpointer user_data, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autofree gchar *url = g_strdup_printf ("rtmp://127.0.0.1:%u/" STREAM, port);
  GSubprocess *process;
  TestPicture *self;

  g_subprocess_launcher_set_child_setup (launcher, set_up_child, NULL, NULL);
  process = g_subprocess_launcher_spawn (launcher, error, SELF,
      "--program=streamer", folder, "--quiet", url, NULL);
  if (process == NULL)
    return NULL;
  self = g_new0 (TestPicture, 1);
  self->process = process;
  self->cancellable = g_cancellable_new ();
  self->func = func;
  self->user_data = user_data;
  g_subprocess_wait_async (process, self->cancellable, on_exit_status, self);
  return self;
}

void
test_picture_free (TestPicture *self)
{
  if (self == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->limit, g_source_remove);
  if (self->process != NULL) {
    g_subprocess_force_exit (self->process);
    g_subprocess_wait (self->process, NULL, NULL);
  }
  g_clear_object (&self->process);
  g_object_unref (self->cancellable);
  g_free (self);
}

static gboolean
on_limit (gpointer user_data)
{
  TestPicture *self = user_data;

  self->limit = 0;
  g_subprocess_force_exit (self->process);
  return G_SOURCE_REMOVE;
}

void
test_picture_end (TestPicture *self)
{
  g_subprocess_send_signal (self->process, SIGTERM);
  self->limit = g_timeout_add_seconds (END_LIMIT_S, on_limit, self);
}
