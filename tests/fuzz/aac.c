/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses arbitrary bytes as AAC's own headers: what they contain lies within
 * the input, and an ADTS header yields a valid configuration. */

#include "gst/flv/aac.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_adts (const guint8 *data, gsize size)
{
  FlvAacConfig config;
  FlvAdtsFrame frame;
  gsize n_read = 0;

  while (flv_adts_parse (&frame, data + n_read, size - n_read)) {
    g_assert (frame.offset >= 7 && frame.offset + frame.size == frame.end);
    g_assert (frame.end <= size - n_read);
    if (flv_aac_config_parse (&config, frame.config, sizeof frame.config) ==
        FLV_AAC_OK)
      g_assert (config.n_samples == 1024 && config.n_channels <= 7);
    n_read += frame.end;
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  FlvAacConfig config;

  if (flv_aac_config_parse (&config, data, size) == FLV_AAC_OK) {
    g_assert (config.rate > 0 && config.rate < 1 << 24);
    g_assert (config.n_channels < 15);
    g_assert (config.n_samples >= 480 && config.n_samples <= 1024);
  }
  if (flv_aac_is_loas (data, size))
    g_assert (!flv_adts_parse (&(FlvAdtsFrame){ 0 }, data, size));
  check_adts (data, size);
  return 0;
}
