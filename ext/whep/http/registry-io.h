/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The live streams and their sessions, shared by everything that serves HTTP
 * requests. For the HTTP thread. */

#pragma once

#include "ext/whep/http/directory.h"
#include "ext/whep/http/news.h"
#include "ext/whep/http/subscribers-io.h"
#include "ext/whep/media/media-io.h"
#include "ext/whep/mp4/readers-io.h"

G_BEGIN_DECLS

/* All members are valid from init to clear. */
typedef struct
{
  WhepMedia *media;     /* not owned */
  WhepReaders *readers; /* not owned */
  WhepDirectory *directory;
  WhepSessionTable *sessions;
  WhepSubscribers *events;
  WhepNewsFunc news_func; /* nullable */
  gpointer news_data;
} WhepRegistry;

void whep_registry_init (WhepRegistry *self, WhepMedia *media,
    WhepReaders *readers, WhepNewsFunc news_func, gpointer news_data);
/* Reports all remaining viewers as removed. To be called on the HTTP thread,
 * before it ends. */
void whep_registry_close (WhepRegistry *self);
void whep_registry_clear (WhepRegistry *self);

/* Generates a ufrag that is not in use. @ufrag has room for WHEP_ICE_OUR_UFRAG
 * + 1 characters. */
void whep_registry_new_ufrag (const WhepRegistry *self, gchar *ufrag);

/* Recounts the viewers that need another rendition of the stream, after they or
 * the stream's WhepDemand have changed. */
void whep_registry_count_demand (WhepRegistry *self, const gchar *stream);

/* A viewer's DTLS has connected; unknown viewers are ignored. */
void whep_registry_connect (WhepRegistry *self, const gchar *ufrag,
    const WhepAddress *address);
/* A viewer has ended; unknown viewers are ignored. */
void whep_registry_leave (WhepRegistry *self, const gchar *ufrag,
    const gchar *why);

void whep_registry_tell (const WhepRegistry *self, const WhepNews *news);

G_END_DECLS
