/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the hook has said about streams: see verdictcache.h. */

#include "ext/whep/http/verdictcache.h"

typedef struct
{
  gchar *key;
  gint64 until_us;
  gboolean may_see;
  GList link; /* in by_age */
} Verdict;

struct _WhepVerdictCache
{
  GHashTable *verdicts; /* owns them; key → Verdict */
  GQueue by_age;        /* oldest first */
};

static void
verdict_free (gpointer data)
{
  Verdict *verdict = data;

  g_free (verdict->key);
  g_free (verdict);
}

WhepVerdictCache *
whep_verdict_cache_new (void)
{
  WhepVerdictCache *self = g_new0 (WhepVerdictCache, 1);

  self->verdicts =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, verdict_free);
  g_queue_init (&self->by_age);
  return self;
}

void
whep_verdict_cache_free (WhepVerdictCache *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->verdicts);
  g_free (self);
}

guint
whep_verdict_cache_count (const WhepVerdictCache *self)
{
  return g_hash_table_size (self->verdicts);
}

/* A stream's name has no control characters. */
static gchar *
key_of (const gchar *asker, const gchar *stream)
{
  return g_strconcat (stream, "\n", asker, NULL);
}

static void
forget (WhepVerdictCache *self, Verdict *verdict)
{
  g_queue_unlink (&self->by_age, &verdict->link);
  g_hash_table_remove (self->verdicts, verdict->key);
}

static void
forget_expired (WhepVerdictCache *self, gint64 now_us)
{
  while (self->by_age.head != NULL) {
    Verdict *oldest = self->by_age.head->data;

    if (oldest->until_us > now_us)
      return;
    forget (self, oldest);
  }
}

gboolean
whep_verdict_cache_find (WhepVerdictCache *self, const gchar *asker,
    const gchar *stream, gint64 now_us, gboolean *may_see)
{
  g_autofree gchar *key = key_of (asker, stream);
  const Verdict *verdict;

  forget_expired (self, now_us);
  verdict = g_hash_table_lookup (self->verdicts, key);
  if (verdict == NULL)
    return FALSE;
  *may_see = verdict->may_see;
  return TRUE;
}

void
whep_verdict_cache_add (WhepVerdictCache *self, const gchar *asker,
    const gchar *stream, gint64 now_us, gboolean may_see)
{
  gchar *key = key_of (asker, stream);
  Verdict *verdict;

  forget_expired (self, now_us);
  verdict = g_hash_table_lookup (self->verdicts, key);
  if (verdict != NULL)
    forget (self, verdict);
  if (whep_verdict_cache_count (self) == WHEP_VERDICT_CACHE_MAX)
    forget (self, self->by_age.head->data);
  verdict = g_new0 (Verdict, 1);
  verdict->key = key;
  verdict->until_us = now_us + WHEP_VERDICT_CACHE_US;
  verdict->may_see = may_see;
  verdict->link.data = verdict;
  g_hash_table_insert (self->verdicts, verdict->key, verdict);
  g_queue_push_tail_link (&self->by_age, &verdict->link);
}
