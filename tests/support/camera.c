/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A publisher in virtual time: see camera.h. */

#include "tests/support/camera.h"
#include "whepbench/reception.h"

#include <string.h>

/* The payload of rtph264pay with its default MTU of 1400, less room for
 * headers. */
#define VIDEO_PACKET_SIZE 1180
#define AUDIO_PACKET_SIZE 160

const CameraParams camera_720p30 = { .frame_rate = 30,
  .gop_frames = 60,
  .key_packets = 60,
  .delta_packets = 8,
  .profile_idc = 0x42,
  .video_codec = "H264",
  .audio_codec = "OPUS",
  .audio_hz = 48000,
  .audio_us = 20 * 1000 };

/* STAP-A of an SPS and a PPS. */
#define PROFILE_IDC_AT 4
static const guint8 parameter_sets[] = { 0x78, 0, 5, 0x67, 0x42, 0xe0, 0x1f,
  0x8c, 0, 4, 0x68, 0xce, 0x3c, 0x80 };

void
camera_init (Camera *self, const CameraParams *params, WhepStream *stream,
    guint32 seed)
{
  *self = (Camera){ .params = *params, .stream = stream };
  self->rand = g_rand_new_with_seed (seed);
  for (guint i = 0; i < WHEP_N_TRACKS; i++)
    self->made[i] = g_array_new (FALSE, FALSE, sizeof (MadePacket));
}

void
camera_clear (Camera *self)
{
  g_rand_free (self->rand);
  for (guint i = 0; i < WHEP_N_TRACKS; i++)
    g_array_unref (self->made[i]);
}

void
camera_start (Camera *self, guint32 first_rtp_time, gint64 now_us)
{
  self->is_on = TRUE;
  self->start_us = now_us;
  self->first_rtp_time = first_rtp_time;
  self->n_frames = 0;
  self->n_audio = 0;
  self->publisher++;
  whep_stream_begin_track (self->stream, WHEP_VIDEO, self->publisher,
      self->params.video_codec, CAMERA_VIDEO_HZ);
  if (self->params.audio_codec != NULL)
    whep_stream_begin_track (self->stream, WHEP_AUDIO, self->publisher,
        self->params.audio_codec, self->params.audio_hz);
}

void
camera_stop (Camera *self, gint64 now_us)
{
  self->is_on = FALSE;
  whep_stream_end_track (self->stream, WHEP_VIDEO, self->publisher, now_us);
  if (self->params.audio_codec != NULL)
    whep_stream_end_track (self->stream, WHEP_AUDIO, self->publisher, now_us);
}

static WhepPacket *
random_packet (Camera *self, gsize size)
{
  WhepPacket *packet = whep_packet_new (size);

  for (gsize i = 0; i < size; i++)
    packet->payload[i] = g_rand_int (self->rand);
  return packet;
}

static void
add (Camera *self, WhepTrackKind kind, WhepPacket *packet)
{
  MadePacket made = {
    .hash = payload_hash (packet->payload, packet->size - packet->n_padding),
    .size = packet->size - packet->n_padding,
    .rtp_time = packet->rtp_time,
    .is_marked = packet->is_marked,
    .starts_key_frame = packet->starts_key_frame,
    .media_us = packet->media_us,
  };

  g_array_append_val (self->made[kind], made);
  whep_log_add (self->stream->tracks[kind].log, packet);
}

static gint64
frame_due_us (const Camera *self)
{
  return self->start_us +
      (gint64) self->n_frames * G_USEC_PER_SEC / self->params.frame_rate;
}

static gint64
audio_due_us (const Camera *self)
{
  return self->start_us + (gint64) self->n_audio * self->params.audio_us;
}

static void
stamp (Camera *self, WhepPacket *packet, gint64 due_us, guint clock_rate)
{
  packet->media_us = due_us;
  packet->rtp_time = self->first_rtp_time +
      (due_us - self->start_us) * clock_rate / G_USEC_PER_SEC;
}

static void
add_parameter_sets (Camera *self)
{
  WhepPacket *packet = whep_packet_new (sizeof (parameter_sets) + 4);

  memcpy (packet->payload, parameter_sets, sizeof (parameter_sets));
  packet->payload[PROFILE_IDC_AT] = self->params.profile_idc;
  /* The PPS includes the four bytes that follow: they have no length of their
   * own. */
  packet->payload[9] += 4;
  for (guint i = 0; i < 4; i++)
    packet->payload[sizeof (parameter_sets) + i] = g_rand_int (self->rand);
  packet->starts_key_frame = TRUE;
  packet->frame = self->frame;
  stamp (self, packet, frame_due_us (self), CAMERA_VIDEO_HZ);
  add (self, WHEP_VIDEO, packet);
}

/* One in three has some, but not the last one of a picture. */
static void
pad (WhepPacket *packet, guint index)
{
  if (index % 3 != 1)
    return;
  packet->n_padding = 1 + index % 100;
  packet->payload[packet->size - 1] = packet->n_padding;
}

static void
add_fragment (Camera *self, gboolean is_key, guint index, guint n_fragments)
{
  WhepPacket *packet = random_packet (self, VIDEO_PACKET_SIZE);
  gboolean is_last = index + 1 == n_fragments;

  packet->payload[0] = 0x7c;
  packet->payload[1] = (index == 0 ? 0x80 : 0) | (is_last ? 0x40 : 0) |
      (is_key ? H264_IDR : H264_SLICE);
  if (!is_last)
    pad (packet, index);
  packet->is_marked = is_last;
  packet->frame = self->frame;
  stamp (self, packet, frame_due_us (self), CAMERA_VIDEO_HZ);
  add (self, WHEP_VIDEO, packet);
}

static void
add_frame (Camera *self)
{
  gboolean is_key = self->n_frames % self->params.gop_frames == 0;
  guint n_fragments =
      is_key ? self->params.key_packets : self->params.delta_packets;

  if (is_key)
    add_parameter_sets (self);
  for (guint i = 0; i < n_fragments; i++)
    add_fragment (self, is_key, i, n_fragments);
  self->n_frames++;
  self->frame++;
}

static void
add_audio (Camera *self)
{
  WhepPacket *packet = random_packet (self, AUDIO_PACKET_SIZE);

  packet->frame = self->n_audio;
  packet->starts_key_frame = TRUE;
  stamp (self, packet, audio_due_us (self), self->params.audio_hz);
  add (self, WHEP_AUDIO, packet);
  self->n_audio++;
}

void
camera_tick (Camera *self, gint64 now_us)
{
  if (!self->is_on)
    return;
  while (frame_due_us (self) <= now_us)
    add_frame (self);
  while (self->params.audio_codec != NULL && audio_due_us (self) <= now_us)
    add_audio (self);
}

gint64
camera_deadline_us (const Camera *self)
{
  if (!self->is_on)
    return G_MAXINT64;
  if (self->params.audio_codec == NULL)
    return frame_due_us (self);
  return MIN (frame_due_us (self), audio_due_us (self));
}

guint
camera_n_made (const Camera *self, WhepTrackKind kind)
{
  return self->made[kind]->len;
}

const MadePacket *
camera_made (const Camera *self, WhepTrackKind kind, guint index)
{
  return &g_array_index (self->made[kind], MadePacket, index);
}
