/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decoder configuration records of H.264 and HEVC (ISO 14496-15, sections
 * 5.3.3.1 and 8.3.3.1), which FLV calls sequence headers. If a publisher sends
 * none, or an unusable one, a record is made from the parameter sets in the
 * stream. Pure. */

#pragma once

#include "gst/flv/nalu.h"

G_BEGIN_DECLS

typedef struct
{
  /* In the frames that follow, provided that the sequence header is correct; 1
   * to 4. */
  guint n_length_bytes;
  /* The record, with lengths of FLV_NALU_LENGTH_BYTES; NULL if there is no SPS
   * or no PPS.
   */
  GByteArray *record;
} FlvDecoderConfig;

/* Reads a sequence header. Its parameter sets may have start codes, or it may
 * be a byte stream. A valid header becomes the record unchanged. Returns FALSE
 * if there is no record. */
gboolean flv_decoder_config_parse (FlvDecoderConfig *self, FlvNaluSyntax syntax,
    const guint8 *data, gsize size);
void flv_decoder_config_clear (FlvDecoderConfig *self);

/* Returns: (transfer full) (nullable): a record of the parameter sets among the
 * units; NULL if there is no SPS or no PPS. */
GByteArray *flv_decoder_config_write (FlvNaluSyntax syntax,
    const FlvNalus *units, const guint8 *data);

G_END_DECLS
