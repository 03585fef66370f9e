/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The streams that are pulled: see pulltable.h. */

#include "ext/whep/http/pulltable.h"

typedef enum
{
  ASKED,   /* the pull has brought nothing yet */
  PULLED,  /* it has */
  ENDED,   /* it is over, though the stream may be live for a moment */
  REFUSED, /* there is no pull */
} State;

/* since_us: when it was asked for, last used, ended or refused. */
typedef struct
{
  State state;
  gint64 since_us;
  gchar *client; /* nullable: the first that asked; while it is ASKED */
} Pull;

struct _WhepPullTable
{
  guint max_pulls;
  gint64 linger_us;
  GHashTable *pulls;   /* name → Pull */
  GHashTable *n_asked; /* client → number of pulls that it has ASKED for */
  guint n_pulls;       /* ASKED or PULLED */
  guint n_refused;
};

static void
pull_free (gpointer data)
{
  Pull *pull = data;

  g_free (pull->client);
  g_free (pull);
}

WhepPullTable *
whep_pull_table_new (guint max_pulls, gint64 linger_us)
{
  WhepPullTable *self = g_new0 (WhepPullTable, 1);

  self->max_pulls = max_pulls;
  self->linger_us = linger_us;
  self->pulls =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, pull_free);
  self->n_asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
whep_pull_table_free (WhepPullTable *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->pulls);
  g_hash_table_unref (self->n_asked);
  g_free (self);
}

guint
whep_pull_table_count (const WhepPullTable *self)
{
  return self->n_pulls;
}

gboolean
whep_pull_table_has (const WhepPullTable *self, const gchar *stream)
{
  const Pull *pull = g_hash_table_lookup (self->pulls, stream);

  return pull != NULL && pull->state != REFUSED;
}

gboolean
whep_pull_table_is_empty (const WhepPullTable *self)
{
  return g_hash_table_size (self->pulls) == 0;
}

static gboolean
is_pull (State state)
{
  return state == ASKED || state == PULLED;
}

static guint
asked_by (const WhepPullTable *self, const gchar *client)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->n_asked, client));
}

/* The pull was asked for by @owner, and is by @client; each may be NULL. */
static void
count_asked (WhepPullTable *self, gchar **owner, const gchar *client)
{
  if (*owner != NULL) {
    guint n = asked_by (self, *owner) - 1;

    if (n > 0)
      g_hash_table_insert (self->n_asked, g_strdup (*owner),
          GUINT_TO_POINTER (n));
    else
      g_hash_table_remove (self->n_asked, *owner);
  }
  g_free (*owner);
  *owner = g_strdup (client);
  if (client != NULL)
    g_hash_table_insert (self->n_asked, g_strdup (client),
        GUINT_TO_POINTER (asked_by (self, client) + 1));
}

static void
set_state (WhepPullTable *self, Pull *pull, State state, gint64 now_us)
{
  self->n_pulls -= is_pull (pull->state);
  self->n_refused -= pull->state == REFUSED;
  if (state != ASKED)
    count_asked (self, &pull->client, NULL);
  pull->state = state;
  pull->since_us = now_us;
  self->n_pulls += is_pull (state);
  self->n_refused += state == REFUSED;
}

static gboolean
is_forgotten (const Pull *pull, gint64 now_us)
{
  return pull->state == REFUSED &&
      now_us - pull->since_us >= WHEP_PULL_TABLE_MEMORY_US;
}

WhepPullVerdict
whep_pull_table_ask (WhepPullTable *self, const gchar *stream,
    const gchar *client, gint64 now_us)
{
  Pull *pull = g_hash_table_lookup (self->pulls, stream);

  if (pull != NULL && is_pull (pull->state))
    return WHEP_PULL_GOES_ON;
  if (pull != NULL && pull->state == REFUSED && !is_forgotten (pull, now_us))
    return WHEP_PULL_REFUSED;
  if (self->n_pulls >= self->max_pulls)
    return WHEP_PULL_NO_ROOM;
  if (client != NULL &&
      asked_by (self, client) >=
          MAX (self->max_pulls / WHEP_PULL_TABLE_CLIENT_SHARE, 1))
    return WHEP_PULL_NO_SHARE;
  if (pull == NULL) {
    pull = g_new (Pull, 1);
    *pull = (Pull){ ENDED, now_us };
    g_hash_table_insert (self->pulls, g_strdup (stream), pull);
  }
  set_state (self, pull, ASKED, now_us);
  count_asked (self, &pull->client, client);
  return WHEP_PULL_BEGINS;
}

gboolean
whep_pull_table_touch (WhepPullTable *self, const gchar *stream, gint64 now_us)
{
  Pull *pull = g_hash_table_lookup (self->pulls, stream);
  gboolean begins;

  if (pull == NULL || pull->state == REFUSED)
    return FALSE;
  begins = pull->state == ENDED;
  set_state (self, pull, PULLED, now_us);
  return begins;
}

gboolean
whep_pull_table_fail (WhepPullTable *self, const gchar *stream, gint64 now_us)
{
  Pull *pull = g_hash_table_lookup (self->pulls, stream);

  if (pull == NULL || pull->state != ASKED)
    return FALSE;
  set_state (self, pull,
      self->n_refused < WHEP_PULL_TABLE_MAX_REMEMBERED ? REFUSED : ENDED,
      now_us);
  return TRUE;
}

/* Returns whether the pull is over. */
static gboolean
update (WhepPullTable *self, Pull *pull, WhepPullUse use, gint64 now_us)
{
  gboolean is_over;

  if (pull->state == ASKED && use.is_live)
    set_state (self, pull, PULLED, now_us);
  if (pull->state == PULLED && use.is_used)
    pull->since_us = now_us;
  is_over = is_pull (pull->state) && !use.is_used &&
      now_us - pull->since_us >= (pull->state == ASKED
                                         ? WHEP_PULL_TABLE_PATIENCE_US
                                         : self->linger_us);
  if (is_over)
    set_state (self, pull, ENDED, now_us);
  return is_over;
}

/* Whether nothing needs to be known of it any more. */
static gboolean
is_past (const Pull *pull, WhepPullUse use, gint64 now_us)
{
  return is_forgotten (pull, now_us) ||
      (pull->state == ENDED &&
          (!use.is_live ||
              now_us - pull->since_us >= WHEP_PULL_TABLE_PATIENCE_US));
}

GStrv
whep_pull_table_sweep (WhepPullTable *self, WhepPullUseFunc func,
    gpointer user_data, gint64 now_us)
{
  GPtrArray *over = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer stream, pull;

  g_hash_table_iter_init (&iter, self->pulls);
  while (g_hash_table_iter_next (&iter, &stream, &pull)) {
    WhepPullUse use = func (stream, user_data);

    if (update (self, pull, use, now_us))
      g_ptr_array_add (over, g_strdup (stream));
    if (!is_past (pull, use, now_us))
      continue;
    set_state (self, pull, ENDED, now_us);
    g_hash_table_iter_remove (&iter);
  }
  g_ptr_array_add (over, NULL);
  return (GStrv) g_ptr_array_free (over, FALSE);
}
