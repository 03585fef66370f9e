/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NAL units of H.264: see avc.h. */

#include "gst/flv/avc.h"
#include "gst/bitstream/bitreader.h"
#include "gst/bitstream/sei.h"

/* ITU-T H.264, table 7-1. */
#define NAL_TYPE_MASK 0x1f
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

/* Section 7.3.3: the header starts with first_mb_in_slice. */
static FlvNaluFacts
read_slice (const guint8 *nal, gsize size)
{
  FlvNaluFacts facts = { .kind = FLV_NALU_SLICE };
  BitReader reader;

  bit_reader_init (&reader, nal + 1, size - 1);
  facts.is_key = (nal[0] & NAL_TYPE_MASK) == NAL_IDR;
  facts.position = bit_reader_read_ue (&reader);
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
      if (sei_has_recovery_point (nal + 1, size - 1))
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
