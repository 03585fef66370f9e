/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A browser that watches: full ICE as the controlling side, either end of DTLS,
 * SRTP by libsrtp2, RTCP feedback. Pure as the viewer is, so that the two can
 * meet in a network of virtual time or over real sockets.
 *
 * It behaves as a correct browser unless a function says otherwise. */

#pragma once

#include "ext/whep/stream/stream.h"
#include "ext/whep/viewer/dtls.h"
#include "whepbench/peerdtls.h"
#include "whepbench/peerice.h"
#include "whepbench/peerreports.h"
#include "whepbench/playback.h"

G_BEGIN_DECLS

#define PEER_ENCODING_NAME_SIZE 16

/* One m-section of an answer. */
typedef struct
{
  gboolean is_accepted;
  guint8 pt;
  guint clock_rate; /* Hz */
  guint32 ssrc;     /* 0: that of the first packet with @pt */
  guint8 rtx_pt;    /* of RFC 4588; 0: none */
  gchar encoding_name[PEER_ENCODING_NAME_SIZE];
} PeerTrack;

/* The other side, as described by an answer. */
typedef struct
{
  gchar ufrag[PEER_ICE_CREDENTIAL_MAX + 1];
  gchar pwd[PEER_ICE_CREDENTIAL_MAX + 1];
  gchar fingerprint[PEER_FINGERPRINT_SIZE]; /* of SHA-256; empty: any */
  gboolean is_active;                       /* the client of DTLS */
  WhepAddress address;
  /* Where it may be reached as well. */
  WhepAddress others[PEER_ICE_MAX_REMOTES - 1];
  guint n_others;
  PeerTrack tracks[WHEP_N_TRACKS];
} PeerRemote;

typedef struct
{
  /* Of all that is random; secret unless this is a test. */
  guint64 seed;
  const gchar *srtp_profiles; /* NULL: PEER_BOTH_PROFILES */
  /* Counts packets by their headers and decrypts none, for load. */
  gboolean is_skimming;
  /* The same once a key frame is complete, up to which it decrypts video; asks
   * for lost packets, for any number of viewers that play. */
  gboolean is_sampling;
  /* Decrypts all, but keeps no packet and asks for none, for long runs. */
  gboolean is_forgetful;
  gboolean has_no_playout_delay; /* does not offer it */
} PeerParams;

/* What became of all that was received. */
typedef struct
{
  guint64 n_unknown;  /* of no protocol, or of no track */
  guint64 n_forged;   /* SRTP or SRTCP that isn't authentic */
  guint64 n_replayed; /* SRTP or SRTCP that was received before */
  guint64 n_dropped;  /* by peer_loses() */
  guint64 n_resent;   /* as RFC 4588 has it; their packets are received, too */
  guint n_byes;
} PeerCounts;

typedef struct _Peer Peer;

Peer *peer_new (const PeerParams *params);
void peer_free (Peer *self);

const PeerParams *peer_params (const Peer *self);
const PeerIce *peer_ice (const Peer *self);
const PeerDtls *peer_dtls (const Peer *self);
/* The fingerprint that the other side reads in the offer. */
WhepFingerprint peer_fingerprint (const Peer *self);
const PeerCounts *peer_counts (const Peer *self);
const Reception *peer_reception (const Peer *self, WhepTrackKind kind);
/* Only if it is sampling. */
const Playback *peer_playback (const Peer *self);
const PeerReports *peer_reports (const Peer *self, WhepTrackKind kind);

/* Starts connectivity checks of the answerer's address. */
void peer_connect (Peer *self, const PeerRemote *remote, gint64 now_us);

void peer_receive (Peer *self, const guint8 *data, gsize size,
    const WhepAddress *from, gint64 now_us, WhepOutbox *out);
void peer_tick (Peer *self, gint64 now_us, WhepOutbox *out);
gint64 peer_deadline_us (const Peer *self, gint64 now_us);

/* Decrypts, in place, a packet that a skimming peer has only counted. Returns
 * FALSE if it is not authentic. */
gboolean peer_open (Peer *self, guint8 *data, gsize *size);
gboolean peer_is_video (const Peer *self, guint32 ssrc);
/* The answer accepts it. */
gboolean peer_has_video (const Peer *self);

/* The DTLS handshake has succeeded: media can be received. */
gboolean peer_is_connected (const Peer *self);
/* The other side has closed the connection. */
gboolean peer_is_closed (const Peer *self);

/* Deviations of the network or of the browser. */
/* The next @n_packets of RTP do not reach it. */
void peer_loses (Peer *self, guint n_packets);
/* Asks for no lost packets from now on. */
void peer_stops_nacking (Peer *self);
/* Sends no more checks and no more RTCP. */
void peer_falls_silent (Peer *self);
void peer_asks_for_key (Peer *self, WhepOutbox *out);
void peer_asks_for_key_by_fir (Peer *self, WhepOutbox *out);
void peer_nacks (Peer *self, WhepTrackKind kind, const guint16 *seqs,
    guint n_seqs, WhepOutbox *out);
/* Makes new ICE credentials for the other side; they are used from
 * peer_takes_restart() on, with those of the other side. */
void peer_restarts_ice (Peer *self);
void peer_takes_restart (Peer *self, const gchar *remote_ufrag,
    const gchar *remote_pwd, gint64 now_us);
/* Sends RTCP BYE and close_notify. */
void peer_closes (Peer *self, WhepOutbox *out);

G_END_DECLS
