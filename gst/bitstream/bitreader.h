/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bits of a header, most significant first. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* To be embedded. Behind the end there are zeroes, without limit: loops are the
 * caller's to bound. */
typedef struct
{
  const guint8 *data;
  gsize size;
  gsize at;       /* the byte in hand */
  guint n_bits;   /* of it that have been read */
  guint n_zeroes; /* bytes in a row before it */
  gboolean is_rbsp;
} BitReader;

void bit_reader_init (BitReader *self, const guint8 *data, gsize size);
/* The same for H.264 and H.265: emulation prevention bytes (ITU-T H.264,
 * section 7.4.1.1) are passed over. */
void bit_reader_init_rbsp (BitReader *self, const guint8 *data, gsize size);

/* @n is at most 32. */
guint32 bit_reader_read (BitReader *self, guint n);
void bit_reader_skip (BitReader *self, guint n);
/* Exp-Golomb (section 9.1). What doesn't fit into 32 bits is G_MAXUINT32. */
guint32 bit_reader_read_ue (BitReader *self);
/* Whether more has been read than was there. */
gboolean bit_reader_is_past_end (const BitReader *self);

G_END_DECLS
