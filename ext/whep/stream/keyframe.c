/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds key frames in RTP payloads: see keyframe.h. */

#include "ext/whep/stream/keyframe.h"

/* RFC 7741 section 4.2. */
#define VP8_EXTENDED 0x80
#define VP8_STARTS_PARTITION 0x10
#define VP8_PARTITION 0x07
#define VP8_PICTURE_ID 0x80
#define VP8_TL0_INDEX 0x40
#define VP8_TID_OR_KEY 0x30
#define VP8_LONG_PICTURE_ID 0x80
/* Section 4.3, the first byte of the frame. */
#define VP8_IS_INTER 0x01

/* RFC 9628 section 4.2. */
#define VP9_IS_PREDICTED 0x40
#define VP9_STARTS_FRAME 0x08

/* RFC 7798 section 4.4; ITU-T H.265 table 7-1: from BLA to reserved IRAP. */
#define H265_TYPE(byte) ((byte) >> 1 & 0x3f)
#define H265_FIRST_KEY 16
#define H265_LAST_KEY 23
#define H265_VPS 32
#define H265_AGGREGATE 48
#define H265_FRAGMENT 49
#define H265_HEADER_BYTES 2
#define H265_LENGTH_BYTES 2

static gboolean
is_vp8_key (const guint8 *payload, gsize size)
{
  gsize at = 1;

  if (size < 2 ||
      (payload[0] & (VP8_STARTS_PARTITION | VP8_PARTITION)) !=
          VP8_STARTS_PARTITION)
    return FALSE;
  if ((payload[0] & VP8_EXTENDED) != 0) {
    guint8 extension = payload[at++];

    if ((extension & VP8_PICTURE_ID) != 0 && at < size)
      at += (payload[at] & VP8_LONG_PICTURE_ID) != 0 ? 2 : 1;
    at += (extension & VP8_TL0_INDEX) != 0;
    at += (extension & VP8_TID_OR_KEY) != 0;
  }
  return at < size && (payload[at] & VP8_IS_INTER) == 0;
}

static gboolean
is_vp9_key (const guint8 *payload, gsize size)
{
  return size > 1 &&
      (payload[0] & (VP9_IS_PREDICTED | VP9_STARTS_FRAME)) == VP9_STARTS_FRAME;
}

/* The VPS precedes the slices of a key frame; other units that may come before
 * those also precede inter frames. */
static gboolean
is_h265_key_type (guint type)
{
  return type == H265_VPS || (type >= H265_FIRST_KEY && type <= H265_LAST_KEY);
}

/* Section 4.4.2: each unit is preceded by a two-byte length. */
static gboolean
has_h265_key (const guint8 *payload, gsize size)
{
  gsize at = H265_HEADER_BYTES;

  while (size - at > H265_LENGTH_BYTES) {
    gsize n_bytes = payload[at] << 8 | payload[at + 1];

    at += H265_LENGTH_BYTES;
    if (n_bytes == 0 || n_bytes > size - at)
      return FALSE;
    if (is_h265_key_type (H265_TYPE (payload[at])))
      return TRUE;
    at += n_bytes;
  }
  return FALSE;
}

static gboolean
is_h265_key (const guint8 *payload, gsize size)
{
  guint type;

  if (size < 4)
    return FALSE;
  type = H265_TYPE (payload[0]);
  if (type == H265_AGGREGATE)
    return has_h265_key (payload, size);
  if (type == H265_FRAGMENT)
    type = payload[2] & 0x3f;
  return is_h265_key_type (type);
}

WhepKeyframeTest
whep_keyframe_test (const gchar *encoding_name)
{
  if (g_strcmp0 (encoding_name, "VP8") == 0)
    return is_vp8_key;
  if (g_strcmp0 (encoding_name, "VP9") == 0)
    return is_vp9_key;
  if (g_strcmp0 (encoding_name, "H265") == 0)
    return is_h265_key;
  return NULL;
}
