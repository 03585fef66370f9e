/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The clients that read the journal's events as server-sent events. Each has a
 * place in the journal, where it continues after a broken connection, too.
 * Administrators read everything; others the public part of what happens to
 * streams that they may watch, which is decided for each event. For the HTTP
 * thread. */

#pragma once

#include "ext/whep/http/eventstream-io.h"
#include "ext/whep/http/visibility-io.h"
#include "gst/journal/journal-io.h"

G_BEGIN_DECLS

/* Each holds a connection. When all places are taken, an administrator takes
 * that of the oldest reader that is none. */
#define WHEP_JOURNAL_READERS_MAX 64
/* Of one client, unless it is an administrator: so that it leaves places to
 * others. */
#define WHEP_JOURNAL_READERS_MAX_PER_CLIENT 16

typedef struct
{
  guint tick_ms;
  WhepEventStreamParams stream;
} WhepJournalReadersParams;

extern const WhepJournalReadersParams whep_journal_readers_default_params;

typedef struct _WhepJournalReaders WhepJournalReaders;

/* All must outlive it; @authorizer must be closed before it is freed. */
WhepJournalReaders *
whep_journal_readers_new (const WhepJournalReadersParams *params,
    Journal *journal, WhepAuthorizer *authorizer, WhepVisibility *visibility);
/* Ends all replies. */
void whep_journal_readers_free (WhepJournalReaders *self);

/* The methods that whep_journal_readers_serve() takes. */
#define WHEP_JOURNAL_READERS_METHODS "GET, OPTIONS"
void whep_journal_readers_serve (WhepJournalReaders *self,
    SoupServerMessage *message);
/* To be called when an event has been appended to the journal. */
void whep_journal_readers_update (WhepJournalReaders *self);

G_END_DECLS
