/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The HTTP thread: the player page, WHEP (draft-ietf-wish-whep), the list of
 * streams. It turns an offer into an answer and a viewer, and gives the viewer
 * to the media thread. Every call may come from any thread. */

#pragma once

#include "ext/whep/http/authorizer-io.h"
#include "ext/whep/http/certificate-io.h"
#include "ext/whep/http/controls.h"
#include "ext/whep/http/httpscredentials-io.h"
#include "ext/whep/http/ingest.h"
#include "ext/whep/http/news.h"
#include "ext/whep/http/pulls-io.h"
#include "ext/whep/http/route.h"
#include "ext/whep/http/snapshots-io.h"
#include "ext/whep/media/media-io.h"
#include "ext/whep/mp4/readers-io.h"
#include "ext/whep/stream/demand.h"
#include "gst/journal/journal-io.h"

G_BEGIN_DECLS

/* A longer request body is rejected with 413. */
#define WHEP_HTTP_MAX_BODY_BYTES (64 * 1024)

typedef struct _WhepHttp WhepHttp;
typedef struct _WhepRouter WhepRouter; /* see router-io.h */

typedef struct
{
  guint max;
  guint max_per_address; /* see clientaddress.h; 0: no limit */
  guint max_per_stream;  /* 0: no limit */
} WhepViewerLimits;

/* Returns: (transfer full) (nullable): the name of another node with room for a
 * viewer of @stream. Called on the HTTP thread; does not block. */
typedef gchar *(*WhepRoomFunc) (const gchar *stream, gpointer user_data);

typedef struct
{
  const gchar *address; /* "::" takes IPv4, too */
  guint16 port;         /* TCP; 0: any */
  guint16 media_port;   /* UDP, for the candidates */
  /* More addresses for candidates, NULL-terminated; NULL for none. */
  const gchar *const *advertise;
  guint max_viewers;
  guint max_viewers_per_address;     /* see clientaddress.h; 0: no limit */
  guint max_viewers_per_stream;      /* 0: no limit */
  guint max_connections_per_address; /* 0: no limit */
  const gchar *node;                 /* nullable: its name, see redirect.h */
  const gchar *redirect_to;          /* nullable: others, see redirect.h */
  WhepRoomFunc room_func;            /* nullable */
  gpointer room_data;
  const gchar *ice_servers; /* nullable: see iceservers.h */
  gint64 rewind_us;         /* as of the media threads */
  WhepHttpsParams https;
  WhepAuthorizerParams authorizer;
  const gchar *cors_origins; /* nullable: see cors.h */
  WhepReadersParams readers;
  WhepNewsFunc news_func; /* nullable */
  gpointer news_data;
  WhepSnapshotFunc snapshot_func; /* nullable: there are no pictures */
  gpointer snapshot_data;
  WhepPullsParams pulls;
  Journal *journal; /* nullable: of the events that are served */
  WhepControls controls;
} WhepHttpParams;

/* Listens and starts. @media outlives it; @certificate is only read during
 * the call. Sets itself as the listener for ended viewers. */
WhepHttp *whep_http_new (const WhepHttpParams *params, WhepMedia *media,
    const WhepCertificate *certificate, GError **error);
void whep_http_free (WhepHttp *self);
guint16 whep_http_port (const WhepHttp *self);
/* Returns: (nullable) (transfer none): the SHA-256 of the certificate that
 * HTTPS began with. */
const gchar *whep_http_fingerprint (const WhepHttp *self);

/* What publishers push fragmented MP4 into; lives as long. */
WhepReaders *whep_http_readers (WhepHttp *self);

/* A publisher's track began, changed or ended; @id as for the media thread.
 * @profile_level_id counts for H.264, 0 if not known. */
void whep_http_begin_track (WhepHttp *self, guint64 id, const gchar *stream,
    WhepTrackKind kind, const gchar *encoding_name, guint32 profile_level_id);
/* The same for video that can be had in the codec @rendition, too; @demand is
 * told how many viewers need that. */
void whep_http_begin_track_with (WhepHttp *self, guint64 id,
    const gchar *stream, const gchar *encoding_name, guint32 profile_level_id,
    const gchar *rendition, WhepDemand *demand);
/* The track has B-frames, and this is done with them, in a word; @transcode is
 * told how many viewers need it without them. */
void whep_http_note_b_frames (WhepHttp *self, guint64 id, const gchar *stream,
    const gchar *what_is_done, WhepDemand *transcode);
/* The stream's video is available with its B-frames, too, until it ends. */
void whep_http_offer_untouched (WhepHttp *self, const gchar *stream);
/* The elements that convert the track; nullable. */
void whep_http_note_via (WhepHttp *self, guint64 id, const gchar *via);
/* Takes @ingest, which may be NULL: where the page sends publishers. */
void whep_http_take_ingest (WhepHttp *self, WhepIngest *ingest);

/* The publisher has a track that viewers don't get, as in
 * whep_directory_note_unplayable(); whep_http_end_track() takes that back. */
void whep_http_note_unplayable (WhepHttp *self, guint64 id, const gchar *stream,
    WhepTrackKind kind, const gchar *codec, const gchar *reason);
void whep_http_end_track (WhepHttp *self, guint64 id);

/* Runs @func on the HTTP thread, after all that has been posted before, unless
 * the thread ends first; then @free_func is called, in either case. */
typedef void (*WhepHttpFunc) (WhepRouter *router, gpointer user_data);
void whep_http_post (WhepHttp *self, WhepHttpFunc func, gpointer user_data,
    GDestroyNotify free_func);
/* Likewise, unless the thread has too many messages waiting: for what comes
 * again and again. */
void whep_http_offer (WhepHttp *self, WhepHttpFunc func, gpointer user_data,
    GDestroyNotify free_func);
/* Returns: (nullable): the router, if this is the HTTP thread. */
WhepRouter *whep_http_own_router (WhepHttp *self);

G_END_DECLS
