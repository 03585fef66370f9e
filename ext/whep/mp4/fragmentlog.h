/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The recent fragments of one stream, shared by all of its HTTP readers.
 *
 * Everything since the newest key frame stays, up to limits of bytes and time,
 * so that a reader starts immediately, however long the GOP is; older fragments
 * stay for as long as a slow reader may be behind. Fragments are numbered by
 * place, never change and are not copied. Pure; has one owner. */

#pragma once

#include "ext/whep/mp4/chunk.h"

G_BEGIN_DECLS

/* What each fragment is assumed to cost in addition to its bytes. */
#define WHEP_FRAGMENT_COST_BYTES 128

typedef struct
{
  gsize bytes; /* the newest fragment stays even if it alone is larger */
  gint64 time_us;
  /* The limit of fragments that precede the newest key frame. */
  gint64 behind_us;
} WhepFragmentLimits;

typedef struct
{
  WhepChunk *chunk;
  WhepChunk *init; /* the init segment that it needs */
  gint64 since_us;
} WhepFragmentEntry;

typedef struct _WhepFragmentLog WhepFragmentLog;

WhepFragmentLog *whep_fragment_log_new (const WhepFragmentLimits *limits);
void whep_fragment_log_free (WhepFragmentLog *self);

/* The init segment of the fragments that follow. Takes a reference. */
void whep_fragment_log_set_init (WhepFragmentLog *self, WhepChunk *init);
/* Adds a fragment and takes a reference; @is_start: a reader can begin with it.
 * Without an init segment, it is dropped. */
void whep_fragment_log_add (WhepFragmentLog *self, WhepChunk *fragment,
    gboolean is_start, gint64 now_us);

/* Returns: the place of the oldest fragment. */
guint64 whep_fragment_log_tail (const WhepFragmentLog *self);
/* Returns: the bytes of all fragments, with WHEP_FRAGMENT_COST_BYTES for
 * each. */
gsize whep_fragment_log_size (const WhepFragmentLog *self);
/* Returns: (nullable): NULL if the fragment has been dropped, or has not been
 * added yet. Valid until the next one is added. */
const WhepFragmentEntry *whep_fragment_log_get (const WhepFragmentLog *self,
    guint64 place);
/* Finds the newest fragment that a reader can begin with. */
gboolean whep_fragment_log_find_start (const WhepFragmentLog *self,
    guint64 *place);

G_END_DECLS
