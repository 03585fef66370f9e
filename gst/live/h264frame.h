/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an access unit of H.264 says of itself (ITU-T H.264, annex B and section
 * 7.3.3), as far as it matters to browsers, who show frames in the order in
 * which they come. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An encoder makes dozens of units a frame at most. Those after this many
 * aren't looked at. */
#define H264_FRAME_MAX_UNITS 512

typedef struct
{
  gboolean is_key;       /* has an IDR slice */
  gboolean has_b_slice;  /* bidirectional: the frame may be shown before those
                          * that come earlier */
  gboolean is_reference; /* others may refer to it */
  gboolean is_intra;     /* all of its slices are I or SI */
  gboolean is_recovery_point; /* says that a decoder may start here (section
                               * D.2.8), though it be no IDR frame */
  gboolean has_sps;           /* or units that aren't looked at */
  gboolean has_extras;        /* units that no decoder needs to show it */
} H264Frame;

/* Reads a byte stream. */
void h264_frame_read (H264Frame *self, const guint8 *data, gsize size);

/* Copies the parameter sets of a byte stream to @out, which has room for @size
 * bytes. Returns: how many there are. */
gsize h264_frame_copy_sets (const guint8 *data, gsize size, guint8 *out);

/* Copies of a byte stream what a decoder needs: slices and their parameter
 * sets. SEI (section 7.3.2.3.1) goes: that of cameras and editors, unregistered
 * user data, makes browsers' decoders stall. So do delimiters and filler data,
 * which cost only bytes, and what belongs to extensions (annexes F to I).
 * @out has room for @size bytes. Returns: how many there are. */
gsize h264_frame_strip (const guint8 *data, gsize size, guint8 *out);

G_END_DECLS
