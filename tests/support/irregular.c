/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A publisher without a rhythm: see irregular.h. */

#include "tests/support/irregular.h"

#include <string.h>

/* A still of a slide show; longer than the time after which a viewer that
 * receives nothing asks for a key frame. */
#define STILL_PERMILLE 2
#define STILL_US (3 * G_USEC_PER_SEC)
/* Some units of RTP time, because frames are told apart by their timestamps. */
#define MIN_FRAME_US 100
#define DROPPABLE_PERMILLE 300
/* Publishers are told apart by it; 0 is none. */
#define FIRST_PUBLISHER 1

void
irregular_init (Irregular *self, const IrregularParams *params,
    WhepStream *stream, guint32 seed)
{
  *self = (Irregular){ .params = *params,
    .stream = stream,
    .rand = g_rand_new_with_seed (seed),
    .publisher = FIRST_PUBLISHER };
}

void
irregular_clear (Irregular *self)
{
  g_rand_free (self->rand);
}

static gboolean
happens (Irregular *self, guint permille)
{
  return (guint) g_rand_int_range (self->rand, 0, 1000) < permille;
}

void
irregular_begin (Irregular *self, gboolean has_rendition, gint64 now_us)
{
  self->is_on = TRUE;
  self->has_rendition = has_rendition;
  self->publisher++;
  self->needs_key = TRUE;
  self->start_us = now_us;
  self->first_rtp_time = g_rand_int (self->rand);
  self->video_us = now_us;
  self->audio_us = now_us;
  whep_stream_begin_track (self->stream, WHEP_VIDEO, self->publisher,
      has_rendition ? "VP9" : "H264", IRREGULAR_VIDEO_HZ);
  whep_stream_begin_track (self->stream, WHEP_AUDIO, self->publisher, "OPUS",
      IRREGULAR_AUDIO_HZ);
  if (!has_rendition)
    return;
  whep_stream_offer_rendition (self->stream, self->publisher, "H264");
  whep_stream_begin_track (self->stream, WHEP_RENDITION, self->publisher,
      "H264", IRREGULAR_VIDEO_HZ);
}

void
irregular_end (Irregular *self, gint64 now_us)
{
  if (!self->is_on)
    return;
  self->is_on = FALSE;
  for (guint i = 0; i < WHEP_N_SLOTS; i++)
    whep_stream_end_track (self->stream, i, self->publisher, now_us);
}

static guint32
rtp_time (const Irregular *self, gint64 due_us, guint clock_rate)
{
  return self->first_rtp_time +
      (due_us - self->start_us) * clock_rate / G_USEC_PER_SEC;
}

static WhepPacket *
new_packet (Irregular *self, const IrregularMark *mark)
{
  gsize size = sizeof (*mark);
  WhepPacket *packet;

  if (self->params.max_payload_bytes > 0)
    size += g_rand_int_range (self->rand, 0, self->params.max_payload_bytes);
  packet = whep_packet_new (size);
  memcpy (packet->payload, mark, sizeof (*mark));
  memset (packet->payload + sizeof (*mark), mark->frame + mark->index,
      size - sizeof (*mark));
  packet->frame = mark->frame;
  packet->is_marked = mark->is_last && !mark->is_audio;
  packet->starts_key_frame = mark->is_key && mark->index == 0;
  packet->is_droppable = mark->is_droppable;
  return packet;
}

static void
add (Irregular *self, WhepTrackKind kind, IrregularMark mark, gint64 due_us)
{
  WhepTrack *track = &self->stream->tracks[kind];
  WhepPacket *packet;

  if (!track->is_live || track->publisher != self->publisher)
    return;
  mark.epoch = track->epoch;
  packet = new_packet (self, &mark);
  packet->media_us = due_us;
  packet->rtp_time = rtp_time (self, due_us, track->clock_rate);
  whep_log_add (track->log, packet);
}

/* A frame may be one packet and a key frame, or a hundred packets and none. */
static void
add_frame (Irregular *self)
{
  guint n_packets = 1;
  IrregularMark mark = { .frame = self->frame++ };

  if (happens (self, 600))
    n_packets = g_rand_int_range (self->rand, 1, self->params.max_packets + 1);
  mark.is_key = self->needs_key || happens (self, self->params.key_permille);
  /* An encoder may call a key frame droppable: no frame after it refers to it.
   */
  mark.is_droppable = happens (self, DROPPABLE_PERMILLE);
  self->needs_key = FALSE;
  for (guint i = 0; i < n_packets; i++) {
    mark.index = i;
    mark.is_last = i + 1 == n_packets;
    add (self, WHEP_VIDEO, mark, self->video_us);
    if (self->has_rendition)
      add (self, WHEP_RENDITION, mark, self->video_us);
  }
  self->video_us += MIN_FRAME_US +
      g_rand_int_range (self->rand, 0, 2 * self->params.mean_frame_us);
  if (happens (self, STILL_PERMILLE))
    self->video_us += STILL_US;
}

static void
add_audio (Irregular *self)
{
  const IrregularMark mark = { .frame = self->n_audio++,
    .is_last = TRUE,
    .is_key = TRUE,
    .is_audio = TRUE };

  add (self, WHEP_AUDIO, mark, self->audio_us);
  self->audio_us += self->params.audio_us;
}

void
irregular_tick (Irregular *self, gint64 now_us)
{
  if (!self->is_on)
    return;
  while (self->video_us <= now_us)
    add_frame (self);
  while (self->audio_us <= now_us)
    add_audio (self);
}

gint64
irregular_deadline_us (const Irregular *self)
{
  return self->is_on ? MIN (self->video_us, self->audio_us) : G_MAXINT64;
}
