/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The viewers of one media thread, found by ICE ufrag, by address and by the
 * soonest deadline. Pure; owned by the thread. */

#pragma once

#include "ext/whep/media/mediastats.h"

G_BEGIN_DECLS

/* The number of addresses per viewer that are remembered because checks came
 * from them. A browser checks from a few; if there are more, the list starts
 * afresh. */
#define WHEP_VIEWER_ENTRY_MAX_ADDRESSES 8

typedef struct
{
  WhepViewer *viewer; /* owned */
  WhepStream *stream;
  gint64 deadline_us;
  guint heap_index;
  WhepAddress addresses[WHEP_VIEWER_ENTRY_MAX_ADDRESSES];
  guint n_addresses;
  gboolean is_connected; /* and this has been reported */
  gboolean has_joined;   /* it has been sent a packet, and this was counted */
} WhepViewerEntry;

typedef struct _WhepViewerIndex WhepViewerIndex;

WhepViewerIndex *whep_viewer_index_new (void);
void whep_viewer_index_free (WhepViewerIndex *self);
guint whep_viewer_index_count (const WhepViewerIndex *self);
/* In no particular order; valid until the index changes. */
WhepViewerEntry *whep_viewer_index_get (const WhepViewerIndex *self,
    guint index);

/* Adds the stats of all viewers to @media_stats. */
void whep_viewer_index_add_stats (const WhepViewerIndex *self,
    WhepMediaStats *media_stats);

/* Takes the viewer; its first deadline is immediately. */
WhepViewerEntry *whep_viewer_index_add (WhepViewerIndex *self,
    WhepViewer *viewer, WhepStream *stream);
/* Frees the entry and its viewer. */
void whep_viewer_index_remove (WhepViewerIndex *self, WhepViewerEntry *entry);

WhepViewerEntry *whep_viewer_index_by_ufrag (const WhepViewerIndex *self,
    const gchar *ufrag);
WhepViewerEntry *whep_viewer_index_by_address (const WhepViewerIndex *self,
    const WhepAddress *address);

/* Restarts ICE of the viewer, which is found by the new ufrag as well from now
 * on. */
void whep_viewer_index_restart_ice (WhepViewerIndex *self,
    WhepViewerEntry *entry, const WhepIceCredentials *credentials);

/* Datagrams from @address are for this viewer from now on. */
void whep_viewer_index_learn (WhepViewerIndex *self, WhepViewerEntry *entry,
    const WhepAddress *address);

void whep_viewer_index_set_deadline (WhepViewerIndex *self,
    WhepViewerEntry *entry, gint64 deadline_us);
/* Returns: (nullable): the entry with the soonest deadline. */
WhepViewerEntry *whep_viewer_index_soonest (const WhepViewerIndex *self);

G_END_DECLS
