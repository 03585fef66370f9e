/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* TLS for a connection to Redis, where hiredis has it. */

#pragma once

#include <glib.h>

#include <hiredis/hiredis.h>

G_BEGIN_DECLS

/* Shakes hands, and verifies that the certificate is @host's, by the
 * authorities that the system trusts. Returns FALSE with the reason in @why. */
gboolean directory_redis_secure (redisContext *context, const gchar *host,
    gchar **why);

G_END_DECLS
