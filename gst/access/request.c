/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests to be authorized: see request.h. */

#include "gst/access/request.h"

#include <string.h>

gchar *
access_request_split (const AccessRequest *self, const gchar **key)
{
  gsize app_size = strcspn (self->stream, "/");

  *key = self->stream + app_size + (self->stream[app_size] == '/');
  return g_strndup (self->stream, app_size);
}
