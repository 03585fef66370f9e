/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* AAC's own headers: the AudioSpecificConfig (ISO 14496-3 section 1.6.2.1), and
 * ADTS headers (section 1.A.2.2), which some publishers leave on the frames.
 * Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  FLV_AAC_OK,
  FLV_AAC_MALFORMED,
  FLV_AAC_UNSUPPORTED, /* well-formed, but our decoders do not support it */
} FlvAacVerdict;

typedef struct
{
  guint object_type; /* of the core, if there is an extension */
  guint rate;        /* also of the core */
  guint n_channels;  /* by channel configuration; 0: coded in the frames */
  guint n_samples;   /* of a frame at that rate */
} FlvAacConfig;

FlvAacVerdict flv_aac_config_parse (FlvAacConfig *config, const guint8 *data,
    gsize size);

#define FLV_ADTS_CONFIG_BYTES 2

typedef struct
{
  gsize offset; /* of the decoder's input, from the start of the data */
  gsize size;
  gsize end; /* start of the next frame */
  gboolean has_many_blocks;
  guint8 config[FLV_ADTS_CONFIG_BYTES]; /* AudioSpecificConfig */
} FlvAdtsFrame;

/* Returns FALSE if @data doesn't start with an ADTS header; no raw AAC frame
 * can be mistaken for one. A length that exceeds the data is ignored: the frame
 * then extends to the end of @data. */
gboolean flv_adts_parse (FlvAdtsFrame *frame, const guint8 *data, gsize size);

/* Returns whether @data starts with AAC in LOAS (section 1.7.2) whose length
 * fits. */
gboolean flv_aac_is_loas (const guint8 *data, gsize size);

G_END_DECLS
