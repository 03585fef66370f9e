/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of HTTP readers: see readerstats.h. */

#include "ext/whep/mp4/readerstats.h"

#include <string.h>

WhepReaderFacts *
whep_reader_facts_new (WhepReaderFacts *facts)
{
  WhepReaderFacts *self = g_atomic_rc_box_dup (sizeof (*facts), facts);

  memset (facts, 0, sizeof (*facts));
  return self;
}

static void
facts_clear (gpointer user_data)
{
  WhepReaderFacts *self = user_data;

  g_free (self->id);
  g_free (self->stream);
  g_free (self->client);
  g_free (self->address);
  g_free (self->user_agent);
}

void
whep_reader_facts_unref (WhepReaderFacts *self)
{
  g_atomic_rc_box_release_full (self, facts_clear);
}

static void
stats_clear (gpointer user_data)
{
  WhepReaderStats *self = user_data;

  whep_reader_facts_unref (self->facts);
  g_clear_pointer (&self->codecs, g_ref_string_release);
}

void
whep_readers_stats_init (WhepReadersStats *self)
{
  *self = (WhepReadersStats){
    .readers = g_array_new (FALSE, FALSE, sizeof (WhepReaderStats)),
  };
  g_array_set_clear_func (self->readers, stats_clear);
}

void
whep_readers_stats_clear (WhepReadersStats *self)
{
  g_array_unref (self->readers);
  memset (self, 0, sizeof (*self));
}

void
whep_readers_stats_add (WhepReadersStats *self, WhepReaderFacts *facts,
    GRefString *codecs, guint64 n_bytes, guint n_jumps)
{
  WhepReaderStats reader = {
    .facts = g_atomic_rc_box_acquire (facts),
    .codecs = codecs != NULL ? g_ref_string_acquire (codecs) : NULL,
    .n_bytes = n_bytes,
    .n_jumps = n_jumps,
  };

  g_array_append_val (self->readers, reader);
}

guint
whep_readers_stats_count_stream (const WhepReadersStats *self,
    const gchar *stream)
{
  guint n = 0;

  for (guint i = 0; i < self->readers->len; i++) {
    const WhepReaderStats *reader =
        &g_array_index (self->readers, WhepReaderStats, i);

    n += strcmp (reader->facts->stream, stream) == 0;
  }
  return n;
}
