/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A receiver's view of one RTP source: see reception.h. */

#include "whepbench/reception.h"

#include <string.h>

#define RTP_HEADER_SIZE 12
/* RFC 4588 section 4. */
#define ORIGINAL_SEQ_SIZE 2
/* Reordered packets that may arrive before the first one. */
#define HEADROOM 512
#define ONE_BYTE_PROFILE 0xbede
#define TWO_BYTE_PROFILE 0x1000

static guint16
read_u16 (const guint8 *data)
{
  return data[0] << 8 | data[1];
}

static guint32
read_u32 (const guint8 *data)
{
  return (guint32) read_u16 (data) << 16 | read_u16 (data + 2);
}

static gboolean
cut_extension (RtpPacket *self, const guint8 **at, const guint8 *end)
{
  if (end - *at < 4)
    return FALSE;
  self->extension_profile = read_u16 (*at);
  self->extension_size = 4 * (gsize) read_u16 (*at + 2);
  self->extension = *at + 4;
  if (self->extension_size > (gsize) (end - self->extension))
    return FALSE;
  *at = self->extension + self->extension_size;
  return TRUE;
}

gboolean
rtp_parse (RtpPacket *self, const guint8 *data, gsize size)
{
  const guint8 *end = data + size;
  const guint8 *at = data + RTP_HEADER_SIZE;
  gboolean has_padding, has_extension;

  if (size < RTP_HEADER_SIZE || data[0] >> 6 != 2)
    return FALSE;
  has_padding = (data[0] & 0x20) != 0;
  has_extension = (data[0] & 0x10) != 0;
  *self = (RtpPacket){ .is_marked = data[1] >> 7,
    .pt = data[1] & 0x7f,
    .seq = read_u16 (data + 2),
    .rtp_time = read_u32 (data + 4),
    .ssrc = read_u32 (data + 8),
    .is_padded = has_padding };
  if ((gsize) (end - at) < 4 * (gsize) (data[0] & 0x0f))
    return FALSE;
  at += 4 * (data[0] & 0x0f);
  if (has_extension && !cut_extension (self, &at, end))
    return FALSE;
  self->payload = at;
  self->payload_size = end - at;
  return TRUE;
}

/* RFC 3550 section 5.1: the last octet counts itself. */
gboolean
rtp_remove_padding (RtpPacket *self)
{
  guint8 n_padding;

  if (!self->is_padded)
    return TRUE;
  n_padding =
      self->payload_size == 0 ? 0 : self->payload[self->payload_size - 1];
  if (n_padding == 0 || n_padding > self->payload_size)
    return FALSE;
  self->payload_size -= n_padding;
  self->is_padded = FALSE;
  return TRUE;
}

gboolean
rtp_read_original (RtpPacket *self)
{
  if (self->payload_size <= ORIGINAL_SEQ_SIZE)
    return FALSE;
  self->seq = read_u16 (self->payload);
  self->payload += ORIGINAL_SEQ_SIZE;
  self->payload_size -= ORIGINAL_SEQ_SIZE;
  return TRUE;
}

/* FNV-1a */
guint64
payload_hash (const guint8 *payload, gsize size)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (gsize i = 0; i < size; i++)
    hash = (hash ^ payload[i]) * G_GUINT64_CONSTANT (0x100000001b3);
  return hash;
}

const guint8 *
received_extension (const ReceivedPacket *self, guint id, gsize *size)
{
  gboolean is_two_byte = (self->extension_profile & 0xfff0) == TWO_BYTE_PROFILE;
  const guint8 *at = self->extension;
  const guint8 *end = at + self->extension_size;

  if (!is_two_byte && self->extension_profile != ONE_BYTE_PROFILE)
    return NULL;
  while (at < end) {
    guint its_id = is_two_byte ? at[0] : at[0] >> 4;
    gsize header = is_two_byte ? 2 : 1;

    if (its_id == 0) { /* padding */
      at++;
      continue;
    }
    if ((gsize) (end - at) < header)
      return NULL;
    *size = is_two_byte ? at[1] : (at[0] & 0x0f) + 1;
    if (*size > (gsize) (end - at) - header)
      return NULL;
    if (its_id == id)
      return at + header;
    at += header + *size;
  }
  return NULL;
}

void
reception_init (Reception *self, gboolean is_video, guint clock_rate,
    gboolean keeps_packets, gboolean asks_for_missing)
{
  *self = (Reception){ .is_video = is_video,
    .clock_rate = clock_rate,
    .keeps_packets = keeps_packets,
    .asks_for_missing = asks_for_missing };
  self->packets = g_array_new (FALSE, TRUE, sizeof (ReceivedPacket));
  self->missing = g_array_new (FALSE, FALSE, sizeof (MissingPacket));
}

void
reception_clear (Reception *self)
{
  g_clear_pointer (&self->packets, g_array_unref);
  g_clear_pointer (&self->missing, g_array_unref);
}

static ReceivedPacket *
kept (const Reception *self, guint64 seq)
{
  if (seq < self->base_seq || seq - self->base_seq >= self->packets->len)
    return NULL;
  return &g_array_index (self->packets, ReceivedPacket, seq - self->base_seq);
}

const ReceivedPacket *
reception_get (const Reception *self, guint64 seq)
{
  const ReceivedPacket *packet = kept (self, seq);

  return packet == NULL || packet->n_copies == 0 ? NULL : packet;
}

static guint64
extend (Reception *self, guint16 seq)
{
  if (!self->has_started) {
    self->has_started = TRUE;
    self->highest_seq = 65536 + (guint64) seq;
    self->first_seq = self->highest_seq;
    self->base_seq = self->highest_seq - HEADROOM;
    return self->highest_seq;
  }
  return self->highest_seq + (gint16) (seq - (guint16) self->highest_seq);
}

static void
miss (Reception *self, guint64 from, guint64 to, gint64 now_us)
{
  for (guint64 seq = from;
       seq < to && self->missing->len < RECEPTION_MAX_MISSING; seq++) {
    MissingPacket missing = { .seq = seq, .ask_at_us = now_us };

    g_array_append_val (self->missing, missing);
  }
}

/* Returns FALSE if that packet was not missing. */
static gboolean
found (Reception *self, guint64 seq)
{
  for (guint i = 0; i < self->missing->len; i++) {
    const MissingPacket *missing =
        &g_array_index (self->missing, MissingPacket, i);

    if (missing->seq == seq) {
      self->n_repaired += missing->n_asks > 0;
      g_array_remove_index (self->missing, i);
      return TRUE;
    }
  }
  return FALSE;
}

/* Returns FALSE for a duplicate. */
static gboolean
keep (Reception *self, guint64 seq, const RtpPacket *packet, gint64 now_us)
{
  ReceivedPacket *entry;

  if (seq < self->base_seq)
    return TRUE;
  if (seq - self->base_seq >= self->packets->len)
    g_array_set_size (self->packets, seq - self->base_seq + 1);
  entry = kept (self, seq);
  if (entry->n_copies++ > 0)
    return FALSE;
  entry->pt = packet->pt;
  entry->is_marked = packet->is_marked;
  entry->rtp_time = packet->rtp_time;
  entry->received_us = now_us;
  entry->size = packet->payload_size;
  entry->hash = payload_hash (packet->payload, packet->payload_size);
  if (self->is_video)
    entry->look = h264_look (packet->payload, packet->payload_size);
  entry->extension_profile = packet->extension_profile;
  entry->extension_size = MIN (packet->extension_size, RTP_MAX_EXTENSION_BYTES);
  if (entry->extension_size > 0)
    memcpy (entry->extension, packet->extension, entry->extension_size);
  return TRUE;
}

/* RFC 3550 appendix A.8, in sixteenths. */
static void
note_jitter (Reception *self, const RtpPacket *packet, gint64 now_us)
{
  guint32 arrival = now_us * self->clock_rate / G_USEC_PER_SEC;
  guint32 transit = arrival - packet->rtp_time;
  gint32 difference = transit - self->last_transit;

  if (self->n_received > 1)
    self->jitter_q4 += ABS (difference) - ((self->jitter_q4 + 8) >> 4);
  self->last_transit = transit;
}

/* Of a packet that does not follow the highest. A packet that was given up is
 * taken for a duplicate, too: it stays lost. */
static gboolean
is_news (Reception *self, guint64 seq, gboolean was_missing)
{
  return was_missing || self->keeps_packets || !self->asks_for_missing ||
      seq < self->first_seq;
}

gboolean
reception_add (Reception *self, const RtpPacket *packet, gint64 now_us,
    guint64 *number)
{
  guint64 seq = *number = extend (self, packet->seq);
  gboolean is_first = self->n_received == 0;
  gboolean is_new = TRUE;

  self->n_received++;
  self->n_bytes += packet->payload_size;
  if (seq > self->highest_seq + 1 && self->asks_for_missing)
    miss (self, self->highest_seq + 1, seq, now_us);
  if (seq < self->highest_seq)
    self->n_reordered++;
  else
    note_jitter (self, packet, now_us);
  if (seq <= self->highest_seq && !is_first)
    is_new = is_news (self, seq, found (self, seq));
  self->first_seq = MIN (self->first_seq, seq);
  self->highest_seq = MAX (self->highest_seq, seq);
  if (self->keeps_packets)
    is_new = keep (self, seq, packet, now_us);
  self->n_duplicates += !is_new;
  return is_new;
}

guint64
reception_n_expected (const Reception *self)
{
  return self->has_started ? self->highest_seq - self->first_seq + 1 : 0;
}

guint64
reception_n_missing (const Reception *self)
{
  guint64 n_expected = reception_n_expected (self);
  guint64 n_single = self->n_received - self->n_duplicates;

  return n_expected - MIN (n_expected, n_single);
}

guint
reception_ask (Reception *self, gint64 now_us, guint16 *seqs, guint max)
{
  guint n_seqs = 0;

  for (guint i = 0; i < self->missing->len && n_seqs < max;) {
    MissingPacket *missing = &g_array_index (self->missing, MissingPacket, i);

    if (missing->n_asks == RECEPTION_MAX_ASKS) {
      g_array_remove_index (self->missing, i);
      continue;
    }
    i++;
    if (missing->ask_at_us > now_us)
      continue;
    missing->n_asks++;
    missing->ask_at_us = now_us + RECEPTION_ASK_AGAIN_US;
    self->n_asked++;
    seqs[n_seqs++] = missing->seq;
  }
  return n_seqs;
}

gint64
reception_deadline_us (const Reception *self)
{
  gint64 deadline_us = G_MAXINT64;

  for (guint i = 0; i < self->missing->len; i++)
    deadline_us = MIN (deadline_us,
        g_array_index (self->missing, MissingPacket, i).ask_at_us);
  return deadline_us;
}

/* A frame that is being assembled. */
typedef struct
{
  guint32 nals;
  gboolean is_broken;
  gboolean is_in_fragment;
} Frame;

static void
add_to_frame (Frame *frame, const ReceivedPacket *packet)
{
  const H264Look *look = &packet->look;

  if (packet->n_copies == 0 || !look->is_valid) {
    frame->is_broken = TRUE;
    return;
  }
  /* A fragment must continue one that has begun. */
  if (frame->is_in_fragment == (look->starts_fragment || !look->is_fragment))
    frame->is_broken = TRUE;
  frame->is_in_fragment = look->is_fragment && !look->ends_fragment;
  frame->nals |= look->nals;
}

static void
end_frame (Frame *frame, FrameCount *count)
{
  const guint32 key =
      H264_HAS (H264_SPS) | H264_HAS (H264_PPS) | H264_HAS (H264_IDR);

  if (frame->is_broken || frame->is_in_fragment)
    count->n_broken++;
  else
    count->n_complete++;
  if (!frame->is_broken && (frame->nals & key) == key)
    count->n_key++;
  *frame = (Frame){ 0 };
}

void
reception_count_frames (const Reception *self, FrameCount *count)
{
  Frame frame = { 0 };

  *count = (FrameCount){ 0 };
  if (!self->has_started)
    return;
  for (guint64 seq = MAX (self->first_seq, self->base_seq);
       seq <= self->highest_seq; seq++) {
    const ReceivedPacket *packet = kept (self, seq);

    add_to_frame (&frame, packet);
    if (packet->is_marked)
      end_frame (&frame, count);
  }
}
