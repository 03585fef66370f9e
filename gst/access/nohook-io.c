/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replaces hook-io.c in a build without libsoup: no server can be asked, and an
 * element that is set to ask one does not start. */

#include "gst/access/hook-io.h"

gboolean
access_hook_check_url (const gchar *url, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
      "“%s” can't be asked: this build has no HTTP client", url);
  return FALSE;
}

AccessHook *
access_hook_new (const gchar *url, GError **error)
{
  access_hook_check_url (url, error);
  return NULL;
}

void
access_hook_free (AccessHook *self)
{
}

/* These are never called, because there is no hook. */

gchar *
access_hook_ask (const gchar *url, const AccessRequest *request,
    GCancellable *cancellable)
{
  g_assert_not_reached ();
}

void
access_hook_ask_async (AccessHook *self, const AccessRequest *request,
    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_assert_not_reached ();
}

gchar *
access_hook_ask_finish (GAsyncResult *result, guint *status)
{
  g_assert_not_reached ();
}
