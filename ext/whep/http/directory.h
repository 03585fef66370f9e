/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The live streams as the HTTP thread knows them: what an answer needs to know
 * about their tracks, and what is reported about them. Pure; owned by the HTTP
 * thread. */

#pragma once

#include "ext/whep/http/sessiontable.h"
#include "ext/whep/stream/demand.h"
#include "ext/whep/stream/stream.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 id;                 /* the publisher's track; 0: there is none */
  const gchar *encoding_name; /* interned; NULL: there is none */
  guint32 profile_level_id;   /* of H.264; 0: unknown */
  const gchar *b_frames;      /* interned: what is done with them; NULL: there
                               * are none so far */
  const gchar *via;           /* interned: the elements that convert it; NULL:
                               * unknown */
  const gchar *rendition;     /* interned: another codec that is available;
                               * NULL: there is none */
  WhepDemand *demand;         /* owned: counts the viewers that need the
                               * rendition; NULL: there is none */
} WhepListedTrack;

/* A track of the publisher that viewers do not get. */
typedef struct
{
  guint64 id;    /* of the element that reports it; 0: there is none */
  gchar *codec;  /* owned: its common name; NULL: unknown */
  gchar *reason; /* owned: words for viewers */
} WhepListedFault;

typedef struct
{
  gchar *name;     /* APP/KEY */
  gint64 since_us; /* wall clock: when its first track began */
  WhepListedTrack tracks[WHEP_N_TRACKS];
  WhepListedFault faults[WHEP_N_TRACKS];
} WhepListing;

typedef struct _WhepDirectory WhepDirectory;

WhepDirectory *whep_directory_new (void);
void whep_directory_free (WhepDirectory *self);

/* A track began, taking over from another if need be, or its facts changed.
 * A stream is listed while it has a track or a fault. */
void whep_directory_begin_track (WhepDirectory *self, guint64 id,
    const gchar *stream, WhepTrackKind kind, const gchar *encoding_name,
    guint32 profile_level_id, gint64 wall_us);
/* The track has B-frames. Does nothing if another track has taken over. */
void whep_directory_note_b_frames (WhepDirectory *self, guint64 id,
    const gchar *what_is_done);
/* The track is converted by these elements. Does nothing if another track has
 * taken over. */
void whep_directory_note_via (WhepDirectory *self, guint64 id,
    const gchar *via);
/* The track is available in that codec, too; @demand counts the viewers that
 * need it. Does nothing if another track has taken over. */
void whep_directory_offer_rendition (WhepDirectory *self, guint64 id,
    const gchar *encoding_name, WhepDemand *demand);
/* The publisher has a track of that kind that viewers don't get; @codec may be
 * NULL. Holds until whep_directory_end_track() of that @id, or until another
 * track of the kind begins. */
void whep_directory_note_unplayable (WhepDirectory *self, guint64 id,
    const gchar *stream, WhepTrackKind kind, const gchar *codec,
    const gchar *reason, gint64 wall_us);
/* Does nothing if another track has taken over. */
void whep_directory_end_track (WhepDirectory *self, guint64 id);

/* Returns: (nullable): the stream, if it is live. */
const WhepListing *whep_directory_find (const WhepDirectory *self,
    const gchar *stream);
/* Whether there is a track that can be played. */
gboolean whep_listing_is_playable (const WhepListing *self);
/* Returns: (nullable) (transfer full): a sentence about the tracks that
 * viewers do not get, and why; NULL if they get all. */
gchar *whep_listing_dup_fault (const WhepListing *self);

/* Returns: (transfer container): the names of all streams, sorted; owned by the
 * directory. */
GList *whep_directory_names (const WhepDirectory *self);

G_END_DECLS
