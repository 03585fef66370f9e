/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The viewers of one media thread, found by ICE ufrag, by address and by the
 * soonest deadline. Pure; owned by the thread. */

#pragma once

#include "ext/whep/media/mediastats.h"

G_BEGIN_DECLS

/* Addresses that a viewer's checks came from and that are remembered. A browser
 * checks from a few; one that comes with more starts the list anew. */
#define WHEP_VIEWER_ENTRY_MAX_ADDRESSES 8

typedef struct
{
  WhepViewer *viewer; /* owned */
  WhepStream *stream;
  gint64 deadline_us;
  guint heap_index;
  WhepAddress addresses[WHEP_VIEWER_ENTRY_MAX_ADDRESSES];
  guint n_addresses;
  gboolean is_connected; /* and others know */
} WhepViewerEntry;

typedef struct _WhepViewerIndex WhepViewerIndex;

WhepViewerIndex *whep_viewer_index_new (void);
void whep_viewer_index_free (WhepViewerIndex *self);
guint whep_viewer_index_count (const WhepViewerIndex *self);
/* In no order, and only until something changes. */
WhepViewerEntry *whep_viewer_index_get (const WhepViewerIndex *self,
    guint index);

/* Adds all viewers to @tally. */
void whep_viewer_index_add_stats (const WhepViewerIndex *self,
    WhepMediaStats *media_stats);

/* Takes the viewer; its first deadline is "now". */
WhepViewerEntry *whep_viewer_index_add (WhepViewerIndex *self,
    WhepViewer *viewer, WhepStream *stream);
/* Frees seat and viewer. */
void whep_viewer_index_remove (WhepViewerIndex *self, WhepViewerEntry *entry);

WhepViewerEntry *whep_viewer_index_by_ufrag (const WhepViewerIndex *self,
    const gchar *ufrag);
WhepViewerEntry *whep_viewer_index_by_address (const WhepViewerIndex *self,
    const WhepAddress *address);

/* The viewer restarts ICE: it is found by the new ufrag, too. */
void whep_viewer_index_restart_ice (WhepViewerIndex *self,
    WhepViewerEntry *entry, const WhepIceCredentials *credentials);

/* Datagrams from @address are this viewer's from now on. */
void whep_viewer_index_learn (WhepViewerIndex *self, WhepViewerEntry *entry,
    const WhepAddress *address);

void whep_viewer_index_set_deadline (WhepViewerIndex *self,
    WhepViewerEntry *entry, gint64 deadline_us);
/* Returns: (nullable): the seat with the soonest deadline. */
WhepViewerEntry *whep_viewer_index_soonest (const WhepViewerIndex *self);

G_END_DECLS
