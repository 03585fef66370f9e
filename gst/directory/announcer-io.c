/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What this gateway announces: see announcer-io.h. */

#include "gst/directory/announcer-io.h"
#include "gst/directory/commands-io.h"

#include <string.h>

struct _DirectoryAnnouncer
{
  DirectoryParams params; /* its text is not ours, but for the next two */
  gchar *set_address;     /* nullable */
  gchar *node;            /* nullable */
  gchar id[DIRECTORY_ID_DIGITS + 1];
  GHashTable *streams; /* name → whether it was announced (GINT) */
  gchar *local_ip;     /* nullable; of the connection */
  gchar *own;          /* nullable: our announcement */
};

/* Of 64 bits: two gateways do not draw the same. */
static void
make_id (gchar *id)
{
  g_snprintf (id, DIRECTORY_ID_DIGITS + 1, "%08x%08x", g_random_int (),
      g_random_int ());
}

static gchar *
dup_unless_empty (const gchar *text)
{
  return text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

DirectoryAnnouncer *
directory_announcer_new (const DirectoryParams *params)
{
  DirectoryAnnouncer *self = g_new0 (DirectoryAnnouncer, 1);

  self->params = *params;
  self->set_address = dup_unless_empty (params->address);
  self->node = dup_unless_empty (params->node);
  self->streams = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  make_id (self->id);
  return self;
}

void
directory_announcer_free (DirectoryAnnouncer *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->streams);
  g_free (self->set_address);
  g_free (self->node);
  g_free (self->local_ip);
  g_free (self->own);
  g_free (self);
}

void
directory_announcer_take_connection (DirectoryAnnouncer *self,
    const DirectoryRedis *redis)
{
  g_free (self->local_ip);
  self->local_ip = directory_redis_dup_local_ip (redis);
  g_clear_pointer (&self->own, g_free);
}

/* Returns: (transfer full) (nullable): where streams can be pulled from us. */
static gchar *
dup_address (const DirectoryAnnouncer *self)
{
  guint port;

  if (self->set_address != NULL)
    return g_strdup (self->set_address);
  port = self->params.port (self->params.user_data);
  return port != 0 && self->local_ip != NULL
      ? g_strdup_printf ("rtmp://%s:%u", self->local_ip, port)
      : NULL;
}

gboolean
directory_announcer_is_own (const DirectoryAnnouncer *self,
    const DirectoryAnnouncement *announcement)
{
  g_autofree gchar *address = dup_address (self);

  return strcmp (announcement->gateway, self->id) == 0 ||
      g_strcmp0 (announcement->address, address) == 0;
}

/* The port is not known before the RTMP server runs. */
static gboolean
has_own (DirectoryAnnouncer *self)
{
  g_autofree gchar *address = NULL;

  if (self->own == NULL && (address = dup_address (self)) != NULL)
    self->own = directory_announcement_encode (self->id, address);
  return self->own != NULL;
}

guint
directory_announcer_publish (DirectoryAnnouncer *self, DirectoryRedis *redis,
    const gchar *stream)
{
  g_hash_table_insert (self->streams, g_strdup (stream),
      GINT_TO_POINTER (FALSE));
  if (redis == NULL || !has_own (self))
    return 0;
  directory_command_add (redis, DIRECTORY_COMMAND_CLAIM, stream, self->own);
  return 1;
}

void
directory_announcer_note (DirectoryAnnouncer *self, const gchar *stream)
{
  g_hash_table_insert (self->streams, g_strdup (stream),
      GINT_TO_POINTER (TRUE));
}

guint
directory_announcer_unpublish (DirectoryAnnouncer *self, DirectoryRedis *redis,
    const gchar *stream)
{
  if (!g_hash_table_remove (self->streams, stream) || redis == NULL ||
      self->own == NULL)
    return 0;
  directory_command_add (redis, DIRECTORY_COMMAND_WITHDRAW, stream, self->own);
  return 1;
}

guint
directory_announcer_refresh (DirectoryAnnouncer *self, DirectoryRedis *redis)
{
  GHashTableIter iter;
  gpointer stream, is_announced;
  guint n = 0;

  if (!has_own (self))
    return 0;
  g_hash_table_iter_init (&iter, self->streams);
  for (; g_hash_table_iter_next (&iter, &stream, &is_announced); n++)
    directory_command_add (redis,
        GPOINTER_TO_INT (is_announced) ? DIRECTORY_COMMAND_REFRESH
                                       : DIRECTORY_COMMAND_CLAIM,
        stream, self->own);
  return n;
}

void
directory_announcer_note_all (DirectoryAnnouncer *self)
{
  GHashTableIter iter;

  g_hash_table_iter_init (&iter, self->streams);
  while (g_hash_table_iter_next (&iter, NULL, NULL))
    g_hash_table_iter_replace (&iter, GINT_TO_POINTER (TRUE));
}

guint
directory_announcer_add_load (DirectoryAnnouncer *self, DirectoryRedis *redis)
{
  g_autofree gchar *address = dup_address (self);
  g_autofree gchar *text = NULL;
  DirectoryLoad load = { 0 };

  if (!self->params.load (&load, self->params.user_data))
    return 0;
  text =
      directory_announcement_encode_load (self->id, address, self->node, &load);
  return directory_command_add_load (redis, self->id, text, self->node != NULL);
}

guint
directory_announcer_withdraw_all (DirectoryAnnouncer *self,
    DirectoryRedis *redis)
{
  GHashTableIter iter;
  gpointer stream;
  guint n =
      directory_command_withdraw_load (redis, self->id, self->node != NULL);

  if (self->own == NULL)
    return n;
  g_hash_table_iter_init (&iter, self->streams);
  for (; g_hash_table_iter_next (&iter, &stream, NULL); n++)
    directory_command_add (redis, DIRECTORY_COMMAND_WITHDRAW, stream,
        self->own);
  return n;
}
