/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A token bucket per address: see ratelimit.h. */

#include "ext/whep/http/ratelimit.h"
#include "gst/access/tokenbucket.h"

typedef struct
{
  gchar *address;
  AccessTokenBucket limit;
  GList link; /* in by_age */
} Bucket;

struct _WhepRateLimit
{
  guint burst;
  gint64 token_us;
  GHashTable *buckets; /* owns them; address → Bucket */
  GQueue by_age;       /* least recently used first */
};

static void
bucket_free (gpointer data)
{
  Bucket *bucket = data;

  g_free (bucket->address);
  g_free (bucket);
}

WhepRateLimit *
whep_rate_limit_new (guint burst, gint64 token_us)
{
  WhepRateLimit *self = g_new0 (WhepRateLimit, 1);

  self->burst = burst;
  self->token_us = token_us;
  self->buckets =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, bucket_free);
  g_queue_init (&self->by_age);
  return self;
}

void
whep_rate_limit_free (WhepRateLimit *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->buckets);
  g_free (self);
}

guint
whep_rate_limit_count (const WhepRateLimit *self)
{
  return g_hash_table_size (self->buckets);
}

static void
forget_quietest (WhepRateLimit *self)
{
  GList *link = g_queue_pop_head_link (&self->by_age);
  Bucket *bucket = link->data;

  g_hash_table_remove (self->buckets, bucket->address);
}

static Bucket *
bucket_for (WhepRateLimit *self, const gchar *address)
{
  Bucket *bucket = g_hash_table_lookup (self->buckets, address);

  if (bucket != NULL) {
    g_queue_unlink (&self->by_age, &bucket->link);
  } else {
    if (whep_rate_limit_count (self) == WHEP_RATE_LIMIT_MAX_ADDRESSES)
      forget_quietest (self);
    bucket = g_new0 (Bucket, 1);
    bucket->address = g_strdup (address);
    bucket->link.data = bucket;
    bucket->limit.burst = self->burst;
    bucket->limit.token_us = self->token_us;
    g_hash_table_insert (self->buckets, bucket->address, bucket);
  }
  g_queue_push_tail_link (&self->by_age, &bucket->link);
  return bucket;
}

gboolean
whep_rate_limit_take (WhepRateLimit *self, const gchar *address, gint64 now_us)
{
  return access_token_bucket_take (&bucket_for (self, address)->limit, now_us);
}

gboolean
whep_rate_limit_has_token (const WhepRateLimit *self, const gchar *address,
    gint64 now_us)
{
  const Bucket *bucket = g_hash_table_lookup (self->buckets, address);

  return bucket == NULL ||
      access_token_bucket_has_token (&bucket->limit, now_us);
}
