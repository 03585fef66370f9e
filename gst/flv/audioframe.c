/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Audio frames: see audioframe.h. */

#include "gst/flv/audioframe.h"

#include "gst/flv/aac.h"
#include "gst/flv/packet.h"

#define MP3_HEADER_BYTES 4
#define OPUS_RATE 48000
#define OPUS_MAX_SAMPLES (OPUS_RATE * 120 / 1000)
#define G711_RATE 8000
#define AC3_HEADER_BYTES 6
#define AC3_SAMPLES 1536
/* Section E.2.3.1.3 of ATSC A/52: a greater bsid means E-AC-3. */
#define AC3_LAST_BSID 10
#define EAC3_BLOCK_SAMPLES 256
#define EAC3_DEPENDENT 1
#define FLAC_HEADER_BYTES 6

static void
parse_aac (FlvAudioFrame *frame, const FlvAudioFormat *format,
    const guint8 *data, gsize size)
{
  FlvAdtsFrame adts;

  frame->n_samples = format->n_samples;
  frame->rate = format->rate;
  if (!flv_adts_parse (&adts, data, size))
    return;
  frame->offset = adts.offset;
  frame->size = adts.size;
  frame->end = adts.end;
}

/* ISO 11172-3 section 2.4.2.3 and ISO 13818-3; layer 3 only. Returns 0 if the
 * header is not valid. */
static gsize
mp3_frame (const guint8 *data, guint *n_samples, guint *rate)
{
  static const guint rates[] = { 44100, 48000, 32000 };
  static const guint kbps[2][16] = {
    { 0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160 },
    { 0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320 },
  };
  guint version = data[1] >> 3 & 3; /* 0: 2.5, 2: 2, 3: 1 */
  guint bit_rate = kbps[version == 3][data[2] >> 4];
  guint rate_index = data[2] >> 2 & 3;

  if (data[0] != 0xff || (data[1] & 0xe6) != 0xe2 || version == 1 ||
      bit_rate == 0 || rate_index == 3)
    return 0;
  *rate = rates[rate_index] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
  *n_samples = version == 3 ? 1152 : 576;
  return *n_samples / 8 * bit_rate * 1000 / *rate + (data[2] >> 1 & 1);
}

/* The parser downstream splits frames, whether complete or not. They are only
 * counted here if they fill the tag. */
static void
parse_mp3 (FlvAudioFrame *frame, const guint8 *data, gsize size)
{
  guint n_all = 0, rate = 0;
  gsize n_read = 0;

  while (size - n_read >= MP3_HEADER_BYTES) {
    guint n_samples;
    gsize frame_size = mp3_frame (data + n_read, &n_samples, &rate);

    if (frame_size == 0 || frame_size > size - n_read)
      return;
    n_all += n_samples;
    n_read += frame_size;
  }
  if (n_read != size)
    return;
  frame->n_samples = n_all;
  frame->rate = rate;
}

/* RFC 6716 section 3.1. A packet of more than 120 ms is invalid (section 3.4,
 * R5): its length is unknown. */
static void
parse_opus (FlvAudioFrame *frame, const guint8 *data, gsize size)
{
  guint config = data[0] >> 3;
  guint code = data[0] & 3;
  guint n_frames = code == 0 ? 1 : code < 3 ? 2 : size > 1 ? data[1] & 63 : 0;
  guint n_samples = OPUS_RATE / 400 << (config & 3);

  if (config < 12)
    n_samples = (config & 3) == 3 ? OPUS_RATE * 60 / 1000
                                  : OPUS_RATE / 100 << (config & 3);
  else if (config < 16)
    n_samples = OPUS_RATE / 100 << (config & 1);
  n_samples *= n_frames;
  frame->n_samples = n_samples <= OPUS_MAX_SAMPLES ? n_samples : 0;
  frame->rate = OPUS_RATE;
}

static void
parse_g711 (FlvAudioFrame *frame, const FlvAudioFormat *format, gsize size)
{
  frame->n_samples = size / MAX (format->n_channels, 1);
  frame->rate = G711_RATE;
}

/* RFC 9639 section 9.1: the block size is in the third byte of the header, or
 * follows the frame number, which is coded like UTF-8. */
static void
parse_flac (FlvAudioFrame *frame, const FlvAudioFormat *format,
    const guint8 *data, gsize size)
{
  guint code;
  gsize after = 4;

  if (size < FLAC_HEADER_BYTES || data[0] != 0xff || (data[1] & 0xfe) != 0xf8)
    return;
  code = data[2] >> 4;
  for (guint8 bit = 0x40; data[4] >= 0xc0 && (data[4] & bit); bit >>= 1)
    after++;
  after++;
  frame->rate = format->rate;
  if (code == 1)
    frame->n_samples = 192;
  else if (code >= 2 && code <= 5)
    frame->n_samples = 576 << (code - 2);
  else if (code >= 8)
    frame->n_samples = 256 << (code - 8);
  else if (code == 6 && after < size)
    frame->n_samples = data[after] + 1;
  else if (code == 7 && after + 1 < size)
    frame->n_samples = (data[after] << 8 | data[after + 1]) + 1;
}

/* Returns the number of blocks in the syncframes that fill the payload, except
 * those of dependent substreams, which only add channels; 0 if the syncframes
 * don't fill it. */
static guint
eac3_blocks (const guint8 *data, gsize size)
{
  static const guint n_blocks[] = { 1, 2, 3, 6 };
  guint n_all = 0;

  while (size >= AC3_HEADER_BYTES && data[0] == 0x0b && data[1] == 0x77) {
    gsize frame_size = ((data[2] & 7) << 8 | data[3]) * 2 + 2;
    gboolean has_half_rate = data[4] >> 6 == 3;

    if (frame_size < AC3_HEADER_BYTES || frame_size > size)
      return 0;
    /* The stream type, and the substream ID. */
    if (data[2] >> 6 != EAC3_DEPENDENT && (data[2] >> 3 & 7) == 0)
      n_all += has_half_rate ? 6 : n_blocks[data[4] >> 4 & 3];
    data += frame_size;
    size -= frame_size;
  }
  return size == 0 ? n_all : 0;
}

/* ATSC A/52 section 5.3 and annex E. */
static void
parse_ac3 (FlvAudioFrame *frame, const guint8 *data, gsize size)
{
  static const guint rates[] = { 48000, 44100, 32000 };
  guint rate_index, half_index;

  if (size < AC3_HEADER_BYTES || data[0] != 0x0b || data[1] != 0x77)
    return;
  rate_index = data[4] >> 6;
  half_index = data[4] >> 4 & 3;
  if (rate_index < 3)
    frame->rate = rates[rate_index];
  if (data[5] >> 3 <= AC3_LAST_BSID) {
    frame->n_samples = rate_index < 3 ? AC3_SAMPLES : 0;
    return;
  }
  if (rate_index == 3 && half_index < 3)
    frame->rate = rates[half_index] / 2;
  frame->n_samples =
      frame->rate != 0 ? eac3_blocks (data, size) * EAC3_BLOCK_SAMPLES : 0;
}

void
flv_audio_frame_parse (FlvAudioFrame *frame, guint32 codec,
    const FlvAudioFormat *format, const guint8 *data, gsize size)
{
  *frame = (FlvAudioFrame){ .size = size, .end = size };
  switch (codec) {
    case FLV_CODEC_AAC:
      parse_aac (frame, format, data, size);
      break;
    case FLV_CODEC_MP3:
      parse_mp3 (frame, data, size);
      break;
    case FLV_CODEC_OPUS:
      parse_opus (frame, data, size);
      break;
    case FLV_CODEC_ALAW:
    case FLV_CODEC_MULAW:
      parse_g711 (frame, format, size);
      break;
    case FLV_CODEC_FLAC:
      parse_flac (frame, format, data, size);
      break;
    case FLV_CODEC_AC3:
    case FLV_CODEC_EAC3:
      parse_ac3 (frame, data, size);
      break;
    default:
      break;
  }
  if (frame->rate == 0)
    frame->n_samples = 0;
}
