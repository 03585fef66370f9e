/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A day of one viewer after another in virtual time, or as many days as
 * SOAK_DAYS says: joins, losses, rewinds, viewers that fall behind, full
 * outboxes, pauses, publishers that return with the same codec or another,
 * sequence numbers that roll over. Each packet that is sealed is checked: no
 * SRTP index has two contents, and each repair is the packet that was lost. */

#include "ext/whep/http/certificate-io.h"
#include "ext/whep/viewer/viewer.h"
#include "tests/support/lossylink.h"
#include "tests/support/network.h"
#include "tests/support/sealed.h"
#include "tests/support/virtualclock.h"

#include <gst/check/gstcheck.h>
#include <stdlib.h>

/* Half of the viewers stay behind live, by less than this. */
#define MAX_DELAY_S 10
#define SEED 1
#define MS 1000
#define SECOND G_USEC_PER_SEC
#define MINUTE ((gint64) 60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* A day takes about ten seconds, or ten times as long when sanitized. */
#ifdef __SANITIZE_ADDRESS__
#define DEFAULT_US (2 * HOUR)
#else
#define DEFAULT_US DAY
#endif
#define MAX_DAYS 1000
#define LIMIT_S_PER_DAY 500

/* 10.0.0.1 and 10.0.0.2, v4-mapped. */
#define ADDRESS(last)                                                          \
  {                                                                            \
    .remote_ip = { [10] = 0xff, 0xff, 10, 0, 0, last }, .remote_port = 1000    \
  }
#define SERVER_PWD "a-password-of-24-letters"
#define VIDEO_SSRC 0x1111
#define AUDIO_SSRC 0x2222
#define RTX_SSRC 0x3333
#define VIDEO_PT 108
#define AUDIO_PT 111

/* An attacker requests these. */
#define N_NEWEST 300

static const guint losses_permille[] = { 0, 0, 0, 5, 20, 50, 200, 400 };
static const gint64 round_trips_us[] = { 1 * MS, 20 * MS, 60 * MS, 300 * MS };
static const gint64 lives_us[] = { 20 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR };

/* Random events, with the mean time between them. */
typedef enum
{
  EVENT_LEAVE,
  EVENT_NETWORK,
  EVENT_PUBLISHER,
  EVENT_KEY,
  EVENT_NACK,
  EVENT_CHOKE,
  EVENT_PAUSE,
  N_EVENTS,
} Event;

static const gint64 means_us[N_EVENTS] = {
  [EVENT_LEAVE] = 0, /* see lives_us */
  [EVENT_NETWORK] = MINUTE,
  [EVENT_PUBLISHER] = 5 * MINUTE,
  [EVENT_KEY] = 20 * SECOND,
  [EVENT_NACK] = 10 * SECOND,
  [EVENT_CHOKE] = 2 * MINUTE,
  [EVENT_PAUSE] = 10 * MINUTE,
};

typedef struct
{
  guint64 n_joins;
  guint64 n_misfits; /* viewers without the new codec */
  guint64 n_returns;
  guint64 n_renditions; /* of them, with another codec */
  guint64 n_chokes;
  guint64 n_full; /* full outboxes */
  guint64 n_pauses;
  guint64 n_rewinds_and_skips;
  guint64 n_thinned;
  guint64 n_repaired;
  guint64 n_forged;
} Sums;

typedef struct
{
  GRand *rand;
  gint64 now_us;
  gint64 event_us[N_EVENTS];
  WhepCertificate *certificate;
  SSL_CTX *dtls_context;
  WhepStream *stream;
  Irregular publisher;

  WhepViewer *viewer;
  Peer *peer;
  WhepOutbox *out;    /* the viewer's */
  WhepOutbox *said;   /* the peer's */
  gboolean is_choked; /* the kernel accepts no datagrams */
  gboolean is_paused;
  gboolean is_outbox_full;

  LossyLink link;
  Sums sums;
} Soak;

static guint
draw (Soak *self, guint n)
{
  return g_rand_int_range (self->rand, 0, n);
}

static void
schedule (Soak *self, Event event, gint64 mean_us)
{
  self->event_us[event] =
      self->now_us + g_rand_double_range (self->rand, 0, 2 * mean_us);
}

static void
schedule_again (Soak *self, Event event)
{
  schedule (self, event, means_us[event]);
}

static void
soak_init (Soak *self)
{
  const IrregularParams params = { .max_packets = 5,
    .max_payload_bytes = 60,
    .key_permille = 8,
    .mean_frame_us = 50 * MS,
    .audio_us = 60 * MS };

  WhepStreamLimits limits = whep_stream_default_limits;

  limits.rewind_us = MAX_DELAY_S * G_USEC_PER_SEC;
  limits.rewind_bytes = WHEP_LOG_DEFAULT_BYTES;
  *self = (Soak){ .now_us = NETWORK_START_US };
  self->rand = g_rand_new_with_seed (SEED);
  self->link = (LossyLink){ .rand = self->rand,
    .round_trip_us = round_trips_us[0],
    .pts = { VIDEO_PT, AUDIO_PT },
    .server = ADDRESS (1),
    .peer = ADDRESS (2) };
  self->certificate = whep_certificate_new (NULL);
  self->dtls_context =
      whep_dtls_context_new (self->certificate->x509, self->certificate->key);
  self->stream = whep_stream_new ("live/cam", &limits, self->now_us);
  self->out = whep_outbox_new ();
  self->said = whep_outbox_new ();
  irregular_init (&self->publisher, &params, self->stream, SEED);
  irregular_begin (&self->publisher, FALSE, self->now_us);
  for (guint i = 0; i < N_EVENTS; i++)
    schedule_again (self, i);
}

static void
sum_up_viewer (Soak *self)
{
  WhepViewerStats stats;

  whep_viewer_stats (self->viewer, &stats);
  self->sums.n_rewinds_and_skips += stats.n_jumps;
  self->sums.n_thinned += stats.n_thinned;
  self->sums.n_repaired += stats.n_retransmitted;
  self->sums.n_forged += peer_counts (self->peer)->n_forged;
}

static void
leave (Soak *self)
{
  if (self->viewer == NULL)
    return;
  sum_up_viewer (self);
  g_clear_pointer (&self->viewer, whep_viewer_free);
  g_clear_pointer (&self->peer, peer_free);
  lossy_link_cut (&self->link);
  whep_outbox_flush (self->out);
  whep_outbox_flush (self->said);
  self->is_outbox_full = FALSE;
}

static void
soak_clear (Soak *self)
{
  leave (self);
  irregular_clear (&self->publisher);
  whep_stream_free (self->stream);
  whep_outbox_free (self->out);
  whep_outbox_free (self->said);
  SSL_CTX_free (self->dtls_context);
  whep_certificate_free (self->certificate);
  g_rand_free (self->rand);
}

static WhepSenderParams
sender_params (Soak *self, WhepTrackKind kind, gboolean has_rtx)
{
  gboolean is_video = kind == WHEP_VIDEO;

  return (WhepSenderParams){
    .media = { .is_accepted = TRUE,
        .encoding_name = is_video ? "H264" : "OPUS",
        .pt = is_video ? VIDEO_PT : AUDIO_PT,
        .rtx_pt = has_rtx ? 96 + kind : 0,
        .clock_rate = is_video ? IRREGULAR_VIDEO_HZ : IRREGULAR_AUDIO_HZ,
        .playout_delay_id = is_video && draw (self, 2) ? 5 : 0,
        .abs_capture_time_id = draw (self, 2) ? 6 : 0 },
    .ssrc = is_video ? VIDEO_SSRC : AUDIO_SSRC,
    .rtx_ssrc = has_rtx ? RTX_SSRC + kind : 0,
    .first_seq = draw (self, 32768),
    .first_rtp_time = g_rand_int (self->rand),
  };
}

static void
begin_viewer (Soak *self)
{
  gboolean has_rtx = draw (self, 2);
  WhepViewerParams params = { .stream_name = "live/cam",
    .wall_offset_us = NETWORK_WALL_OFFSET_US,
    .ice_ufrag = "gateway1",
    .ice_pwd = SERVER_PWD,
    .remote_ufrag = peer_ice (self->peer)->ufrag,
    .fingerprint = peer_fingerprint (self->peer),
    .cname = "gateway",
    .takes_rendition = self->publisher.has_rendition || draw (self, 2),
    .delay_us = draw (self, 2) * draw (self, MAX_DELAY_S) * G_USEC_PER_SEC,
    .dtls_context = self->dtls_context };
  SealedSource sources[WHEP_N_TRACKS];

  for (guint i = 0; i < WHEP_N_TRACKS; i++) {
    params.tracks[i] = sender_params (self, i, has_rtx);
    sources[i] =
        (SealedSource){ params.tracks[i].ssrc, params.tracks[i].rtx_ssrc };
  }
  sealed_begin (sources, SEED);
  self->viewer = whep_viewer_new (&params, self->now_us);
  whep_viewer_watch (self->viewer, self->stream);
  whep_viewer_set_paused (self->viewer, self->is_paused);
}

static void
join (Soak *self)
{
  static const gchar *const profiles[] = { "SRTP_AEAD_AES_128_GCM",
    "SRTP_AES128_CM_SHA1_80" };
  PeerParams params = { .seed = g_rand_int (self->rand),
    .srtp_profiles = profiles[draw (self, G_N_ELEMENTS (profiles))],
    .is_forgetful = TRUE };
  PeerRemote remote = { .ufrag = "gateway1",
    .pwd = SERVER_PWD,
    .address = self->link.server,
    .tracks = {
        [WHEP_VIDEO] = { TRUE, VIDEO_PT, IRREGULAR_VIDEO_HZ, VIDEO_SSRC },
        [WHEP_AUDIO] = { TRUE, AUDIO_PT, IRREGULAR_AUDIO_HZ, AUDIO_SSRC } } };

  leave (self);
  self->peer = peer_new (&params);
  begin_viewer (self);
  peer_connect (self->peer, &remote, self->now_us);
  self->sums.n_joins++;
}

static void
carry (Soak *self)
{
  lossy_link_carry (&self->link, self->out, self->peer, self->said,
      self->now_us);
}

/* At times, other viewers leave little room in the outbox. */
static void
pump (Soak *self)
{
  if (self->is_choked)
    return;
  if (draw (self, 50) == 0)
    self->out->size =
        WHEP_OUTBOX_BYTES - draw (self, 6) * (gsize) WHEP_DATAGRAM_MAX;
  self->is_outbox_full =
      !whep_viewer_pump (self->viewer, self->now_us, self->out);
  self->sums.n_full += self->is_outbox_full;
  carry (self);
}

/* Requests anything, like an attacker. */
static void
ask_for_anything (Soak *self)
{
  WhepTrackKind kind = draw (self, WHEP_N_TRACKS);
  guint16 seqs[FEEDBACK_MAX_SEQS];
  guint n_seqs = 1 + draw (self, FEEDBACK_MAX_SEQS);

  for (guint i = 0; i < n_seqs; i++)
    if (!sealed_pick (kind, N_NEWEST, self->rand, &seqs[i]))
      return;
  lossy_link_nack (self->peer, kind, seqs, n_seqs, self->said);
}

static void
ask_for_keys (Soak *self)
{
  guint n_times = draw (self, 10) == 0 ? 30 : 1;

  for (guint i = 0; i < n_times; i++) {
    if (draw (self, 2))
      peer_asks_for_key (self->peer, self->said);
    else
      peer_asks_for_key_by_fir (self->peer, self->said);
  }
}

static void
leave_or_return (Soak *self)
{
  Irregular *publisher = &self->publisher;

  if (publisher->is_on && draw (self, 3) > 0) {
    irregular_end (publisher, self->now_us);
    schedule (self, EVENT_PUBLISHER, 5 * SECOND);
    return;
  }
  irregular_begin (publisher, draw (self, 2), self->now_us);
  self->sums.n_returns++;
  self->sums.n_renditions += publisher->has_rendition;
  schedule_again (self, EVENT_PUBLISHER);
}

static void
choke (Soak *self)
{
  self->is_choked = !self->is_choked;
  self->sums.n_chokes += self->is_choked;
  if (self->is_choked)
    schedule (self, EVENT_CHOKE, draw (self, 2) ? SECOND : 8 * SECOND);
  else
    schedule_again (self, EVENT_CHOKE);
}

static void
pause_or_resume (Soak *self)
{
  self->is_paused = !self->is_paused;
  self->sums.n_pauses += self->is_paused;
  whep_viewer_set_paused (self->viewer, self->is_paused);
  if (self->is_paused)
    schedule (self, EVENT_PAUSE, 5 * SECOND);
  else
    schedule_again (self, EVENT_PAUSE);
}

static void
happen (Soak *self, Event event)
{
  schedule_again (self, event);
  switch (event) {
    case EVENT_LEAVE:
      join (self);
      schedule (self, event, lives_us[draw (self, G_N_ELEMENTS (lives_us))]);
      return;
    case EVENT_NETWORK:
      self->link.loss_permille =
          losses_permille[draw (self, G_N_ELEMENTS (losses_permille))];
      self->link.round_trip_us =
          round_trips_us[draw (self, G_N_ELEMENTS (round_trips_us))];
      return;
    case EVENT_PUBLISHER:
      leave_or_return (self);
      return;
    case EVENT_KEY:
      ask_for_keys (self);
      return;
    case EVENT_NACK:
      ask_for_anything (self);
      return;
    case EVENT_CHOKE:
      choke (self);
      return;
    case EVENT_PAUSE:
      pause_or_resume (self);
      return;
    case N_EVENTS:
      break;
  }
  g_assert_not_reached ();
}

static gint64
next_us (const Soak *self)
{
  gint64 next_us = MIN (irregular_deadline_us (&self->publisher),
      lossy_link_deadline_us (&self->link));

  for (guint i = 0; i < N_EVENTS; i++)
    next_us = MIN (next_us, self->event_us[i]);
  next_us = MIN (next_us, peer_deadline_us (self->peer, self->now_us));
  if (self->is_outbox_full && !self->is_choked)
    return self->now_us;
  /* A viewer that cannot be sent anything is due again and again. */
  if (self->is_choked)
    return MAX (next_us, self->now_us + 1);
  return MIN (next_us, whep_viewer_deadline_us (self->viewer, self->now_us));
}

static void
step (Soak *self)
{
  self->now_us = MAX (self->now_us, next_us (self));
  virtual_clock_set (self->now_us + NETWORK_WALL_OFFSET_US);
  irregular_tick (&self->publisher, self->now_us);
  for (guint i = 0; i < N_EVENTS; i++)
    if (self->now_us >= self->event_us[i])
      happen (self, i);
  lossy_link_receive (&self->link, self->viewer, self->now_us, self->out);
  if (self->now_us >= whep_viewer_deadline_us (self->viewer, self->now_us))
    whep_viewer_tick (self->viewer, self->now_us, self->out);
  carry (self);
  pump (self);
  if (self->now_us >= peer_deadline_us (self->peer, self->now_us))
    peer_tick (self->peer, self->now_us, self->said);
  lossy_link_ask (&self->link, self->peer, self->now_us, self->said);
  carry (self);
  if (whep_viewer_state (self->viewer) == WHEP_VIEWER_CLOSED) {
    self->sums.n_misfits++;
    join (self);
  }
}

static void
print_sums (const Soak *self)
{
  const SealedCounts *counts = sealed_counts ();
  const Sums *sums = &self->sums;
  const struct
  {
    const gchar *what;
    guint64 n;
  } rows[] = {
    { "hours", (self->now_us - NETWORK_START_US) / HOUR },
    { "viewers", sums->n_joins },
    { "  closed by the gateway", sums->n_misfits },
    { "publishers returned", sums->n_returns },
    { "  with another codec and a rendition", sums->n_renditions },
    { "packets sealed for the first time", counts->n_first },
    { "  lost", self->link.n_lost },
    { "retransmissions requested", counts->n_asked },
    { "repairs, the same packet", counts->n_again },
    { "repairs in the RTX format", counts->n_rtx },
    { "rollovers", counts->n_rollovers },
    { "rewinds and jumps ahead", sums->n_rewinds_and_skips },
    { "frames thinned", sums->n_thinned },
    { "times that the kernel had no room", sums->n_chokes },
    { "full outboxes", sums->n_full },
    { "pauses", sums->n_pauses },
    { "indices with two contents", counts->n_reused },
    { "repairs with another packet", counts->n_wrong },
    { "repairs that were not requested", counts->n_unasked },
    { "packets out of order", counts->n_out_of_turn },
    { "RTP times that went back", counts->n_back },
    { "packets that libsrtp2 rejected", sums->n_forged },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_print ("%12" G_GUINT64_FORMAT "  %s\n", rows[i].n, rows[i].what);
}

static gint64
duration_us (void)
{
  const gchar *days = g_getenv ("SOAK_DAYS");

  return days == NULL ? DEFAULT_US : CLAMP (atoi (days), 1, MAX_DAYS) * DAY;
}

GST_START_TEST (no_index_is_sealed_twice_and_each_repair_is_the_lost_packet)
{
  const SealedCounts *counts = sealed_counts ();
  guint64 n_hours = duration_us () / HOUR;
  Soak soak;

  soak_init (&soak);
  join (&soak);
  while (soak.now_us < NETWORK_START_US + duration_us ())
    step (&soak);
  leave (&soak);
  print_sums (&soak);

  sealed_check ();
  ck_assert_uint_eq (counts->n_reused + counts->n_wrong + counts->n_unasked, 0);
  ck_assert_uint_eq (counts->n_out_of_turn + counts->n_back, 0);
  ck_assert_uint_eq (soak.sums.n_forged, 0);
  ck_assert_uint_eq (counts->n_again + counts->n_rtx, soak.sums.n_repaired);
  /* Every kind of event has occurred often enough. */
  ck_assert_uint_gt (counts->n_first, 50000 * n_hours);
  ck_assert_uint_gt (counts->n_again, 10 * n_hours);
  ck_assert_uint_gt (counts->n_rtx, 10 * n_hours);
  ck_assert_uint_ge (counts->n_rollovers, n_hours / 2);
  ck_assert_uint_ge (soak.sums.n_renditions, n_hours);
  ck_assert_uint_gt (soak.sums.n_rewinds_and_skips, 20 * n_hours);
  soak_clear (&soak);
  sealed_reset ();
}
GST_END_TEST;

static Suite *
soak_suite (void)
{
  Suite *suite = suite_create ("soak");
  TCase *tcase = tcase_create ("soak");

  suite_add_tcase (suite, tcase);
  tcase_set_timeout (tcase,
      LIMIT_S_PER_DAY * (1 + (gdouble) duration_us () / DAY));
  tcase_add_test (tcase,
      no_index_is_sealed_twice_and_each_repair_is_the_lost_packet);
  return suite;
}

GST_CHECK_MAIN (soak);
