/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The media thread alone: a crowd of peers watches what another thread of this
 * program pushes, without RTMP, HTTP and transcoding. Counts the CPU time of
 * the media thread. Prints a line of JSON. */

#include "ext/whep/http/certificate-io.h"
#include "ext/whep/media/media-io.h"
#include "gst/sdp/answer.h"
#include "whepbench/crowd-io.h"
#include "tests/bench/usage-io.h"
#include "whepbench/peersdp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Video at 2.5 Mbit/s and audio at 128 kbit/s, as in fanout. */
#define FRAME_US (G_USEC_PER_SEC / 30)
#define GOP_FRAMES 60
#define KEY_PACKETS 60
#define DELTA_PACKETS 9
#define VIDEO_BYTES 1180
#define AUDIO_US (20 * 1000)
#define AUDIO_BYTES 320
#define VIDEO_ID 1
#define AUDIO_ID 2
#define JOIN_LIMIT_US (20 * G_USEC_PER_SEC)
#define JOIN_INTERVAL_MS 10
#define SETTLE_US (3 * G_USEC_PER_SEC)

typedef struct
{
  WhepMedia *media;
  WhepCertificate *certificate;
  SSL_CTX *dtls_context;
  Crowd *crowd;
  gint64 join_interval_us;
  /* Atomic; set by the publisher's thread. */
  gint is_done;
  gint n_pushed;
} Studio;

static void
push_frame (Studio *self, guint32 frame, gint64 due_us)
{
  gboolean is_key = frame % GOP_FRAMES == 0;
  guint n_packets = is_key ? KEY_PACKETS : DELTA_PACKETS;
  WhepPacket *packets[KEY_PACKETS];

  for (guint i = 0; i < n_packets; i++) {
    WhepPacket *packet = packets[i] = whep_packet_new (VIDEO_BYTES);

    memset (packet->payload, frame, VIDEO_BYTES);
    packet->frame = frame;
    packet->rtp_time = frame * 3000;
    packet->media_us = due_us;
    packet->is_marked = i + 1 == n_packets;
    packet->starts_key_frame = is_key && i == 0;
  }
  whep_media_push (self->media, VIDEO_ID, packets, n_packets);
  g_atomic_int_add (&self->n_pushed, n_packets);
}

static void
push_audio (Studio *self, guint32 frame, gint64 due_us)
{
  WhepPacket *packet = whep_packet_new (AUDIO_BYTES);

  memset (packet->payload, frame, AUDIO_BYTES);
  packet->frame = frame;
  packet->rtp_time = frame * 960;
  packet->media_us = due_us;
  packet->starts_key_frame = TRUE;
  whep_media_push (self->media, AUDIO_ID, &packet, 1);
  g_atomic_int_inc (&self->n_pushed);
}

static gpointer
publish (gpointer data)
{
  Studio *self = data;
  gint64 frame_us = g_get_monotonic_time ();
  gint64 audio_us = frame_us;
  guint32 n_frames = 0, n_audio = 0;

  whep_media_begin_track (self->media, VIDEO_ID, "live/cam", WHEP_VIDEO, "H264",
      90000);
  whep_media_begin_track (self->media, AUDIO_ID, "live/cam", WHEP_AUDIO, "OPUS",
      48000);
  while (!g_atomic_int_get (&self->is_done)) {
    gint64 wait_us = MIN (frame_us, audio_us) - g_get_monotonic_time ();

    if (wait_us > 0)
      g_usleep (wait_us);
    if (frame_us <= audio_us) {
      push_frame (self, n_frames++, frame_us);
      frame_us += FRAME_US;
    } else {
      push_audio (self, n_audio++, audio_us);
      audio_us += AUDIO_US;
    }
  }
  return NULL;
}

static SdpAnswer *
answer_peer (const Studio *self, const Peer *peer, const gchar *ufrag)
{
  static const gchar *const addresses[] = { "127.0.0.1", NULL };
  guint32 ssrc = 2 * g_ascii_strtoull (ufrag, NULL, 10);
  const SdpAnswerParams params = { .video = { "H264", 0x42e01f, ssrc },
    .audio = { "OPUS", 0, ssrc + 1 },
    .ice_ufrag = ufrag,
    .ice_pwd = "a-password-of-24-letters",
    .fingerprint = self->certificate->fingerprint,
    .cname = "bench",
    .stream_id = "bench",
    .port = whep_media_port (self->media),
    .addresses = addresses };
  g_autofree gchar *text = peer_offer_new_plain (peer);
  g_autoptr (SdpOffer) offer = sdp_offer_parse (text, strlen (text), NULL);

  return sdp_answer_new (offer, &params, NULL);
}

static void
join (Studio *self, guint number)
{
  gint64 now_us = g_get_monotonic_time ();
  Peer *peer = crowd_new_peer (self->crowd);
  g_autofree gchar *ufrag = g_strdup_printf ("%08u", number + 1);
  g_autoptr (SdpAnswer) answer = answer_peer (self, peer, ufrag);
  WhepViewerParams params = { .stream_name = "live/cam",
    .ice_ufrag = ufrag,
    .ice_pwd = "a-password-of-24-letters",
    .remote_ufrag = peer_ice (peer)->ufrag,
    .cname = "bench",
    .dtls_context = self->dtls_context };
  PeerRemote remote;

  if (answer == NULL || !peer_remote_parse (&remote, answer->text))
    g_error ("a peer got no answer");
  params.fingerprint = peer_fingerprint (peer);
  params.tracks[WHEP_VIDEO] = (WhepSenderParams){ .media = answer->video,
    .ssrc = remote.tracks[WHEP_VIDEO].ssrc };
  params.tracks[WHEP_AUDIO] = (WhepSenderParams){ .media = answer->audio,
    .ssrc = remote.tracks[WHEP_AUDIO].ssrc };
  whep_media_open_viewer (self->media, whep_viewer_new (&params, now_us));
  crowd_add (self->crowd, peer, &remote, now_us);
}

static gint64
media_cpu_ns (void)
{
  static const gchar *const threads[] = { "whep-media", NULL };

  return usage_threads_cpu_ns (getpid (), threads);
}

static void
measure (Studio *self, guint n_viewers, guint seconds)
{
  CrowdCounts before, after;
  gint64 start_us, start_ns, passed_us, cpu_ns, join_us, join_ns;
  guint64 n_packets;
  gint n_pushed;

  join_us = g_get_monotonic_time ();
  join_ns = media_cpu_ns ();
  for (guint i = 0; i < n_viewers; i++) {
    join (self, i);
    crowd_run_for (self->crowd, self->join_interval_us);
  }
  if (!crowd_run_until_playing (self->crowd, JOIN_LIMIT_US))
    g_error ("only %u of %u viewers received media",
        crowd_count (self->crowd).n_playing, n_viewers);
  join_us = g_get_monotonic_time () - join_us;
  join_ns = media_cpu_ns () - join_ns;
  if (join_ns == 0)
    g_error ("no thread has the media threads' name");
  crowd_run_for (self->crowd, SETTLE_US);

  before = crowd_count (self->crowd);
  n_pushed = g_atomic_int_get (&self->n_pushed);
  start_us = g_get_monotonic_time ();
  start_ns = media_cpu_ns ();
  crowd_run_for (self->crowd, seconds * G_USEC_PER_SEC);
  cpu_ns = media_cpu_ns () - start_ns;
  passed_us = g_get_monotonic_time () - start_us;
  after = crowd_count (self->crowd);
  n_pushed = g_atomic_int_get (&self->n_pushed) - n_pushed;

  n_packets = after.n_packets - before.n_packets;
  printf ("{\"bench\": \"media\", \"viewers\": %u, \"threads\": %u, "
          "\"seconds\": %.1f, "
          "\"cpu_percent\": %.2f, \"packet_ns\": %.0f, "
          "\"packets_per_s\": %.0f, \"delivered\": %.4f, "
          "\"lost\": %" G_GUINT64_FORMAT
          ", \"connected\": %u, \"join_ms\": %.1f, "
          "\"all_joined_ms\": %.0f, \"join_cpu_us\": %.0f}\n",
      n_viewers, whep_media_n_threads (self->media), passed_us / 1e6,
      cpu_ns / 10.0 / passed_us, (gdouble) cpu_ns / MAX (n_packets, 1),
      n_packets * 1e6 / passed_us, (gdouble) n_packets / n_viewers / n_pushed,
      after.n_lost - before.n_lost, after.n_connected,
      latencies_ms (crowd_joins (self->crowd), 0.5), join_us / 1e3,
      join_ns / 1e3 / n_viewers);
}

int
main (int argc, char **argv)
{
  guint n_viewers = argc > 1 ? strtoul (argv[1], NULL, 10) : 50;
  guint seconds = argc > 2 ? strtoul (argv[2], NULL, 10) : 10;
  g_autoptr (GError) error = NULL;
  const WhepMediaParams params = { .address = "::",
    .n_threads = argc > 3 ? strtoul (argv[3], NULL, 10) : 1,
    .limits = whep_stream_default_limits };
  Studio studio = { .media = whep_media_new (&params, &error) };
  GThread *publisher;

  studio.join_interval_us =
      (argc > 4 ? strtoul (argv[4], NULL, 10) : JOIN_INTERVAL_MS) * 1000;
  if (studio.media == NULL)
    g_error ("cannot start the media threads: %s", error->message);
  if (n_viewers == 0 || n_viewers > CROWD_MAX_PEERS) {
    g_printerr ("usage: media VIEWERS SECONDS [THREADS [JOIN_INTERVAL_MS]]\n");
    return 1;
  }
  studio.certificate = whep_certificate_new (NULL);
  studio.dtls_context =
      whep_dtls_context_new (studio.certificate->x509, studio.certificate->key);
  studio.crowd = crowd_new ();
  publisher = g_thread_new ("publisher", publish, &studio);
  measure (&studio, n_viewers, seconds);

  g_atomic_int_set (&studio.is_done, TRUE);
  g_thread_join (publisher);
  crowd_free (studio.crowd);
  whep_media_free (studio.media);
  SSL_CTX_free (studio.dtls_context);
  whep_certificate_free (studio.certificate);
  return 0;
}
