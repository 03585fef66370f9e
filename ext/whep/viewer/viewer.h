/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One browser watching one stream: ICE-lite, DTLS, SRTP, and a cursor into each
 * track's log. Pure: bytes and time come in, datagrams are left in the outbox.
 * Created by the HTTP thread, then owned by one media thread for its
 * lifetime. */

#pragma once

#include "ext/whep/stream/stream.h"
#include "ext/whep/viewer/controls.h"
#include "ext/whep/viewer/dtls.h"
#include "ext/whep/viewer/ice.h"
#include "ext/whep/viewer/outbox.h"
#include "ext/whep/viewer/sender.h"

G_BEGIN_DECLS

typedef struct
{
  const gchar *stream_name; /* APP/KEY */
  const gchar *ice_ufrag;   /* also names the viewer in logs and messages */
  const gchar *ice_pwd;
  const gchar *remote_ufrag;
  WhepFingerprint fingerprint;
  const gchar *cname;
  WhepSenderParams tracks[WHEP_N_TRACKS];
  /* If the publisher's video has another codec than the answer, the viewer
   * follows its rendition. FALSE for a viewer that can decode both: it is
   * closed and sends a new offer instead. */
  gboolean takes_rendition;
  /* The viewer reorders frames by itself: it gets the publisher's own, with
   * their B-frames, at their own times. It takes the picture for broken and
   * asks for key frames all the time, which is passed over: those that it needs
   * it requests by FIR, or by NACKs that the log can't serve. */
  gboolean takes_untouched;
  gint64 rtp_epoch_us; /* see WhepSenderParams; with takes_untouched */
  /* How far the viewer stays behind live. */
  gint64 delay_us;
  WhepViewerControls controls;
  /* Wall clock minus the clock of now_us. Fixed for the viewer's lifetime,
   * because setting the wall clock would break the synchronisation of audio and
   * video. */
  gint64 wall_offset_us;
  SSL_CTX *dtls_context;
  gint64 asked_us; /* when its offer arrived */
} WhepViewerParams;

typedef enum
{
  WHEP_VIEWER_CONNECTING, /* ICE, then DTLS */
  WHEP_VIEWER_PLAYING,
  WHEP_VIEWER_CLOSED, /* see whep_viewer_why() */
} WhepViewerState;

typedef struct _WhepViewer WhepViewer;

/* What a viewer has been sent and has reported. */
typedef struct
{
  guint64 n_packets;
  guint64 n_bytes; /* of payload */
  guint64 n_retransmitted;
  guint64 n_nacks;      /* packets requested */
  guint64 n_plis;       /* PLI and FIR */
  guint64 n_jumps;      /* to a key frame, back or forward, except joining */
  guint8 fraction_lost; /* of 256; last reports; of the worse track */
  WhepThinningLevel thinning;
  WhepFrames frames;    /* what it has chosen */
  gboolean has_sound;   /* the same: see WhepViewerControls */
  guint64 n_thinned;    /* frames not sent because of loss */
  gint64 round_trip_us; /* 0: unknown */
  gint64 n_lost;        /* last reports; of both tracks; less repairs */
  gint64 jitter_us;     /* likewise, of the worse track */
} WhepViewerStats;

WhepViewer *whep_viewer_new (const WhepViewerParams *params, gint64 now_us);
void whep_viewer_free (WhepViewer *self);

/* Sets the stream whose logs the cursors follow. The stream must outlive the
 * viewer or a call with NULL. */
void whep_viewer_watch (WhepViewer *self, const WhepStream *stream);

/* Handles a datagram: STUN, DTLS or SRTCP (RFC 7983). Returns whether it proves
 * that @from belongs to this viewer: later datagrams from there are for it. */
gboolean whep_viewer_receive (WhepViewer *self, const guint8 *data, gsize size,
    const WhepAddress *from, gint64 now_us, WhepOutbox *out);

/* Sends what the logs have and the pacer allows. Returns FALSE if it stopped
 * because @out is full: flush it and call again. Closes a viewer whose answer
 * does not cover what the publisher sends now, so that it sends a new offer. */
gboolean whep_viewer_pump (WhepViewer *self, gint64 now_us, WhepOutbox *out);

/* Does what is due; to be called once whep_viewer_deadline_us() has passed. */
void whep_viewer_tick (WhepViewer *self, gint64 now_us, WhepOutbox *out);
gint64 whep_viewer_deadline_us (const WhepViewer *self, gint64 now_us);

/* Pauses the streams for this viewer, or resumes them live. The connection is
 * kept. */
void whep_viewer_set_paused (WhepViewer *self, gboolean is_paused);

/* The viewer changes what it has chosen, with the next frame that is sent. */
void whep_viewer_control (WhepViewer *self, const WhepViewerControls *controls);

/* The browser restarts ICE. Media, DTLS and the viewer's name, its first ufrag,
 * stay the same. */
void whep_viewer_restart_ice (WhepViewer *self,
    const WhepIceCredentials *credentials);

/* Sends RTCP BYE and close_notify and closes the viewer. */
void whep_viewer_close (WhepViewer *self, const gchar *why, WhepOutbox *out);

WhepViewerState whep_viewer_state (const WhepViewer *self);
const gchar *whep_viewer_why (const WhepViewer *self);
const gchar *whep_viewer_ufrag (const WhepViewer *self);
/* The ufrag of the newest ICE session, which its checks carry. */
const gchar *whep_viewer_ice_ufrag (const WhepViewer *self);
const gchar *whep_viewer_stream_name (const WhepViewer *self);
/* Returns: (nullable): the address at which this viewer can be reached now. */
const WhepAddress *whep_viewer_address (const WhepViewer *self);
/* When its offer arrived. */
gint64 whep_viewer_asked_us (const WhepViewer *self);
void whep_viewer_stats (const WhepViewer *self, WhepViewerStats *stats);

G_END_DECLS
