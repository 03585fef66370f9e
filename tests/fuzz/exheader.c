/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses arbitrary bytes as an enhanced tag, of video or audio as the first
 * byte selects: its tracks lie within it, one after another. */

#include "gst/flv/exheader.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define MAX_TRACKS 256

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  guint multitrack_type;
  FlvExHeader header;
  FlvExTrack track;
  gsize end = 0;
  guint n_tracks = 0;

  if (size < 1)
    return 0;
  multitrack_type =
      data[0] & 1 ? FLV_EX_VIDEO_MULTITRACK : FLV_EX_AUDIO_MULTITRACK;
  data++;
  size--;
  if (!flv_ex_header_parse (&header, data, size, multitrack_type))
    return 0;
  g_assert (header.type != multitrack_type);
  while (flv_ex_header_next (&header, &track) == FLV_EX_TRACK) {
    g_assert (track.id <= 255);
    g_assert (track.offset > end);
    end = track.offset + track.size;
    g_assert (end <= size);
    n_tracks++;
  }
  g_assert (n_tracks <= MAX_TRACKS);
  g_assert (header.is_multitrack || n_tracks == 1);
  return 0;
}
