/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The hall: which streams are live and who watches, for all that answer HTTP.
 * For the HTTP thread. */

#pragma once

#include "ext/whep/http/directory.h"
#include "ext/whep/http/news.h"
#include "ext/whep/http/subscribers-io.h"
#include "ext/whep/media/media-io.h"

G_BEGIN_DECLS

/* All are there from init to clear. */
typedef struct
{
  WhepMedia *media; /* not owned */
  WhepDirectory *directory;
  WhepSessionTable *sessions;
  WhepSubscribers *events;
  WhepNewsFunc news_func; /* nullable */
  gpointer news_data;
} WhepRegistry;

void whep_registry_init (WhepRegistry *self, WhepMedia *media,
    WhepNewsFunc news_func, gpointer news_data);
/* Tells of the viewers who are there that they leave; on the HTTP thread, at
 * its end. */
void whep_registry_close (WhepRegistry *self);
void whep_registry_clear (WhepRegistry *self);

/* A ufrag of ours that nobody has. @ufrag has room for WHEP_ICE_OUR_UFRAG + 1
 * characters. */
void whep_registry_new_ufrag (const WhepRegistry *self, gchar *ufrag);

/* Who needs another rendition of the stream has changed, or whom to tell. */
void whep_registry_count_demand (WhepRegistry *self, const gchar *stream);

/* A viewer's DTLS is up; unknown ones are ignored. */
void whep_registry_connect (WhepRegistry *self, const gchar *ufrag,
    const WhepAddress *address);
/* A viewer has ended; unknown ones are ignored. */
void whep_registry_leave (WhepRegistry *self, const gchar *ufrag,
    const gchar *why);

void whep_registry_tell (const WhepRegistry *self, const WhepNews *news);

G_END_DECLS
