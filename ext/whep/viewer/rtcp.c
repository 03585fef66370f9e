/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes and parses RTCP: see rtcp.h. */

#include "ext/whep/viewer/rtcp.h"

#include <string.h>

/* RFC 3550 section 12.1 and RFC 4585 section 6.1. */
#define TYPE_SR 200
#define TYPE_RR 201
#define TYPE_SDES 202
#define TYPE_BYE 203
#define TYPE_RTPFB 205
#define TYPE_PSFB 206
/* RFC 3611 sections 2, 4.4 and 4.5. */
#define TYPE_XR 207
#define XR_START 8
#define XR_BLOCK_HEADER_SIZE 4
#define XR_REFERENCE_TIME 4
#define XR_REFERENCE_TIME_SIZE (XR_BLOCK_HEADER_SIZE + 8)
#define XR_DELAY 5
#define XR_DELAY_SIZE (XR_BLOCK_HEADER_SIZE + 12)
/* RFC 4585 sections 6.2.1, 6.3.1 and 6.4; RFC 5104 section 4.3.1. */
#define FORMAT_NACK 1
#define FORMAT_PLI 1
#define FORMAT_FIR 4
#define SDES_CNAME 1

#define VERSION_2 (2 << 6)
#define VERSION_MASK (3 << 6)
#define PADDING_BIT (1 << 5)
#define COUNT_MASK 31

#define HEADER_SIZE 4
/* Header and the sender's SSRC; an SR adds 20 bytes of sender information. */
#define RR_START 8
#define SR_START 28
#define BLOCK_SIZE 24
/* Header, the sender's SSRC and the media source's. */
#define FEEDBACK_START 12
#define NACK_PAIR_SIZE 4
#define FIR_ENTRY_SIZE 8

/* Seconds from 1900 to 1970. */
#define NTP_OFFSET_S G_GUINT64_CONSTANT (2208988800)

/* One packet of the compound, without its padding. */
typedef struct
{
  const guint8 *data;
  gsize size;
  guint type;
  guint count; /* of blocks, or the feedback's format */
} Packet;

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

static guint8 *
put_u32 (guint8 *out, guint32 value)
{
  out[0] = value >> 24;
  out[1] = value >> 16;
  out[2] = value >> 8;
  out[3] = value;
  return out + 4;
}

/* @data has been checked to hold a header. */
static gsize
whole_size (const guint8 *data)
{
  return ((gsize) read_u16 (data + 2) + 1) * 4;
}

/* RFC 3550 section 6.4.1: only the last packet may be padded; the last byte
 * counts the padding, including itself. */
static gboolean
is_padding_valid (const guint8 *data, gsize size, gboolean is_last)
{
  guint8 n_padding = data[size - 1];

  if (!(data[0] & PADDING_BIT))
    return TRUE;
  return is_last && n_padding > 0 && n_padding % 4 == 0 &&
      n_padding <= size - HEADER_SIZE;
}

gboolean
whep_rtcp_reader_init (WhepRtcpReader *self, const guint8 *data, gsize size)
{
  gsize offset = 0;

  while (size - offset >= HEADER_SIZE) {
    const guint8 *packet = data + offset;
    gsize packet_size = whole_size (packet);

    if ((packet[0] & VERSION_MASK) != VERSION_2)
      return FALSE;
    if (packet_size > size - offset)
      return FALSE;
    offset += packet_size;
    if (!is_padding_valid (packet, packet_size, offset == size))
      return FALSE;
  }
  if (size == 0 || offset != size)
    return FALSE;

  self->data = data;
  self->size = size;
  self->offset = 0;
  self->block_index = 0;
  return TRUE;
}

static void
parse_packet (Packet *self, const guint8 *data)
{
  self->data = data;
  self->size = whole_size (data);
  self->type = data[1];
  self->count = data[0] & COUNT_MASK;
  if (data[0] & PADDING_BIT)
    self->size -= data[self->size - 1];
}

/* Returns: (nullable): the @index-th entry of @entry_size after @start, NULL
 * if the packet doesn't reach that far. */
static const guint8 *
entry_at (const Packet *packet, gsize start, gsize entry_size, guint index)
{
  gsize offset = start + index * entry_size;

  if (offset + entry_size > packet->size)
    return NULL;
  return packet->data + offset;
}

static gboolean
read_block (const Packet *packet, gsize start, guint index, WhepRtcpItem *item)
{
  const guint8 *data = entry_at (packet, start, BLOCK_SIZE, index);

  if (index >= packet->count || data == NULL)
    return FALSE;

  item->kind = WHEP_RTCP_BLOCK;
  item->ssrc = read_u32 (data);
  item->block.ssrc = item->ssrc;
  item->block.fraction_lost = data[4];
  /* 24 bits, signed: duplicates make it negative. */
  item->block.n_lost = (gint32) (read_u32 (data + 4) << 8) >> 8;
  item->block.highest_seq = read_u32 (data + 8);
  item->block.jitter = read_u32 (data + 12);
  item->block.last_sr = read_u32 (data + 16);
  item->block.delay_since_sr = read_u32 (data + 20);
  return TRUE;
}

static void
add_seq (WhepRtcpItem *item, guint16 seq)
{
  if (item->n_seqs < WHEP_RTCP_NACK_MAX)
    item->seqs[item->n_seqs++] = seq;
}

/* RFC 4585 section 6.2.1: bit i of BLP says that packet PID + i + 1 is lost as
 * well. */
static void
add_nack_pair (WhepRtcpItem *item, guint16 pid, guint16 blp)
{
  add_seq (item, pid);
  for (guint i = 0; i < 16; i++) {
    if (blp >> i & 1)
      add_seq (item, pid + i + 1);
  }
}

static gboolean
read_nack (const Packet *packet, guint index, WhepRtcpItem *item)
{
  const guint8 *pair = entry_at (packet, FEEDBACK_START, NACK_PAIR_SIZE, 0);
  const guint8 *end = packet->data + packet->size;

  if (index > 0 || pair == NULL)
    return FALSE;

  item->kind = WHEP_RTCP_NACK;
  item->ssrc = read_u32 (packet->data + 8);
  for (; pair < end; pair += NACK_PAIR_SIZE)
    add_nack_pair (item, read_u16 (pair), read_u16 (pair + 2));
  return TRUE;
}

static gboolean
read_pli (const Packet *packet, guint index, WhepRtcpItem *item)
{
  if (index > 0 || packet->size < FEEDBACK_START)
    return FALSE;

  item->kind = WHEP_RTCP_PLI;
  item->ssrc = read_u32 (packet->data + 8);
  return TRUE;
}

/* RFC 5104 section 4.3.1.1: the source is named in the entry; the header's
 * field is zero. */
static gboolean
read_fir (const Packet *packet, guint index, WhepRtcpItem *item)
{
  const guint8 *data = entry_at (packet, FEEDBACK_START, FIR_ENTRY_SIZE, index);

  if (data == NULL)
    return FALSE;

  item->kind = WHEP_RTCP_FIR;
  item->ssrc = read_u32 (data);
  return TRUE;
}

/* RFC 3611 section 3: blocks of any type, each with its length in words; the
 * first reference time is used. */
static gboolean
read_reference_time (const Packet *packet, guint index, WhepRtcpItem *item)
{
  gsize offset = XR_START;

  if (index > 0 || packet->size < XR_START)
    return FALSE;
  while (packet->size - offset >= XR_BLOCK_HEADER_SIZE) {
    const guint8 *block = packet->data + offset;
    gsize size = whole_size (block);

    if (size > packet->size - offset)
      return FALSE;
    if (block[0] == XR_REFERENCE_TIME && size == XR_REFERENCE_TIME_SIZE) {
      item->kind = WHEP_RTCP_REFERENCE_TIME;
      item->ssrc = read_u32 (packet->data + 4);
      item->reference_time = read_u32 (block + 6);
      return TRUE;
    }
    offset += size;
  }
  return FALSE;
}

static gboolean
read_item (const Packet *packet, guint index, WhepRtcpItem *item)
{
  switch (packet->type) {
    case TYPE_SR:
      return read_block (packet, SR_START, index, item);
    case TYPE_RR:
      return read_block (packet, RR_START, index, item);
    case TYPE_RTPFB:
      return packet->count == FORMAT_NACK && read_nack (packet, index, item);
    case TYPE_PSFB:
      if (packet->count == FORMAT_PLI)
        return read_pli (packet, index, item);
      return packet->count == FORMAT_FIR && read_fir (packet, index, item);
    case TYPE_XR:
      return read_reference_time (packet, index, item);
    default:
      return FALSE;
  }
}

gboolean
whep_rtcp_reader_next (WhepRtcpReader *self, WhepRtcpItem *item)
{
  item->n_seqs = 0;
  while (self->offset < self->size) {
    Packet packet;

    parse_packet (&packet, self->data + self->offset);
    if (read_item (&packet, self->block_index, item)) {
      self->block_index++;
      return TRUE;
    }
    self->offset += whole_size (packet.data);
    self->block_index = 0;
  }
  return FALSE;
}

static guint8 *
put_header (guint8 *out, guint count, guint type, gsize size)
{
  return put_u32 (out,
      (guint32) (VERSION_2 | count) << 24 | type << 16 |
          (guint32) (size / 4 - 1));
}

/* RFC 3550 section 6.5: the items end with one to four zero bytes. */
static guint8 *
put_sdes (guint8 *out, guint32 ssrc, const gchar *cname)
{
  gsize length = strnlen (cname, WHEP_RTCP_CNAME_MAX);
  gsize size = RR_START + (2 + length) / 4 * 4 + 4;
  guint8 *items = put_u32 (put_header (out, 1, TYPE_SDES, size), ssrc);

  memset (items, 0, out + size - items);
  items[0] = SDES_CNAME;
  items[1] = length;
  memcpy (items + 2, cname, length);
  return out + size;
}

static guint8 *
put_echo (guint8 *out, const WhepRtcpReport *report)
{
  guint8 *end = put_header (out, 0, TYPE_XR, XR_START + XR_DELAY_SIZE);

  end = put_u32 (end, report->ssrc);
  end = put_u32 (end, (guint32) XR_DELAY << 24 | (XR_DELAY_SIZE / 4 - 1));
  end = put_u32 (end, report->echo_ssrc);
  end = put_u32 (end, report->echo_time);
  return put_u32 (end, report->echo_delay);
}

gsize
whep_rtcp_write_report (const WhepRtcpReport *report, guint8 *out)
{
  guint8 *end = put_header (out, 0, TYPE_SR, SR_START);

  end = put_u32 (end, report->ssrc);
  end = put_u32 (end, report->ntp_time >> 32);
  end = put_u32 (end, report->ntp_time);
  end = put_u32 (end, report->rtp_time);
  end = put_u32 (end, report->n_packets);
  end = put_u32 (end, report->n_bytes);
  end = put_sdes (end, report->ssrc, report->cname);
  if (report->echo_ssrc != 0)
    end = put_echo (end, report);
  return end - out;
}

gsize
whep_rtcp_write_bye (guint32 ssrc, guint8 *out)
{
  guint8 *end = put_header (out, 0, TYPE_RR, RR_START);

  end = put_u32 (end, ssrc);
  end = put_header (end, 1, TYPE_BYE, HEADER_SIZE + 4);
  return put_u32 (end, ssrc) - out;
}

guint64
whep_rtcp_ntp_time (gint64 wall_us)
{
  guint64 seconds = wall_us / G_USEC_PER_SEC + NTP_OFFSET_S;
  guint64 rest_us = wall_us % G_USEC_PER_SEC;

  return seconds << 32 | (rest_us << 32) / G_USEC_PER_SEC;
}
