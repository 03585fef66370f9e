/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The last answers of the directory: see answercache.h. */

#include "gst/directory/answercache.h"

typedef struct
{
  GList link;
  gchar *stream;
  gchar *address;
} Answer;

struct _DirectoryAnswerCache
{
  GHashTable *answers; /* name → Answer, which owns the name */
  GQueue by_use;       /* of the same; the most recent one is the first */
};

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_free (answer->stream);
  g_free (answer->address);
  g_free (answer);
}

DirectoryAnswerCache *
directory_answer_cache_new (void)
{
  DirectoryAnswerCache *self = g_new0 (DirectoryAnswerCache, 1);

  self->answers =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, answer_free);
  g_queue_init (&self->by_use);
  return self;
}

void
directory_answer_cache_free (DirectoryAnswerCache *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->answers);
  g_free (self);
}

guint
directory_answer_cache_count (const DirectoryAnswerCache *self)
{
  return g_hash_table_size (self->answers);
}

static void
drop (DirectoryAnswerCache *self, Answer *answer)
{
  g_queue_unlink (&self->by_use, &answer->link);
  g_hash_table_remove (self->answers, answer->stream);
}

void
directory_answer_cache_put (DirectoryAnswerCache *self, const gchar *stream,
    const gchar *address)
{
  Answer *answer = g_hash_table_lookup (self->answers, stream);

  if (answer != NULL)
    drop (self, answer);
  if (address == NULL)
    return;
  if (directory_answer_cache_count (self) >= DIRECTORY_ANSWER_CACHE_MAX)
    drop (self, g_queue_peek_tail (&self->by_use));
  answer = g_new0 (Answer, 1);
  answer->link.data = answer;
  answer->stream = g_strdup (stream);
  answer->address = g_strdup (address);
  g_queue_push_head_link (&self->by_use, &answer->link);
  g_hash_table_insert (self->answers, answer->stream, answer);
}

const gchar *
directory_answer_cache_get (DirectoryAnswerCache *self, const gchar *stream)
{
  Answer *answer = g_hash_table_lookup (self->answers, stream);

  if (answer == NULL)
    return NULL;
  g_queue_unlink (&self->by_use, &answer->link);
  g_queue_push_head_link (&self->by_use, &answer->link);
  return answer->address;
}
