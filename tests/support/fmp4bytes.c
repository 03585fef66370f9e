/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Boxes by hand: see fmp4bytes.h. */

#include "tests/support/fmp4bytes.h"

#include <string.h>

/* From the beginning of a fragment: moof, mfhd, traf, tfhd and the head of
 * tfdt. */
#define TICKS_AT (8 + 16 + 8 + 16 + 12)

static void
put_u32 (GByteArray *out, guint32 number)
{
  number = GUINT32_TO_BE (number);
  g_byte_array_append (out, (const guint8 *) &number, sizeof number);
}

static guint
begin (GByteArray *out, const gchar *type)
{
  guint at = out->len;

  put_u32 (out, 0);
  g_byte_array_append (out, (const guint8 *) type, 4);
  return at;
}

static void
end (GByteArray *out, guint at)
{
  guint32 size = GUINT32_TO_BE (out->len - at);

  memcpy (out->data + at, &size, sizeof size);
}

/* A full box of version 0 with numbers. */
static void
put_box (GByteArray *out, const gchar *type, const guint32 *numbers, guint n)
{
  guint at = begin (out, type);

  for (guint i = 0; i < n; i++)
    put_u32 (out, numbers[i]);
  end (out, at);
}

static void
put_track (GByteArray *out, guint32 id, guint32 timescale)
{
  const guint32 header[] = { 0, 0, 0, id };
  const guint32 media[] = { 0, 0, 0, timescale };
  guint trak = begin (out, "trak"), mdia;

  put_box (out, "tkhd", header, G_N_ELEMENTS (header));
  mdia = begin (out, "mdia");
  put_box (out, "mdhd", media, G_N_ELEMENTS (media));
  end (out, mdia);
  end (out, trak);
}

GByteArray *
fmp4_init (void)
{
  GByteArray *out = g_byte_array_new ();
  guint moov;

  put_box (out, "ftyp", NULL, 0);
  moov = begin (out, "moov");
  put_track (out, FMP4_VIDEO, 1000);
  put_track (out, FMP4_AUDIO, 48000);
  end (out, moov);
  return out;
}

GByteArray *
fmp4_fragment (guint32 track, guint64 ticks, gsize size)
{
  const guint32 mfhd[] = { 0, 1 };
  const guint32 tfhd[] = { 0, track };
  const guint32 tfdt[] = { 1 << 24, ticks >> 32, ticks & G_MAXUINT32 };
  GByteArray *out = g_byte_array_new ();
  guint moof = begin (out, "moof"), traf, mdat;

  put_box (out, "mfhd", mfhd, G_N_ELEMENTS (mfhd));
  traf = begin (out, "traf");
  put_box (out, "tfhd", tfhd, G_N_ELEMENTS (tfhd));
  put_box (out, "tfdt", tfdt, G_N_ELEMENTS (tfdt));
  end (out, traf);
  end (out, moof);
  mdat = begin (out, "mdat");
  g_assert (out->len == FMP4_HEAD_BYTES);
  g_byte_array_set_size (out, out->len + size);
  memset (out->data + out->len - size, 0x55, size);
  end (out, mdat);
  return out;
}

guint64
fmp4_ticks (const guint8 *head)
{
  guint64 ticks;

  memcpy (&ticks, head + TICKS_AT, sizeof ticks);
  return GUINT64_FROM_BE (ticks);
}
