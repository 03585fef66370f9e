/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sends one track to one viewer: see sender.h. */

#include "ext/whep/viewer/sender.h"
#include "ext/whep/category.h"

#include <string.h>

WHEP_CATEGORY ("whepsender", "One track to one WHEP viewer");

/* A squeezed burst ends at most this long after the newest frame: before the
 * next frame of a 60 fps stream is due. */
#define SQUEEZE_MAX_US (15 * 1000)
/* After this long without a new frame, a browser asks for a key frame because
 * nothing arrives. The frames of a slide show are closer together. */
#define STALLED_US (2 * G_USEC_PER_SEC)
/* A key frame this close is worth waiting for, if catching up takes longer. */
#define NEAR_KEY_US (100 * 1000)
/* A backlog this short is not a noticeable delay. */
#define FRESH_KEY_US (100 * 1000)

void
whep_sender_init (WhepSender *self, WhepTrackKind kind,
    const WhepSenderParams *params, gint64 now_us)
{
  WhepRtpHeaderExtensions extensions = {
    .playout_delay_id = params->media.playout_delay_id,
    .abs_capture_time_id = params->media.abs_capture_time_id,
  };

  memset (self, 0, sizeof (*self));
  self->params = *params;
  self->kind = kind;
  self->encoding_name = g_intern_string (params->media.encoding_name);
  self->cursor.jump_frames =
      kind == WHEP_VIDEO ? WHEP_CURSOR_JUMP_FRAMES : WHEP_CURSOR_NEVER_JUMP;
  self->rewound_us = now_us - WHEP_SENDER_REWIND_US;
  self->n_rewind_bytes = WHEP_SENDER_REWIND_BYTES;
  whep_repairs_init (&self->repairs);
  whep_thinning_init (&self->thinning);
  whep_rtp_header_init (&self->header, params->media.pt, params->ssrc,
      &extensions);
  whep_rtp_header_init (&self->rtx_header, params->media.rtx_pt,
      params->rtx_ssrc, &extensions);
  self->next_rtx_seq = params->first_seq;
  whep_rewrite_init (&self->rewrite, params->first_seq);
}

static guint32
rtp_units (const WhepTrack *track, gint64 duration_us)
{
  return duration_us * track->clock_rate / G_USEC_PER_SEC;
}

/* Whether the viewer negotiated the codec that the publisher sends now. */
static gboolean
is_playable (const WhepSender *self, const WhepTrack *track)
{
  return self->params.media.is_accepted && track->encoding_name != NULL &&
      track->encoding_name == self->encoding_name;
}

static gboolean
has_to_join (const WhepSender *self, const WhepTrack *track)
{
  return !self->has_joined || self->epoch != track->epoch;
}

/* The offset that continues this viewer's timestamps on a new publisher's
 * clock. */
static guint32
offset_for (const WhepSender *self, const WhepTrack *track,
    const WhepPacket *packet)
{
  gint64 passed_us = packet->media_us - self->last_media_us;

  if (self->n_packets == 0)
    return self->params.first_rtp_time - packet->rtp_time;
  return self->last_rtp_time + MAX (rtp_units (track, MAX (passed_us, 0)), 1) -
      packet->rtp_time;
}

/* Whether, under the current rule, the packet's timestamp is later than all
 * that were sent. */
static gboolean
is_later (const WhepSender *self, const WhepCursorNext *next)
{
  guint32 rtp_time =
      whep_time_rule_apply (&self->rewrite.rule, next->place, next->packet);

  return (gint32) (rtp_time - self->last_rtp_time) > 0;
}

static void
set_offset (WhepSender *self, guint32 offset)
{
  const WhepTimeRule rule = { .offset = offset };

  whep_rewrite_set_rule (&self->rewrite, &rule);
}

/* Keeps timestamps increasing: across jumps, and at the end of a replay that
 * had more frames than time to place them in. */
static void
follow_clock (WhepSender *self, const WhepTrack *track,
    const WhepCursorNext *next)
{
  gboolean ends_replay =
      self->is_replaying && next->place >= self->rewrite.rule.squeeze_end;

  if (!self->is_rebased)
    set_offset (self, offset_for (self, track, next->packet));
  else if ((next->is_jump || ends_replay) && !is_later (self, next))
    set_offset (self, self->last_rtp_time + 1 - next->packet->rtp_time);

  if (self->is_rebased && next->is_jump)
    self->n_skips++;
  if (ends_replay)
    self->is_replaying = FALSE;
  self->is_rebased = TRUE;
}

/* Identical each time a packet is sent: setting the wall clock in between must
 * not change it (see whep_srtp_seal_rtp()). */
static void
set_header (const WhepSender *self, WhepRtpHeader *header,
    const WhepPacket *packet, guint64 seq, guint32 rtp_time)
{
  whep_rtp_header_set (header, packet->is_marked, seq, rtp_time);
  if (header->capture_time_at != 0)
    whep_rtp_header_set_capture_time (header,
        whep_rtcp_ntp_time (packet->media_us + self->params.wall_offset_us));
}

static void
seal (WhepSender *self, const WhepPacket *packet, guint64 seq, guint32 rtp_time,
    guint8 *room, const WhepSenderPath *path)
{
  gsize size;

  set_header (self, &self->header, packet, seq, rtp_time);
  size = whep_srtp_seal_rtp (path->srtp, self->header.bytes, self->header.size,
      packet->payload, packet->size, seq >> 16, room);
  whep_outbox_commit (path->out, path->to, size);
  self->n_bytes += packet->size;
}

/* RFC 4588 section 4: the original sequence number, then the lost payload, in a
 * stream of its own. */
static void
seal_rtx (WhepSender *self, const WhepPacket *packet, guint64 seq,
    guint32 rtp_time, guint8 *room, const WhepSenderPath *path)
{
  guint64 rtx_seq = self->next_rtx_seq++;
  guint8 payload[WHEP_DATAGRAM_MAX];
  gsize size;

  payload[0] = seq >> 8;
  payload[1] = seq;
  memcpy (payload + WHEP_RTX_PREFIX, packet->payload, packet->size);
  set_header (self, &self->rtx_header, packet, rtx_seq, rtp_time);
  size = whep_srtp_seal_rtp (path->srtp, self->rtx_header.bytes,
      self->rtx_header.size, payload, WHEP_RTX_PREFIX + packet->size,
      rtx_seq >> 16, room);
  whep_outbox_commit (path->out, path->to, size);
}

/* Returns: (nullable): the packet that was sent as @seq, if it came from
 * @track's log and is still there. */
static const WhepPacket *
find_sent (const WhepSender *self, const WhepTrack *track, guint16 seq,
    WhepSpan *sent)
{
  if (!whep_rewrite_find (&self->rewrite, seq, sent) ||
      sent->epoch != track->epoch)
    return NULL;
  return whep_log_get (track->log, sent->place);
}

/* Returns FALSE if the outbox is full. */
static gboolean
send_repair (WhepSender *self, const WhepTrack *track, guint16 seq,
    WhepPacer *pacer, const WhepSenderPath *path, gint64 now_us)
{
  guint8 *room = whep_outbox_reserve (path->out, WHEP_DATAGRAM_MAX);
  const WhepPacket *packet;
  WhepSpan sent;
  guint32 rtp_time;

  if (room == NULL)
    return FALSE;
  whep_repairs_take (&self->repairs, now_us);
  packet = find_sent (self, track, seq, &sent);
  if (packet == NULL)
    return TRUE;
  rtp_time = whep_time_rule_apply (&sent.rule, sent.place, packet);
  if (self->params.media.rtx_pt != 0)
    seal_rtx (self, packet, sent.seq, rtp_time, room, path);
  else
    seal (self, packet, sent.seq, rtp_time, room, path);
  whep_pacer_sent (pacer, packet->size, FALSE);
  self->n_repaired++;
  return TRUE;
}

/* If the number mapped to another packet, that one would be sent as the repair;
 * without a separate RTX stream, the same SRTP index would then have two
 * contents. */
static guint64
take_seq (WhepSender *self, const WhepTrack *track, const WhepCursorNext *next)
{
  guint64 seq =
      whep_rewrite_take_seq (&self->rewrite, track->epoch, next->place);
  WhepSpan sent;
  const WhepPacket *found = find_sent (self, track, seq, &sent);

  g_assert (found == next->packet && sent.seq == seq);
  return seq;
}

/* What is sent for the first time earns retransmissions; what a rewind sends
 * earns no further rewind. */
static void
earn (WhepSender *self, gsize size)
{
  whep_repairs_earn (&self->repairs, size);
  if (!self->is_replaying)
    self->n_rewind_bytes =
        MIN (self->n_rewind_bytes + (gint64) size, WHEP_SENDER_REWIND_BYTES);
}

static void
send_next (WhepSender *self, const WhepTrack *track, const WhepCursorNext *next,
    guint8 *room, const WhepSenderPath *path)
{
  follow_clock (self, track, next);
  self->last_rtp_time =
      whep_time_rule_apply (&self->rewrite.rule, next->place, next->packet);
  self->last_media_us = next->packet->media_us;
  seal (self, next->packet, take_seq (self, track, next), self->last_rtp_time,
      room, path);
  self->n_packets++;
  earn (self, next->packet->size);
  whep_cursor_take (&self->cursor, next);
}

static gboolean
is_paced (WhepSender *self, WhepPacer *pacer, gint64 now_us)
{
  self->is_paced = self->kind == WHEP_VIDEO &&
      !whep_pacer_may_send (pacer,
          self->is_live && self->repairs.n_waiting == 0, now_us);
  return self->is_paced;
}

/* Whether thinning drops the next frame. A key frame is never dropped, even if
 * its encoder says that no frame refers to it. */
static gboolean
is_thinned (const WhepSender *self, const WhepCursorNext *next)
{
  if (!next->starts_frame || next->packet->starts_key_frame)
    return FALSE;
  switch (self->thinning.level) {
    case WHEP_THINNING_NONE:
      return FALSE;
    case WHEP_THINNING_REFERENCES:
      return next->packet->is_droppable;
    case WHEP_THINNING_KEYS:
      return TRUE;
  }
  g_assert_not_reached ();
}

/* Skips the frame at the cursor. The packet after it gets the next sequence
 * number and its own timestamp. */
static void
skip_frame (WhepSender *self, const WhepLog *log, const WhepCursorNext *next)
{
  whep_cursor_skip_frame (&self->cursor, log, next);
  self->n_thinned++;
}

/* An audio packet is a frame of its own. Packets of a backlog are not traced,
 * because their age is not latency. */
static void
trace (const WhepSender *self, const WhepPacket *packet,
    const WhepSenderPath *path)
{
  if (packet->came_us != 0 && self->is_live &&
      (packet->is_marked || self->kind == WHEP_AUDIO))
    whep_outbox_trace (path->out, packet->came_us);
}

static gboolean
send_from_log (WhepSender *self, const WhepTrack *track, WhepPacer *pacer,
    const WhepSenderPath *path, gint64 now_us)
{
  WhepCursorNext next;

  /* The log's limit in packets bounds the loop. */
  while (whep_cursor_peek (&self->cursor, track->log, &next)) {
    guint8 *room;

    if (is_thinned (self, &next)) {
      skip_frame (self, track->log, &next);
      continue;
    }
    if (is_paced (self, pacer, now_us))
      return TRUE;
    room = whep_outbox_reserve (path->out, WHEP_DATAGRAM_MAX);
    if (room == NULL)
      return FALSE;
    send_next (self, track, &next, room, path);
    if (self->kind == WHEP_VIDEO)
      whep_pacer_sent (pacer, next.packet->size, next.starts_frame);
    trace (self, next.packet, path);
  }
  self->is_live = TRUE;
  return TRUE;
}

/* A viewer without playout-delay would keep the delay of a backlog forever, so
 * it waits for the next key frame instead, unless the newest one is fresh. */
static gboolean
should_wait (const WhepSender *self, const WhepTrack *track, gint64 now_us)
{
  guint64 key;

  if (self->kind != WHEP_VIDEO || self->params.media.playout_delay_id != 0)
    return FALSE;
  if (!whep_log_newest_key (track->log, &key))
    return FALSE;
  return now_us - whep_log_get (track->log, key)->media_us > FRESH_KEY_US;
}

/* Whether the next key frame will arrive before a viewer that starts at the
 * newest one has caught up: the viewer would only be sent frames that it then
 * jumps over. */
static gboolean
is_key_near (const WhepTrack *track, gint64 now_us)
{
  gint64 gop_us = whep_log_gop_us (track->log);
  const WhepPacket *first, *newest;
  gint64 left_us, catch_up_us;
  guint64 key;

  if (gop_us == 0 || !whep_log_newest_key (track->log, &key))
    return FALSE;
  first = whep_log_get (track->log, key);
  newest = whep_log_get (track->log, whep_log_head (track->log) - 1);
  left_us = first->media_us + gop_us - now_us;
  catch_up_us =
      (newest->frame - first->frame) * G_USEC_PER_SEC / WHEP_PACER_FRAMES_PER_S;
  return left_us > 0 && left_us < MIN (catch_up_us, NEAR_KEY_US);
}

static void
join (WhepSender *self, const WhepTrack *track, gint64 now_us)
{
  whep_cursor_join (&self->cursor, track->log,
      should_wait (self, track, now_us));
  self->has_joined = TRUE;
  self->epoch = track->epoch;
  self->is_rebased = FALSE;
  self->is_replaying = FALSE;
  self->is_live = FALSE;
}

/* Only decided once there is a frame to send: until then, more of the track may
 * still become known. */
gboolean
whep_sender_fits (const WhepSender *self, const WhepTrack *track)
{
  guint64 key;

  if (!self->params.media.is_accepted || !has_to_join (self, track))
    return TRUE;
  return is_playable (self, track) || !whep_log_newest_key (track->log, &key);
}

void
whep_sender_resume (WhepSender *self, const WhepTrack *track)
{
  guint64 key;

  if (has_to_join (self, track))
    return;
  if (self->kind == WHEP_AUDIO)
    whep_cursor_join (&self->cursor, track->log, TRUE);
  else if (whep_log_newest_key (track->log, &key) && key >= self->cursor.place)
    whep_cursor_join (&self->cursor, track->log, FALSE);
  self->is_live = FALSE;
}

gboolean
whep_sender_pump (WhepSender *self, const WhepTrack *track, WhepPacer *pacer,
    const WhepSenderPath *path, gint64 now_us)
{
  guint16 seq;

  self->is_paced = FALSE;
  if (!is_playable (self, track))
    return TRUE;
  if (has_to_join (self, track) && is_key_near (track, now_us))
    return TRUE;
  if (has_to_join (self, track))
    join (self, track, now_us);

  while (whep_repairs_peek (&self->repairs, &seq)) {
    if (is_paced (self, pacer, now_us))
      return TRUE;
    if (!send_repair (self, track, seq, pacer, path, now_us))
      return FALSE;
  }
  return send_from_log (self, track, pacer, path, now_us);
}

void
whep_sender_rewind (WhepSender *self, const WhepTrack *track, gint64 now_us)
{
  WhepTimeRule rule = self->rewrite.rule;
  const WhepPacket *first, *newest;
  gint64 end_us;
  guint32 end;
  guint64 key;

  if (now_us - self->rewound_us < WHEP_SENDER_REWIND_US)
    return;
  if (self->kind != WHEP_VIDEO || self->epoch != track->epoch)
    return;
  /* A browser also asks for a key frame when nothing arrives. */
  if (!track->is_live)
    return;
  if (!whep_cursor_can_rewind (&self->cursor, track->log, &key))
    return;
  if (is_key_near (track, now_us) || self->n_rewind_bytes <= 0)
    return;

  first = whep_log_get (track->log, key);
  newest = whep_log_get (track->log, whep_log_head (track->log) - 1);
  if (now_us - newest->media_us > STALLED_US)
    return;
  end_us = CLAMP (now_us - newest->media_us, 0, SQUEEZE_MAX_US);
  end = newest->rtp_time + rule.offset + rtp_units (track, end_us);

  rule.squeeze_end = whep_log_head (track->log);
  rule.squeeze_start = self->last_rtp_time + 1;
  rule.first_frame = first->frame;
  rule.n_frames = newest->frame - first->frame + 1;
  rule.squeeze_width =
      MAX ((gint32) (end - rule.squeeze_start), (gint32) rule.n_frames);

  whep_cursor_rewind (&self->cursor, key);
  whep_rewrite_set_rule (&self->rewrite, &rule);
  self->is_replaying = TRUE;
  self->n_rewind_bytes -= whep_log_key_bytes (track->log);
  whep_repairs_clear (&self->repairs);
  self->is_live = FALSE;
  self->n_rewinds++;
  self->rewound_us = now_us;
  self->rewound_seq = self->rewrite.next_seq;
  GST_DEBUG ("rewound by %u frames to the key frame", rule.n_frames);
}

void
whep_sender_repair (WhepSender *self, const WhepTrack *track,
    const guint16 *seqs, guint n_seqs, gint64 now_us)
{
  gboolean is_beyond_repair = FALSE;

  for (guint i = 0; i < n_seqs; i++) {
    const WhepPacket *packet;
    WhepSpan sent;

    if (!whep_rewrite_find (&self->rewrite, seqs[i], &sent) ||
        sent.seq < self->rewound_seq)
      continue;
    /* From an earlier publisher: the picture has started anew since. */
    if (sent.epoch != track->epoch)
      continue;
    packet = whep_log_get (track->log, sent.place);
    if (packet == NULL)
      is_beyond_repair = TRUE;
    else if (whep_repairs_ask (&self->repairs, seqs[i], packet->size, now_us))
      self->n_asked++;
  }
  if (is_beyond_repair)
    whep_sender_rewind (self, track, now_us);
}

/* A repair that is sent in the stream itself counts as received (RFC 3550
 * appendix A.3), so a report may show no loss on a network that loses half of
 * all packets. The rate of requests, repeated ones included, shows it. Returns:
 * of 256. */
static guint8
take_asked (WhepSender *self)
{
  guint64 n_sent = self->n_packets + self->n_repaired;
  guint64 n_since = n_sent - self->n_sent_then;
  guint64 asked = n_since == 0 ? 0 : (guint64) self->n_asked * 256 / n_since;

  self->n_asked = 0;
  self->n_sent_then = n_sent;
  return MIN (asked, G_MAXUINT8);
}

void
whep_sender_read_loss (WhepSender *self, guint8 fraction_lost, gint64 now_us)
{
  guint8 asked = take_asked (self);
  guint8 lost = MAX (fraction_lost, asked);

  self->fraction_lost = fraction_lost;
  if (self->kind == WHEP_VIDEO &&
      whep_thinning_report (&self->thinning, lost, now_us))
    GST_INFO ("%u of 256 packets lost: sending %s", lost,
        whep_thinning_level_name (self->thinning.level));
}

gboolean
whep_sender_report (const WhepSender *self, const WhepTrack *track,
    gint64 now_us, WhepRtcpReport *report)
{
  guint64 head = whep_log_head (track->log);
  const WhepPacket *newest =
      head == 0 ? NULL : whep_log_get (track->log, head - 1);

  if (!self->is_rebased || self->epoch != track->epoch || newest == NULL)
    return FALSE;
  report->ssrc = self->params.ssrc;
  report->rtp_time = newest->rtp_time + self->rewrite.rule.offset +
      rtp_units (track, now_us - newest->media_us);
  report->n_packets = self->n_packets + self->n_repaired;
  report->n_bytes = self->n_bytes;
  return TRUE;
}
