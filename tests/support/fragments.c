/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fragments whose bytes are words: see fragments.h. */

#include "tests/support/fragments.h"

#include <string.h>

WhepChunk *
fragment_of (const gchar *word)
{
  gsize size = strlen (word);
  guint8 *payload;
  WhepChunk *chunk = whep_chunk_new (size, &payload);

  memcpy (payload, word, size);
  return chunk;
}

gchar *
fragment_dup_word (const WhepChunk *chunk)
{
  gsize size;
  const guint8 *payload = whep_chunk_payload (chunk, &size);

  return g_strndup ((const gchar *) payload, size);
}
