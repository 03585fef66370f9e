/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads an RTP payload of H.264: see h264look.h. */

#include "whepbench/h264look.h"

#define STAP_A 24
#define FU_A 28
#define FU_START 0x80
#define FU_END 0x40

static guint
nal_type (guint8 header)
{
  return header & 0x1f;
}

static H264Look
look_at_stap (const guint8 *payload, gsize size)
{
  H264Look look = { .is_valid = size > 3 };

  for (gsize at = 1; at < size;) {
    gsize nal_size;

    if (size - at < 3)
      return (H264Look){ .is_valid = FALSE };
    nal_size = payload[at] << 8 | payload[at + 1];
    if (nal_size == 0 || nal_size > size - at - 2)
      return (H264Look){ .is_valid = FALSE };
    look.nals |= H264_HAS (nal_type (payload[at + 2]));
    at += 2 + nal_size;
  }
  return look;
}

static H264Look
look_at_fragment (const guint8 *payload, gsize size)
{
  H264Look look = { .is_valid = size > 2, .is_fragment = TRUE };

  if (!look.is_valid)
    return look;
  look.starts_fragment = (payload[1] & FU_START) != 0;
  look.ends_fragment = (payload[1] & FU_END) != 0;
  if (look.starts_fragment)
    look.nals = H264_HAS (nal_type (payload[1]));
  return look;
}

H264Look
h264_look (const guint8 *payload, gsize size)
{
  guint type = size == 0 ? 0 : nal_type (payload[0]);

  if (type == STAP_A)
    return look_at_stap (payload, size);
  if (type == FU_A)
    return look_at_fragment (payload, size);
  return (
      H264Look){ .is_valid = type >= 1 && type <= 23, .nals = H264_HAS (type) };
}
