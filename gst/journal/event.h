/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What happened to a publisher, a player, a viewer or a recording: it came,
 * left or was rejected. The elements report it as a message on the bus, and the
 * journal to everybody else. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Texts of peers and of the operator's servers are cut off here. */
#define JOURNAL_EVENT_MAX_TEXT 1024
/* A number that is not known. */
#define JOURNAL_EVENT_UNKNOWN G_MAXUINT64

/* Immutable once it is in a journal, and then shared by threads. Texts are NULL
 * if not known. */
typedef struct
{
  const gchar *name;    /* "publisher-added"; static */
  guint64 id;           /* of the journal, ascending; 0: in none yet */
  gint64 time_us;       /* since 1970 */
  gchar *stream;        /* APP/KEY */
  gchar *viewer;        /* its name in the log */
  gchar *address;       /* IP:PORT of the peer */
  gchar *encoder;       /* of a publisher */
  gchar *user_agent;    /* of a viewer */
  gchar *video, *audio; /* encoding names of what a viewer is sent */
  gchar *location;      /* of a recording */
  gchar *reason;
  guint64 duration_ns;
  guint64 n_bytes;
  guint64 n_untold; /* rejections since the last one that was reported */
  gint n_refs;      /* atomic */
} JournalEvent;

/* What a message calls a field, and what an event in JSON does. */
typedef struct
{
  const gchar *message_name;
  const gchar *json_name;
  gsize offset; /* of a gchar *, or of a guint64 */
  guint unit;   /* of a number: in JSON it is divided by this */
  /* Also for viewers of the stream; other fields are for administrators. */
  gboolean is_public;
} JournalField;

/* Both end with a row without names. */
extern const JournalField journal_event_texts[];
extern const JournalField journal_event_numbers[];

/* Returns: (transfer full) (nullable): an event of which nothing is known but
 * its name; NULL if no event has that name. */
JournalEvent *journal_event_new (const gchar *name);
JournalEvent *journal_event_ref (JournalEvent *self);
void journal_event_unref (JournalEvent *self);

/* Copies @text (nullable), up to JOURNAL_EVENT_MAX_TEXT, as valid UTF-8. */
void journal_event_set_text (JournalEvent *self, const JournalField *field,
    const gchar *text);
void journal_event_set_number (JournalEvent *self, const JournalField *field,
    guint64 number);

/* Whether viewers of the stream may see the event. */
gboolean journal_event_is_public (const JournalEvent *self);

/* Returns: (transfer full): the time as RFC 3339 has it, in UTC. */
gchar *journal_event_dup_time (const JournalEvent *self);
/* Returns: (transfer full): the event's name of a number that ascends. */
gchar *journal_event_dup_id (const JournalEvent *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (JournalEvent, journal_event_unref)

G_END_DECLS
