/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes the boxes of the ISO base media file format (ISO/IEC 14496-12 section
 * 4.2) into a byte array. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void mp4_put_u8 (GByteArray *out, guint8 value);
void mp4_put_u16 (GByteArray *out, guint16 value);
void mp4_put_u24 (GByteArray *out, guint32 value);
void mp4_put_u32 (GByteArray *out, guint32 value);
void mp4_put_u64 (GByteArray *out, guint64 value);
void mp4_put_bytes (GByteArray *out, gconstpointer bytes, gsize size);
void mp4_put_zeros (GByteArray *out, gsize size);
/* A picture that is neither turned nor scaled (section 6.2.2). */
void mp4_put_unity_matrix (GByteArray *out);

/* Returns: where the box begins, for mp4_box_end(), which writes its size.
 * @type: four characters. */
gsize mp4_box_begin (GByteArray *out, const gchar *type);
/* The same for a box with a version and flags. */
gsize mp4_full_box_begin (GByteArray *out, const gchar *type, guint8 version,
    guint32 flags);
void mp4_box_end (GByteArray *out, gsize begin);

G_END_DECLS
