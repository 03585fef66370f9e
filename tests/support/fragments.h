/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fragments and init segments whose bytes are words. */

#pragma once

#include "ext/whep/mp4/chunk.h"

G_BEGIN_DECLS

/* Returns: (transfer full): a chunk of @word, which is at least one
 * character. */
WhepChunk *fragment_of (const gchar *word);
/* Returns: (transfer full): the word of @chunk. */
gchar *fragment_dup_word (const WhepChunk *chunk);

G_END_DECLS
