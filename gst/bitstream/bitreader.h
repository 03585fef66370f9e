/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the bits of a header, most significant first. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* To be embedded. After the end, it reads zeroes without limit, so callers must
 * bound their loops. */
typedef struct
{
  const guint8 *data;
  gsize size;
  gsize at;       /* the current byte */
  guint n_bits;   /* of that byte, already read */
  guint n_zeroes; /* consecutive zero bytes before it */
  gboolean is_rbsp;
} BitReader;

void bit_reader_init (BitReader *self, const guint8 *data, gsize size);
/* The same for H.264 and H.265: emulation prevention bytes (ITU-T H.264,
 * section 7.4.1.1) are skipped. */
void bit_reader_init_rbsp (BitReader *self, const guint8 *data, gsize size);

/* @n is at most 32. */
guint32 bit_reader_read (BitReader *self, guint n);
void bit_reader_skip (BitReader *self, guint n);
/* Exp-Golomb (section 9.1). Values of more than 32 bits become G_MAXUINT32. */
guint32 bit_reader_read_ue (BitReader *self);
/* Returns whether more bits were read than there were. */
gboolean bit_reader_is_past_end (const BitReader *self);

G_END_DECLS
