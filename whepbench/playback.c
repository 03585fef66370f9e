/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a viewer sees of a video track: see playback.h. */

#include "whepbench/playback.h"
#include "ext/whep/stream/keyframe.h"

/* The aggregation header of AV1's RTP payload format, section 4.4. */
#define AV1_CONTINUES 0x80
#define AV1_STARTS_SEQUENCE 0x08

static gboolean
is_h264_key (const guint8 *payload, gsize size)
{
  H264Look look = h264_look (payload, size);

  return look.is_valid &&
      (look.nals & (H264_HAS (H264_SPS) | H264_HAS (H264_IDR))) != 0;
}

static gboolean
is_av1_key (const guint8 *payload, gsize size)
{
  return size > 1 &&
      (payload[0] & (AV1_CONTINUES | AV1_STARTS_SEQUENCE)) ==
      AV1_STARTS_SEQUENCE;
}

static PlaybackKeyTest
key_test (const gchar *encoding_name)
{
  g_autofree gchar *name = g_ascii_strup (encoding_name, -1);

  if (g_str_equal (name, "H264"))
    return is_h264_key;
  if (g_str_equal (name, "AV1"))
    return is_av1_key;
  return whep_keyframe_test (name);
}

void
playback_init (Playback *self, const gchar *encoding_name)
{
  *self = (Playback){ .is_key = key_test (encoding_name) };
}

void
playback_clear (Playback *self)
{
  g_clear_pointer (&self->recent, g_free);
}

gboolean
playback_reads_payloads (const Playback *self)
{
  return self->is_key != NULL && self->first_key_us == 0;
}

static PlaybackPacket *
slot (const Playback *self, guint64 number)
{
  return &self->recent[number % PLAYBACK_MAX_PACKETS];
}

static gboolean
has_packet_of (const Playback *self, guint64 number, guint32 rtp_time)
{
  const PlaybackPacket *packet = slot (self, number);

  return packet->number == number && packet->rtp_time == rtp_time;
}

/* The packet before the frame's first has arrived, too, so that none of the
 * frame is missing; nothing precedes the first packet of all. */
static gboolean
begins_at (const Playback *self, guint64 number)
{
  return number == self->first_number ||
      slot (self, number - 1)->number == number - 1;
}

/* Whether the frame that packet @number belongs to is a key frame of which
 * every packet has arrived. */
static gboolean
completes_key (const Playback *self, guint64 number)
{
  guint32 rtp_time = slot (self, number)->rtp_time;
  gboolean has_key = FALSE;
  guint64 first = number, last = number;

  while (number - first < PLAYBACK_MAX_PACKETS &&
      has_packet_of (self, first - 1, rtp_time))
    first--;
  while (last - first < PLAYBACK_MAX_PACKETS && !slot (self, last)->is_marked &&
      has_packet_of (self, last + 1, rtp_time))
    last++;
  if (!slot (self, last)->is_marked || !begins_at (self, first))
    return FALSE;
  for (guint64 i = first; i <= last; i++)
    has_key |= slot (self, i)->starts_key;
  return has_key;
}

static void
look_for_key (Playback *self, guint64 number, const RtpPacket *packet,
    gint64 now_us)
{
  gboolean is_late = number < self->newest_number;

  if (self->recent == NULL)
    self->recent = g_new0 (PlaybackPacket, PLAYBACK_MAX_PACKETS);
  if (self->first_number == 0 || number < self->first_number)
    self->first_number = number;
  self->newest_number = MAX (self->newest_number, number);
  *slot (self, number) = (PlaybackPacket){ .number = number,
    .rtp_time = packet->rtp_time,
    .is_marked = packet->is_marked,
    .starts_key = self->is_key (packet->payload, packet->payload_size) };
  /* Any other packet leaves its frame without an end. */
  if (!packet->is_marked && !is_late)
    return;
  if (completes_key (self, number)) {
    self->first_key_us = now_us;
    playback_clear (self);
  }
}

void
playback_add (Playback *self, guint64 number, const RtpPacket *packet,
    gint64 now_us)
{
  if (playback_reads_payloads (self))
    look_for_key (self, number, packet, now_us);
  if (!packet->is_marked)
    return;
  if (self->n_frames++ == 0)
    self->first_frame_us = now_us;
  else
    self->longest_gap_us =
        MAX (self->longest_gap_us, now_us - self->last_frame_us);
  self->last_frame_us = now_us;
}

gdouble
playback_frame_rate (const Playback *self)
{
  gint64 passed_us = self->last_frame_us - self->first_frame_us;

  if (self->n_frames < 2 || passed_us <= 0)
    return 0;
  return (self->n_frames - 1) * (gdouble) G_USEC_PER_SEC / passed_us;
}
