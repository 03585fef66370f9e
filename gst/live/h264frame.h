/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Properties of an H.264 access unit (ITU-T H.264, annex B and section 7.3.3)
 * that matter to browsers, which show frames in the order in which they arrive.
 * Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An encoder makes at most dozens of units per frame. Units after this many are
 * not examined. */
#define H264_FRAME_MAX_UNITS 512

typedef struct
{
  gboolean is_key;            /* has an IDR slice */
  gboolean has_b_slice;       /* may be shown before earlier frames */
  gboolean is_reference;      /* other frames may refer to it */
  gboolean is_intra;          /* all slices are I or SI */
  gboolean is_recovery_point; /* decoders may start here (section D.2.8) */
  gboolean has_sps;           /* or units that were not examined */
  gboolean has_extras;        /* units that no decoder needs */
} H264Frame;

/* Examines a byte stream. */
void h264_frame_read (H264Frame *self, const guint8 *data, gsize size);

/* Copies the parameter sets of a byte stream to @out, which has room for @size
 * bytes. Returns: the number of bytes. */
gsize h264_frame_copy_sets (const guint8 *data, gsize size, guint8 *out);

/* Copies what decoders need of a byte stream: slices and their parameter sets.
 * SEI (section 7.3.2.3.1) is removed, because the unregistered user data of
 * cameras and editors makes browsers' decoders stall. Delimiters and filler
 * data, which only cost bytes, and units of extensions (annexes F to I) are
 * removed as well. @out has room for @size bytes. Returns: the number of bytes.
 */
gsize h264_frame_strip (const guint8 *data, gsize size, guint8 *out);

G_END_DECLS
