/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One browser watching one stream: see viewer.h. */

#include "ext/whep/viewer/viewer.h"
#include "ext/whep/category.h"
#include "ext/whep/viewer/rtcp.h"

#include <string.h>

WHEP_CATEGORY ("whepviewer", "One WHEP viewer");

/* Sender Reports: as often as libwebrtc sends its own for video. */
#define REPORT_INTERVAL_US (G_USEC_PER_SEC)

/* The viewer's newest reference time (RFC 3611 section 4.4). */
typedef struct
{
  guint32 ssrc; /* 0: none yet */
  guint32 time;
  gint64 came_us;
} Echo;

struct _WhepViewer
{
  WhepViewerState state;
  const gchar *why; /* static; set once closed */
  gint64 asked_us;
  gchar *stream_name;
  gchar ufrag[WHEP_ICE_OUR_UFRAG + 1]; /* its name: the first session's */
  gchar cname[WHEP_RTCP_CNAME_MAX + 1];
  const WhepStream *stream;
  gboolean takes_rendition;
  gboolean takes_untouched;
  gint64 delay_us;
  WhepViewerControls controls;

  WhepIce ice;
  SSL_CTX *dtls_context;
  WhepFingerprint fingerprint;
  WhepDtls *dtls; /* NULL before the first check */
  WhepSrtp *srtp_out;
  WhepSrtp *srtp_in;
  WhepAddress last_checked; /* until one is selected */
  gboolean has_checked;

  gboolean is_paused;
  WhepPacer pacer;
  WhepSender senders[WHEP_N_TRACKS];

  gint64 report_us; /* when the next Sender Reports are due */
  Echo echo;
  WhepViewerStats stats;
};

static void
set_state (WhepViewer *self, WhepViewerState state, const gchar *why)
{
  g_assert (state >= self->state);

  if (state == self->state)
    return;
  GST_DEBUG ("%s %s: state %d → %d (%s)", self->stream_name, self->ufrag,
      self->state, state, why);
  self->state = state;
  self->why = why;
}

WhepViewer *
whep_viewer_new (const WhepViewerParams *params, gint64 now_us)
{
  WhepViewer *self = g_new0 (WhepViewer, 1);
  WhepIceCredentials credentials;

  self->stream_name = g_strdup (params->stream_name);
  self->asked_us = params->asked_us;
  self->takes_rendition = params->takes_rendition;
  self->takes_untouched = params->takes_untouched;
  self->delay_us = params->delay_us;
  g_strlcpy (self->cname, params->cname, sizeof (self->cname));
  g_strlcpy (self->ufrag, params->ice_ufrag, sizeof (self->ufrag));
  whep_ice_credentials_init (&credentials, params->ice_ufrag, params->ice_pwd,
      params->remote_ufrag);
  whep_ice_init (&self->ice, &credentials, now_us);
  SSL_CTX_up_ref (params->dtls_context);
  self->dtls_context = params->dtls_context;
  self->fingerprint = params->fingerprint;
  whep_pacer_init (&self->pacer, now_us);
  for (guint i = 0; i < WHEP_N_TRACKS; i++) {
    WhepSenderParams track = params->tracks[i];

    track.wall_offset_us = params->wall_offset_us;
    track.delay_us = params->delay_us;
    track.rtp_epoch_us = params->rtp_epoch_us;
    whep_sender_init (&self->senders[i], i, &track, now_us);
  }
  whep_viewer_control (self, &params->controls);
  self->report_us = G_MAXINT64;
  return self;
}

void
whep_viewer_free (WhepViewer *self)
{
  if (self == NULL)
    return;
  whep_dtls_free (self->dtls);
  SSL_CTX_free (self->dtls_context);
  whep_srtp_free (self->srtp_out);
  whep_srtp_free (self->srtp_in);
  g_free (self->stream_name);
  g_free (self);
}

void
whep_viewer_watch (WhepViewer *self, const WhepStream *stream)
{
  self->stream = stream;
}

static const WhepAddress *
address (const WhepViewer *self)
{
  const WhepAddress *selected = whep_ice_selected (&self->ice);

  if (selected != NULL)
    return selected;
  return self->has_checked ? &self->last_checked : NULL;
}

static void
start_playing (WhepViewer *self, gint64 now_us)
{
  WhepSrtpProfile profile;
  WhepSrtpKey ours, theirs;

  whep_dtls_export_keys (self->dtls, &profile, &ours, &theirs);
  self->srtp_out = whep_srtp_new (profile, &ours);
  self->srtp_in = whep_srtp_new_for_rtcp (profile, &theirs);
  self->report_us = now_us;
  set_state (self, WHEP_VIEWER_PLAYING, "DTLS connected");
}

static const WhepTrack *
track_for (const WhepViewer *self, WhepTrackKind kind)
{
  if (self->takes_untouched && kind == WHEP_VIDEO)
    return whep_stream_reordered_track (self->stream);
  if (!self->takes_rendition)
    return &self->stream->tracks[kind];
  return whep_stream_track_for (self->stream, kind,
      self->senders[kind].params.media.encoding_name);
}

static void
follow_dtls (WhepViewer *self, gint64 now_us)
{
  switch (whep_dtls_state (self->dtls)) {
    case WHEP_DTLS_HANDSHAKING:
      return;
    case WHEP_DTLS_CONNECTED:
      if (self->state == WHEP_VIEWER_CONNECTING)
        start_playing (self, now_us);
      return;
    case WHEP_DTLS_CLOSED:
      set_state (self, WHEP_VIEWER_CLOSED, "viewer closed DTLS");
      return;
    case WHEP_DTLS_FAILED:
      set_state (self, WHEP_VIEWER_CLOSED, whep_dtls_why (self->dtls));
      return;
  }
}

/* RFC 3550 section 6.4.1: the round trip from LSR and DLSR. */
static void
read_block (WhepViewer *self, WhepSender *sender, const WhepTrack *track,
    const WhepRtcpBlock *block, gint64 now_us)
{
  guint64 ntp_time =
      whep_rtcp_ntp_time (now_us + sender->params.wall_offset_us);
  guint32 elapsed =
      (guint32) (ntp_time >> 16) - block->last_sr - block->delay_since_sr;

  whep_sender_read_loss (sender, block->fraction_lost, now_us);
  sender->n_lost = block->n_lost;
  if (track->clock_rate > 0)
    sender->jitter_us =
        (gint64) block->jitter * G_USEC_PER_SEC / track->clock_rate;
  if (block->last_sr == 0 || (gint32) elapsed < 0)
    return;
  self->stats.round_trip_us = (gint64) elapsed * G_USEC_PER_SEC >> 16;
  for (guint i = 0; i < WHEP_N_TRACKS; i++)
    whep_repairs_set_round_trip (&self->senders[i].repairs,
        self->stats.round_trip_us);
}

static void
read_item (WhepViewer *self, WhepSender *sender, const WhepTrack *track,
    const WhepRtcpItem *item, gint64 now_us)
{
  switch (item->kind) {
    case WHEP_RTCP_BLOCK:
      read_block (self, sender, track, &item->block, now_us);
      return;
    case WHEP_RTCP_NACK:
      self->stats.n_nacks += item->n_seqs;
      whep_sender_repair (sender, track, item->seqs, item->n_seqs, now_us);
      return;
    case WHEP_RTCP_PLI:
    case WHEP_RTCP_FIR:
      if (self->takes_untouched && item->kind == WHEP_RTCP_PLI)
        return;
      self->stats.n_plis++;
      whep_sender_rewind (sender, track, now_us);
      return;
    case WHEP_RTCP_REFERENCE_TIME:
      return;
  }
}

/* Returns whether @item was a reference time, which belongs to no track. */
static gboolean
read_reference_time (WhepViewer *self, const WhepRtcpItem *item, gint64 now_us)
{
  if (item->kind != WHEP_RTCP_REFERENCE_TIME)
    return FALSE;
  self->echo = (Echo){ item->ssrc, item->reference_time, now_us };
  return TRUE;
}

static void
read_for_track (WhepViewer *self, const WhepRtcpItem *item, gint64 now_us)
{
  for (guint i = 0; i < WHEP_N_TRACKS && self->stream != NULL; i++)
    if (item->ssrc == self->senders[i].params.ssrc)
      read_item (self, &self->senders[i], track_for (self, i), item, now_us);
}

static gboolean
receive_rtcp (WhepViewer *self, const guint8 *data, gsize size, gint64 now_us)
{
  guint8 plain[WHEP_DATAGRAM_MAX];
  WhepRtcpReader reader;
  WhepRtcpItem item;

  if (self->state != WHEP_VIEWER_PLAYING || size > sizeof (plain))
    return FALSE;
  memcpy (plain, data, size);
  size = whep_srtp_open_rtcp (self->srtp_in, plain, size);
  if (size == 0 || !whep_rtcp_reader_init (&reader, plain, size))
    return FALSE;

  while (whep_rtcp_reader_next (&reader, &item))
    if (!read_reference_time (self, &item, now_us))
      read_for_track (self, &item, now_us);
  return TRUE;
}

/* The handshake's timeout starts with the first check: a viewer that arrives
 * with hundreds of others may have had to wait for that. */
static gboolean
receive_check (WhepViewer *self, const guint8 *data, gsize size,
    const WhepAddress *from, gint64 now_us, WhepOutbox *out)
{
  if (!whep_ice_receive (&self->ice, data, size, from, now_us, out))
    return FALSE;
  self->last_checked = *from;
  if (!self->has_checked)
    self->dtls = whep_dtls_new (self->dtls_context, &self->fingerprint, now_us);
  self->has_checked = TRUE;
  return TRUE;
}

/* RFC 7983 section 7: the first byte distinguishes the protocols. DTLS does not
 * authenticate its sender before the handshake has completed, so it must come
 * from an address that a check came from. */
gboolean
whep_viewer_receive (WhepViewer *self, const guint8 *data, gsize size,
    const WhepAddress *from, gint64 now_us, WhepOutbox *out)
{
  if (size == 0 || self->state == WHEP_VIEWER_CLOSED)
    return FALSE;
  if (data[0] < 4)
    return receive_check (self, data, size, from, now_us, out);
  if (data[0] >= 128 && data[0] < 192)
    return receive_rtcp (self, data, size, now_us);
  if (!whep_dtls_is_record (data[0]) || address (self) == NULL)
    return FALSE;

  whep_dtls_receive (self->dtls, data, size, address (self), now_us, out);
  follow_dtls (self, now_us);
  return FALSE;
}

/* Whether the publisher has returned with a codec that this viewer's answer
 * does not cover. */
static gboolean
has_misfit (const WhepViewer *self)
{
  for (guint i = 0; i < WHEP_N_TRACKS; i++)
    if (!whep_sender_fits (&self->senders[i], track_for (self, i)))
      return TRUE;
  return FALSE;
}

/* Whether the log's limits have dropped what a viewer behind live is to see. */
static gboolean
is_left_behind (WhepViewer *self, gint64 now_us)
{
  for (guint i = 0; i < WHEP_N_TRACKS; i++)
    if (whep_sender_is_left_behind (&self->senders[i], track_for (self, i),
            now_us))
      return TRUE;
  return FALSE;
}

gboolean
whep_viewer_pump (WhepViewer *self, gint64 now_us, WhepOutbox *out)
{
  WhepSenderPath path = { self->srtp_out, address (self), out };

  if (self->state != WHEP_VIEWER_PLAYING || self->stream == NULL ||
      self->is_paused)
    return TRUE;
  if (has_misfit (self)) {
    whep_viewer_close (self, "the publisher sends another codec", out);
    return TRUE;
  }
  if (is_left_behind (self, now_us)) {
    whep_viewer_close (self, "the stream is not kept for the viewer's delay",
        out);
    return TRUE;
  }
  /* Audio comes second: a shorter datagram can end a run but not begin one. */
  return whep_sender_pump (&self->senders[WHEP_VIDEO],
             track_for (self, WHEP_VIDEO), &self->pacer, &path, now_us) &&
      whep_sender_pump (&self->senders[WHEP_AUDIO],
          track_for (self, WHEP_AUDIO), &self->pacer, &path, now_us);
}

void
whep_viewer_set_paused (WhepViewer *self, gboolean is_paused)
{
  gboolean resumes = self->is_paused && !is_paused;

  self->is_paused = is_paused;
  for (guint i = 0; i < WHEP_N_TRACKS && resumes && self->stream != NULL; i++)
    whep_sender_resume (&self->senders[i], track_for (self, i));
}

void
whep_viewer_control (WhepViewer *self, const WhepViewerControls *controls)
{
  gboolean is_all = controls->frames == WHEP_FRAMES_ALL;

  self->controls = *controls;
  self->senders[WHEP_VIDEO].cursor.takes =
      is_all ? WHEP_CURSOR_ALL : WHEP_CURSOR_KEYS;
  self->senders[WHEP_AUDIO].cursor.takes =
      is_all ? WHEP_CURSOR_ALL : WHEP_CURSOR_NOTHING;
  for (guint i = 0; i < WHEP_N_TRACKS; i++)
    self->senders[i].has_sound = controls->has_sound;
}

void
whep_viewer_restart_ice (WhepViewer *self,
    const WhepIceCredentials *credentials)
{
  GST_DEBUG ("%s %s: ICE restarts as %s", self->stream_name, self->ufrag,
      credentials->ufrag);
  whep_ice_restart (&self->ice, credentials);
}

static void
send_rtcp (WhepViewer *self, const guint8 *packet, gsize size, WhepOutbox *out)
{
  guint8 *room = whep_outbox_reserve (out, size + WHEP_SRTP_MAX_OVERHEAD);

  if (room == NULL)
    return;
  memcpy (room, packet, size);
  size = whep_srtp_seal_rtcp (self->srtp_out, room, size);
  whep_outbox_commit (out, address (self), size);
}

static void
add_echo (const WhepViewer *self, const WhepSender *sender, gint64 now_us,
    WhepRtcpReport *report)
{
  if (!sender->params.media.has_rcvr_rtt)
    return;
  report->echo_ssrc = self->echo.ssrc;
  report->echo_time = self->echo.time;
  report->echo_delay = ((now_us - self->echo.came_us) << 16) / G_USEC_PER_SEC;
}

static void
send_reports (WhepViewer *self, gint64 now_us, WhepOutbox *out)
{
  for (guint i = 0; i < WHEP_N_TRACKS && self->stream != NULL; i++) {
    WhepSender *sender = &self->senders[i];
    WhepRtcpReport report = {
      .ntp_time = whep_rtcp_ntp_time (now_us + sender->params.wall_offset_us),
      .cname = self->cname,
    };
    guint8 packet[WHEP_RTCP_REPORT_MAX];

    if (!whep_sender_report (sender, track_for (self, i), now_us, &report))
      continue;
    add_echo (self, sender, now_us, &report);
    send_rtcp (self, packet, whep_rtcp_write_report (&report, packet), out);
  }
  self->report_us = now_us + REPORT_INTERVAL_US;
}

/* When the viewer stops waiting for a publisher: if it is behind live, what it
 * sees ends later. */
static gint64
away_until_us (const WhepViewer *self)
{
  gint64 until_us =
      self->stream == NULL ? G_MAXINT64 : self->stream->away_until_us;

  return until_us == G_MAXINT64 ? until_us : until_us + self->delay_us;
}

void
whep_viewer_tick (WhepViewer *self, gint64 now_us, WhepOutbox *out)
{
  if (self->state == WHEP_VIEWER_CLOSED)
    return;
  if (!whep_ice_has_consent (&self->ice, now_us)) {
    whep_viewer_close (self,
        self->has_checked ? "consent lost" : "no ICE check was received", out);
    return;
  }
  if (now_us >= away_until_us (self)) {
    whep_viewer_close (self, "the publisher did not come back", out);
    return;
  }
  if (address (self) != NULL &&
      now_us >= whep_dtls_deadline_us (self->dtls, now_us)) {
    whep_dtls_tick (self->dtls, address (self), now_us, out);
    follow_dtls (self, now_us);
  }
  if (self->state == WHEP_VIEWER_PLAYING && now_us >= self->report_us)
    send_reports (self, now_us, out);
}

/* When the next packet becomes visible to a viewer that is behind live. */
static gint64
due_us (const WhepViewer *self)
{
  gint64 due_us = G_MAXINT64;

  if (self->delay_us == 0 || self->state != WHEP_VIEWER_PLAYING ||
      self->stream == NULL || self->is_paused)
    return due_us;
  for (guint i = 0; i < WHEP_N_TRACKS; i++)
    due_us = MIN (due_us,
        whep_sender_due_us (&self->senders[i], track_for (self, i)));
  return due_us;
}

gint64
whep_viewer_deadline_us (const WhepViewer *self, gint64 now_us)
{
  gint64 deadline_us = MIN (self->ice.consent_until_us, self->report_us);

  if (self->state == WHEP_VIEWER_CLOSED)
    return G_MAXINT64;
  if (address (self) != NULL)
    deadline_us = MIN (deadline_us, whep_dtls_deadline_us (self->dtls, now_us));
  deadline_us = MIN (deadline_us, away_until_us (self));
  deadline_us = MIN (deadline_us, due_us (self));
  if (self->senders[WHEP_VIDEO].is_paced && !self->is_paused)
    deadline_us = MIN (deadline_us, whep_pacer_deadline_us (&self->pacer));
  return deadline_us;
}

void
whep_viewer_close (WhepViewer *self, const gchar *why, WhepOutbox *out)
{
  guint8 packet[WHEP_RTCP_REPORT_MAX];

  if (self->state == WHEP_VIEWER_CLOSED)
    return;
  if (self->state == WHEP_VIEWER_PLAYING) {
    for (guint i = 0; i < WHEP_N_TRACKS; i++)
      if (self->senders[i].n_packets > 0)
        send_rtcp (self, packet,
            whep_rtcp_write_bye (self->senders[i].params.ssrc, packet), out);
    whep_dtls_close (self->dtls, address (self), out);
  }
  set_state (self, WHEP_VIEWER_CLOSED, why);
}

WhepViewerState
whep_viewer_state (const WhepViewer *self)
{
  return self->state;
}

const gchar *
whep_viewer_why (const WhepViewer *self)
{
  return self->why;
}

const gchar *
whep_viewer_ufrag (const WhepViewer *self)
{
  return self->ufrag;
}

const gchar *
whep_viewer_ice_ufrag (const WhepViewer *self)
{
  return self->ice.credentials.ufrag;
}

const gchar *
whep_viewer_stream_name (const WhepViewer *self)
{
  return self->stream_name;
}

const WhepAddress *
whep_viewer_address (const WhepViewer *self)
{
  return address (self);
}

gint64
whep_viewer_asked_us (const WhepViewer *self)
{
  return self->asked_us;
}

void
whep_viewer_stats (const WhepViewer *self, WhepViewerStats *stats)
{
  *stats = self->stats;
  stats->frames = self->controls.frames;
  stats->has_sound = self->controls.has_sound;
  stats->thinning = self->senders[WHEP_VIDEO].thinning.level;
  for (guint i = 0; i < WHEP_N_TRACKS; i++) {
    stats->n_packets += self->senders[i].n_packets;
    stats->n_bytes += self->senders[i].n_bytes;
    stats->n_retransmitted += self->senders[i].n_repaired;
    stats->n_jumps += self->senders[i].n_rewinds + self->senders[i].n_skips;
    stats->n_thinned += self->senders[i].n_thinned;
    stats->fraction_lost =
        MAX (stats->fraction_lost, self->senders[i].fraction_lost);
    stats->n_lost += self->senders[i].n_lost;
    stats->jitter_us = MAX (stats->jitter_us, self->senders[i].jitter_us);
  }
}
