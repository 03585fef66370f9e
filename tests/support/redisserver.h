/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The little of Redis that the directory of streams uses, on loopback. What is
 * set does not expire: each test says what its gateways left behind. */

#pragma once

#include <glib.h>

typedef struct _RedisServer RedisServer;

/* @password: (nullable): that clients must send. */
RedisServer *redis_server_new (const gchar *password);
void redis_server_free (RedisServer *self);
guint redis_server_port (const RedisServer *self);

/* Closes all connections and forgets everything; then it can be started
 * again, at the same port. */
void redis_server_stop (RedisServer *self);
void redis_server_start (RedisServer *self);
/* A mute one accepts connections and answers nothing. */
void redis_server_set_mute (RedisServer *self, gboolean is_mute);

/* @error: (nullable): what commands are answered from now on, such as "LOADING
 * …"; NULL: they are obeyed. @command: (nullable): that one alone. Both are
 * static. */
void redis_server_refuse (RedisServer *self, const gchar *command,
    const gchar *error);

/* @value: (nullable): NULL deletes it. */
void redis_server_set (RedisServer *self, const gchar *key, const gchar *value);
/* Returns: (transfer full) (nullable) */
gchar *redis_server_dup (RedisServer *self, const gchar *key);
/* Returns: (transfer full) (nullable): the value of any key with that prefix.
 */
gchar *redis_server_dup_any (RedisServer *self, const gchar *prefix);
/* How many connections there were, and how many commands were refused. */
guint redis_server_n_connections (RedisServer *self);
guint redis_server_n_refused (RedisServer *self);
