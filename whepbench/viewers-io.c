/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The viewers of one run: see viewers-io.h. */

#include "whepbench/viewers-io.h"
#include "ext/whep/http/interfaces-io.h"
#include "whepbench/crowd-io.h"
#include "whepbench/peersdp.h"
#include "whepbench/sdpcheck.h"
#include "whepbench/whepclient-io.h"

#include <string.h>

/* A viewer that has no picture by then has failed; a GOP of 10 s may have just
 * begun, and a packet of its key frame may have been lost. */
#define JOIN_LIMIT_US (30 * G_USEC_PER_SEC)
/* How late it may be found that a viewer has a picture, or has failed. */
#define LOOK_US (50 * 1000)
/* For the servers to end the sessions. */
#define LEAVE_LIMIT_US (5 * G_USEC_PER_SEC)
/* As many events of HTTP between two looks at the media. */
#define EVENTS_MAX 64

typedef enum
{
  VIEWER_POSTED,
  VIEWER_JOINING,
  VIEWER_WATCHING,
  VIEWER_FAILED,
} ViewerState;

typedef struct
{
  Viewers *all;
  ViewerState state;
  gint index; /* in the crowd; -1: it has no socket */
  gint64 posted_us;
  gchar *offer;   /* until it is answered */
  gchar *session; /* nullable: its URL */
} Viewer;

struct _Viewers
{
  const BenchOptions *options;
  WhepClient *client;
  Crowd *crowd;
  WhepCandidates addresses;
  Viewer *viewers;
  guint n_started;
  gint64 start_us;
  gint64 settled_us;   /* 0: some are joining */
  CrowdCounts settled; /* the counts at that time */
  gint64 end_us;
  gboolean is_over; /* the report has been made */
  guint n_answered;
  Latencies *answers;
  Tally *faults;
  Tally *breaches;
};

Viewers *
viewers_new (const BenchOptions *options, const gchar *token)
{
  const WhepClientParams params = { token, options->is_insecure };
  Viewers *self = g_new0 (Viewers, 1);
  WhepInterfaces interfaces;

  self->options = options;
  self->client = whep_client_new (&params);
  self->crowd = crowd_new ();
  whep_candidates_init (&self->addresses, FALSE);
  whep_interfaces_init (&interfaces, FALSE);
  whep_interfaces_list (&interfaces, &self->addresses);
  whep_interfaces_clear (&interfaces);
  self->viewers = g_new0 (Viewer, options->n_viewers);
  self->answers = latencies_new ();
  self->faults = tally_new ();
  self->breaches = tally_new ();
  return self;
}

void
viewers_free (Viewers *self)
{
  if (self == NULL)
    return;
  /* First, because what is pending ends with it. */
  whep_client_free (self->client);
  crowd_free (self->crowd);
  for (guint i = 0; i < self->n_started; i++) {
    g_free (self->viewers[i].offer);
    g_free (self->viewers[i].session);
  }
  g_free (self->viewers);
  whep_candidates_clear (&self->addresses);
  latencies_free (self->answers);
  tally_free (self->faults);
  tally_free (self->breaches);
  g_free (self);
}

static void
fail (Viewer *self, const gchar *fault)
{
  self->state = VIEWER_FAILED;
  tally_add (self->all->faults, fault);
  if (self->index >= 0)
    crowd_leave (self->all->crowd, self->index);
}

static void
judge (Viewer *self, const WhepReply *reply)
{
  static const SdpCheckFacts facts = { .is_foreign = TRUE };
  g_autofree gchar *broken = sdp_check_answer (self->offer,
      strlen (self->offer), reply->answer, &facts);

  if (broken != NULL)
    tally_add_lines (self->all->breaches, broken);
  if (reply->location == NULL)
    tally_add (self->all->breaches, "WHEP: a session has a Location");
  if (!reply->is_typed)
    tally_add (self->all->breaches,
        "WHEP: an answer has the type application/sdp");
}

static void
on_reply (const WhepReply *reply, gpointer user_data)
{
  Viewer *self = user_data;
  PeerRemote remote;

  if (self->all->is_over) {
    if (reply->location != NULL)
      whep_client_delete (self->all->client, reply->location);
    return;
  }
  if (reply->answer == NULL) {
    fail (self, reply->fault);
    return;
  }
  self->all->n_answered++;
  latencies_add (self->all->answers, g_get_monotonic_time () - self->posted_us);
  self->session = g_strdup (reply->location);
  judge (self, reply);
  g_clear_pointer (&self->offer, g_free);
  if (!peer_remote_parse (&remote, reply->answer)) {
    fail (self, peer_remote_fault (&remote));
    return;
  }
  self->state = VIEWER_JOINING;
  crowd_connect (self->all->crowd, self->index, &remote, self->posted_us);
}

static void
start (Viewers *self, guint number)
{
  const BenchOptions *options = self->options;
  const PeerParams params = { .seed = crowd_random (), .is_sampling = TRUE };
  PeerOfferParams offer = { .video_codec = options->video_codec,
    .is_audio_only = options->is_audio_only,
    .has_rtx = TRUE,
    .addresses = (const gchar *const *) self->addresses.texts };
  Viewer *viewer = &self->viewers[number];
  Peer *peer = peer_new (&params);
  g_autoptr (GError) error = NULL;

  *viewer = (Viewer){ .all = self };
  viewer->index = crowd_enter (self->crowd, peer, &error);
  if (viewer->index < 0) {
    peer_free (peer);
    fail (viewer, error->message);
    return;
  }
  offer.port = crowd_port (self->crowd, viewer->index);
  viewer->offer = peer_offer_new (peer, &offer);
  viewer->posted_us = g_get_monotonic_time ();
  whep_client_post (self->client,
      options->urls[number % g_strv_length (options->urls)], viewer->offer,
      on_reply, viewer);
}

static void
start_due (Viewers *self, gint64 now_us)
{
  gdouble n_due =
      1 + (now_us - self->start_us) * self->options->rate / G_USEC_PER_SEC;

  while (self->n_started < self->options->n_viewers &&
      self->n_started + 1 <= n_due)
    start (self, self->n_started++);
}

static gboolean
has_picture (const Peer *peer)
{
  return peer_has_video (peer) && peer_playback (peer)->is_key != NULL
      ? peer_playback (peer)->first_key_us != 0
      : TRUE;
}

/* Why a viewer has no picture yet. */
static const gchar *
fault_of (const Viewer *self)
{
  const Peer *peer = crowd_peer (self->all->crowd, self->index);

  if (!peer_ice (peer)->is_connected)
    return "no address of the server responds to connectivity checks";
  if (!peer_is_connected (peer))
    return "the DTLS handshake does not end";
  if (crowd_first_packet_us (self->all->crowd, self->index) == 0)
    return "no media arrives";
  return "no key frame is complete";
}

static void
look (Viewer *self, gint64 now_us)
{
  const Peer *peer;

  if (self->state != VIEWER_JOINING)
    return;
  peer = crowd_peer (self->all->crowd, self->index);
  if (crowd_first_packet_us (self->all->crowd, self->index) != 0 &&
      has_picture (peer))
    self->state = VIEWER_WATCHING;
  else if (peer_dtls (peer)->has_failed)
    fail (self, "the DTLS handshake fails");
  else if (peer_is_closed (peer))
    fail (self, "the server closes the connection");
  else if (now_us - self->posted_us >= JOIN_LIMIT_US)
    fail (self, fault_of (self));
}

/* Whether nobody is joining any more. */
static gboolean
look_at_all (Viewers *self, gint64 now_us)
{
  gboolean is_settled = self->n_started == self->options->n_viewers;

  for (guint i = 0; i < self->n_started; i++) {
    look (&self->viewers[i], now_us);
    is_settled &= self->viewers[i].state >= VIEWER_WATCHING;
  }
  return is_settled;
}

static void
serve_http (void)
{
  for (guint i = 0; i < EVENTS_MAX; i++)
    if (!g_main_context_iteration (NULL, FALSE))
      return;
}

static gboolean
is_done (const Viewers *self, gint64 now_us)
{
  return self->settled_us != 0 &&
      now_us - self->settled_us >= self->options->duration_s * G_USEC_PER_SEC;
}

static gboolean
has_watchers (const Viewers *self)
{
  for (guint i = 0; i < self->n_started; i++)
    if (self->viewers[i].state == VIEWER_WATCHING)
      return TRUE;
  return FALSE;
}

void
viewers_run (Viewers *self, const volatile sig_atomic_t *is_over)
{
  gint64 next_look_us = 0;
  gint64 now_us = self->start_us = g_get_monotonic_time ();

  while (!*is_over && !is_done (self, now_us)) {
    start_due (self, now_us);
    crowd_serve (self->crowd);
    serve_http ();
    now_us = g_get_monotonic_time ();
    if (self->settled_us != 0 || now_us < next_look_us)
      continue;
    next_look_us = now_us + LOOK_US;
    if (!look_at_all (self, now_us))
      continue;
    self->settled_us = now_us;
    self->settled = crowd_count (self->crowd);
    if (!has_watchers (self))
      break;
  }
  self->end_us = now_us;
}

static void
fill_viewer (const Viewer *self, BenchReport *report)
{
  const Peer *peer = crowd_peer (self->all->crowd, self->index);
  const Playback *playback = peer_playback (peer);
  gint64 first_us = crowd_first_packet_us (self->all->crowd, self->index);

  report->n_resent += peer_counts (peer)->n_resent;
  report->n_frames += playback->n_frames;
  if (first_us != 0)
    latencies_add (report->packets, first_us - self->posted_us);
  if (playback->first_key_us != 0)
    latencies_add (report->key_frames,
        playback->first_key_us - self->posted_us);
  if (playback->n_frames > 1) {
    latencies_add (report->gaps, playback->longest_gap_us);
    latencies_add (report->rates, playback_frame_rate (playback) * 1000);
  }
}

static gdouble
measured_mbit_per_s (const Viewers *self, const CrowdCounts *now)
{
  gint64 passed_us = self->end_us - self->settled_us;

  if (self->settled_us == 0 || passed_us <= 0)
    return 0;
  return (now->n_bytes - self->settled.n_bytes) * 8.0 / passed_us;
}

static void
move_latencies (Latencies **to, Latencies **from)
{
  latencies_free (*to);
  *to = g_steal_pointer (from);
}

static void
move_tally (Tally **to, Tally **from)
{
  tally_free (*to);
  *to = g_steal_pointer (from);
}

void
viewers_fill_report (Viewers *self, BenchReport *report)
{
  self->is_over = TRUE;
  report->urls = (const gchar *const *) self->options->urls;
  report->n_viewers = self->options->n_viewers;
  report->rate = self->options->rate;
  report->seconds = (self->end_us - self->start_us) / 1e6;
  report->n_answered = self->n_answered;
  report->counts = crowd_count (self->crowd);
  report->mbit_per_s = measured_mbit_per_s (self, &report->counts);
  for (guint i = 0; i < self->n_started; i++) {
    report->n_key_frames += self->viewers[i].state == VIEWER_WATCHING;
    report->n_failed += self->viewers[i].state == VIEWER_FAILED;
    if (self->viewers[i].index >= 0)
      fill_viewer (&self->viewers[i], report);
  }
  move_latencies (&report->answers, &self->answers);
  move_tally (&report->faults, &self->faults);
  move_tally (&report->breaches, &self->breaches);
}

void
viewers_leave (Viewers *self)
{
  gint64 until_us = g_get_monotonic_time () + LEAVE_LIMIT_US;

  for (guint i = 0; i < self->n_started; i++) {
    Viewer *viewer = &self->viewers[i];

    if (viewer->index >= 0)
      crowd_leave (self->crowd, viewer->index);
    if (viewer->session != NULL)
      whep_client_delete (self->client, viewer->session);
  }
  while (whep_client_n_pending (self->client) > 0 &&
      g_get_monotonic_time () < until_us) {
    crowd_serve (self->crowd);
    serve_http ();
  }
}
