/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses arbitrary bytes as a sequence header: the configuration made from it
 * is valid, and does not change when it is parsed again. The first byte selects
 * the syntax. */

#include "gst/flv/decoderconfig.h"
#include "gst/flv/hevc.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  FlvDecoderConfig config, again;
  FlvNaluSyntax syntax;
  FlvHevcSps sps;

  if (size < 1)
    return 0;
  syntax = data[0] & 1 ? FLV_NALU_HEVC : FLV_NALU_H264;
  data++;
  size--;
  if (flv_hevc_parse_sps (&sps, data, size))
    g_assert (sps.luma_bits >= 8 && sps.chroma_bits >= 8);
  flv_decoder_config_parse (&config, syntax, data, size);
  g_assert (config.n_length_bytes >= 1 && config.n_length_bytes <= 4);
  if (config.record == NULL)
    return 0;

  g_assert (flv_decoder_config_parse (&again, syntax, config.record->data,
      config.record->len));
  g_assert (again.n_length_bytes == FLV_NALU_LENGTH_BYTES);
  g_assert (again.record->len == config.record->len);
  g_assert (memcmp (again.record->data, config.record->data,
                config.record->len) == 0);
  flv_decoder_config_clear (&config);
  flv_decoder_config_clear (&again);
  return 0;
}
