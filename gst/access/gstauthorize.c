/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signals that authorize: see gstauthorize.h. */

#include "gst/access/gstauthorize.h"

/* Returns: whether the next handler is asked, too. */
static gboolean
take_reason (GSignalInvocationHint *hint, GValue *result, const GValue *reason,
    gpointer user_data)
{
  g_value_copy (reason, result);
  return g_value_get_string (reason) == NULL;
}

void
gst_authorize_install_signal (GType type, const gchar *name)
{
  g_signal_new (name, type, G_SIGNAL_RUN_LAST, 0, take_reason, NULL, NULL,
      G_TYPE_STRING, 4, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING,
      G_TYPE_STRING);
}

gchar *
gst_authorize_emit (gpointer element, const gchar *name,
    const AccessRequest *request)
{
  const gchar *key;
  g_autofree gchar *app = access_request_split (request, &key);
  gchar *reason = NULL;

  g_signal_emit_by_name (element, name, app, key, request->query,
      request->address, &reason);
  return reason;
}
