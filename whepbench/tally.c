/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How often each text was counted: see tally.h. */

#include "whepbench/tally.h"

struct _Tally
{
  GArray *entries; /* of TallyEntry */
};

static void
clear_entry (gpointer data)
{
  TallyEntry *entry = data;

  g_free (entry->text);
}

Tally *
tally_new (void)
{
  Tally *self = g_new0 (Tally, 1);

  self->entries = g_array_new (FALSE, FALSE, sizeof (TallyEntry));
  g_array_set_clear_func (self->entries, clear_entry);
  return self;
}

void
tally_free (Tally *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->entries);
  g_free (self);
}

guint
tally_n_entries (const Tally *self)
{
  return self->entries->len;
}

static TallyEntry *
entry_at (const Tally *self, guint index)
{
  return &g_array_index (self->entries, TallyEntry, index);
}

const TallyEntry *
tally_entry (const Tally *self, guint index)
{
  return entry_at (self, index);
}

void
tally_add (Tally *self, const gchar *text)
{
  TallyEntry added = { .n = 1 };

  for (guint i = 0; i < self->entries->len; i++)
    if (g_str_equal (entry_at (self, i)->text, text)) {
      entry_at (self, i)->n++;
      return;
    }
  if (self->entries->len >= TALLY_MAX_TEXTS &&
      !g_str_equal (text, TALLY_OTHERS)) {
    tally_add (self, TALLY_OTHERS);
    return;
  }
  added.text = g_strdup (text);
  g_array_append_val (self->entries, added);
}

void
tally_add_lines (Tally *self, const gchar *lines)
{
  g_auto (GStrv) split = g_strsplit (lines, "\n", -1);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; split[i] != NULL; i++)
    if (*split[i] != '\0' && g_hash_table_add (seen, split[i]))
      tally_add (self, split[i]);
}
