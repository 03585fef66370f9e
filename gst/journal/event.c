/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What happened to a publisher, a viewer or a recording: see event.h. */

#include "gst/journal/event.h"

#include <string.h>

#define AT(member) G_STRUCT_OFFSET (JournalEvent, member)
#define NS_PER_MS 1000000

/* Who was rejected, and why, is nobody's business but the operator's. */
static const struct
{
  const gchar *name;
  gboolean is_public;
} kinds[] = {
  { "publisher-added", TRUE },
  { "publisher-removed", TRUE },
  { "publisher-refused", FALSE },
  { "player-added", TRUE },
  { "player-removed", TRUE },
  { "player-refused", FALSE },
  { "viewer-added", TRUE },
  { "viewer-removed", TRUE },
  { "viewer-refused", FALSE },
  { "recording-started", TRUE },
  { "recording-ended", TRUE },
};

/* A reason may quote an administrator or the operator's server. */
const JournalField journal_event_texts[] = {
  { "stream-name", "stream", AT (stream), .is_public = TRUE },
  { "id", "viewer", AT (viewer), .is_public = TRUE },
  { "address", "address", AT (address) },
  { "encoder", "encoder", AT (encoder) },
  { "user-agent", "user_agent", AT (user_agent) },
  { "video", "video", AT (video), .is_public = TRUE },
  { "audio", "audio", AT (audio), .is_public = TRUE },
  { "location", "location", AT (location) },
  { "reason", "reason", AT (reason) },
  { NULL },
};

const JournalField journal_event_numbers[] = {
  { "duration", "duration_ms", AT (duration_ns), NS_PER_MS, TRUE },
  { "bytes", "bytes", AT (n_bytes), 1, TRUE },
  { "untold", "untold", AT (n_untold), 1 },
  { NULL },
};

static gint
find_kind (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i].name, name) == 0)
      return i;
  return -1;
}

JournalEvent *
journal_event_new (const gchar *name)
{
  gint kind = find_kind (name);
  JournalEvent *self;

  if (kind < 0)
    return NULL;
  self = g_new0 (JournalEvent, 1);
  self->name = kinds[kind].name;
  self->n_refs = 1;
  for (const JournalField *field = journal_event_numbers;
       field->json_name != NULL; field++)
    journal_event_set_number (self, field, JOURNAL_EVENT_UNKNOWN);
  return self;
}

JournalEvent *
journal_event_ref (JournalEvent *self)
{
  g_atomic_int_inc (&self->n_refs);
  return self;
}

void
journal_event_unref (JournalEvent *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->n_refs))
    return;
  for (const JournalField *field = journal_event_texts;
       field->json_name != NULL; field++)
    journal_event_set_text (self, field, NULL);
  g_free (self);
}

/* A character that is cut in two becomes U+FFFD. */
void
journal_event_set_text (JournalEvent *self, const JournalField *field,
    const gchar *text)
{
  gchar **member = G_STRUCT_MEMBER_P (self, field->offset);

  g_free (*member);
  *member = text == NULL
      ? NULL
      : g_utf8_make_valid (text, strnlen (text, JOURNAL_EVENT_MAX_TEXT));
}

void
journal_event_set_number (JournalEvent *self, const JournalField *field,
    guint64 number)
{
  G_STRUCT_MEMBER (guint64, self, field->offset) = number;
}

gboolean
journal_event_is_public (const JournalEvent *self)
{
  return kinds[find_kind (self->name)].is_public;
}

gchar *
journal_event_dup_time (const JournalEvent *self)
{
  g_autoptr (GDateTime) second =
      g_date_time_new_from_unix_utc (self->time_us / G_USEC_PER_SEC);
  g_autofree gchar *text = g_date_time_format (second, "%Y-%m-%dT%H:%M:%S");

  return g_strdup_printf ("%s.%06uZ", text,
      (guint) (self->time_us % G_USEC_PER_SEC));
}

gchar *
journal_event_dup_id (const JournalEvent *self)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT, self->id);
}
