/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The streams that are live, as HTTP sees them: what an answer needs to know of
 * their tracks, and the list for people. Pure; owned by the HTTP thread. */

#pragma once

#include "ext/whep/net/sessions.h"
#include "ext/whep/net/tally.h"
#include "ext/whep/stream/demand.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 id;                 /* the publisher's track; 0: there is none */
  const gchar *encoding_name; /* interned; NULL: there is none */
  guint32 profile_level_id;   /* of H.264; 0: not known */
  const gchar *b_frames;      /* interned: what is done with them; NULL: there
                               * are none so far */
  const gchar *rendition;     /* interned: another codec that it can be had in;
                               * NULL: there is none */
  WhepDemand *demand;         /* owned: who needs that; NULL: see above */
} WhepListedTrack;

typedef struct
{
  gchar *name;     /* APP/KEY */
  gint64 since_us; /* wall clock: when its first track began */
  WhepListedTrack tracks[WHEP_N_TRACKS];
} WhepListing;

typedef struct _WhepDirectory WhepDirectory;

WhepDirectory *whep_directory_new (void);
void whep_directory_free (WhepDirectory *self);

/* A track began, taking over from another if need be, or its facts changed.
 * A stream is live while it has a track. */
void whep_directory_begin_track (WhepDirectory *self, guint64 id,
    const gchar *stream, WhepTrackKind kind, const gchar *encoding_name,
    guint32 profile_level_id, gint64 wall_us);
/* The track has B-frames; does nothing if another has taken it over. */
void whep_directory_note_b_frames (WhepDirectory *self, guint64 id,
    const gchar *what_is_done);
/* The track can be had in that codec, too, and @demand is who is told how many
 * need it. Does nothing if another has taken it over. */
void whep_directory_offer_rendition (WhepDirectory *self, guint64 id,
    const gchar *encoding_name, WhepDemand *demand);
/* Does nothing if another has taken it over. */
void whep_directory_end_track (WhepDirectory *self, guint64 id);

/* Returns: (nullable): the stream if it is live. */
const WhepListing *whep_directory_find (const WhepDirectory *self,
    const gchar *stream);

/* Returns: (transfer full): a JSON array of all, by name; docs/whep.md says
 * what is in it. */
gchar *whep_directory_to_json (const WhepDirectory *self,
    const WhepSessions *sessions, const WhepTally *tally);
/* Returns: (transfer full): the same in Prometheus' text format 0.0.4. */
gchar *whep_directory_to_metrics (const WhepDirectory *self,
    const WhepSessions *sessions);

G_END_DECLS
