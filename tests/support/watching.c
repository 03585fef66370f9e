/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Camera, stream, viewer and peer in one network: see watching.h. */

#include "tests/support/watching.h"
#include "whepbench/peersdp.h"

#include <string.h>

#define VIDEO_SSRC 0x11111111
#define AUDIO_SSRC 0x22222222
/* A DTLS handshake fails after 15 s. */
#define CONNECT_LIMIT_US (16 * G_USEC_PER_SEC)
/* Half a minute of the camera, and more. */
#define REWIND_BYTES (64 * 1024 * 1024)

static void
record (Watching *self, const guint8 *data, gsize size)
{
  GBytes **slot = &self->records[self->n_records++ % WATCHING_RECORDS];

  g_clear_pointer (slot, g_bytes_unref);
  *slot = g_bytes_new (data, size);
}

static void
viewer_pump (Watching *self, gint64 now_us, WhepOutbox *out)
{
  if (self->is_choked)
    return;
  self->is_outbox_full = !whep_viewer_pump (self->viewer, now_us, out);
}

static void
viewer_end_receive (gpointer end, const guint8 *data, gsize size,
    const WhepAddress *from, gint64 now_us, WhepOutbox *out)
{
  Watching *self = end;

  if (self->viewer == NULL)
    return;
  record (self, data, size);
  whep_viewer_receive (self->viewer, data, size, from, now_us, out);
  viewer_pump (self, now_us, out);
}

static void
viewer_end_tick (gpointer end, gint64 now_us, WhepOutbox *out)
{
  Watching *self = end;

  camera_tick (&self->camera, now_us);
  if (self->viewer == NULL)
    return;
  if (now_us >= whep_viewer_deadline_us (self->viewer, now_us))
    whep_viewer_tick (self->viewer, now_us, out);
  viewer_pump (self, now_us, out);
}

static gint64
viewer_end_deadline_us (gpointer end, gint64 now_us)
{
  Watching *self = end;

  /* A media thread without room waits for that. */
  if (self->viewer == NULL || self->is_choked)
    return camera_deadline_us (&self->camera);
  if (self->is_outbox_full)
    return now_us;
  return MIN (camera_deadline_us (&self->camera),
      whep_viewer_deadline_us (self->viewer, now_us));
}

static void
peer_end_receive (gpointer end, const guint8 *data, gsize size,
    const WhepAddress *from, gint64 now_us, WhepOutbox *out)
{
  Watching *self = end;

  if (self->peer != NULL)
    peer_receive (self->peer, data, size, from, now_us, out);
}

static void
peer_end_tick (gpointer end, gint64 now_us, WhepOutbox *out)
{
  Watching *self = end;

  if (self->peer != NULL)
    peer_tick (self->peer, now_us, out);
}

static gint64
peer_end_deadline_us (gpointer end, gint64 now_us)
{
  Watching *self = end;

  return self->peer == NULL ? G_MAXINT64
                            : peer_deadline_us (self->peer, now_us);
}

static const NetworkEndClass viewer_end_class = { viewer_end_receive,
  viewer_end_tick, viewer_end_deadline_us };
static const NetworkEndClass peer_end_class = { peer_end_receive, peer_end_tick,
  peer_end_deadline_us };

void
watching_init (Watching *self, const WatchingParams *params)
{
  WhepStreamLimits limits = whep_stream_default_limits;

  limits.rewind_us = params->rewind_us;
  limits.rewind_bytes = params->rewind_us > 0 ? REWIND_BYTES : 0;
  if (params->kept_bytes > 0) {
    limits.backlog_bytes = params->kept_bytes;
    limits.rewind_bytes = 0;
  }
  memset (self, 0, sizeof (*self));
  self->params = *params;
  self->network = network_new (params->seed);
  self->viewer_end = network_attach (self->network, &viewer_end_class, self);
  self->peer_end = network_attach (self->network, &peer_end_class, self);
  network_set_path (self->network, self->viewer_end, &params->path);
  network_set_path (self->network, self->peer_end, &params->path);
  self->certificate = whep_certificate_new (NULL);
  self->dtls_context =
      whep_dtls_context_new (self->certificate->x509, self->certificate->key);
  self->stream = whep_stream_new ("live/cam", &limits, NETWORK_START_US);
  camera_init (&self->camera, &camera_720p30, self->stream, params->seed);
}

void
watching_clear (Watching *self)
{
  whep_viewer_free (self->viewer);
  peer_free (self->peer);
  camera_clear (&self->camera);
  whep_stream_free (self->stream);
  SSL_CTX_free (self->dtls_context);
  whep_certificate_free (self->certificate);
  network_free (self->network);
  for (guint i = 0; i < WATCHING_RECORDS; i++)
    g_clear_pointer (&self->records[i], g_bytes_unref);
}

/* What the HTTP thread does with a POST. */
static SdpAnswer *
answer_peer (Watching *self)
{
  static const gchar *const addresses[] = { "10.0.0.1", NULL };
  const SdpAnswerParams params = {
    .video = { "H264", 0x42e01f, VIDEO_SSRC },
    .audio = { "OPUS", 0, AUDIO_SSRC },
    .ice_ufrag = "gateway1",
    .ice_pwd = "a-password-of-24-letters",
    .fingerprint = self->certificate->fingerprint,
    .cname = "gateway",
    .stream_id = "cam",
    .port = network_address (self->network, self->viewer_end).remote_port,
    .addresses = addresses,
  };
  g_autofree gchar *text = peer_offer_new_plain (self->peer);
  g_autoptr (GError) error = NULL;
  g_autoptr (SdpOffer) offer = sdp_offer_parse (text, strlen (text), &error);
  SdpAnswer *answer =
      offer == NULL ? NULL : sdp_answer_new (offer, &params, &error);

  if (answer == NULL)
    g_error ("the peer's offer got no answer: %s", error->message);
  return answer;
}

static void
make_viewer (Watching *self, const SdpAnswer *answer)
{
  WhepViewerParams *params = &self->viewer_params;

  *params = (WhepViewerParams){ .stream_name = "live/cam",
    .wall_offset_us = NETWORK_WALL_OFFSET_US,
    .ice_ufrag = "gateway1",
    .ice_pwd = "a-password-of-24-letters",
    .remote_ufrag = peer_ice (self->peer)->ufrag,
    .takes_untouched = self->params.takes_untouched,
    .delay_us = self->params.delay_us,
    .cname = "gateway",
    .dtls_context = self->dtls_context };
  params->fingerprint = peer_fingerprint (self->peer);
  if (self->params.has_wrong_fingerprint)
    params->fingerprint.value[0] ^= 1;
  /* The sequence numbers of video wrap soon. */
  params->tracks[WHEP_VIDEO] = (WhepSenderParams){ .media = answer->video,
    .ssrc = VIDEO_SSRC,
    .first_seq = 65000,
    .first_rtp_time = G_MAXUINT32 - CAMERA_VIDEO_HZ };
  params->tracks[WHEP_AUDIO] = (WhepSenderParams){ .media = answer->audio,
    .ssrc = AUDIO_SSRC,
    .first_seq = 5,
    .first_rtp_time = 0x80000000 };
  self->viewer = whep_viewer_new (params, network_now_us (self->network));
  whep_viewer_watch (self->viewer, self->stream);
}

void
watching_join (Watching *self)
{
  PeerParams params = { .seed = self->params.seed,
    .srtp_profiles = self->params.srtp_profiles,
    .is_sampling = self->params.is_sampling,
    .has_no_playout_delay = self->params.has_no_playout_delay };
  g_autoptr (SdpAnswer) answer = NULL;
  PeerRemote remote;

  self->peer = peer_new (&params);
  answer = answer_peer (self);
  make_viewer (self, answer);
  if (!peer_remote_parse (&remote, answer->text))
    g_error ("the peer cannot use its answer: %s", answer->text);
  peer_connect (self->peer, &remote, network_now_us (self->network));
}

static gboolean
is_playing (gconstpointer data)
{
  const Watching *self = data;

  return peer_is_connected (self->peer) &&
      whep_viewer_state (self->viewer) == WHEP_VIEWER_PLAYING;
}

void
watching_connect (Watching *self)
{
  watching_join (self);
  if (!network_run_until (self->network, is_playing, self, CONNECT_LIMIT_US))
    g_error ("seed %u: not connected: %s", self->params.seed,
        whep_viewer_why (self->viewer));
}

void
watching_run_for (Watching *self, gint64 duration_us)
{
  network_run_for (self->network, duration_us);
}

void
watching_viewer_closes (Watching *self, const gchar *why)
{
  WhepOutbox *out = whep_outbox_new ();

  whep_viewer_close (self->viewer, why, out);
  network_send (self->network, self->viewer_end, out);
  whep_outbox_free (out);
}

guint
watching_made_index (const Watching *self, WhepTrackKind kind, guint64 seq)
{
  const ReceivedPacket *received =
      reception_get (peer_reception (self->peer, kind), seq);

  for (guint i = 0; i < camera_n_made (&self->camera, kind); i++)
    if (camera_made (&self->camera, kind, i)->hash == received->hash)
      return i;
  g_error ("seed %u: packet %" G_GUINT64_FORMAT " was never made",
      self->params.seed, seq);
}
