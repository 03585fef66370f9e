/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One access unit as FLV carries it: NAL units with their length in front (ISO
 * 14496-15, section 5.3.4.2). Says which bytes of it are worth sending: all but
 * access unit delimiters, filler, empty units, and supplemental information
 * other than recovery points. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is kept of a unit, in runs of bytes between what is left out. An
 * encoder leaves out a few units of dozens; whoever mixes more than this has
 * built the frame to hurt us. */
#define FLV_AVC_MAX_RUNS 64

typedef struct
{
  gsize offset;
  gsize size;
} FlvAvcRun;

typedef struct
{
  guint n_runs; /* 0: there is nothing worth sending */
  FlvAvcRun runs[FLV_AVC_MAX_RUNS];
} FlvAvcFrame;

/* Returns: how many bytes each length has, 1 to 4; 0 if @data is no
 * AVCDecoderConfigurationRecord with at least one SPS and PPS. */
guint flv_avc_parse_config (const guint8 *data, gsize size);

/* Returns FALSE if a unit is longer than the rest of the frame, or if there
 * are too many runs: then the whole frame is better dropped. */
gboolean flv_avc_look (FlvAvcFrame *self, guint n_length_bytes,
    const guint8 *data, gsize size);

G_END_DECLS
