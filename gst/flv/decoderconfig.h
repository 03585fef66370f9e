/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decoder configuration records, H.264's and HEVC's (ISO 14496-15, sections
 * 5.3.3.1 and 8.3.3.1), which FLV calls sequence headers. A publisher that
 * sends none, or one that cannot be used, gets one made of the parameter sets
 * in its stream. Pure. */

#pragma once

#include "gst/flv/nalu.h"

G_BEGIN_DECLS

typedef struct
{
  /* Of the frames that follow, as far as the sequence header can be trusted
   * with that; 1 to 4. */
  guint n_length_bytes;
  /* With lengths of FLV_NALU_LENGTH_BYTES; NULL if an SPS or a PPS is
   * missing. */
  GByteArray *record;
} FlvDecoderConfig;

/* Reads a sequence header; parameter sets may have start codes in it, or it may
 * be a byte stream. The record is the header as it came, if that is in order.
 * Returns FALSE if there is no record. */
gboolean flv_decoder_config_parse (FlvDecoderConfig *self, FlvNaluSyntax syntax,
    const guint8 *data, gsize size);
void flv_decoder_config_clear (FlvDecoderConfig *self);

/* Returns: (transfer full) (nullable): a record of the parameter sets among the
 * units; NULL if an SPS or a PPS is missing. */
GByteArray *flv_decoder_config_write (FlvNaluSyntax syntax,
    const FlvNalus *units, const guint8 *data);

G_END_DECLS
