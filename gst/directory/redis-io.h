/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection to Redis, by hiredis. Each call waits, but no longer than
 * DIRECTORY_REDIS_TIMEOUT_MS, for the server. For one thread, which blocks
 * SIGPIPE: hiredis does not. */

#pragma once

#include "gst/directory/redisurl.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Of each connection, command and reply: a server that is well needs a
 * millisecond. */
#define DIRECTORY_REDIS_TIMEOUT_MS 1000
/* How many of the server's addresses are tried. */
#define DIRECTORY_REDIS_MAX_ADDRESSES 2

typedef struct _DirectoryRedis DirectoryRedis;

/* @password: (nullable): overrides the URL's. @cancellable ends the search for
 * the host's address. Returns: (transfer full) (nullable): NULL, with the
 * reason in @why, unless the server answers. */
DirectoryRedis *directory_redis_connect (const DirectoryRedisUrl *url,
    const gchar *password, GCancellable *cancellable, gchar **why);
void directory_redis_free (DirectoryRedis *self);

/* Returns: (transfer full) (nullable): the address of this machine that the
 * connection has; an IPv6 address is in brackets. */
gchar *directory_redis_dup_local_ip (const DirectoryRedis *self);

/* Appends a command of @n words, to be sent with the others. */
void directory_redis_add (DirectoryRedis *self, guint n,
    const gchar *const *words);

typedef enum
{
  DIRECTORY_REDIS_DONE,    /* there is a reply */
  DIRECTORY_REDIS_ALIEN,   /* the key holds something of another type */
  DIRECTORY_REDIS_REFUSED, /* the reply is another error, such as LOADING */
  DIRECTORY_REDIS_FAILED,  /* the connection is of no more use */
} DirectoryRedisVerdict;

/* Sends what was appended, and waits for the reply to the first command that
 * has none so far. @bytes: (nullable) (optional): the reply if it is a string;
 * @why: (transfer full): the reason if it was refused or has failed, in
 * printable characters. */
DirectoryRedisVerdict directory_redis_read (DirectoryRedis *self,
    GBytes **bytes, gchar **why);

G_END_DECLS
