/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What AAC says of itself: its AudioSpecificConfig (ISO 14496-3 section
 * 1.6.2.1) and the headers of ADTS (section 1.A.2.2), which some publishers
 * leave before the frames. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  FLV_AAC_OK,
  FLV_AAC_MALFORMED,
  FLV_AAC_UNSUPPORTED, /* well formed, but no decoder of ours takes it */
} FlvAacVerdict;

typedef struct
{
  guint object_type; /* of the core, where there is an extension */
  guint rate;        /* of the core, too */
  guint n_channels;  /* as the configuration counts; 0: the frames say so */
  guint n_samples;   /* of a frame at that rate */
} FlvAacConfig;

FlvAacVerdict flv_aac_config_parse (FlvAacConfig *config, const guint8 *data,
    gsize size);

#define FLV_ADTS_CONFIG_BYTES 2

typedef struct
{
  gsize offset; /* of what a decoder wants, from the start of the data */
  gsize size;
  gsize end; /* where the next frame begins */
  gboolean has_many_blocks;
  guint8 config[FLV_ADTS_CONFIG_BYTES]; /* what it is as AudioSpecificConfig */
} FlvAdtsFrame;

/* Returns FALSE if @data doesn't start with ADTS, as no frame of AAC without it
 * does. A length that doesn't fit is not believed: the frame is all there is.*/
gboolean flv_adts_parse (FlvAdtsFrame *frame, const guint8 *data, gsize size);

/* Whether @data starts with AAC in LOAS (section 1.7.2), and its length fits.*/
gboolean flv_aac_is_loas (const guint8 *data, gsize size);

G_END_DECLS
