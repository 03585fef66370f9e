/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A small Redis: see redisserver.h. Commands have the form of replies, so that
 * hiredis reads them. */

#include "tests/support/redisserver.h"

#include <gio/gio.h>
#include <gst/check/gstcheck.h>
#include <hiredis/hiredis.h>
#include <string.h>

struct _RedisServer
{
  GSocketListener *listener; /* this and the next two: NULL if it is stopped */
  GCancellable *cancellable;
  GThread *thread;
  guint16 port;
  gchar *password;
  GMutex lock; /* all that follows */
  GHashTable *values;
  GPtrArray *clients; /* of Client */
  guint n_connections;
  guint n_refused;
  gboolean is_mute;
  const gchar *refused; /* nullable: the command */
  const gchar *refusal; /* nullable: the error */
};

typedef struct
{
  RedisServer *owner;
  GSocketConnection *connection;
  GThread *thread;
  gboolean has_login;
} Client;

static const gchar *
word (const redisReply *command, guint i)
{
  return i < command->elements ? command->element[i]->str : "";
}

static gboolean
is_command (const redisReply *command, const gchar *name)
{
  return g_ascii_strcasecmp (word (command, 0), name) == 0;
}

static gchar *
bulk_of (const gchar *text, gsize max)
{
  gsize size = MIN (strlen (text), max);

  return g_strdup_printf ("$%" G_GSIZE_FORMAT "\r\n%.*s\r\n", size, (int) size,
      text);
}

static void
set_locked (RedisServer *self, const gchar *key, const gchar *value)
{
  g_hash_table_insert (self->values, g_strdup (key), g_strdup (value));
}

/* Returns: (transfer full): all loads of nodes, a line each. */
static gchar *
rooms_locked (RedisServer *self, const gchar *prefix)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (g_str_has_prefix (key, prefix) && strstr (value, " node=") != NULL)
      g_string_append_printf (text, "%s\n", (const gchar *) value);
  return bulk_of (text->str, text->len);
}

/* EVAL SCRIPT 1 KEY VALUE [TIME]: the script with a time refreshes, the other
 * one withdraws. */
static void
run_script_locked (RedisServer *self, const redisReply *command)
{
  const gchar *key = word (command, 3);
  const gchar *value = g_hash_table_lookup (self->values, key);
  gboolean is_ours = g_strcmp0 (value, word (command, 4)) == 0;

  if (strstr (word (command, 1), "'SET'") != NULL) {
    if (value == NULL || is_ours)
      set_locked (self, key, word (command, 4));
  } else if (is_ours) {
    g_hash_table_remove (self->values, key);
  }
}

/* Returns: (transfer full) */
static gchar *
obey_locked (Client *client, const redisReply *command)
{
  RedisServer *self = client->owner;
  const gchar *value;

  if (is_command (command, "AUTH"))
    client->has_login =
        g_strcmp0 (self->password, word (command, command->elements - 1)) == 0;
  if (!client->has_login)
    return g_strdup ("-NOAUTH Authentication required.\r\n");
  if (is_command (command, "SET")) {
    ck_assert_str_eq (word (command, 3), "PX");
    set_locked (self, word (command, 1), word (command, 2));
  } else if (is_command (command, "SADD") || is_command (command, "SREM") ||
      is_command (command, "PEXPIRE")) {
    ck_assert_str_eq (word (command, 1), "rtmp-webrtc:nodes");
    return g_strdup (":1\r\n");
  } else if (is_command (command, "EVAL") &&
      strstr (word (command, 1), "SRANDMEMBER") != NULL) {
    return rooms_locked (self, word (command, 5));
  } else if (is_command (command, "EVAL")) {
    run_script_locked (self, command);
    return g_strdup (":0\r\n");
  } else if (is_command (command, "DEL")) {
    g_hash_table_remove (self->values, word (command, 1));
    return g_strdup (":0\r\n");
  } else if (is_command (command, "GETRANGE")) {
    value = g_hash_table_lookup (self->values, word (command, 1));
    if (g_strcmp0 (value, "(list)") == 0)
      return g_strdup ("-WRONGTYPE Operation against a key\r\n");
    return bulk_of (value != NULL ? value : "", atoi (word (command, 3)) + 1);
  } else if (!is_command (command, "AUTH") && !is_command (command, "SELECT")) {
    return g_strdup ("-ERR unknown command\r\n");
  }
  return g_strdup ("+OK\r\n");
}

/* Returns: (transfer full) */
static gchar *
reply_locked (Client *client, const redisReply *command)
{
  RedisServer *self = client->owner;
  gboolean is_refused = self->refusal != NULL &&
      (self->refused == NULL || is_command (command, self->refused));

  if (!is_refused)
    return obey_locked (client, command);
  self->n_refused++;
  return g_strdup_printf ("-%s\r\n", self->refusal);
}

/* Returns FALSE once the connection is to be closed. */
static gboolean
answer (Client *client, redisReader *reader, GOutputStream *output)
{
  void *reply = NULL;

  while (redisReaderGetReply (reader, &reply) == REDIS_OK && reply != NULL) {
    const redisReply *command = reply;
    gboolean is_mute;
    g_autofree gchar *text = NULL;

    ck_assert_int_eq (command->type, REDIS_REPLY_ARRAY);
    g_mutex_lock (&client->owner->lock);
    is_mute = client->owner->is_mute;
    if (!is_mute)
      text = reply_locked (client, command);
    g_mutex_unlock (&client->owner->lock);
    freeReplyObject (reply);
    if (!is_mute &&
        !g_output_stream_write_all (output, text, strlen (text), NULL, NULL,
            NULL))
      return FALSE;
  }
  return TRUE;
}

static gpointer
serve (gpointer data)
{
  Client *client = data;
  GIOStream *stream = G_IO_STREAM (client->connection);
  redisReader *reader = redisReaderCreate ();
  gchar buffer[4096];
  gssize n;

  while ((n = g_input_stream_read (g_io_stream_get_input_stream (stream),
              buffer, sizeof (buffer), NULL, NULL)) > 0) {
    redisReaderFeed (reader, buffer, n);
    if (!answer (client, reader, g_io_stream_get_output_stream (stream)))
      break;
  }
  redisReaderFree (reader);
  return NULL;
}

/* Waits for its thread. */
static void
client_free (gpointer data)
{
  Client *client = data;

  g_socket_shutdown (g_socket_connection_get_socket (client->connection), TRUE,
      TRUE, NULL);
  g_thread_join (client->thread);
  g_object_unref (client->connection);
  g_free (client);
}

static gpointer
accept_all (gpointer data)
{
  RedisServer *self = data;
  GSocketConnection *connection;

  while ((connection = g_socket_listener_accept (self->listener, NULL,
              self->cancellable, NULL)) != NULL) {
    Client *client = g_new0 (Client, 1);

    client->owner = self;
    client->connection = connection;
    client->has_login = self->password == NULL;
    g_mutex_lock (&self->lock);
    self->n_connections++;
    client->thread = g_thread_new ("redis-client", serve, client);
    g_ptr_array_add (self->clients, client);
    g_mutex_unlock (&self->lock);
  }
  return NULL;
}

void
redis_server_start (RedisServer *self)
{
  g_autoptr (GInetAddress) ip =
      g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new (ip, self->port);
  g_autoptr (GSocketAddress) own = NULL;
  g_autoptr (GError) error = NULL;

  self->listener = g_socket_listener_new ();
  self->cancellable = g_cancellable_new ();
  g_socket_listener_add_address (self->listener, address, G_SOCKET_TYPE_STREAM,
      G_SOCKET_PROTOCOL_TCP, NULL, &own, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (own));
  self->thread = g_thread_new ("redis", accept_all, self);
}

RedisServer *
redis_server_new (const gchar *password)
{
  RedisServer *self = g_new0 (RedisServer, 1);

  g_mutex_init (&self->lock);
  self->password = g_strdup (password);
  self->values =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->clients = g_ptr_array_new_with_free_func (client_free);
  redis_server_start (self);
  return self;
}

void
redis_server_stop (RedisServer *self)
{
  if (self->listener == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_thread_join (g_steal_pointer (&self->thread));
  g_socket_listener_close (self->listener);
  g_ptr_array_set_size (self->clients, 0);
  g_hash_table_remove_all (self->values);
  g_clear_object (&self->listener);
  g_clear_object (&self->cancellable);
}

void
redis_server_free (RedisServer *self)
{
  redis_server_stop (self);
  g_hash_table_unref (self->values);
  g_ptr_array_unref (self->clients);
  g_mutex_clear (&self->lock);
  g_free (self->password);
  g_free (self);
}

guint
redis_server_port (const RedisServer *self)
{
  return self->port;
}

void
redis_server_set_mute (RedisServer *self, gboolean is_mute)
{
  g_mutex_lock (&self->lock);
  self->is_mute = is_mute;
  g_mutex_unlock (&self->lock);
}

void
redis_server_refuse (RedisServer *self, const gchar *command,
    const gchar *error)
{
  g_mutex_lock (&self->lock);
  self->refused = command;
  self->refusal = error;
  g_mutex_unlock (&self->lock);
}

void
redis_server_set (RedisServer *self, const gchar *key, const gchar *value)
{
  g_mutex_lock (&self->lock);
  if (value != NULL)
    set_locked (self, key, value);
  else
    g_hash_table_remove (self->values, key);
  g_mutex_unlock (&self->lock);
}

gchar *
redis_server_dup (RedisServer *self, const gchar *key)
{
  gchar *value;

  g_mutex_lock (&self->lock);
  value = g_strdup (g_hash_table_lookup (self->values, key));
  g_mutex_unlock (&self->lock);
  return value;
}

gchar *
redis_server_dup_any (RedisServer *self, const gchar *prefix)
{
  GHashTableIter iter;
  gpointer key, value;
  gchar *found = NULL;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->values);
  while (found == NULL && g_hash_table_iter_next (&iter, &key, &value))
    if (g_str_has_prefix (key, prefix))
      found = g_strdup (value);
  g_mutex_unlock (&self->lock);
  return found;
}

guint
redis_server_n_connections (RedisServer *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->n_connections;
  g_mutex_unlock (&self->lock);
  return n;
}

guint
redis_server_n_refused (RedisServer *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->n_refused;
  g_mutex_unlock (&self->lock);
  return n;
}
