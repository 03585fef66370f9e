/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A camera, a stream, a viewer and a peer that watches, connected by a network
 * in virtual time: the setup of the viewer's system tests. */

#pragma once

#include "ext/whep/http/certificate-io.h"
#include "ext/whep/viewer/viewer.h"
#include "tests/support/camera.h"
#include "tests/support/network.h"
#include "whepbench/peer.h"

G_BEGIN_DECLS

/* The newest datagrams that the viewer received are kept for replays. */
#define WATCHING_RECORDS 64

typedef struct
{
  guint32 seed;
  const gchar *srtp_profiles; /* NULL: both */
  gboolean has_no_playout_delay;
  gboolean is_sampling;
  gboolean has_wrong_fingerprint;
  gint64 rewind_us;         /* what the stream's logs keep */
  gsize kept_bytes;         /* the limit of that; 0: enough */
  gint64 delay_us;          /* of the viewer */
  gboolean takes_untouched; /* likewise */
  NetworkPath path;         /* both ways */
} WatchingParams;

typedef struct
{
  WatchingParams params;
  Network *network;
  WhepCertificate *certificate;
  SSL_CTX *dtls_context;
  WhepStream *stream;
  Camera camera;
  WhepViewer *viewer;
  WhepViewerParams viewer_params;
  gboolean is_outbox_full;
  gboolean is_choked; /* the viewer's kernel has no room for media */
  Peer *peer;
  guint viewer_end;
  guint peer_end;
  GBytes *records[WATCHING_RECORDS];
  guint n_records;
} Watching;

/* The camera is off. */
void watching_init (Watching *self, const WatchingParams *params);
void watching_clear (Watching *self);

/* Creates viewer and peer and starts the peer's checks, without any time
 * passing. */
void watching_join (Watching *self);
/* Joins and runs until media can be sent; fails the test otherwise. */
void watching_connect (Watching *self);
void watching_run_for (Watching *self, gint64 duration_us);

/* Lets the peer or the viewer send something of its own accord. */
#define watching_peer_says(self, verb, ...)                                    \
  G_STMT_START                                                                 \
  {                                                                            \
    WhepOutbox *said = whep_outbox_new ();                                     \
    verb ((self)->peer, ##__VA_ARGS__, said);                                  \
    network_send ((self)->network, (self)->peer_end, said);                    \
    whep_outbox_free (said);                                                   \
  }                                                                            \
  G_STMT_END
void watching_viewer_closes (Watching *self, const gchar *why);

/* The index of the camera's packet that was received as @seq; aborts if the
 * camera never made it. */
guint watching_made_index (const Watching *self, WhepTrackKind kind,
    guint64 seq);

G_END_DECLS
