/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The live streams as the HTTP thread knows them: what an answer needs to know
 * about their tracks, and what is reported about them. Pure; owned by the HTTP
 * thread. */

#pragma once

#include "ext/whep/http/publisher.h"
#include "ext/whep/http/sessiontable.h"
#include "ext/whep/stream/arrival.h"
#include "ext/whep/stream/demand.h"
#include "ext/whep/stream/stream.h"
#include "gst/publisher/figures.h"

G_BEGIN_DECLS

/* How the publisher's own stream arrives, as upstream says. */
typedef struct
{
  gboolean is_known;
  guint64 n_bytes;
  gint64 jitter_us;
  PublisherFigures figures;
} WhepUplink;

/* The size of the picture, or the format of the sound; 0: unknown. */
typedef struct
{
  guint width, height;
  guint sample_rate, n_channels;
} WhepTrackFormat;

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
  WhepDemand *transcode;      /* owned: likewise, that need the track without
                               * its B-frames; NULL: it has none so far */
  gboolean has_untouched;     /* it is available with its B-frames, too */
  WhepTrackFormat format;
  WhepArrivalFigures arrival;
  gint64 measured_us;       /* when that was, monotonic; 0: never */
  WhepUplink uplink;        /* likewise */
  WhepPublisher *publisher; /* owned; NULL: unknown */
} WhepListedTrack;

/* A track of the publisher that viewers do not get. */
typedef struct
{
  guint64 id;    /* of the element that reports it; 0: there is none */
  gchar *codec;  /* owned: its common name; NULL: unknown */
  gchar *reason; /* owned: words for viewers */
  WhepPublisher *publisher; /* owned; NULL: unknown */
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
/* The track has B-frames; @transcode counts the viewers that need it without
 * them. Does nothing if another track has taken over. */
void whep_directory_note_b_frames (WhepDirectory *self, guint64 id,
    const gchar *what_is_done, WhepDemand *transcode);
/* The video of @stream is available with its B-frames, too, until its track
 * ends. Does nothing if there is none. */
void whep_directory_offer_untouched (WhepDirectory *self, const gchar *stream);
/* The track is converted by these elements. Does nothing if another track has
 * taken over. */
void whep_directory_note_via (WhepDirectory *self, guint64 id,
    const gchar *via);
/* Each does nothing if another track has taken over. The format of the track is
 * known: */
void whep_directory_note_format (WhepDirectory *self, guint64 id,
    const WhepTrackFormat *format);
/* it has been measured: */
void whep_directory_note_arrival (WhepDirectory *self, guint64 id,
    const WhepArrivalFigures *figures, const WhepUplink *uplink, gint64 now_us);
/* and that is who publishes it, or the track that viewers do not get, which is
 * copied. */
void whep_directory_note_publisher (WhepDirectory *self, guint64 id,
    const WhepPublisher *publisher);
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
/* Returns: (nullable): who publishes it. */
const WhepPublisher *whep_listing_publisher (const WhepListing *self);
/* Whether a viewer that reorders frames by itself gets the publisher's own. */
gboolean whep_listing_has_b_frames (const WhepListing *self);
/* Whether there is a track that can be played. */
gboolean whep_listing_is_playable (const WhepListing *self);
/* Returns: (nullable): how the publisher's own stream arrives. */
const WhepUplink *whep_listing_uplink (const WhepListing *self);
/* Returns: (nullable) (transfer full): a sentence about the tracks that
 * viewers do not get, and why; NULL if they get all. */
gchar *whep_listing_dup_fault (const WhepListing *self);

/* Returns: (transfer container): the names of all streams, sorted; owned by the
 * directory. */
GList *whep_directory_names (const WhepDirectory *self);

G_END_DECLS
