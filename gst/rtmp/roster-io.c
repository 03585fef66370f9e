/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of published streams: see roster-io.h. */

#include "gst/rtmp/roster-io.h"

#define NEVER G_MININT64

typedef struct
{
  RtmpRosterYieldFunc yield;
  gpointer user_data;
  gboolean was_asked;
  gint64 taken_over_us; /* when it was taken over; NEVER if the name was free */
} Holder;

struct _RtmpRoster
{
  GMutex lock; /* guards what follows */
  GCond released;
  GHashTable *holders; /* name → Holder */
  guint limit;
  guint next_number;
  gboolean replaces;
  gboolean is_open;
};

RtmpRoster *
rtmp_roster_new (void)
{
  RtmpRoster *self = g_new0 (RtmpRoster, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->released);
  self->holders =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->is_open = TRUE;
  return self;
}

void
rtmp_roster_free (RtmpRoster *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->holders);
  g_cond_clear (&self->released);
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

void
rtmp_roster_set_takeover (RtmpRoster *self, gboolean replaces)
{
  g_mutex_lock (&self->lock);
  self->replaces = replaces;
  g_mutex_unlock (&self->lock);
}

void
rtmp_roster_set_open (RtmpRoster *self, gboolean is_open)
{
  g_mutex_lock (&self->lock);
  self->is_open = is_open;
  g_cond_broadcast (&self->released);
  g_mutex_unlock (&self->lock);
}

static void
ask_locked (Holder *holder)
{
  if (!holder->was_asked)
    holder->yield (holder->user_data);
  holder->was_asked = TRUE;
}

static gboolean
is_settling (const Holder *self, gint64 now_us)
{
  return self->taken_over_us != NEVER &&
      now_us - self->taken_over_us < RTMP_ROSTER_SETTLE_US;
}

/* Returns FALSE if the name remains with its holder. */
static gboolean
free_locked (RtmpRoster *self, const gchar *name, Holder *next, gint64 now_us,
    RtmpRejection *rejection)
{
  gint64 start_us = g_get_monotonic_time ();
  gint64 until_us = start_us + RTMP_ROSTER_PATIENCE_US;
  Holder *holder;

  while ((holder = g_hash_table_lookup (self->holders, name)) != NULL) {
    if (!self->replaces || !self->is_open)
      return FALSE;
    next->taken_over_us = now_us + g_get_monotonic_time () - start_us;
    if (is_settling (holder, next->taken_over_us)) {
      *rejection = RTMP_REJECTION_TAKEN_OVER;
      return FALSE;
    }
    ask_locked (holder);
    if (!g_cond_wait_until (&self->released, &self->lock, until_us))
      return FALSE;
  }
  return TRUE;
}

/* Returns FALSE if the limit is reached. */
static gboolean
enter_locked (RtmpRoster *self, const gchar *name, const Holder *holder,
    guint *number)
{
  if (g_hash_table_size (self->holders) >= self->limit)
    return FALSE;
  *number = self->next_number++;
  return g_hash_table_insert (self->holders, g_strdup (name),
      g_memdup2 (holder, sizeof (*holder)));
}

static gboolean
claim_locked (RtmpRoster *self, const gchar *name, Holder *holder,
    gint64 now_us, guint *number, RtmpRejection *rejection)
{
  *rejection = RTMP_REJECTION_BAD_NAME;
  if (!free_locked (self, name, holder, now_us, rejection))
    return FALSE;
  *rejection = RTMP_REJECTION_FULL;
  return enter_locked (self, name, holder, number);
}

gboolean
rtmp_roster_claim (RtmpRoster *self, const gchar *name,
    RtmpRosterYieldFunc yield, gpointer user_data, gint64 now_us, guint *number,
    RtmpRejection *rejection)
{
  Holder holder = {
    .yield = yield,
    .user_data = user_data,
    .taken_over_us = NEVER,
  };
  gboolean is_claimed;

  g_mutex_lock (&self->lock);
  is_claimed = claim_locked (self, name, &holder, now_us, number, rejection);
  g_mutex_unlock (&self->lock);
  return is_claimed;
}

gboolean
rtmp_roster_claim_free (RtmpRoster *self, const gchar *name,
    RtmpRosterYieldFunc yield, gpointer user_data, guint *number)
{
  const Holder holder = {
    .yield = yield,
    .user_data = user_data,
    .taken_over_us = NEVER,
  };
  gboolean is_claimed;

  g_mutex_lock (&self->lock);
  is_claimed = !g_hash_table_contains (self->holders, name) &&
      enter_locked (self, name, &holder, number);
  g_mutex_unlock (&self->lock);
  return is_claimed;
}

void
rtmp_roster_release (RtmpRoster *self, const gchar *name)
{
  gboolean was_claimed;

  g_mutex_lock (&self->lock);
  was_claimed = g_hash_table_remove (self->holders, name);
  g_cond_broadcast (&self->released);
  g_mutex_unlock (&self->lock);
  g_assert (was_claimed);
}

guint
rtmp_roster_count (RtmpRoster *self)
{
  guint n_names;

  g_mutex_lock (&self->lock);
  n_names = g_hash_table_size (self->holders);
  g_mutex_unlock (&self->lock);
  return n_names;
}
