/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RTCP as a receiver needs it: see feedback.h. */

#include "whepbench/feedback.h"

#include <string.h>

#define SR 200
#define RR 201
#define SDES 202
#define BYE 203
#define RTPFB 205
#define PSFB 206
#define FMT_NACK 1
#define FMT_PLI 1
#define FMT_FIR 4
#define SDES_CNAME 1
#define BLOCK_SIZE 24

static void
write_u16 (guint8 *out, guint16 value)
{
  out[0] = value >> 8;
  out[1] = value;
}

static void
write_u32 (guint8 *out, guint32 value)
{
  write_u16 (out, value >> 16);
  write_u16 (out + 2, value);
}

static guint32
read_u32 (const guint8 *data)
{
  return (guint32) data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3];
}

static gsize
write_header (guint8 *out, guint count, guint type, gsize size, guint32 sender)
{
  out[0] = 0x80 | count;
  out[1] = type;
  write_u16 (out + 2, size / 4 - 1);
  write_u32 (out + 4, sender);
  return size;
}

static void
write_block (guint8 *out, const FeedbackBlock *block)
{
  write_u32 (out, block->ssrc);
  write_u32 (out + 4, (guint32) block->n_lost & 0xffffff);
  out[4] = block->fraction_lost;
  write_u32 (out + 8, block->highest_seq);
  write_u32 (out + 12, block->jitter);
  write_u32 (out + 16, block->last_sr);
  write_u32 (out + 20, block->delay_since_sr);
}

gsize
feedback_write_receiver_report (guint32 sender, const FeedbackBlock *blocks,
    guint n_blocks, guint8 *out)
{
  for (guint i = 0; i < n_blocks; i++)
    write_block (out + 8 + i * BLOCK_SIZE, &blocks[i]);
  return write_header (out, n_blocks, RR, 8 + n_blocks * BLOCK_SIZE, sender);
}

/* RFC 4585 section 6.2.1 */
gsize
feedback_write_nack (guint32 sender, guint32 media, const guint16 *seqs,
    guint n_seqs, guint8 *out)
{
  guint8 *pair = out + 12;

  g_assert (n_seqs > 0 && n_seqs <= FEEDBACK_MAX_SEQS);

  for (guint i = 0; i < n_seqs; pair += 4) {
    guint16 first = seqs[i++];
    guint16 others = 0;

    while (i < n_seqs && (guint16) (seqs[i] - first - 1) < 16)
      others |= 1 << (guint16) (seqs[i++] - first - 1);
    write_u16 (pair, first);
    write_u16 (pair + 2, others);
  }
  write_u32 (out + 8, media);
  return write_header (out, FMT_NACK, RTPFB, pair - out, sender);
}

gsize
feedback_write_pli (guint32 sender, guint32 media, guint8 *out)
{
  write_u32 (out + 8, media);
  return write_header (out, FMT_PLI, PSFB, 12, sender);
}

/* RFC 5104 section 4.3.1: the media source is in the entry. */
gsize
feedback_write_fir (guint32 sender, guint32 media, guint8 count, guint8 *out)
{
  memset (out + 8, 0, 12);
  write_u32 (out + 12, media);
  out[16] = count;
  return write_header (out, FMT_FIR, PSFB, 20, sender);
}

gsize
feedback_write_bye (guint32 sender, guint8 *out)
{
  return write_header (out, 1, BYE, 8, sender);
}

static gboolean
read_sr (SenderReport *report, const guint8 *body, gsize size)
{
  if (size < 24)
    return FALSE;
  report->has_report = TRUE;
  report->ssrc = read_u32 (body);
  report->ntp_time = (guint64) read_u32 (body + 4) << 32 | read_u32 (body + 8);
  report->rtp_time = read_u32 (body + 12);
  report->n_packets = read_u32 (body + 16);
  report->n_bytes = read_u32 (body + 20);
  return TRUE;
}

static gboolean
read_cname (SenderReport *report, const guint8 *body, gsize size)
{
  if (size < 8 || body[4] != SDES_CNAME || body[5] > size - 6)
    return FALSE;
  memcpy (report->cname, body + 6, body[5]);
  report->cname[body[5]] = '\0';
  return TRUE;
}

static gboolean
read_bye (SenderReport *report, const guint8 *body, gsize size)
{
  if (size < 4)
    return FALSE;
  report->has_bye = TRUE;
  report->ssrc = read_u32 (body);
  return TRUE;
}

gboolean
feedback_read_sender (SenderReport *report, const guint8 *data, gsize size)
{
  memset (report, 0, sizeof (*report));
  for (gsize at = 0; at < size;) {
    gsize packet_size;
    gboolean is_good = TRUE;

    if (size - at < 4 || data[at] >> 6 != 2)
      return FALSE;
    packet_size = 4 * (1 + (gsize) (data[at + 2] << 8 | data[at + 3]));
    if (packet_size > size - at)
      return FALSE;
    if (data[at + 1] == SR)
      is_good = read_sr (report, data + at + 4, packet_size - 4);
    else if (data[at + 1] == SDES)
      is_good = read_cname (report, data + at + 4, packet_size - 4);
    else if (data[at + 1] == BYE)
      is_good = read_bye (report, data + at + 4, packet_size - 4);
    if (!is_good)
      return FALSE;
    at += packet_size;
  }
  return TRUE;
}
