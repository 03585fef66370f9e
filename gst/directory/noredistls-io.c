/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Without hiredis' TLS: see redistls-io.h. */

#include "gst/directory/redistls-io.h"

gboolean
directory_redis_secure (redisContext *context, const gchar *host, gchar **why)
{
  *why = g_strdup ("this build has no TLS for Redis");
  return FALSE;
}
