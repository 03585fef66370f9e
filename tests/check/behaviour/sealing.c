/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whatever happens to a viewer, in any order: no SRTP index is used for two
 * contents (RFC 3711 section 9.1, RFC 7714 section 10.1), each repair is the
 * packet that was lost, and RTP times do not go back. Thousands of seeded runs
 * with frames of one packet to many, key frames at any time, a pacer and
 * outboxes that stop the pump anywhere, rewinds, thinning, pauses, sound that
 * is muted, and publishers that return with the same codec or another. */

#include "ext/whep/viewer/sender.h"
#include "tests/support/sealed.h"

#include <gst/check/gstcheck.h>

/* Sanitized code is ten times slower. */
#ifdef __SANITIZE_ADDRESS__
#define N_RUNS 600
#else
#define N_RUNS 4000
#endif
#define N_STEPS 120
/* The runs take some seconds on an idle machine. */
#define LIMIT_S 110
#define START_US (1000 * G_USEC_PER_SEC)
#define VIDEO_SSRC 0x1111
#define AUDIO_SSRC 0x2222
#define RTX_SSRC 0x3333
/* A viewer requests what it lost within about a second. */
#define N_NEWEST 300

static const WhepAddress viewer_address = { .remote_ip = { 1 },
  .remote_port = 1000 };

typedef struct
{
  guint32 seed;
  GRand *rand;
  gint64 now_us;
  WhepStream *stream;
  Irregular publisher;
  WhepSender senders[WHEP_N_TRACKS];
  WhepPacer pacer;
  WhepOutbox *out;
  WhepSrtp *srtp;
  gboolean is_paused;
} Trial;

static WhepSrtp *srtp;
static WhepOutbox *out;

static void
setup (void)
{
  const WhepSrtpKey key = { { 1 }, { 2 } };

  srtp = whep_srtp_new (WHEP_SRTP_AEAD_AES_128_GCM, &key);
  out = whep_outbox_new ();
}

static void
teardown (void)
{
  whep_srtp_free (srtp);
  whep_outbox_free (out);
  sealed_reset ();
}

static guint
draw (Trial *self, guint n)
{
  return g_rand_int_range (self->rand, 0, n);
}

/* What a viewer's answer may contain; its sequence numbers roll over soon. */
static void
init_senders (Trial *self)
{
  gboolean has_rtx = self->seed & 1;
  WhepSenderParams video = {
    .media = { .is_accepted = TRUE,
        .encoding_name = "H264",
        .pt = 108,
        .rtx_pt = has_rtx ? 109 : 0,
        .clock_rate = IRREGULAR_VIDEO_HZ,
        .playout_delay_id = self->seed & 2 ? 5 : 0,
        .abs_capture_time_id = self->seed & 4 ? 6 : 0 },
    .ssrc = VIDEO_SSRC,
    .rtx_ssrc = has_rtx ? RTX_SSRC : 0,
    .first_seq = 65000 + draw (self, 500),
    .first_rtp_time = g_rand_int (self->rand),
    .delay_us = self->seed & 8 ? draw (self, G_USEC_PER_SEC) : 0,
  };
  WhepSenderParams audio = video;
  SealedSource sources[WHEP_N_TRACKS];

  audio.media.encoding_name = "OPUS";
  audio.media.clock_rate = IRREGULAR_AUDIO_HZ;
  audio.ssrc = AUDIO_SSRC;
  audio.rtx_ssrc = has_rtx ? RTX_SSRC + 1 : 0;
  whep_sender_init (&self->senders[WHEP_VIDEO], WHEP_VIDEO, &video,
      self->now_us);
  whep_sender_init (&self->senders[WHEP_AUDIO], WHEP_AUDIO, &audio,
      self->now_us);
  whep_pacer_init (&self->pacer, self->now_us);
  for (guint i = 0; i < WHEP_N_TRACKS; i++)
    sources[i] = (SealedSource){ self->senders[i].params.ssrc,
      self->senders[i].params.rtx_ssrc };
  sealed_begin (sources, self->seed);
}

static void
trial_init (Trial *self, guint32 seed)
{
  const WhepStreamLimits limits = {
    .backlog_bytes = seed % 3 == 0 ? 50 * 1000 : 16 * 1000 * 1000,
    .backlog_us = 15 * G_USEC_PER_SEC,
    .linger_us = 15 * G_USEC_PER_SEC,
  };
  IrregularParams params = { .audio_us = 20 * 1000 };

  *self = (Trial){ .seed = seed, .now_us = START_US, .srtp = srtp, .out = out };
  self->rand = g_rand_new_with_seed (seed);
  self->stream = whep_stream_new ("live/cam", &limits, self->now_us);
  params.max_packets = 1 + draw (self, seed % 5 == 0 ? 100 : 6);
  params.max_payload_bytes = draw (self, 2) ? 1100 : 20;
  params.key_permille = 1 + draw (self, 100);
  params.mean_frame_us = 4000 + draw (self, 40 * 1000);
  irregular_init (&self->publisher, &params, self->stream, seed);
  irregular_begin (&self->publisher, draw (self, 2), self->now_us);
  init_senders (self);
}

static void
trial_clear (Trial *self)
{
  irregular_clear (&self->publisher);
  whep_stream_free (self->stream);
  g_rand_free (self->rand);
}

static const WhepTrack *
track_for (const Trial *self, WhepTrackKind kind)
{
  return whep_stream_track_for (self->stream, kind,
      self->senders[kind].params.media.encoding_name);
}

/* Other viewers have left room for at most @n_datagrams. */
static void
fill_outbox (Trial *self, guint n_datagrams)
{
  whep_outbox_flush (self->out);
  self->out->size = WHEP_OUTBOX_BYTES - n_datagrams * WHEP_DATAGRAM_MAX;
}

static void
pump (Trial *self, guint n_datagrams)
{
  WhepSenderPath path = { self->srtp, &viewer_address, self->out };

  if (self->is_paused)
    return;
  fill_outbox (self, n_datagrams);
  if (whep_sender_pump (&self->senders[WHEP_VIDEO],
          track_for (self, WHEP_VIDEO), &self->pacer, &path, self->now_us))
    whep_sender_pump (&self->senders[WHEP_AUDIO], track_for (self, WHEP_AUDIO),
        &self->pacer, &path, self->now_us);
}

static void
publish (Trial *self, guint n_times)
{
  for (guint i = 0; i < n_times && self->publisher.is_on; i++) {
    self->now_us = MAX (self->now_us, irregular_deadline_us (&self->publisher));
    irregular_tick (&self->publisher, self->now_us);
  }
}

/* As much as a viewer may lose, with some numbers twice. */
static void
ask_for_lost (Trial *self)
{
  WhepTrackKind kind = draw (self, 4) == 0 ? WHEP_AUDIO : WHEP_VIDEO;
  guint16 seqs[40];
  guint n_seqs = 1 + draw (self, G_N_ELEMENTS (seqs));

  for (guint i = 0; i < n_seqs; i++) {
    if (!sealed_pick (kind, N_NEWEST, self->rand, &seqs[i]))
      return;
    if (i > 0 && draw (self, 2))
      seqs[i] = seqs[i - 1] + draw (self, 2);
    sealed_ask (kind, seqs[i]);
  }
  whep_sender_repair (&self->senders[kind], track_for (self, kind), seqs,
      n_seqs, self->now_us);
}

static void
pause_or_resume (Trial *self)
{
  self->is_paused = !self->is_paused;
  for (guint i = 0; i < WHEP_N_TRACKS && !self->is_paused; i++)
    whep_sender_resume (&self->senders[i], track_for (self, i));
}

/* With the same codec, or with another and a rendition, whose packets are in
 * another log. */
static void
leave_or_return (Trial *self)
{
  if (draw (self, 2))
    irregular_end (&self->publisher, self->now_us);
  if (draw (self, 2))
    self->now_us += draw (self, 5 * G_USEC_PER_SEC);
  irregular_begin (&self->publisher, draw (self, 2), self->now_us);
}

static void
step (Trial *self)
{
  guint what = draw (self, 100);

  if (what < 50)
    publish (self, 1 + draw (self, 3));
  else if (what < 55)
    publish (self, draw (self, 200));
  else if (what < 65)
    self->now_us += draw (self, 2000);
  else if (what < 82)
    ask_for_lost (self);
  else if (what < 90)
    whep_sender_rewind (&self->senders[WHEP_VIDEO],
        track_for (self, WHEP_VIDEO), self->now_us);
  else if (what < 94)
    whep_sender_read_loss (&self->senders[WHEP_VIDEO], draw (self, 3) ? 0 : 200,
        self->now_us);
  else if (what < 97)
    pause_or_resume (self);
  else if (what < 98)
    self->senders[WHEP_VIDEO].has_sound = draw (self, 2);
  else if (what < 99)
    self->now_us += draw (self, 3 * G_USEC_PER_SEC);
  else
    leave_or_return (self);

  if (draw (self, 4) > 0)
    pump (self, draw (self, 3) == 0 ? draw (self, 6) : 150);
}

GST_START_TEST (no_index_has_two_contents_and_repairs_are_the_lost_packets)
{
  const SealedCounts *counts = sealed_counts ();
  guint64 n_rewinds = 0, n_skips = 0, n_thinned = 0;

  for (guint32 seed = 0; seed < N_RUNS; seed++) {
    Trial trial;

    trial_init (&trial, seed);
    for (guint i = 0; i < N_STEPS; i++)
      step (&trial);
    sealed_check ();
    n_rewinds += trial.senders[WHEP_VIDEO].n_rewinds;
    n_skips += trial.senders[WHEP_VIDEO].n_skips;
    n_thinned += trial.senders[WHEP_VIDEO].n_thinned;
    trial_clear (&trial);
  }
  g_print ("%u runs: %" G_GUINT64_FORMAT " packets, %" G_GUINT64_FORMAT
           " and %" G_GUINT64_FORMAT " repairs, %" G_GUINT64_FORMAT
           " rollovers, %" G_GUINT64_FORMAT " rewinds, %" G_GUINT64_FORMAT
           " jumps ahead, %" G_GUINT64_FORMAT " frames thinned\n",
      N_RUNS, counts->n_first, counts->n_again, counts->n_rtx,
      counts->n_rollovers, n_rewinds, n_skips, n_thinned);

  /* Every kind of event has occurred often enough. */
  ck_assert_uint_gt (counts->n_first, 100 * N_RUNS);
  ck_assert_uint_gt (counts->n_again, N_RUNS);
  ck_assert_uint_gt (counts->n_rtx, N_RUNS);
  ck_assert_uint_gt (counts->n_rollovers, N_RUNS / 10);
  ck_assert_uint_gt (n_rewinds, N_RUNS / 10);
  ck_assert_uint_gt (n_skips, N_RUNS / 10);
  ck_assert_uint_gt (n_thinned, N_RUNS / 10);
}
GST_END_TEST;

static Suite *
sealing_suite (void)
{
  Suite *suite = suite_create ("sealing");
  TCase *tcase = tcase_create ("sealing");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_set_timeout (tcase, LIMIT_S);
  tcase_add_test (tcase,
      no_index_has_two_contents_and_repairs_are_the_lost_packets);
  return suite;
}

GST_CHECK_MAIN (sealing);
