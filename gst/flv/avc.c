/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NAL units of H.264: see avc.h. */

#include "gst/flv/avc.h"

/* ITU-T H.264, table 7-1 and section D.1. */
#define NAL_TYPE_MASK 0x1f
#define SEI_RECOVERY_POINT 6
enum
{
  NAL_SLICE = 1,
  NAL_PARTITION_A = 2,
  NAL_PARTITION_B = 3,
  NAL_PARTITION_C = 4,
  NAL_IDR = 5,
  NAL_SEI = 6,
  NAL_SPS = 7,
  NAL_PPS = 8,
  NAL_DELIMITER = 9,
  NAL_END_OF_SEQUENCE = 10,
  NAL_END_OF_STREAM = 11,
  NAL_FILLER = 12,
};

/* Of 2^17 macroblocks' addresses. */
#define UE_MAX_ZEROES 18

/* Sections 7.3.2.3.1 and D.1: numbers are a run of 255s and a last byte.
 * Emulation prevention may make a size too small by a few bytes, never too
 * large, and a recovery point is the first message in practice. */
static gboolean
has_recovery_point (const guint8 *nal, gsize size)
{
  gsize position = 1;

  while (position < size && nal[position] != 0x80) {
    gsize numbers[2] = { 0, 0 };

    for (guint i = 0; i < 2; i++) {
      while (position < size && nal[position] == 0xff)
        numbers[i] += nal[position++];
      if (position == size)
        return FALSE;
      numbers[i] += nal[position++];
    }
    if (numbers[0] == SEI_RECOVERY_POINT)
      return TRUE;
    if (size - position < numbers[1])
      return FALSE;
    position += numbers[1];
  }
  return FALSE;
}

static guint
read_bit (const guint8 *data, gsize size, guint at)
{
  return at / 8 < size ? data[at / 8] >> (7 - at % 8) & 1 : 0;
}

/* Section 9.1. What is cut ends in zeroes; of those alone no number is made. */
static guint32
read_ue (const guint8 *data, gsize size)
{
  guint n_zeroes = 0;
  guint32 number = 0;

  while (n_zeroes < UE_MAX_ZEROES && read_bit (data, size, n_zeroes) == 0)
    n_zeroes++;
  if (n_zeroes == UE_MAX_ZEROES)
    return G_MAXUINT32;
  for (guint i = 0; i <= n_zeroes; i++)
    number = number << 1 | read_bit (data, size, n_zeroes + i);
  return number - 1;
}

/* Section 7.3.3: first_mb_in_slice comes first. */
static FlvNaluFacts
read_slice (const guint8 *nal, gsize size)
{
  FlvNaluFacts facts = { .kind = FLV_NALU_SLICE };

  facts.is_key = (nal[0] & NAL_TYPE_MASK) == NAL_IDR;
  facts.position = read_ue (nal + 1, size - 1);
  facts.starts_picture = size > 1 && facts.position == 0;
  return facts;
}

FlvNaluFacts
flv_avc_read_nalu (const guint8 *nal, gsize size)
{
  switch (nal[0] & NAL_TYPE_MASK) {
    case NAL_SLICE:
    case NAL_PARTITION_A:
    case NAL_IDR:
      return read_slice (nal, size);
    case NAL_PARTITION_B:
    case NAL_PARTITION_C:
      return (FlvNaluFacts){ .kind = FLV_NALU_SLICE };
    case NAL_SPS:
      return (FlvNaluFacts){ .kind = FLV_NALU_SET, .set = FLV_SET_SPS };
    case NAL_PPS:
      return (FlvNaluFacts){ .kind = FLV_NALU_SET, .set = FLV_SET_PPS };
    case NAL_SEI:
      if (has_recovery_point (nal, size))
        return (FlvNaluFacts){ .kind = FLV_NALU_OTHER };
      return (FlvNaluFacts){ .kind = FLV_NALU_USELESS };
    case NAL_DELIMITER:
    case NAL_END_OF_SEQUENCE:
    case NAL_END_OF_STREAM:
    case NAL_FILLER:
      return (FlvNaluFacts){ .kind = FLV_NALU_USELESS };
    default:
      return (FlvNaluFacts){ .kind = FLV_NALU_OTHER };
  }
}
