/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Challenges that have been answered: see replaycache.h. */

#include "gst/rtmp/replaycache.h"

typedef struct
{
  gchar *challenge;
  gint64 since_us;
} Entry;

struct _RtmpReplayCache
{
  gint64 keep_us;
  GHashTable *challenges; /* keys point into the entries */
  GQueue entries;         /* oldest first */
};

RtmpReplayCache *
rtmp_replaycache_new (gint64 keep_us)
{
  RtmpReplayCache *self = g_new0 (RtmpReplayCache, 1);

  self->keep_us = keep_us;
  self->challenges = g_hash_table_new (g_str_hash, g_str_equal);
  g_queue_init (&self->entries);
  return self;
}

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_free (self->challenge);
  g_free (self);
}

void
rtmp_replaycache_free (RtmpReplayCache *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->challenges);
  g_queue_clear_full (&self->entries, entry_free);
  g_free (self);
}

static void
forget_old (RtmpReplayCache *self, gint64 now_us)
{
  Entry *oldest;

  /* Terminates: each iteration removes an entry. */
  while ((oldest = g_queue_peek_head (&self->entries)) != NULL &&
      now_us - oldest->since_us > self->keep_us) {
    g_queue_pop_head (&self->entries);
    g_hash_table_remove (self->challenges, oldest->challenge);
    entry_free (oldest);
  }
}

gboolean
rtmp_replaycache_add (RtmpReplayCache *self, const gchar *challenge,
    gint64 now_us)
{
  Entry *entry;

  forget_old (self, now_us);
  if (g_hash_table_contains (self->challenges, challenge))
    return FALSE;
  if (self->entries.length == RTMP_REPLAYCACHE_MAX_CHALLENGES)
    return FALSE;
  entry = g_new0 (Entry, 1);
  entry->challenge = g_strdup (challenge);
  entry->since_us = now_us;
  g_queue_push_tail (&self->entries, entry);
  return g_hash_table_add (self->challenges, entry->challenge);
}
