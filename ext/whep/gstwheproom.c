/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds a node with room: see gstwheproom.h. */

#include "ext/whep/gstwheproom.h"

#define FIND "find-room"

/* The first handler that knows a node is the last one that is called. */
static gboolean
take_first (GSignalInvocationHint *hint, GValue *accumulated,
    const GValue *returned, gpointer user_data)
{
  if (g_value_get_string (returned) == NULL)
    return TRUE;
  g_value_copy (returned, accumulated);
  return FALSE;
}

void
gst_whep_room_install_signals (GType type)
{
  /**
   * GstWhepSink::find-room:
   * @sink: the element
   * @stream: the stream's name, APP/KEY
   *
   * Emitted when there is no room for a viewer of the stream, or none is
   * admitted because the server is drained, from the HTTP thread: a handler
   * must not block. The viewer is redirected to the node that it returns, by a
   * load balancer; if no handler returns one, to the next one of
   * #GstWhepSink:redirect-to.
   *
   * Returns: (transfer full) (nullable): the name of a node with room, as of
   * #GstWhepSink:node; %NULL if none is known.
   *
   * Since: 0.1
   */
  g_signal_new (FIND, type, G_SIGNAL_RUN_LAST, 0, take_first, NULL, NULL,
      G_TYPE_STRING, 1, G_TYPE_STRING);
}

gchar *
gst_whep_room_find (const gchar *stream, gpointer sink)
{
  gchar *node = NULL;

  g_signal_emit_by_name (sink, FIND, stream, &node);
  return node;
}
