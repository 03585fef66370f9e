/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The action signals of whepsink: see gstwhepactions.h. */

#include "gst/settings/gstwhepactions.h"

static void
install (GType type, const gchar *name, GCallback action, GType returned,
    guint n_params, const GType *params)
{
  g_signal_newv (name, type, G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION,
      g_cclosure_new (action, NULL, NULL), NULL, NULL, NULL, returned, n_params,
      (GType *) params);
}

void
gst_whep_actions_install (GType type, const GstWhepActions *actions)
{
  const GType publisher[] = { G_TYPE_STRING, G_TYPE_STRING, G_TYPE_UINT64 };
  const GType viewer[] = { G_TYPE_STRING, G_TYPE_STRING };
  const GType deadline[] = { G_TYPE_UINT64 };
  const GType stream[] = { G_TYPE_STRING };

  install (type, "disconnect-publisher",
      G_CALLBACK (actions->disconnect_publisher), G_TYPE_BOOLEAN,
      G_N_ELEMENTS (publisher), publisher);
  install (type, "disconnect-viewer", G_CALLBACK (actions->disconnect_viewer),
      G_TYPE_BOOLEAN, G_N_ELEMENTS (viewer), viewer);
  install (type, "drain", G_CALLBACK (actions->drain), G_TYPE_NONE,
      G_N_ELEMENTS (deadline), deadline);
  install (type, "get-streams", G_CALLBACK (actions->get_streams),
      G_TYPE_STRING, 0, NULL);
  install (type, "get-viewers", G_CALLBACK (actions->get_viewers),
      G_TYPE_STRING, G_N_ELEMENTS (stream), stream);
}

static gboolean
has_signal (GstElement *element, const gchar *name)
{
  return element != NULL &&
      g_signal_lookup (name, G_OBJECT_TYPE (element)) != 0;
}

gboolean
gst_whep_actions_disconnect_publisher (GstElement *element, const gchar *stream,
    const gchar *reason, GstClockTime refuse_for)
{
  gboolean is_done = FALSE;

  if (has_signal (element, "disconnect-publisher"))
    g_signal_emit_by_name (element, "disconnect-publisher", stream, reason,
        refuse_for, &is_done);
  return is_done;
}

gboolean
gst_whep_actions_disconnect_viewer (GstElement *element, const gchar *id,
    const gchar *reason)
{
  gboolean is_done = FALSE;

  if (has_signal (element, "disconnect-viewer"))
    g_signal_emit_by_name (element, "disconnect-viewer", id, reason, &is_done);
  return is_done;
}

void
gst_whep_actions_drain (GstElement *element, GstClockTime deadline)
{
  if (has_signal (element, "drain"))
    g_signal_emit_by_name (element, "drain", deadline);
}

gchar *
gst_whep_actions_get_streams (GstElement *element)
{
  gchar *json = NULL;

  if (has_signal (element, "get-streams"))
    g_signal_emit_by_name (element, "get-streams", &json);
  return json;
}

gchar *
gst_whep_actions_get_viewers (GstElement *element, const gchar *stream)
{
  gchar *json = NULL;

  if (has_signal (element, "get-viewers"))
    g_signal_emit_by_name (element, "get-viewers", stream, &json);
  return json;
}
