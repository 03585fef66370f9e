/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A film in many styles: see nalustyle.h. */

#include "tests/support/nalustyle.h"

#include "tests/support/flvfile.h"

#include <string.h>

#define VIDEO_TAG 9
static const guint8 long_code[] = { 0, 0, 0, 1 };
static const guint8 zeroes[] = { 0, 0, 0 };

struct _NaluFilm
{
  gboolean is_hevc;
  GPtrArray *pictures; /* of GPtrArray of GBytes: NAL units */
};

static guint
type_of (const NaluFilm *self, GBytes *unit)
{
  const guint8 *data = g_bytes_get_data (unit, NULL);

  return self->is_hevc ? data[0] >> 1 & 0x3f : data[0] & 0x1f;
}

static gboolean
is_slice (const NaluFilm *self, GBytes *unit)
{
  guint type = type_of (self, unit);

  return self->is_hevc ? type < 32 : type >= 1 && type <= 5;
}

static gboolean
is_set (const NaluFilm *self, GBytes *unit)
{
  guint type = type_of (self, unit);

  return self->is_hevc ? type >= 32 && type <= 34 : type == 7 || type == 8;
}

static gboolean
is_delimiter (const NaluFilm *self, GBytes *unit)
{
  return type_of (self, unit) == (self->is_hevc ? 35 : 9);
}

/* Whether a slice is the first of its picture. */
static gboolean
is_first (const NaluFilm *self, GBytes *slice)
{
  const guint8 *data = g_bytes_get_data (slice, NULL);

  return (data[self->is_hevc ? 2 : 1] & 0x80) != 0;
}

static gboolean
begins_picture (const NaluFilm *self, GBytes *unit)
{
  GPtrArray *last;

  if (self->pictures->len == 0)
    return TRUE;
  last = self->pictures->pdata[self->pictures->len - 1];
  return last->len > 0 && is_slice (self, last->pdata[last->len - 1]) &&
      (!is_slice (self, unit) || is_first (self, unit));
}

/* Delimiters are left out. */
static void
add_unit (NaluFilm *self, const guint8 *data, gsize size)
{
  GBytes *unit = g_bytes_new (data, size);

  if (begins_picture (self, unit))
    g_ptr_array_add (self->pictures,
        g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref));
  if (is_delimiter (self, unit))
    g_bytes_unref (unit);
  else
    g_ptr_array_add (self->pictures->pdata[self->pictures->len - 1], unit);
}

/* Splits a byte stream at its start codes, the simple way. */
static void
cut (NaluFilm *self, const guint8 *data, gsize size)
{
  gsize start = 0;

  for (gsize at = 0; at <= size; at++) {
    gboolean is_code = at + 3 <= size && memcmp (data + at, "\0\0\1", 3) == 0;
    gsize end = at;

    if (!is_code && at < size)
      continue;
    while (end > start && data[end - 1] == 0)
      end--;
    if (end > start)
      add_unit (self, data + start, end - start);
    start = at + 3;
  }
}

NaluFilm *
nalu_film_new (gboolean is_hevc)
{
  g_autofree gchar *path = g_build_filename (g_getenv ("SUPPORT_DIR"), "films",
      is_hevc ? "hevc.bin" : "h264.bin", NULL);
  g_autofree gchar *data = NULL;
  g_autoptr (GError) error = NULL;
  NaluFilm *self = g_new0 (NaluFilm, 1);
  gsize size;

  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  self->is_hevc = is_hevc;
  self->pictures =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  cut (self, (const guint8 *) data, size);
  g_assert_cmpuint (self->pictures->len, ==, NALU_FILM_PICTURES);
  return self;
}

void
nalu_film_free (NaluFilm *self)
{
  g_ptr_array_unref (self->pictures);
  g_free (self);
}

static void
append_unit (GByteArray *out, GBytes *unit)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (unit, &size);

  g_byte_array_append (out, data, size);
}

static void
append_length (GByteArray *out, gsize length, guint n_bytes)
{
  for (guint i = 0; i < n_bytes; i++) {
    guint8 byte = length >> 8 * (n_bytes - 1 - i);

    g_byte_array_append (out, &byte, 1);
  }
}

static guint
length_bytes (const NaluStyle *style)
{
  return style->n_length_bytes == 0 ? 4 : style->n_length_bytes;
}

static gboolean
has_length (const NaluFilm *self, const NaluStyle *style, GBytes *unit,
    guint index)
{
  switch (style->framing) {
    case NALU_LENGTHS:
    case NALU_LENGTHS_THEN_ZEROES:
      return TRUE;
    case NALU_LENGTH_THEN_CODES:
    case NALU_ONE_LENGTH:
      return index == 0;
    case NALU_CODES_THEN_LENGTH:
      return !is_set (self, unit);
    case NALU_START_CODES:
    case NALU_SHORT_START_CODES:
    case NALU_START_CODES_ZEROES:
    case NALU_N_FRAMINGS:
      break;
  }
  return FALSE;
}

/* Appends units @first to @last of a picture to @out. */
static void
append_units (const NaluFilm *self, const NaluStyle *style, GByteArray *out,
    GPtrArray *units, guint first, guint last)
{
  guint start = out->len;

  for (guint i = first; i <= last; i++) {
    GBytes *unit = units->pdata[i];

    if (has_length (self, style, unit, i - first))
      append_length (out, g_bytes_get_size (unit), length_bytes (style));
    else if (style->framing == NALU_SHORT_START_CODES)
      g_byte_array_append (out, long_code + 1, 3);
    else
      g_byte_array_append (out, long_code, 4);
    append_unit (out, unit);
    if (style->framing == NALU_START_CODES_ZEROES)
      g_byte_array_append (out, zeroes, 2);
  }
  if (style->framing == NALU_LENGTHS_THEN_ZEROES)
    g_byte_array_append (out, zeroes, 3);
  if (style->framing == NALU_ONE_LENGTH) {
    gsize length = out->len - start - 4;

    for (guint i = 0; i < 4; i++)
      out->data[start + i] = length >> 8 * (3 - i);
  }
}

static gboolean
is_key (const NaluFilm *self, GPtrArray *units)
{
  for (guint i = 0; i < units->len; i++) {
    guint type = type_of (self, units->pdata[i]);

    if (self->is_hevc ? type >= 16 && type <= 23 : type == 5)
      return TRUE;
  }
  return FALSE;
}

static GByteArray *
begin_body (const NaluFilm *self, gboolean is_key, gboolean is_header)
{
  GByteArray *body = g_byte_array_new ();
  guint8 classic[5] = { (is_key ? 0x10 : 0x20) | 7, is_header ? 0 : 1 };
  guint8 enhanced[5] = { 0x80 | (is_key ? 0x10 : 0x20) | (is_header ? 0 : 3),
    'h', 'v', 'c', '1' };

  return g_byte_array_append (body, self->is_hevc ? enhanced : classic, 5);
}

/* Whether a tag ends before the unit. */
static gboolean
divides (const NaluFilm *self, const NaluStyle *style, GPtrArray *units,
    guint index)
{
  gboolean follows_slice = is_slice (self, units->pdata[index - 1]);

  switch (style->division) {
    case NALU_SETS_APART:
      return !follows_slice;
    case NALU_SLICES_APART:
      return follows_slice;
    case NALU_ALL_APART:
      return TRUE;
    case NALU_WHOLE:
    case NALU_N_DIVISIONS:
      break;
  }
  return FALSE;
}

GPtrArray *
nalu_film_picture (const NaluFilm *self, const NaluStyle *style, guint index)
{
  GPtrArray *units = self->pictures->pdata[index];
  GPtrArray *tags =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gst_buffer_unref);
  guint first = 0;

  while (style->lacks_sets && is_set (self, units->pdata[first]))
    first++;
  for (guint i = first + 1; i <= units->len; i++) {
    g_autoptr (GByteArray) body = NULL;

    if (i < units->len && !divides (self, style, units, i))
      continue;
    body =
        begin_body (self, is_key (self, units) != style->lies_of_keys, FALSE);
    append_units (self, style, body, units, first, i - 1);
    g_ptr_array_add (tags,
        flv_tag_new (VIDEO_TAG, index * NALU_FILM_FRAME_MS, body->data,
            body->len));
    first = i;
  }
  return tags;
}

static void
append_set (const NaluStyle *style, GByteArray *body, GBytes *set)
{
  gboolean has_code = style->config == NALU_CONFIG_START_CODES;

  append_length (body, g_bytes_get_size (set) + (has_code ? 4 : 0), 2);
  if (has_code)
    g_byte_array_append (body, long_code, 4);
  append_unit (body, set);
}

static GBytes *
find_set (const NaluFilm *self, guint type)
{
  GPtrArray *units = self->pictures->pdata[0];

  for (guint i = 0; i < units->len; i++) {
    if (type_of (self, units->pdata[i]) == type)
      return units->pdata[i];
  }
  g_assert_not_reached ();
}

/* With the bits that a decoder reads; others are zero. */
static void
append_record (const NaluFilm *self, const NaluStyle *style, GByteArray *body)
{
  guint8 start[23] = { 1 };
  guint n_sets = style->config == NALU_CONFIG_NO_SETS ? 0 : 1;
  guint n_bytes =
      style->config == NALU_CONFIG_OTHER_SIZE ? 2 : length_bytes (style);

  if (self->is_hevc) {
    start[21] = 0xfc | (n_bytes - 1);
    start[22] = 3 * n_sets;
    g_byte_array_append (body, start, 23);
    for (guint type = 32; n_sets > 0 && type <= 34; type++) {
      guint8 array[] = { 0x80 | type, 0, 1 };

      g_byte_array_append (body, array, 3);
      append_set (style, body, find_set (self, type));
    }
    return;
  }
  memcpy (start + 1,
      (const guint8 *) g_bytes_get_data (find_set (self, 7), NULL) + 1, 3);
  start[4] = 0xfc | (n_bytes - 1);
  start[5] = 0xe0 | n_sets;
  g_byte_array_append (body, start, 6);
  if (n_sets > 0)
    append_set (style, body, find_set (self, 7));
  start[0] = n_sets;
  g_byte_array_append (body, start, 1);
  if (n_sets > 0)
    append_set (style, body, find_set (self, 8));
}

GPtrArray *
nalu_film_header (const NaluFilm *self, const NaluStyle *style)
{
  static const guint8 garbage[] = "\x01garbage, and more than a record has";
  GPtrArray *units = self->pictures->pdata[0];
  GPtrArray *tags =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gst_buffer_unref);
  g_autoptr (GByteArray) body = begin_body (self, TRUE, TRUE);

  if (style->config == NALU_CONFIG_NONE)
    return tags;
  if (style->config == NALU_CONFIG_GARBAGE)
    g_byte_array_append (body, garbage, sizeof garbage);
  else if (style->config != NALU_CONFIG_BYTE_STREAM)
    append_record (self, style, body);
  for (guint i = 0; style->config == NALU_CONFIG_BYTE_STREAM && i < units->len;
       i++) {
    if (!is_set (self, units->pdata[i]))
      continue;
    g_byte_array_append (body, long_code, 4);
    append_unit (body, units->pdata[i]);
  }
  g_ptr_array_add (tags, flv_tag_new (VIDEO_TAG, 0, body->data, body->len));
  return tags;
}
