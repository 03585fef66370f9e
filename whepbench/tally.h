/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How often each text was counted: what went wrong, and for how many viewers.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Further texts are counted as TALLY_OTHERS. */
#define TALLY_MAX_TEXTS 64
#define TALLY_OTHERS "others"

typedef struct
{
  gchar *text;
  guint n;
} TallyEntry;

typedef struct _Tally Tally;

Tally *tally_new (void);
void tally_free (Tally *self);
void tally_add (Tally *self, const gchar *text);
/* Adds each line of a text, once however often it occurs there. */
void tally_add_lines (Tally *self, const gchar *lines);
guint tally_n_entries (const Tally *self);
/* In the order in which the texts were first counted. */
const TallyEntry *tally_entry (const Tally *self, guint index);

G_END_DECLS
