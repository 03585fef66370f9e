/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The two kinds of segment of fragmented MP4 (ISO/IEC 14496-12 section 8.8):
 * what players need first, and one frame. Pure. */

#pragma once

#include "gst/mp4/track.h"

G_BEGIN_DECLS

/* Writes the initialization segment: ftyp and moov. */
void mp4_write_init (const Mp4Track *tracks, guint n_tracks, GByteArray *out);

typedef struct
{
  guint32 track_id;
  guint32 sequence;    /* of the fragment, from 1 */
  guint64 decode_time; /* in ticks of the track */
  guint32 duration;
  gint32 composition_offset; /* the presentation time less decode_time */
  guint32 size;              /* of the frame, in bytes */
  gboolean is_sync;          /* a decoder can begin with it */
} Mp4Frame;

/* Writes moof and the head of mdat: the frame's bytes follow. */
void mp4_write_fragment_head (const Mp4Frame *frame, GByteArray *out);

G_END_DECLS
