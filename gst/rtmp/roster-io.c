/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of published streams: see roster-io.h. */

#include "gst/rtmp/roster-io.h"

#include "gst/rtmp/refusals.h"

#define NEVER G_MININT64

typedef struct
{
  gchar *owner; /* of a further track: the name of its publisher; or NULL */
  guint number;
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
  RtmpRefusals *refusals;
  guint limit;
  guint next_number;
  gboolean replaces;
  gboolean is_open;
};

static void
free_holder (gpointer data)
{
  Holder *self = data;

  g_free (self->owner);
  g_free (self);
}

RtmpRoster *
rtmp_roster_new (void)
{
  RtmpRoster *self = g_new0 (RtmpRoster, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->released);
  self->holders =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_holder);
  self->refusals = rtmp_refusals_new ();
  self->is_open = TRUE;
  return self;
}

void
rtmp_roster_free (RtmpRoster *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->holders);
  rtmp_refusals_free (self->refusals);
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
    holder->yield (holder->user_data, NULL);
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

static gboolean
is_refused_locked (RtmpRoster *self, const gchar *name, gint64 now_us,
    RtmpRejection *rejection)
{
  g_autofree gchar *why = rtmp_refusals_dup_why (self->refusals, name, now_us);

  if (why != NULL)
    *rejection = RTMP_REJECTION_REFUSED;
  return why != NULL;
}

/* Returns FALSE if the limit is reached. */
static gboolean
enter_locked (RtmpRoster *self, const gchar *name, const Holder *holder,
    guint *number)
{
  Holder *entered;

  if (g_hash_table_size (self->holders) >= self->limit)
    return FALSE;
  entered = g_memdup2 (holder, sizeof (*holder));
  entered->number = *number = self->next_number++;
  return g_hash_table_insert (self->holders, g_strdup (name), entered);
}

static gboolean
claim_locked (RtmpRoster *self, const gchar *name, Holder *holder,
    gint64 now_us, guint *number, RtmpRejection *rejection)
{
  *rejection = RTMP_REJECTION_BAD_NAME;
  if (is_refused_locked (self, name, now_us, rejection) ||
      !free_locked (self, name, holder, now_us, rejection))
    return FALSE;
  /* Its holder may have been disconnected during the wait. */
  if (is_refused_locked (self, name, now_us, rejection))
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
rtmp_roster_claim_free (RtmpRoster *self, const gchar *name, const gchar *owner,
    RtmpRosterYieldFunc yield, gpointer user_data, guint *number)
{
  Holder holder = {
    .owner = g_strdup (owner),
    .yield = yield,
    .user_data = user_data,
    .taken_over_us = NEVER,
  };
  gboolean is_claimed;

  g_mutex_lock (&self->lock);
  is_claimed = !g_hash_table_contains (self->holders, name) &&
      enter_locked (self, name, &holder, number);
  g_mutex_unlock (&self->lock);
  if (!is_claimed)
    g_free (holder.owner);
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

/* A publisher holds its own name for longer than those of its tracks. */
static Holder *
find_publisher_locked (RtmpRoster *self, const gchar **name)
{
  Holder *holder = g_hash_table_lookup (self->holders, *name);

  if (holder == NULL || holder->owner == NULL)
    return holder;
  *name = holder->owner;
  return g_hash_table_lookup (self->holders, holder->owner);
}

/* @holder (nullable) is the publisher of @name. */
static gboolean
dismiss_locked (RtmpRoster *self, const gchar *name, Holder *holder,
    const gchar *why, gint64 refuse_us, gint64 now_us)
{
  gboolean was_refused = rtmp_refusals_remove (self->refusals, name, now_us);

  if (holder == NULL && !was_refused)
    return FALSE;
  rtmp_refusals_add (self->refusals, name, why, refuse_us, now_us);
  if (holder != NULL)
    holder->yield (holder->user_data, why);
  return TRUE;
}

gboolean
rtmp_roster_dismiss (RtmpRoster *self, const gchar *name, const gchar *why,
    gint64 refuse_us, gint64 now_us)
{
  gboolean is_done;
  Holder *holder;

  g_mutex_lock (&self->lock);
  holder = find_publisher_locked (self, &name);
  is_done = dismiss_locked (self, name, holder, why, refuse_us, now_us);
  g_mutex_unlock (&self->lock);
  return is_done;
}

gboolean
rtmp_roster_dismiss_number (RtmpRoster *self, const gchar *name, guint number,
    const gchar *why, gint64 refuse_us, gint64 now_us)
{
  const Holder *named;
  gboolean is_done = FALSE;
  Holder *holder;

  g_mutex_lock (&self->lock);
  named = g_hash_table_lookup (self->holders, name);
  if (named != NULL && named->number == number) {
    holder = find_publisher_locked (self, &name);
    is_done = dismiss_locked (self, name, holder, why, refuse_us, now_us);
  }
  g_mutex_unlock (&self->lock);
  return is_done;
}

gchar *
rtmp_roster_dup_refusal (RtmpRoster *self, const gchar *name, gint64 now_us)
{
  gchar *why;

  g_mutex_lock (&self->lock);
  why = rtmp_refusals_dup_why (self->refusals, name, now_us);
  g_mutex_unlock (&self->lock);
  return why;
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
