/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* AAC's headers: see aac.h. */

#include "gst/flv/aac.h"
#include "gst/bitstream/bitreader.h"

/* Audio object types, ISO 14496-3 table 1.17. */
#define AAC_MAIN 1
#define AAC_LC 2
#define AAC_LTP 4
#define AAC_SBR 5
#define ER_AAC_LC 17
#define ER_AAC_LD 23
#define AAC_PS 29
#define ER_AAC_ELD 39
#define ESCAPE 31

#define EXPLICIT_RATE 15
/* Channel configurations, table 1.19: these are reserved. */
#define IS_RESERVED_LAYOUT(n) (((n) >= 8 && (n) <= 10) || (n) == 15)

#define ADTS_BYTES 7
#define ADTS_CRC_BYTES 2
#define LOAS_BYTES 3

static const guint rates[] = { 96000, 88200, 64000, 48000, 44100, 32000, 24000,
  22050, 16000, 12000, 11025, 8000, 7350 };

static guint
read_object_type (BitReader *bits)
{
  guint type = bit_reader_read (bits, 5);

  return type == ESCAPE ? 32 + bit_reader_read (bits, 6) : type;
}

/* Returns 0 for a reserved index. */
static guint
read_rate (BitReader *bits)
{
  guint index = bit_reader_read (bits, 4);

  if (index == EXPLICIT_RATE)
    return bit_reader_read (bits, 24);
  return index < G_N_ELEMENTS (rates) ? rates[index] : 0;
}

static gboolean
is_supported (guint object_type)
{
  switch (object_type) {
    case AAC_MAIN:
    case AAC_LC:
    case AAC_LTP:
    case ER_AAC_LC:
    case ER_AAC_LD:
    case ER_AAC_ELD:
      return TRUE;
    default:
      return FALSE;
  }
}

/* If the first bit of GASpecificConfig or ELDSpecificConfig is set, frames are
 * shorter by a sixteenth. */
static guint
frame_samples (guint object_type, gboolean is_short)
{
  guint n_samples =
      object_type == ER_AAC_LD || object_type == ER_AAC_ELD ? 512 : 1024;

  return is_short ? n_samples - n_samples / 16 : n_samples;
}

FlvAacVerdict
flv_aac_config_parse (FlvAacConfig *config, const guint8 *data, gsize size)
{
  BitReader bits;

  bit_reader_init (&bits, data, size);
  *config = (FlvAacConfig){ .object_type = read_object_type (&bits) };
  config->rate = read_rate (&bits);
  config->n_channels = bit_reader_read (&bits, 4);
  if (config->object_type == AAC_SBR || config->object_type == AAC_PS) {
    read_rate (&bits);
    config->object_type = read_object_type (&bits);
  }
  if (bit_reader_is_past_end (&bits))
    return FLV_AAC_MALFORMED;
  if (!is_supported (config->object_type))
    return config->object_type == 0 ? FLV_AAC_MALFORMED : FLV_AAC_UNSUPPORTED;
  if (config->rate == 0 || IS_RESERVED_LAYOUT (config->n_channels))
    return FLV_AAC_MALFORMED;
  config->n_samples =
      frame_samples (config->object_type, bit_reader_read (&bits, 1) != 0);
  return bit_reader_is_past_end (&bits) ? FLV_AAC_MALFORMED : FLV_AAC_OK;
}

static gboolean
is_adts (const guint8 *data, gsize size)
{
  return size >= 2 && data[0] == 0xff && (data[1] & 0xf6) == 0xf0;
}

gboolean
flv_adts_parse (FlvAdtsFrame *frame, const guint8 *data, gsize size)
{
  gsize header_size, length;
  guint profile, rate, layout;

  *frame = (FlvAdtsFrame){ 0 };
  if (!is_adts (data, size) || size < ADTS_BYTES)
    return FALSE;
  header_size = ADTS_BYTES + (data[1] & 1 ? 0 : ADTS_CRC_BYTES);
  profile = data[2] >> 6;
  rate = data[2] >> 2 & 0x0f;
  layout = (data[2] & 1) << 2 | data[3] >> 6;
  length = (data[3] & 3) << 11 | data[4] << 3 | data[5] >> 5;
  if (rate >= G_N_ELEMENTS (rates) || size < header_size)
    return FALSE;

  frame->end = length;
  if (length < header_size || length > size ||
      (length < size && !is_adts (data + length, size - length)))
    frame->end = size;
  frame->offset = header_size;
  frame->size = frame->end - header_size;
  frame->has_many_blocks = (data[6] & 3) != 0;
  /* ADTS counts profiles from zero, object types are numbered from one. */
  frame->config[0] = (profile + 1) << 3 | rate >> 1;
  frame->config[1] = (rate & 1) << 7 | layout << 3;
  return TRUE;
}

gboolean
flv_aac_is_loas (const guint8 *data, gsize size)
{
  if (size < LOAS_BYTES || data[0] != 0x56 || (data[1] & 0xe0) != 0xe0)
    return FALSE;
  return LOAS_BYTES + ((data[1] & 0x1fu) << 8 | data[2]) == size;
}
