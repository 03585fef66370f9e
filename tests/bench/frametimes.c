/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When each frame of a publisher left: see frametimes.h. */

#include "tests/bench/frametimes.h"

#include <string.h>

struct _FrameTimes
{
  GMutex lock; /* guards @sent */
  /* From key to µs; holds no more entries than a clip has frames. */
  GHashTable *sent;
};

FrameTimes *
frame_times_new (void)
{
  FrameTimes *self = g_new0 (FrameTimes, 1);

  g_mutex_init (&self->lock);
  self->sent =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  return self;
}

void
frame_times_free (FrameTimes *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->sent);
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint64
frame_key (const guint8 *data, gsize size)
{
  guint64 key = 0;

  if (size >= FRAME_KEY_BYTES)
    memcpy (&key, data + size - FRAME_KEY_BYTES, FRAME_KEY_BYTES);
  return key;
}

void
frame_times_add (FrameTimes *self, guint64 key, gint64 sent_us)
{
  gint64 *stored_key = g_memdup2 (&key, sizeof (key));
  gint64 *stored_us = g_memdup2 (&sent_us, sizeof (sent_us));

  g_mutex_lock (&self->lock);
  g_hash_table_replace (self->sent, stored_key, stored_us);
  g_mutex_unlock (&self->lock);
}

gint64
frame_times_get (FrameTimes *self, guint64 key)
{
  const gint64 *sent_us;
  gint64 result;

  g_mutex_lock (&self->lock);
  sent_us = g_hash_table_lookup (self->sent, &key);
  result = sent_us == NULL ? 0 : *sent_us;
  g_mutex_unlock (&self->lock);
  return result;
}
