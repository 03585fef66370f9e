/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a pipeline: see playing.h. */

#include "tests/support/playing.h"

#include <glib-unix.h>

static gboolean
stop (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer loop)
{
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return G_SOURCE_CONTINUE;
  gst_message_parse_error (message, &error, NULL);
  g_printerr ("%s\n", error->message);
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

void
play_until_interrupted (GstElement *pipeline)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);

  gst_bus_add_watch (bus, on_message, loop);
  g_unix_signal_add (SIGINT, stop, loop);
  g_unix_signal_add (SIGTERM, stop, loop);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_main_loop_run (loop);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_bus_remove_watch (bus);
}
