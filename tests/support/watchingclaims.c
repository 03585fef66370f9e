/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Claims about what a peer received: see watchingclaims.h. */

#include "tests/support/watchingclaims.h"

#include <gst/check/gstcheck.h>

/* A packet this old is no longer live. */
#define LIVE_US (50 * MS)
/* Packets that may have been lost at the end of a run, where no later packet
 * reveals the loss to the peer. */
#define TAIL_PACKETS 20
/* Seconds from NTP's epoch of 1900 to 1970 (RFC 5905 section 6). */
#define NTP_EPOCH_SECONDS 2208988800

void
watching_start (Watching *watching, const WatchingParams *params,
    gint64 before_us)
{
  watching_init (watching, params);
  camera_start (&watching->camera, CAMERA_RTP_TIME,
      network_now_us (watching->network));
  watching_run_for (watching, before_us);
  watching_connect (watching);
}

WhepViewerStats
watching_stats (const Watching *watching)
{
  WhepViewerStats stats;

  whep_viewer_stats (watching->viewer, &stats);
  return stats;
}

void
assert_unbroken (const Watching *watching, WhepTrackKind kind, guint64 from,
    guint64 to)
{
  const Reception *reception = peer_reception (watching->peer, kind);
  guint made_index = watching_made_index (watching, kind, from);
  guint32 offset = reception_get (reception, from)->rtp_time -
      camera_made (&watching->camera, kind, made_index)->rtp_time;

  for (guint64 seq = from; seq <= to; seq++, made_index++) {
    const ReceivedPacket *received = reception_get (reception, seq);
    const MadePacket *made = camera_made (&watching->camera, kind, made_index);

    ck_assert_msg (received != NULL, "seed %u: %s packet %u of %u is missing",
        watching->params.seed, kind == WHEP_VIDEO ? "video" : "audio",
        (guint) (seq - from), (guint) (to - from));
    ck_assert_uint_eq (received->n_copies, 1);
    ck_assert_uint_eq (received->hash, made->hash);
    ck_assert_uint_eq (received->size, made->size);
    ck_assert_int_eq (received->is_marked, made->is_marked);
    ck_assert_uint_eq (received->rtp_time - made->rtp_time, offset);
    ck_assert_uint_eq (received->pt,
        watching->viewer_params.tracks[kind].media.pt);
  }
}

void
assert_all_arrived (const Watching *watching, WhepTrackKind kind)
{
  const Reception *reception = peer_reception (watching->peer, kind);
  guint n_made = camera_n_made (&watching->camera, kind);
  guint first;

  ck_assert (reception->has_started);
  assert_unbroken (watching, kind, reception->first_seq,
      reception->highest_seq);
  first = watching_made_index (watching, kind, reception->first_seq);
  ck_assert_msg (first + reception_n_expected (reception) + TAIL_PACKETS >=
          n_made,
      "seed %u: %u of %u", watching->params.seed,
      (guint) reception_n_expected (reception), n_made - first);
  ck_assert_uint_eq (reception->n_duplicates, 0);
  ck_assert_uint_eq (peer_counts (watching->peer)->n_forged, 0);
  ck_assert_uint_eq (peer_counts (watching->peer)->n_unknown, 0);
}

/* The time that the newest packet took from the camera to the peer. */
static gint64
newest_delay_us (const Watching *watching, WhepTrackKind kind)
{
  const Reception *reception = peer_reception (watching->peer, kind);
  guint64 seq = reception->highest_seq;
  guint made = watching_made_index (watching, kind, seq);

  return reception_get (reception, seq)->received_us -
      camera_made (&watching->camera, kind, made)->media_us;
}

void
assert_live (const Watching *watching)
{
  gint64 now_us = network_now_us (watching->network);
  const Reception *video = peer_reception (watching->peer, WHEP_VIDEO);

  ck_assert (video->has_started);
  ck_assert_int_le (newest_delay_us (watching, WHEP_VIDEO), LIVE_US);
  ck_assert_int_ge (reception_get (video, video->highest_seq)->received_us,
      now_us - 2 * LIVE_US);
}

void
assert_times_never_go_back (const Watching *watching, WhepTrackKind kind)
{
  const Reception *reception = peer_reception (watching->peer, kind);
  guint32 last = 0;

  for (guint64 seq = reception->first_seq; seq <= reception->highest_seq;
       seq++) {
    const ReceivedPacket *packet = reception_get (reception, seq);

    if (packet == NULL)
      continue;
    if (seq != reception->first_seq)
      ck_assert_int_ge ((gint32) (packet->rtp_time - last), 0);
    last = packet->rtp_time;
  }
}

void
assert_on_media_clock (const Watching *watching, WhepTrackKind kind)
{
  const Reception *reception = peer_reception (watching->peer, kind);
  const SenderReport *report = &peer_reports (watching->peer, kind)->last;
  gint64 wall_us = (gint64) (report->ntp_time >> 32) * SECOND +
      (gint64) ((report->ntp_time & G_MAXUINT32) * SECOND >> 32) -
      NTP_EPOCH_SECONDS * SECOND;
  guint64 seq = reception->highest_seq;
  const ReceivedPacket *packet = reception_get (reception, seq);
  const MadePacket *made = camera_made (&watching->camera, kind,
      watching_made_index (watching, kind, seq));
  gint64 mapped_us = wall_us +
      (gint64) (gint32) (packet->rtp_time - report->rtp_time) * SECOND /
          (gint64) reception->clock_rate;
  gint64 error_us = mapped_us - NETWORK_WALL_OFFSET_US - made->media_us;

  ck_assert_msg (ABS (error_us) <= MS, "%s is off by %d us",
      kind == WHEP_VIDEO ? "video" : "audio", (gint) error_us);
}
