/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A browser that watches: see peer.h. */

#include "tests/support/peer.h"

#include <string.h>

/* libwebrtc sends reports for video once a second; here those for audio go with
 * them. */
#define REPORT_INTERVAL_US G_USEC_PER_SEC
/* A browser waits this long to combine several lost packets in one NACK. */
#define NACK_INTERVAL_US (20 * 1000)
/* The largest datagram that is processed. */
#define DATAGRAM_MAX 2048
#define SHA256_SIZE 32
/* The SSRC that libwebrtc uses for an endpoint that sends no media. */
#define OUR_SSRC 1

struct _Peer
{
  PeerParams params;
  GRand *rand;
  PeerIce ice;
  PeerDtls dtls;
  PeerRemote remote;
  gboolean has_media; /* there are keys for it */
  srtp_t inbound;     /* created on demand if skimming */
  srtp_t outbound;
  WhepSrtp *sealer; /* of a skimming peer */
  Reception receptions[WHEP_N_TRACKS];
  PeerReports reports[WHEP_N_TRACKS];
  PeerCounts counts;
  gboolean is_nacking;
  gint64 next_report_us;
  gint64 next_nack_us;
  guint n_to_lose;
  guint8 n_firs;
};

Peer *
peer_new (const PeerParams *params)
{
  Peer *self = g_new0 (Peer, 1);
  const gchar *profiles = params->srtp_profiles;

  self->rand = g_rand_new_with_seed (params->seed);
  self->params = *params;
  self->is_nacking = !params->is_skimming;
  self->next_report_us = G_MAXINT64;
  peer_ice_init (&self->ice, self->rand);
  peer_dtls_init (&self->dtls,
      profiles == NULL ? PEER_BOTH_PROFILES : profiles);
  return self;
}

void
peer_free (Peer *self)
{
  if (self == NULL)
    return;
  g_rand_free (self->rand);
  peer_dtls_clear (&self->dtls);
  for (guint i = 0; i < WHEP_N_TRACKS; i++)
    reception_clear (&self->receptions[i]);
  g_clear_pointer (&self->inbound, srtp_dealloc);
  g_clear_pointer (&self->outbound, srtp_dealloc);
  whep_srtp_free (self->sealer);
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

void
peer_connect (Peer *self, const PeerRemote *remote, gint64 now_us)
{
  self->remote = *remote;
  for (guint i = 0; i < WHEP_N_TRACKS; i++)
    reception_init (&self->receptions[i], i == WHEP_VIDEO,
        remote->tracks[i].clock_rate,
        !self->params.is_skimming && !self->params.is_forgetful);
  peer_ice_start (&self->ice, remote->ufrag, remote->pwd, &remote->address,
      now_us);
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
  if (self->params.is_skimming)
    self->sealer = peer_dtls_new_sealer (&self->dtls);
  else
    peer_dtls_new_srtp (&self->dtls, &self->inbound, &self->outbound);
  self->next_report_us = now_us + REPORT_INTERVAL_US;
}

static void
receive_stun (Peer *self, const guint8 *data, gsize size, WhepOutbox *out)
{
  peer_ice_receive (&self->ice, data, size);
  if (self->ice.is_connected && !self->dtls.is_started)
    peer_dtls_start (&self->dtls, self->remote.fingerprint,
        &self->remote.address, out);
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

typedef srtp_err_status_t (*Unprotect) (srtp_t session, void *data, gint *size);

/* @unprotect is libsrtp2's for RTP or for RTCP. */
static gboolean
open_srtp (Peer *self, Unprotect unprotect, guint8 *data, gsize *size)
{
  gint length = *size;
  srtp_err_status_t status = unprotect (self->inbound, data, &length);

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
  if (self->inbound == NULL)
    peer_dtls_new_srtp (&self->dtls, &self->inbound, &self->outbound);
  return open_srtp (self, srtp_unprotect, data, size);
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
  if (!self->params.is_skimming && !peer_open (self, data, &size))
    return;
  if (!rtp_parse (&packet, data, size) ||
      !find_track (self, packet.ssrc, &kind) ||
      packet.pt != self->remote.tracks[kind].pt) {
    self->counts.n_unknown++;
    return;
  }
  reception_add (&self->receptions[kind], &packet, now_us);
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
    receive_stun (self, data, size, out);
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

/* RFC 3550 appendix A.3 */
static void
fill_losses (Reception *reception, FeedbackBlock *block)
{
  guint64 n_expected = reception_n_expected (reception);
  gint64 n_expected_now = n_expected - reception->n_expected_before;
  gint64 n_received_now = reception->n_received - reception->n_received_before;
  gint64 n_lost_now = n_expected_now - n_received_now;

  reception->n_expected_before = n_expected;
  reception->n_received_before = reception->n_received;
  block->n_lost = (gint64) n_expected - (gint64) reception->n_received;
  if (n_expected_now > 0 && n_lost_now > 0)
    block->fraction_lost = MIN (n_lost_now * 256 / n_expected_now, 255);
}

static FeedbackBlock
make_block (Peer *self, WhepTrackKind kind, gint64 now_us)
{
  Reception *reception = &self->receptions[kind];
  const PeerReports *reports = &self->reports[kind];
  FeedbackBlock block = { .ssrc = self->remote.tracks[kind].ssrc };

  fill_losses (reception, &block);
  block.highest_seq = reception->highest_seq - 65536;
  block.jitter = reception->jitter_q4 >> 4;
  if (reports->n_reports > 0) {
    block.last_sr = reports->last.ntp_time >> 16;
    block.delay_since_sr =
        (now_us - reports->last_received_us) * 65536 / G_USEC_PER_SEC;
  }
  return block;
}

static void
send_report (Peer *self, gint64 now_us, WhepOutbox *out)
{
  FeedbackBlock blocks[WHEP_N_TRACKS];
  guint8 packet[FEEDBACK_MAX_BYTES + SRTP_MAX_TRAILER_LEN + 4];
  guint n_blocks = 0;

  for (guint i = 0; i < WHEP_N_TRACKS; i++)
    if (self->receptions[i].has_started)
      blocks[n_blocks++] = make_block (self, i, now_us);
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
}

gint64
peer_deadline_us (const Peer *self, gint64 now_us)
{
  gint64 deadline_us = peer_ice_deadline_us (&self->ice);

  deadline_us = MIN (deadline_us, peer_dtls_deadline_us (&self->dtls, now_us));
  deadline_us = MIN (deadline_us, self->next_report_us);
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
  peer_ice_renew (&self->ice, self->rand);
}

void
peer_takes_restart (Peer *self, const gchar *remote_ufrag,
    const gchar *remote_pwd, gint64 now_us)
{
  peer_ice_start (&self->ice, remote_ufrag, remote_pwd, &self->remote.address,
      now_us);
}

void
peer_closes (Peer *self, WhepOutbox *out)
{
  guint8 packet[FEEDBACK_MAX_BYTES];

  send_rtcp (self, packet, feedback_write_bye (OUR_SSRC, packet), out);
  peer_dtls_close (&self->dtls, &self->remote.address, out);
  peer_falls_silent (self);
}
