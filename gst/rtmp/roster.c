/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names under which somebody publishes now: see roster.h. */

#include "gst/rtmp/roster.h"

struct _RtmpRoster
{
  GMutex lock; /* all that follows */
  GHashTable *names;
  guint limit;
  guint next_number;
};

RtmpRoster *
rtmp_roster_new (void)
{
  RtmpRoster *self = g_new0 (RtmpRoster, 1);

  g_mutex_init (&self->lock);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
rtmp_roster_free (RtmpRoster *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->names);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
rtmp_roster_set_limit (RtmpRoster *self, guint n_names)
{
  g_mutex_lock (&self->lock);
  self->limit = n_names;
  g_mutex_unlock (&self->lock);
}

static gboolean
claim_locked (RtmpRoster *self, const gchar *name, guint *number,
    RtmpRefusal *refusal)
{
  if (g_hash_table_contains (self->names, name)) {
    *refusal = RTMP_REFUSAL_BAD_NAME;
    return FALSE;
  }
  if (g_hash_table_size (self->names) >= self->limit) {
    *refusal = RTMP_REFUSAL_FULL;
    return FALSE;
  }
  *number = self->next_number++;
  return g_hash_table_add (self->names, g_strdup (name));
}

gboolean
rtmp_roster_claim (RtmpRoster *self, const gchar *name, guint *number,
    RtmpRefusal *refusal)
{
  gboolean is_claimed;

  g_mutex_lock (&self->lock);
  is_claimed = claim_locked (self, name, number, refusal);
  g_mutex_unlock (&self->lock);
  return is_claimed;
}

void
rtmp_roster_release (RtmpRoster *self, const gchar *name)
{
  gboolean was_claimed;

  g_mutex_lock (&self->lock);
  was_claimed = g_hash_table_remove (self->names, name);
  g_mutex_unlock (&self->lock);
  g_assert (was_claimed);
}

guint
rtmp_roster_count (RtmpRoster *self)
{
  guint n_names;

  g_mutex_lock (&self->lock);
  n_names = g_hash_table_size (self->names);
  g_mutex_unlock (&self->lock);
  return n_names;
}
