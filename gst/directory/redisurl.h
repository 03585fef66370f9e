/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The URL of a Redis server. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gboolean is_tls;
  gchar *host; /* an IPv6 address has no brackets */
  guint16 port;
  gchar *user;     /* nullable: Redis' default user */
  gchar *password; /* nullable */
  guint database;
} DirectoryRedisUrl;

/* @text is redis://[[USER]:PASSWORD@]HOST[:PORT][/DB], or the same with
 * rediss:// for TLS. Returns: (nullable) (transfer none): NULL, or the reason
 * why it is no such URL, which does not contain the password. Clear @self in
 * any case. */
const gchar *directory_redis_url_init (DirectoryRedisUrl *self,
    const gchar *text);
void directory_redis_url_clear (DirectoryRedisUrl *self);

G_END_DECLS
