/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads bits: see bitreader.h. */

#include "gst/bitstream/bitreader.h"

#define EMULATION_PREVENTION 3
#define EMULATED_ZEROES 2
#define UE_MAX_ZEROES 31

void
bit_reader_init (BitReader *self, const guint8 *data, gsize size)
{
  *self = (BitReader){ .data = data, .size = size };
}

void
bit_reader_init_rbsp (BitReader *self, const guint8 *data, gsize size)
{
  bit_reader_init (self, data, size);
  self->is_rbsp = TRUE;
}

static void
next_byte (BitReader *self)
{
  guint8 byte = self->at < self->size ? self->data[self->at] : 0;

  self->n_bits = 0;
  self->n_zeroes = byte == 0 ? self->n_zeroes + 1 : 0;
  self->at++;
  if (self->is_rbsp && self->n_zeroes >= EMULATED_ZEROES &&
      self->at < self->size && self->data[self->at] == EMULATION_PREVENTION) {
    self->n_zeroes = 0;
    self->at++;
  }
}

static guint
read_bit (BitReader *self)
{
  guint bit;

  if (self->n_bits == 8)
    next_byte (self);
  bit = self->at < self->size ? self->data[self->at] >> (7 - self->n_bits) & 1
                              : 0;
  self->n_bits++;
  return bit;
}

guint32
bit_reader_read (BitReader *self, guint n)
{
  guint32 number = 0;

  for (guint i = 0; i < n; i++)
    number = number << 1 | read_bit (self);
  return number;
}

void
bit_reader_skip (BitReader *self, guint n)
{
  for (guint i = 0; i < n; i++)
    read_bit (self);
}

guint32
bit_reader_read_ue (BitReader *self)
{
  guint n_zeroes = 0;

  while (n_zeroes <= UE_MAX_ZEROES && read_bit (self) == 0)
    n_zeroes++;
  if (n_zeroes > UE_MAX_ZEROES)
    return G_MAXUINT32;
  return (1u << n_zeroes) - 1 + bit_reader_read (self, n_zeroes);
}

gboolean
bit_reader_is_past_end (const BitReader *self)
{
  return self->at > self->size || (self->at == self->size && self->n_bits > 0);
}
