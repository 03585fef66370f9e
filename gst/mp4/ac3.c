/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What MP4 says of AC-3: see ac3.h. */

#include "gst/mp4/ac3.h"

#include "gst/bitstream/bitreader.h"

/* As far as lfeon, behind every optional field. */
#define MAX_HEADER_BYTES 8
#define SYNC_WORD 0x0b77
/* Later versions are E-AC-3. */
#define MAX_BSID 10
#define MAX_FRAME_SIZE_CODE 37
#define RESERVED_RATE 3
#define MODE_MONO 1
#define MODE_STEREO 2

/* Levels of the centre and of the surround channels, or Dolby Surround. */
static guint
optional_bits (guint mode)
{
  guint n = 0;

  if ((mode & 1) != 0 && mode != MODE_MONO)
    n += 2;
  if ((mode & 4) != 0)
    n += 2;
  if (mode == MODE_STEREO)
    n += 2;
  return n;
}

gboolean
mp4_ac3_config (const guint8 *frame, gsize size,
    guint8 config[MP4_AC3_CONFIG_BYTES])
{
  BitReader bits;
  guint rate, frame_size, version, stream_mode, mode, has_lfe;
  guint32 all;

  if (size < MAX_HEADER_BYTES)
    return FALSE;
  bit_reader_init (&bits, frame, size);
  if (bit_reader_read (&bits, 16) != SYNC_WORD)
    return FALSE;
  bit_reader_skip (&bits, 16);
  rate = bit_reader_read (&bits, 2);
  frame_size = bit_reader_read (&bits, 6);
  version = bit_reader_read (&bits, 5);
  stream_mode = bit_reader_read (&bits, 3);
  mode = bit_reader_read (&bits, 3);
  bit_reader_skip (&bits, optional_bits (mode));
  has_lfe = bit_reader_read (&bits, 1);
  if (rate == RESERVED_RATE || frame_size > MAX_FRAME_SIZE_CODE ||
      version > MAX_BSID)
    return FALSE;
  all = rate << 22 | version << 17 | stream_mode << 14 | mode << 11 |
      has_lfe << 10 | frame_size / 2 << 5;
  config[0] = all >> 16;
  config[1] = all >> 8;
  config[2] = all;
  return TRUE;
}
