/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The contents of an RTP payload of H.264 (RFC 6184), as far as tests need
 * them: single NAL units, STAP-A and FU-A. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bits of H264Look.nals. */
#define H264_HAS(nal_type) (1u << (nal_type))
enum
{
  H264_SLICE = 1,
  H264_IDR = 5,
  H264_SPS = 7,
  H264_PPS = 8,
};

typedef struct
{
  gboolean is_valid;
  guint32 nals; /* types of the NAL units that start here */
  gboolean is_fragment;
  gboolean starts_fragment;
  gboolean ends_fragment;
} H264Look;

H264Look h264_look (const guint8 *payload, gsize size);

G_END_DECLS
