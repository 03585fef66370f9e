/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One browser that watches one stream: ICE-lite, DTLS, SRTP, and a cursor into
 * each track's log. Pure: bytes and time come in, datagrams are left in the
 * outbox. Made by the HTTP thread, then owned by one media thread for life. */

#pragma once

#include "ext/whep/stream/stream.h"
#include "ext/whep/viewer/dtls.h"
#include "ext/whep/viewer/ice.h"
#include "ext/whep/viewer/outbox.h"
#include "ext/whep/viewer/sender.h"

G_BEGIN_DECLS

typedef struct
{
  const gchar *stream_name; /* APP/KEY */
  const gchar *ice_ufrag;   /* names the viewer in logs and messages, too */
  const gchar *ice_pwd;
  const gchar *remote_ufrag;
  WhepFingerprint fingerprint;
  const gchar *cname;
  WhepSenderParams tracks[WHEP_N_TRACKS];
  /* Where the publisher's video has another codec than the answer, its
   * rendition is followed; whoever lacks nothing rather asks anew. */
  gboolean takes_rendition;
  /* Wall clock minus the clock of now_us. Fixed for life: a wall clock that is
   * set would tear sound and picture apart. */
  gint64 wall_offset_us;
  SSL_CTX *dtls_context;
} WhepViewerParams;

typedef enum
{
  WHEP_VIEWER_CONNECTING, /* ICE, then DTLS */
  WHEP_VIEWER_PLAYING,
  WHEP_VIEWER_CLOSED, /* whep_viewer_why() says why */
} WhepViewerState;

typedef struct _WhepViewer WhepViewer;

/* What a viewer has been sent and has said of it. */
typedef struct
{
  guint64 n_packets;
  guint64 n_bytes; /* of payload */
  guint64 n_retransmitted;
  guint64 n_nacks;      /* packets asked for */
  guint64 n_plis;       /* PLI and FIR */
  guint64 n_jumps;      /* to a key frame, back or forward, but the first */
  guint8 fraction_lost; /* of 256, last reports, the worse track's */
  WhepThinningLevel thinning;
  guint64 n_thinned;    /* frames that a lossy viewer was spared */
  gint64 round_trip_us; /* 0: not known */
} WhepViewerStats;

WhepViewer *whep_viewer_new (const WhepViewerParams *params, gint64 now_us);
void whep_viewer_free (WhepViewer *self);

/* Says which stream's logs the cursors walk. The stream must outlive the
 * viewer or a call with NULL. */
void whep_viewer_watch (WhepViewer *self, const WhepStream *stream);

/* One datagram came: STUN, DTLS or SRTCP (RFC 7983). Returns whether it proves
 * that @from is this viewer's: later datagrams from there are for it. */
gboolean whep_viewer_receive (WhepViewer *self, const guint8 *data, gsize size,
    const WhepAddress *from, gint64 now_us, WhepOutbox *out);

/* Sends what the logs have and the pacer allows. Returns FALSE if it stopped
 * because @out is full: flush it and call again. Closes a viewer whose answer
 * doesn't cover what the publisher sends now, so that it asks anew. */
gboolean whep_viewer_pump (WhepViewer *self, gint64 now_us, WhepOutbox *out);

/* Does what is due; to be called once whep_viewer_deadline_us() has passed. */
void whep_viewer_tick (WhepViewer *self, gint64 now_us, WhepOutbox *out);
gint64 whep_viewer_deadline_us (const WhepViewer *self, gint64 now_us);

/* The streams stand still for this viewer, or go on live. The connection stays
 * as it is. */
void whep_viewer_set_paused (WhepViewer *self, gboolean is_paused);

/* The browser restarts ICE. Media, DTLS and the viewer's name go on: that stays
 * its first ufrag. */
void whep_viewer_restart_ice (WhepViewer *self,
    const WhepIceCredentials *credentials);

/* Says goodbye: RTCP BYE and close_notify. The viewer is closed. */
void whep_viewer_close (WhepViewer *self, const gchar *why, WhepOutbox *out);

WhepViewerState whep_viewer_state (const WhepViewer *self);
const gchar *whep_viewer_why (const WhepViewer *self);
const gchar *whep_viewer_ufrag (const WhepViewer *self);
/* Of the newest ICE session: what its checks name. */
const gchar *whep_viewer_ice_ufrag (const WhepViewer *self);
const gchar *whep_viewer_stream_name (const WhepViewer *self);
/* Returns: (nullable): where this viewer is to be reached now. */
const WhepAddress *whep_viewer_address (const WhepViewer *self);
void whep_viewer_stats (const WhepViewer *self, WhepViewerStats *stats);

G_END_DECLS
