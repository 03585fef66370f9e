/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whatever a publisher's configuration is, the segments are whole boxes, and a
 * configuration of AC-3 comes from a frame alone. */

#include "gst/mp4/ac3.h"
#include "gst/mp4/segment.h"
#include "tests/support/boxes.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define MAX_TRACKS 4

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint8 ac3[MP4_AC3_CONFIG_BYTES];
  Mp4Track tracks[MAX_TRACKS];
  guint n = 0;

  mp4_ac3_config (data, size, ac3);
  for (; n < MAX_TRACKS && size >= 8; n++) {
    gsize config_size = MIN (size - 8, data[7] * 16u);

    tracks[n] = (Mp4Track){ .id = n + 1,
      .codec = data[0] % (MP4_AC3 + 1),
      .width = data[1] << 8 | data[2],
      .height = data[3] << 8 | data[4],
      .rate = data[5] << 9 | data[6],
      .n_channels = data[6],
      .config = data + 8,
      .config_size = MIN (config_size, MP4_MAX_CONFIG_BYTES) };
    data += 8 + config_size;
    size -= 8 + config_size;
  }
  mp4_write_init (tracks, n, out);
  g_assert (boxes_are_whole (out->data, out->len));
  return 0;
}
