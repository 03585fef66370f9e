/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses arbitrary bytes as an audio payload: its frames lie within it, and
 * their number is finite. The first byte selects the codec; the next two stand
 * for what the sequence header contained. */

#include "gst/flv/audioframe.h"
#include "gst/flv/packet.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* E-AC-3 has most samples in a byte: six blocks of 256 in a frame that is no
 * longer than its header of six bytes. The headers of FLAC and Opus alone can
 * say 65,536 and 5,760. */
#define MAX_SAMPLES_PER_BYTE 256
#define MAX_HEADER_SAMPLES 65536

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const guint32 codecs[] = { FLV_CODEC_AAC, FLV_CODEC_MP3,
    FLV_CODEC_OPUS, FLV_CODEC_ALAW, FLV_CODEC_FLAC, FLV_CODEC_AC3,
    FLV_CODEC_EAC3, FLV_CODEC_AVC };
  FlvAudioFormat format;
  FlvAudioFrame frame;
  guint32 codec;

  if (size < 3)
    return 0;
  codec = codecs[data[0] % G_N_ELEMENTS (codecs)];
  format = (FlvAudioFormat){ .rate = data[1] * 256,
    .n_channels = data[2] % 3,
    .n_samples = 1024 };
  data += 3;
  size -= 3;
  while (size > 0) {
    flv_audio_frame_parse (&frame, codec, &format, data, size);
    g_assert (frame.end > 0 && frame.end <= size);
    g_assert (frame.offset <= frame.end);
    g_assert (frame.offset + frame.size == frame.end);
    g_assert (frame.n_samples == 0 || frame.rate > 0);
    g_assert (frame.n_samples <=
        MAX (frame.end * MAX_SAMPLES_PER_BYTE, MAX_HEADER_SAMPLES));
    data += frame.end;
    size -= frame.end;
  }
  return 0;
}
