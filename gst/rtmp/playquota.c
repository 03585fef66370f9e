/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counts the players: see playquota.h. */

#include "gst/rtmp/playquota.h"

struct _RtmpPlayQuota
{
  guint n_max;
  guint n_per_client;
  guint n_players;
  GHashTable *clients; /* of clients with players: how many they have */
};

RtmpPlayQuota *
rtmp_playquota_new (guint n_max, guint n_per_client)
{
  RtmpPlayQuota *self = g_new0 (RtmpPlayQuota, 1);

  self->n_max = n_max;
  self->n_per_client = n_per_client;
  self->clients = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
rtmp_playquota_free (RtmpPlayQuota *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->clients);
  g_free (self);
}

static guint
count_of (const RtmpPlayQuota *self, const gchar *client)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->clients, client));
}

static void
set_count (RtmpPlayQuota *self, const gchar *client, guint n)
{
  if (n == 0)
    g_hash_table_remove (self->clients, client);
  else
    g_hash_table_insert (self->clients, g_strdup (client),
        GUINT_TO_POINTER (n));
}

const gchar *
rtmp_playquota_take (RtmpPlayQuota *self, const gchar *client)
{
  guint n = count_of (self, client);

  if (self->n_players >= self->n_max)
    return "the limit of players is reached";
  if (self->n_per_client > 0 && n >= self->n_per_client)
    return "the limit of players from this address is reached";
  set_count (self, client, n + 1);
  self->n_players++;
  return NULL;
}

void
rtmp_playquota_release (RtmpPlayQuota *self, const gchar *client)
{
  guint n = count_of (self, client);

  g_assert (n > 0);
  set_count (self, client, n - 1);
  self->n_players--;
}

guint
rtmp_playquota_count (const RtmpPlayQuota *self)
{
  return self->n_players;
}
