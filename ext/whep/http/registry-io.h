/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The live streams and their sessions, shared by everything that serves HTTP
 * requests. For the HTTP thread. */

#pragma once

#include "ext/whep/http/directory.h"
#include "ext/whep/http/drain.h"
#include "ext/whep/http/farewells.h"
#include "ext/whep/http/news.h"
#include "ext/whep/http/pulls-io.h"
#include "ext/whep/http/subscribers-io.h"
#include "ext/whep/media/media-io.h"
#include "ext/whep/mp4/readers-io.h"

G_BEGIN_DECLS

/* The maximum number of ended sessions whose viewers have not ended: more
 * than a busy media thread has to end at a time. Any further one is reported at
 * once, without what it has been sent. */
#define WHEP_REGISTRY_MAX_ENDED 1024

/* All members are valid from init to clear. */
typedef struct
{
  WhepMedia *media;     /* not owned */
  WhepReaders *readers; /* not owned */
  WhepDirectory *directory;
  WhepSessionTable *sessions;
  /* Those that were ended here, until the media thread says what their viewers
   * have been sent, by ufrag. */
  GHashTable *ended;
  WhepSubscribers *events;
  WhepDrain drain;
  gboolean is_node; /* there are others, where viewers may go */
  WhepFarewells *farewells;
  WhepPulls *pulls;       /* not owned */
  WhepNewsFunc news_func; /* nullable */
  gpointer news_data;
} WhepRegistry;

void whep_registry_init (WhepRegistry *self, WhepMedia *media,
    WhepReaders *readers, WhepNewsFunc news_func, gpointer news_data);
/* Reports all remaining viewers as removed. To be called on the HTTP thread,
 * before it ends. */
void whep_registry_close (WhepRegistry *self);
void whep_registry_clear (WhepRegistry *self);

/* Generates a ufrag that is not in use, neither as one nor as the id of an HTTP
 * reader: viewers of both kinds are named by it. @ufrag has room for
 * WHEP_ICE_OUR_UFRAG + 1 characters. */
void whep_registry_new_ufrag (const WhepRegistry *self, gchar *ufrag);

/* Recounts the viewers that need another rendition of the stream, after they or
 * the stream's WhepDemand have changed. */
void whep_registry_count_demand (WhepRegistry *self, const gchar *stream);

/* A viewer's DTLS has connected; unknown viewers are ignored. */
void whep_registry_connect (WhepRegistry *self, const gchar *ufrag,
    const WhepAddress *address);
/* A viewer has ended, and had been sent @n_bytes; unknown viewers are ignored.
 */
void whep_registry_leave (WhepRegistry *self, const gchar *ufrag,
    const gchar *why, guint64 n_bytes);
/* Ends the session, and its viewer, which is reported with @why once it has
 * ended. */
void whep_registry_end (WhepRegistry *self, const WhepSession *session,
    const gchar *why);

/* Disconnects the viewer of that name, which can ask for @why as long as
 * farewells.h says. Returns FALSE if there is none. */
gboolean whep_registry_disconnect (WhepRegistry *self, const gchar *ufrag,
    const gchar *why);

/* A WhepPullUseFunc; @registry is a WhepRegistry. */
WhepPullUse whep_registry_use (const gchar *stream, gpointer registry);

void whep_registry_tell (const WhepRegistry *self, const WhepNews *news);

G_END_DECLS
