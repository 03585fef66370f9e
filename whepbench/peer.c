/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A browser that watches: see peer.h. */

#include "whepbench/peer.h"

#include <string.h>

/* libwebrtc sends reports for video once a second; here those for audio go with
 * them. */
#define REPORT_INTERVAL_US G_USEC_PER_SEC
/* A browser waits this long to combine several lost packets in one NACK. */
#define NACK_INTERVAL_US (20 * 1000)
/* The largest datagram that is processed. */
#define DATAGRAM_MAX 2048
#define SHA256_SIZE 32
/* A sampling peer that has waited this long for a key frame requests one. */
#define KEY_INTERVAL_US G_USEC_PER_SEC
/* The SSRC that libwebrtc uses for an endpoint that sends no media. */
#define OUR_SSRC 1

struct _Peer
{
  PeerParams params;
  guint n_restarts; /* of ICE */
  PeerIce ice;
  PeerDtls dtls;
  PeerRemote remote;
  gboolean has_media; /* there are keys for it */
  srtp_t inbound;     /* created on demand */
  srtp_t outbound;
  WhepSrtp *sealer; /* of a skimming or sampling peer */
  Reception receptions[WHEP_N_TRACKS];
  Playback playback;
  PeerReports reports[WHEP_N_TRACKS];
  PeerCounts counts;
  gboolean is_nacking;
  gint64 next_report_us;
  gint64 next_nack_us;
  gint64 next_key_us; /* when to request a key frame */
  guint n_to_lose;
  guint8 n_firs;
};

Peer *
peer_new (const PeerParams *params)
{
  Peer *self = g_new0 (Peer, 1);
  const gchar *profiles = params->srtp_profiles;

  self->params = *params;
  self->is_nacking = !params->is_skimming;
  self->next_report_us = G_MAXINT64;
  self->next_key_us = G_MAXINT64;
  peer_ice_init (&self->ice, params->seed);
  peer_dtls_init (&self->dtls,
      profiles == NULL ? PEER_BOTH_PROFILES : profiles);
  return self;
}

void
peer_free (Peer *self)
{
  if (self == NULL)
    return;
  peer_dtls_clear (&self->dtls);
  for (guint i = 0; i < WHEP_N_TRACKS; i++)
    reception_clear (&self->receptions[i]);
  g_clear_pointer (&self->inbound, srtp_dealloc);
  g_clear_pointer (&self->outbound, srtp_dealloc);
  whep_srtp_free (self->sealer);
  playback_clear (&self->playback);
  g_free (self);
}

const PeerParams *
peer_params (const Peer *self)
{
  return &self->params;
}

const PeerIce *
peer_ice (const Peer *self)
{
  return &self->ice;
}

const PeerDtls *
peer_dtls (const Peer *self)
{
  return &self->dtls;
}

WhepFingerprint
peer_fingerprint (const Peer *self)
{
  WhepFingerprint fingerprint = { .hash = "sha-256", .size = SHA256_SIZE };
  const gchar *text = self->dtls.fingerprint;

  for (guint i = 0; i < SHA256_SIZE; i++, text += strlen ("AB:"))
    fingerprint.value[i] =
        g_ascii_xdigit_value (text[0]) << 4 | g_ascii_xdigit_value (text[1]);
  return fingerprint;
}

const PeerCounts *
peer_counts (const Peer *self)
{
  return &self->counts;
}

const Reception *
peer_reception (const Peer *self, WhepTrackKind kind)
{
  return &self->receptions[kind];
}

const Playback *
peer_playback (const Peer *self)
{
  return &self->playback;
}

const PeerReports *
peer_reports (const Peer *self, WhepTrackKind kind)
{
  return &self->reports[kind];
}

gboolean
peer_is_connected (const Peer *self)
{
  return self->dtls.is_connected && !self->dtls.is_closed;
}

gboolean
peer_is_closed (const Peer *self)
{
  return self->dtls.is_closed;
}

static void
start_ice (Peer *self, gint64 now_us)
{
  WhepAddress addresses[PEER_ICE_MAX_REMOTES] = { self->remote.address };
  guint n_others = self->remote.n_others;

  g_assert (n_others < PEER_ICE_MAX_REMOTES);
  memcpy (addresses + 1, self->remote.others, n_others * sizeof (addresses[0]));
  peer_ice_start (&self->ice, self->remote.ufrag, self->remote.pwd, addresses,
      1 + n_others, now_us);
}

void
peer_connect (Peer *self, const PeerRemote *remote, gint64 now_us)
{
  const PeerParams *params = &self->params;
  gboolean keeps_packets =
      !params->is_skimming && !params->is_sampling && !params->is_forgetful;

  self->remote = *remote;
  for (guint i = 0; i < WHEP_N_TRACKS; i++)
    reception_init (&self->receptions[i], i == WHEP_VIDEO,
        remote->tracks[i].clock_rate, keeps_packets,
        keeps_packets || params->is_sampling);
  if (params->is_sampling)
    playback_init (&self->playback, remote->tracks[WHEP_VIDEO].encoding_name);
  start_ice (self, now_us);
}

static gboolean
find_track (const Peer *self, guint32 ssrc, WhepTrackKind *kind)
{
  for (guint i = 0; i < WHEP_N_TRACKS; i++) {
    const PeerTrack *track = &self->remote.tracks[i];

    if (track->is_accepted && track->ssrc == ssrc) {
      *kind = i;
      return TRUE;
    }
  }
  return FALSE;
}

static void
begin_media (Peer *self, gint64 now_us)
{
  self->has_media = TRUE;
  if (self->params.is_skimming || self->params.is_sampling)
    self->sealer = peer_dtls_new_sealer (&self->dtls);
  else
    self->outbound = peer_dtls_new_outbound (&self->dtls);
  self->next_report_us = now_us + REPORT_INTERVAL_US;
  if (playback_reads_payloads (&self->playback))
    self->next_key_us = now_us + KEY_INTERVAL_US;
}

static void
receive_stun (Peer *self, const guint8 *data, gsize size,
    const WhepAddress *from, WhepOutbox *out)
{
  peer_ice_receive (&self->ice, data, size, from, out);
  if (!self->ice.is_connected || self->dtls.is_started)
    return;
  self->remote.address = *peer_ice_remote (&self->ice);
  peer_dtls_start (&self->dtls, self->remote.is_active,
      self->remote.fingerprint, &self->remote.address, out);
}

static void
receive_dtls (Peer *self, const guint8 *data, gsize size, gint64 now_us,
    WhepOutbox *out)
{
  peer_dtls_receive (&self->dtls, data, size, &self->remote.address, out);
  if (self->dtls.is_connected && !self->has_media)
    begin_media (self, now_us);
}

gboolean
peer_is_video (const Peer *self, guint32 ssrc)
{
  WhepTrackKind kind;

  return find_track (self, ssrc, &kind) && kind == WHEP_VIDEO;
}

gboolean
peer_has_video (const Peer *self)
{
  return self->remote.tracks[WHEP_VIDEO].is_accepted;
}

typedef srtp_err_status_t (*Unprotect) (srtp_t session, void *data, gint *size);

/* @unprotect is libsrtp2's for RTP or for RTCP. */
static gboolean
open_srtp (Peer *self, Unprotect unprotect, guint8 *data, gsize *size)
{
  gint length = *size;
  srtp_err_status_t status;

  if (self->inbound == NULL)
    self->inbound = peer_dtls_new_inbound (&self->dtls);
  status = unprotect (self->inbound, data, &length);
  *size = length;
  if (status == srtp_err_status_replay_fail ||
      status == srtp_err_status_replay_old)
    self->counts.n_replayed++;
  else if (status != srtp_err_status_ok)
    self->counts.n_forged++;
  return status == srtp_err_status_ok;
}

gboolean
peer_open (Peer *self, guint8 *data, gsize *size)
{
  return open_srtp (self, srtp_unprotect, data, size);
}

/* By SSRC, or by payload type for a track whose answer names no SSRC. */
static gboolean
find_packet_track (Peer *self, const RtpPacket *packet, WhepTrackKind *kind)
{
  if (find_track (self, packet->ssrc, kind))
    return packet->pt == self->remote.tracks[*kind].pt;
  for (guint i = 0; i < WHEP_N_TRACKS; i++) {
    PeerTrack *track = &self->remote.tracks[i];

    if (track->is_accepted && track->ssrc == 0 && track->pt == packet->pt) {
      track->ssrc = packet->ssrc;
      *kind = i;
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean
find_resent_track (const Peer *self, guint8 pt, WhepTrackKind *kind)
{
  for (guint i = 0; i < WHEP_N_TRACKS; i++) {
    const PeerTrack *track = &self->remote.tracks[i];

    if (track->is_accepted && track->rtx_pt != 0 && track->rtx_pt == pt) {
      *kind = i;
      return TRUE;
    }
  }
  return FALSE;
}

/* Whether a packet of that track is decrypted. */
static gboolean
opens (const Peer *self, WhepTrackKind kind)
{
  if (self->params.is_sampling)
    return kind == WHEP_VIDEO && playback_reads_payloads (&self->playback);
  return !self->params.is_skimming;
}

static void
add_packet (Peer *self, WhepTrackKind kind, const RtpPacket *packet,
    gint64 now_us)
{
  guint64 number;

  if (reception_add (&self->receptions[kind], packet, now_us, &number) &&
      self->params.is_sampling && kind == WHEP_VIDEO)
    playback_add (&self->playback, number, packet, now_us);
  if (!playback_reads_payloads (&self->playback))
    self->next_key_us = G_MAXINT64;
}

/* What comes without a request is a probe of the path, often just padding. */
static void
receive_resent (Peer *self, WhepTrackKind kind, guint8 *data, gsize size,
    gint64 now_us)
{
  RtpPacket packet;

  if (!peer_open (self, data, &size) || !rtp_parse (&packet, data, size))
    return;
  self->counts.n_resent++;
  if (!self->receptions[kind].has_started || !rtp_remove_padding (&packet) ||
      !rtp_read_original (&packet))
    return;
  packet.ssrc = self->remote.tracks[kind].ssrc;
  packet.pt = self->remote.tracks[kind].pt;
  add_packet (self, kind, &packet, now_us);
}

static void
receive_rtp (Peer *self, guint8 *data, gsize size, gint64 now_us)
{
  RtpPacket packet;
  WhepTrackKind kind;

  if (self->n_to_lose > 0) {
    self->n_to_lose--;
    self->counts.n_dropped++;
    return;
  }
  if (!rtp_parse (&packet, data, size)) {
    self->counts.n_unknown++;
    return;
  }
  if (find_resent_track (self, packet.pt, &kind)) {
    receive_resent (self, kind, data, size, now_us);
    return;
  }
  if (!find_packet_track (self, &packet, &kind)) {
    self->counts.n_unknown++;
    return;
  }
  if (opens (self, kind) &&
      !(peer_open (self, data, &size) && rtp_parse (&packet, data, size) &&
          rtp_remove_padding (&packet)))
    return;
  add_packet (self, kind, &packet, now_us);
}

static void
receive_rtcp (Peer *self, guint8 *data, gsize size, gint64 now_us)
{
  SenderReport report;
  WhepTrackKind kind;

  if (self->params.is_skimming ||
      !open_srtp (self, srtp_unprotect_rtcp, data, &size))
    return;
  if (!feedback_read_sender (&report, data, size) ||
      !find_track (self, report.ssrc, &kind)) {
    self->counts.n_unknown++;
    return;
  }
  if (report.has_bye)
    self->counts.n_byes++;
  if (!report.has_report)
    return;
  self->reports[kind].n_reports++;
  self->reports[kind].last = report;
  self->reports[kind].last_received_us = now_us;
}

static void
receive_media (Peer *self, const guint8 *data, gsize size, gint64 now_us)
{
  guint8 copy[DATAGRAM_MAX];

  if (!self->has_media || size < 2 || size > sizeof (copy)) {
    self->counts.n_unknown++;
    return;
  }
  memcpy (copy, data, size);
  /* RFC 5761 section 4 */
  if (data[1] >= 192 && data[1] <= 223)
    receive_rtcp (self, copy, size, now_us);
  else
    receive_rtp (self, copy, size, now_us);
}

/* RFC 7983 */
void
peer_receive (Peer *self, const guint8 *data, gsize size,
    const WhepAddress *from, gint64 now_us, WhepOutbox *out)
{
  if (size == 0)
    return;
  if (data[0] <= 3)
    receive_stun (self, data, size, from, out);
  else if (data[0] >= 20 && data[0] <= 63)
    receive_dtls (self, data, size, now_us, out);
  else if (data[0] >= 128 && data[0] <= 191)
    receive_media (self, data, size, now_us);
  else
    self->counts.n_unknown++;
}

/* In place. Returns the new size. */
static gsize
seal_rtcp (Peer *self, guint8 *packet, gsize size)
{
  gint length = size;

  if (self->sealer != NULL)
    return whep_srtp_seal_rtcp (self->sealer, packet, size);
  if (srtp_protect_rtcp (self->outbound, packet, &length) != srtp_err_status_ok)
    g_error ("libsrtp2 cannot encrypt RTCP");
  return length;
}

static void
send_rtcp (Peer *self, guint8 *packet, gsize size, WhepOutbox *out)
{
  guint8 *room;

  if (!self->has_media)
    return;
  size = seal_rtcp (self, packet, size);
  room = whep_outbox_reserve (out, size);
  if (room == NULL)
    return;
  memcpy (room, packet, size);
  whep_outbox_commit (out, &self->remote.address, size);
}

static void
send_report (Peer *self, gint64 now_us, WhepOutbox *out)
{
  FeedbackBlock blocks[WHEP_N_TRACKS];
  guint8 packet[FEEDBACK_MAX_BYTES + SRTP_MAX_TRAILER_LEN + 4];
  guint n_blocks = 0;

  for (guint i = 0; i < WHEP_N_TRACKS; i++)
    if (self->receptions[i].has_started)
      blocks[n_blocks++] = peer_reports_answer (&self->reports[i],
          &self->receptions[i], self->remote.tracks[i].ssrc, now_us);
  send_rtcp (self, packet,
      feedback_write_receiver_report (OUR_SSRC, blocks, n_blocks, packet), out);
}

static gint64
nack_deadline_us (const Peer *self)
{
  gint64 deadline_us = G_MAXINT64;

  if (!self->is_nacking || !self->has_media)
    return G_MAXINT64;
  for (guint i = 0; i < WHEP_N_TRACKS; i++)
    deadline_us =
        MIN (deadline_us, reception_deadline_us (&self->receptions[i]));
  if (deadline_us == G_MAXINT64)
    return G_MAXINT64;
  return MAX (deadline_us, self->next_nack_us);
}

static void
ask_for_lost (Peer *self, gint64 now_us, WhepOutbox *out)
{
  self->next_nack_us = now_us + NACK_INTERVAL_US;
  for (guint i = 0; i < WHEP_N_TRACKS; i++) {
    guint16 seqs[FEEDBACK_MAX_SEQS];
    guint n_seqs =
        reception_ask (&self->receptions[i], now_us, seqs, FEEDBACK_MAX_SEQS);

    if (n_seqs > 0)
      peer_nacks (self, i, seqs, n_seqs, out);
  }
}

void
peer_tick (Peer *self, gint64 now_us, WhepOutbox *out)
{
  peer_ice_tick (&self->ice, now_us, out);
  if (peer_dtls_deadline_us (&self->dtls, now_us) <= now_us)
    peer_dtls_tick (&self->dtls, &self->remote.address, out);
  if (now_us >= self->next_report_us) {
    self->next_report_us = now_us + REPORT_INTERVAL_US;
    send_report (self, now_us, out);
  }
  if (now_us >= nack_deadline_us (self))
    ask_for_lost (self, now_us, out);
  if (now_us >= self->next_key_us) {
    self->next_key_us = now_us + KEY_INTERVAL_US;
    peer_asks_for_key (self, out);
  }
}

gint64
peer_deadline_us (const Peer *self, gint64 now_us)
{
  gint64 deadline_us = peer_ice_deadline_us (&self->ice);

  deadline_us = MIN (deadline_us, peer_dtls_deadline_us (&self->dtls, now_us));
  deadline_us = MIN (deadline_us, self->next_report_us);
  deadline_us = MIN (deadline_us, self->next_key_us);
  return MIN (deadline_us, nack_deadline_us (self));
}

void
peer_loses (Peer *self, guint n_packets)
{
  self->n_to_lose += n_packets;
}

void
peer_stops_nacking (Peer *self)
{
  self->is_nacking = FALSE;
}

void
peer_falls_silent (Peer *self)
{
  peer_ice_stop (&self->ice);
  self->next_report_us = G_MAXINT64;
  self->next_key_us = G_MAXINT64;
  self->is_nacking = FALSE;
}

void
peer_asks_for_key (Peer *self, WhepOutbox *out)
{
  guint8 packet[FEEDBACK_MAX_BYTES];

  send_rtcp (self, packet,
      feedback_write_pli (OUR_SSRC, self->remote.tracks[WHEP_VIDEO].ssrc,
          packet),
      out);
}

void
peer_asks_for_key_by_fir (Peer *self, WhepOutbox *out)
{
  guint8 packet[FEEDBACK_MAX_BYTES];

  send_rtcp (self, packet,
      feedback_write_fir (OUR_SSRC, self->remote.tracks[WHEP_VIDEO].ssrc,
          self->n_firs++, packet),
      out);
}

void
peer_nacks (Peer *self, WhepTrackKind kind, const guint16 *seqs, guint n_seqs,
    WhepOutbox *out)
{
  guint8 packet[FEEDBACK_MAX_BYTES + SRTP_MAX_TRAILER_LEN + 4];

  send_rtcp (self, packet,
      feedback_write_nack (OUR_SSRC, self->remote.tracks[kind].ssrc, seqs,
          n_seqs, packet),
      out);
}

void
peer_restarts_ice (Peer *self)
{
  peer_ice_renew (&self->ice, self->params.seed + ++self->n_restarts);
}

void
peer_takes_restart (Peer *self, const gchar *remote_ufrag,
    const gchar *remote_pwd, gint64 now_us)
{
  peer_ice_start (&self->ice, remote_ufrag, remote_pwd, &self->remote.address,
      1, now_us);
}

void
peer_closes (Peer *self, WhepOutbox *out)
{
  guint8 packet[FEEDBACK_MAX_BYTES];

  send_rtcp (self, packet, feedback_write_bye (OUR_SSRC, packet), out);
  peer_dtls_close (&self->dtls, &self->remote.address, out);
  peer_falls_silent (self);
}
