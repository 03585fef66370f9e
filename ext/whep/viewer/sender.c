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
  const WhepSealerParams sealer = {
    .media = &params->media,
    .ssrc = params->ssrc,
    .rtx_ssrc = params->rtx_ssrc,
    .first_seq = params->first_seq,
    .wall_offset_us = params->wall_offset_us,
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
  whep_sealer_init (&self->sealer, &sealer);
  whep_rewrite_init (&self->rewrite, params->first_seq);
}

static guint32
rtp_units (const WhepTrack *track, gint64 duration_us)
{
  return duration_us * track->clock_rate / G_USEC_PER_SEC;
}

static gboolean
keeps_times (const WhepSender *self)
{
  return self->params.rtp_epoch_us != 0;
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

/* To be called again whenever time may have passed. */
static WhepLogView
view_of (WhepSender *self, const WhepTrack *track, gint64 now_us)
{
  gint64 until_us = now_us - self->params.delay_us;

  if (self->params.delay_us == 0)
    return whep_log_view (track->log);
  if (has_to_join (self, track))
    self->delayed = whep_log_view_until (track->log, until_us);
  else
    whep_log_view_advance (&self->delayed, until_us);
  return self->delayed;
}

/* The offset that continues this viewer's timestamps on a new publisher's
 * clock. */
static guint32
offset_for (const WhepSender *self, const WhepTrack *track,
    const WhepPacket *packet)
{
  gint64 passed_us = packet->media_us - self->last_media_us;

  if (keeps_times (self))
    return rtp_units (track, packet->media_us - self->params.rtp_epoch_us) -
        packet->rtp_time;
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

/* Keeps timestamps increasing: across jumps, and at the end of a replay that
 * had more frames than time to place them in. */
static void
follow_clock (WhepSender *self, const WhepTrack *track,
    const WhepCursorNext *next)
{
  gboolean ends_replay =
      self->is_replaying && next->place >= self->rewrite.rule.squeeze_end;

  if (!self->is_rebased)
    whep_rewrite_set_offset (&self->rewrite,
        offset_for (self, track, next->packet));
  else if ((next->is_jump || ends_replay) && !keeps_times (self) &&
      !is_later (self, next))
    whep_rewrite_set_offset (&self->rewrite,
        self->last_rtp_time + 1 - next->packet->rtp_time);

  if (self->is_rebased && next->is_jump)
    self->n_skips++;
  if (ends_replay)
    self->is_replaying = FALSE;
  self->is_rebased = TRUE;
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

static void
seal (WhepSender *self, const WhepPacket *packet, const WhepSealerFields *sent,
    guint8 *room, const WhepSenderPath *path)
{
  whep_outbox_commit (path->out, path->to,
      whep_sealer_seal (&self->sealer, path->srtp, packet, sent, room));
  self->n_bytes += packet->size - packet->n_padding;
}

/* Returns FALSE if the outbox is full. */
static gboolean
send_repair (WhepSender *self, const WhepTrack *track, guint16 seq,
    WhepPacer *pacer, const WhepSenderPath *path, gint64 now_us)
{
  guint8 *room = whep_outbox_reserve (path->out, WHEP_DATAGRAM_MAX);
  const WhepPacket *packet;
  WhepSpan span;
  WhepSealerFields sent;

  if (room == NULL)
    return FALSE;
  whep_repairs_take (&self->repairs, now_us);
  packet = find_sent (self, track, seq, &span);
  if (packet == NULL)
    return TRUE;
  sent = (WhepSealerFields){ span.seq,
    whep_time_rule_apply (&span.rule, span.place, packet), span.max_delay };
  if (self->params.media.rtx_pt != 0)
    whep_outbox_commit (path->out, path->to,
        whep_sealer_seal_rtx (&self->sealer, path->srtp, packet, &sent, room));
  else
    seal (self, packet, &sent, room, path);
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

/* A backlog is shown at once in any case: a browser would keep its delay. */
static guint16
max_delay (const WhepSender *self)
{
  return self->has_sound && self->has_caught_up ? WHEP_PLAYOUT_DELAY_IN_STEP
                                                : WHEP_PLAYOUT_DELAY_AT_ONCE;
}

static void
send_next (WhepSender *self, const WhepTrack *track, const WhepCursorNext *next,
    guint8 *room, const WhepSenderPath *path)
{
  WhepSealerFields sent = { .max_delay = max_delay (self) };

  follow_clock (self, track, next);
  self->last_rtp_time =
      whep_time_rule_apply (&self->rewrite.rule, next->place, next->packet);
  self->last_media_us = next->packet->media_us;
  whep_rewrite_set_max_delay (&self->rewrite, sent.max_delay);
  sent.seq = take_seq (self, track, next);
  sent.rtp_time = self->last_rtp_time;
  seal (self, next->packet, &sent, room, path);
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
  return next->starts_frame && !next->packet->starts_key_frame &&
      whep_thinning_drops (&self->thinning, next->packet->is_droppable);
}

/* Skips the frame at the cursor. The packet after it gets the next sequence
 * number and its own timestamp. */
static void
skip_frame (WhepSender *self, const WhepLogView *view,
    const WhepCursorNext *next)
{
  whep_cursor_skip_frame (&self->cursor, view, next);
  self->n_thinned++;
}

/* An audio packet is a frame of its own. Packets of a backlog, or behind live,
 * are not traced, because their age is not latency. */
static void
trace (const WhepSender *self, const WhepPacket *packet,
    const WhepSenderPath *path)
{
  if (packet->came_us != 0 && self->is_live && self->params.delay_us == 0 &&
      (packet->is_marked || self->kind == WHEP_AUDIO))
    whep_outbox_trace (path->out, packet->came_us);
}

static gboolean
send_from_log (WhepSender *self, const WhepTrack *track,
    const WhepLogView *view, WhepPacer *pacer, const WhepSenderPath *path,
    gint64 now_us)
{
  WhepCursorNext next;

  /* The log's limit in packets bounds the loop. */
  while (whep_cursor_peek (&self->cursor, view, &next)) {
    guint8 *room;

    if (whep_cursor_leave_out (&self->cursor, view, &next))
      continue;
    if (is_thinned (self, &next)) {
      skip_frame (self, view, &next);
      continue;
    }
    if (is_paced (self, pacer, now_us))
      return TRUE;
    room = whep_outbox_reserve (path->out, WHEP_DATAGRAM_MAX);
    if (room == NULL)
      return FALSE;
    if (next.packet->starts_key_frame)
      self->key_sent_us = now_us;
    send_next (self, track, &next, room, path);
    if (self->kind == WHEP_VIDEO)
      whep_pacer_sent (pacer, next.packet->size, next.starts_frame);
    trace (self, next.packet, path);
  }
  self->is_live = TRUE;
  self->has_caught_up = TRUE;
  return TRUE;
}

/* A viewer without playout-delay would keep the delay of a backlog forever, so
 * it waits for the next key frame instead, unless the newest one is fresh. */
static gboolean
should_wait (const WhepSender *self, const WhepLogView *view, gint64 now_us)
{
  gint64 live_us = now_us - self->params.delay_us;
  guint64 key;

  if (self->kind != WHEP_VIDEO || self->params.media.playout_delay_id != 0 ||
      self->cursor.takes != WHEP_CURSOR_ALL)
    return FALSE;
  if (!whep_log_view_newest_key (view, &key))
    return FALSE;
  return live_us - whep_log_get (view->log, key)->media_us > FRESH_KEY_US;
}

/* Whether the next key frame will arrive before a viewer that starts at the
 * newest one has caught up: the viewer would only be sent frames that it then
 * jumps over. A viewer with a delay does not mind another tenth of a second. */
static gboolean
is_key_near (const WhepSender *self, const WhepTrack *track, gint64 now_us)
{
  gint64 gop_us = whep_log_gop_us (track->log);
  const WhepPacket *first, *newest;
  gint64 left_us, catch_up_us;
  guint64 key;

  if (self->params.delay_us > 0 || gop_us == 0 ||
      !whep_log_newest_key (track->log, &key))
    return FALSE;
  first = whep_log_get (track->log, key);
  newest = whep_log_get (track->log, whep_log_head (track->log) - 1);
  left_us = first->media_us + gop_us - now_us;
  catch_up_us =
      (newest->frame - first->frame) * G_USEC_PER_SEC / WHEP_PACER_FRAMES_PER_S;
  return left_us > 0 && left_us < MIN (catch_up_us, NEAR_KEY_US);
}

static void
join (WhepSender *self, const WhepTrack *track, const WhepLogView *view,
    gint64 now_us)
{
  whep_cursor_join (&self->cursor, view, should_wait (self, view, now_us));
  self->has_joined = TRUE;
  self->epoch = track->epoch;
  self->is_rebased = FALSE;
  self->is_replaying = FALSE;
  self->is_live = FALSE;
  self->has_caught_up = FALSE;
  self->resumes = FALSE;
}

/* The viewer wants all frames again. */
static void
catch_up (WhepSender *self, const WhepLogView *view, gint64 now_us)
{
  if (!whep_cursor_catch_up (&self->cursor, view))
    return;
  if (should_wait (self, view, now_us))
    whep_cursor_join (&self->cursor, view, TRUE);
  self->is_live = FALSE;
  self->has_caught_up = FALSE;
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

gboolean
whep_sender_is_left_behind (WhepSender *self, const WhepTrack *track,
    gint64 now_us)
{
  return self->params.delay_us > 0 && !has_to_join (self, track) &&
      whep_log_is_cut (track->log) &&
      view_of (self, track, now_us).head <= whep_log_tail (track->log);
}

static void
resume (WhepSender *self, const WhepLogView *view)
{
  guint64 key;

  if (self->kind == WHEP_AUDIO)
    whep_cursor_join (&self->cursor, view, TRUE);
  else if (whep_log_view_newest_key (view, &key) && key >= self->cursor.place)
    whep_cursor_join (&self->cursor, view, FALSE);
  self->resumes = FALSE;
}

/* With a delay, what is visible by now is known at the next pump. */
void
whep_sender_resume (WhepSender *self, const WhepTrack *track)
{
  WhepLogView view = whep_log_view (track->log);

  if (has_to_join (self, track))
    return;
  if (self->params.delay_us == 0)
    resume (self, &view);
  else
    self->resumes = TRUE;
  self->is_live = FALSE;
  self->has_caught_up = FALSE;
}

gboolean
whep_sender_pump (WhepSender *self, const WhepTrack *track, WhepPacer *pacer,
    const WhepSenderPath *path, gint64 now_us)
{
  WhepLogView view;
  guint16 seq;

  self->is_paced = FALSE;
  if (!is_playable (self, track))
    return TRUE;
  if (has_to_join (self, track) && is_key_near (self, track, now_us))
    return TRUE;
  view = view_of (self, track, now_us);
  if (has_to_join (self, track))
    join (self, track, &view, now_us);
  else if (self->resumes)
    resume (self, &view);
  catch_up (self, &view, now_us);

  while (whep_repairs_peek (&self->repairs, &seq)) {
    if (is_paced (self, pacer, now_us))
      return TRUE;
    if (!send_repair (self, track, seq, pacer, path, now_us))
      return FALSE;
  }
  return send_from_log (self, track, &view, pacer, path, now_us);
}

void
whep_sender_rewind (WhepSender *self, const WhepTrack *track, gint64 now_us)
{
  WhepTimeRule rule = self->rewrite.rule;
  gint64 live_us = now_us - self->params.delay_us;
  const WhepPacket *first, *newest;
  WhepLogView view;
  gint64 end_us;
  guint64 key;

  if (now_us - self->rewound_us < WHEP_SENDER_REWIND_US)
    return;
  if (self->kind != WHEP_VIDEO || has_to_join (self, track))
    return;
  /* It has what it takes, and asks because nothing follows for so long. */
  if (self->cursor.takes == WHEP_CURSOR_KEYS &&
      now_us - self->key_sent_us > STALLED_US)
    return;
  view = view_of (self, track, now_us);
  /* A browser also asks for a key frame when nothing arrives. A publisher that
   * has just left may still be visible. */
  if (!track->is_live && view.head == whep_log_head (track->log))
    return;
  if (!whep_cursor_can_rewind (&self->cursor, &view, &key))
    return;
  if (is_key_near (self, track, now_us) || self->n_rewind_bytes <= 0)
    return;

  first = whep_log_get (track->log, key);
  newest = whep_log_view_newest (&view);
  if (live_us - newest->media_us > STALLED_US)
    return;
  end_us = CLAMP (live_us - newest->media_us, 0, SQUEEZE_MAX_US);

  rule.squeeze_end = view.head;
  if (!keeps_times (self))
    whep_time_rule_squeeze (&rule, first, newest, self->last_rtp_time + 1,
        newest->rtp_time + rule.offset + rtp_units (track, end_us));

  whep_cursor_rewind (&self->cursor, key);
  whep_rewrite_set_rule (&self->rewrite, &rule);
  self->is_replaying = TRUE;
  self->n_rewind_bytes -= whep_log_view_key_bytes (&view);
  whep_repairs_clear (&self->repairs);
  self->is_live = FALSE;
  self->n_rewinds++;
  self->rewound_us = now_us;
  self->rewound_seq = self->rewrite.next_seq;
  GST_DEBUG ("rewound by %u frames to the key frame",
      newest->frame - first->frame + 1);
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
    else
      whep_repairs_ask (&self->repairs, seqs[i], packet->size, now_us);
  }
  if (is_beyond_repair)
    whep_sender_rewind (self, track, now_us);
}

void
whep_sender_read_loss (WhepSender *self, guint8 fraction_lost, gint64 now_us)
{
  guint8 asked = whep_repairs_take_share (&self->repairs,
      self->n_packets + self->n_repaired);
  guint8 lost = MAX (fraction_lost, asked);

  self->fraction_lost = fraction_lost;
  if (self->kind == WHEP_VIDEO &&
      whep_thinning_report (&self->thinning, lost, now_us))
    GST_INFO ("%u of 256 packets lost: sending %s", lost,
        whep_thinning_level_name (self->thinning.level));
}

/* A track that has not been joined yet, or begins anew, has news by then. */
gint64
whep_sender_due_us (const WhepSender *self, const WhepTrack *track)
{
  const WhepPacket *next;

  if (self->params.delay_us == 0 || !is_playable (self, track) ||
      has_to_join (self, track))
    return G_MAXINT64;
  next = whep_log_get (track->log, self->delayed.head);
  return next == NULL ? G_MAXINT64 : next->media_us + self->params.delay_us;
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
