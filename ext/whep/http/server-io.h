/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The HTTP thread: the player page, WHEP (draft-ietf-wish-whep), the list of
 * streams. It turns an offer into an answer and a viewer, and gives the viewer
 * to the media thread. Every call may come from any thread. */

#pragma once

#include "ext/whep/http/authorizer-io.h"
#include "ext/whep/http/certificate-io.h"
#include "ext/whep/http/httpscredentials-io.h"
#include "ext/whep/http/ingest.h"
#include "ext/whep/http/news.h"
#include "ext/whep/http/route.h"
#include "ext/whep/media/media-io.h"
#include "ext/whep/mp4/readers-io.h"
#include "ext/whep/stream/demand.h"

G_BEGIN_DECLS

/* A longer request body is rejected with 413. */
#define WHEP_HTTP_MAX_BODY_BYTES (64 * 1024)

typedef struct _WhepHttp WhepHttp;

typedef struct
{
  const gchar *address; /* "::" takes IPv4, too */
  guint16 port;         /* TCP; 0: any */
  guint16 media_port;   /* UDP, for the candidates */
  /* More addresses for candidates, NULL-terminated; NULL for none. */
  const gchar *const *advertise;
  guint max_viewers;
  guint max_viewers_per_address; /* see clientaddress.h; 0: no limit */
  guint max_viewers_per_stream;  /* 0: no limit */
  const gchar *ice_servers;      /* nullable: see iceservers.h */
  WhepHttpsParams https;
  WhepAuthorizerParams authorizer;
  const gchar *cors_origins; /* nullable: see cors.h */
  WhepReadersParams readers;
  WhepNewsFunc news_func; /* nullable */
  gpointer news_data;
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
/* The track has B-frames, and this is done with them, in a word. */
void whep_http_note_b_frames (WhepHttp *self, guint64 id,
    const gchar *what_is_done);
/* The elements that convert the track; nullable. */
void whep_http_note_via (WhepHttp *self, guint64 id, const gchar *via);
/* Takes @ingest, which may be NULL: where the page sends publishers. */
void whep_http_take_ingest (WhepHttp *self, WhepIngest *ingest);

/* The publisher has a track that viewers don't get, as in
 * whep_directory_note_unplayable(); whep_http_end_track() takes that back. */
void whep_http_note_unplayable (WhepHttp *self, guint64 id, const gchar *stream,
    WhepTrackKind kind, const gchar *codec, const gchar *reason);
void whep_http_end_track (WhepHttp *self, guint64 id);

G_END_DECLS
