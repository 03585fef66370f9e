/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* AMF0 values, read and written: see amf0.h. */

#include "gst/rtmp/amf0.h"

#include <string.h>

/* The markers of section 2.1 of the specification. */
typedef enum
{
  MARKER_NUMBER = 0x00,
  MARKER_BOOLEAN = 0x01,
  MARKER_STRING = 0x02,
  MARKER_OBJECT = 0x03,
  MARKER_NULL = 0x05,
  MARKER_UNDEFINED = 0x06,
  MARKER_REFERENCE = 0x07,
  MARKER_ECMA_ARRAY = 0x08,
  MARKER_OBJECT_END = 0x09,
  MARKER_STRICT_ARRAY = 0x0a,
  MARKER_DATE = 0x0b,
  MARKER_LONG_STRING = 0x0c,
  MARKER_UNSUPPORTED = 0x0d,
  MARKER_XML = 0x0f,
  MARKER_TYPED_OBJECT = 0x10,
  MARKER_AMF3 = 0x11,
} Marker;

#define DATE_ZONE_BYTES 2

static gboolean read_value (RtmpAmf0Reader *self, RtmpAmf0Value *value,
    guint depth);

void
rtmp_amf0_reader_init (RtmpAmf0Reader *self, const guint8 *data, gsize size)
{
  *self = (RtmpAmf0Reader){ .data = data, .size = size };
}

/* Returns the next @size bytes, or NULL if there are fewer. */
static const guint8 *
take (RtmpAmf0Reader *self, gsize size)
{
  const guint8 *data = self->data;

  if (size > self->size)
    return NULL;
  self->data += size;
  self->size -= size;
  return data;
}

static gboolean
skip (RtmpAmf0Reader *self, gsize size)
{
  return take (self, size) != NULL;
}

/* Reads an unsigned integer of @size bytes. */
static gboolean
read_uint (RtmpAmf0Reader *self, gsize size, guint64 *number)
{
  const guint8 *data = take (self, size);

  if (data == NULL)
    return FALSE;
  *number = 0;
  for (gsize i = 0; i < size; i++)
    *number = *number << 8 | data[i];
  return TRUE;
}

static gboolean
read_number (RtmpAmf0Reader *self, gdouble *number)
{
  guint64 bits;

  if (!read_uint (self, 8, &bits))
    return FALSE;
  memcpy (number, &bits, sizeof bits);
  return TRUE;
}

/* Reads a string whose length has @length_size bytes. */
static gboolean
read_text (RtmpAmf0Reader *self, gsize length_size, RtmpAmf0Value *value)
{
  guint64 size;

  if (!read_uint (self, length_size, &size))
    return FALSE;
  value->text = (const gchar *) take (self, size);
  value->size = size;
  return value->text != NULL;
}

/* Reads a member's key. An empty key is followed by the object-end marker. */
static gboolean
read_key (RtmpAmf0Reader *self, RtmpAmf0Value *key, gboolean *is_end)
{
  const guint8 *marker;

  if (!read_text (self, 2, key))
    return FALSE;
  *is_end = FALSE;
  if (key->size > 0 || self->size == 0 || *self->data != MARKER_OBJECT_END)
    return TRUE;
  marker = take (self, 1);
  *is_end = marker != NULL;
  return TRUE;
}

static gboolean
read_members (RtmpAmf0Reader *self, RtmpAmf0Value *object, guint depth)
{
  const guint8 *begin = self->data;
  RtmpAmf0Value key, value;
  gboolean is_end;

  /* Terminates: each iteration consumes at least the two bytes of a key's
   * length. */
  do {
    if (!read_key (self, &key, &is_end))
      return FALSE;
    if (!is_end && !read_value (self, &value, depth))
      return FALSE;
    /* AMF3 has consumed the rest; the members before it are valid. */
  } while (!is_end && (self->size > 0 || value.type != RTMP_AMF0_AMF3));

  object->text = (const gchar *) begin;
  object->size = self->data - begin;
  return TRUE;
}

static gboolean
read_items (RtmpAmf0Reader *self, RtmpAmf0Value *array, guint depth)
{
  RtmpAmf0Value item;
  guint64 n_items;
  const guint8 *begin;

  if (!read_uint (self, 4, &n_items) || n_items > RTMP_AMF0_MAX_VALUES)
    return FALSE;
  begin = self->data;
  for (guint64 i = 0; i < n_items; i++) {
    if (!read_value (self, &item, depth))
      return FALSE;
  }
  array->text = (const gchar *) begin;
  array->size = self->data - begin;
  return TRUE;
}

/* Only an AMF3 parser could tell where the value ends, so it extends to the end
 * of the data. The values before it remain usable. */
static gboolean
read_amf3 (RtmpAmf0Reader *self, RtmpAmf0Value *value)
{
  value->size = self->size;
  value->text = (const gchar *) take (self, self->size);
  return TRUE;
}

static gboolean
read_object (RtmpAmf0Reader *self, Marker marker, RtmpAmf0Value *value,
    guint depth)
{
  RtmpAmf0Value class_name;

  if (depth >= RTMP_AMF0_MAX_DEPTH)
    return FALSE;
  /* The count of an ECMA array is only a hint: many senders leave it zero. */
  if (marker == MARKER_ECMA_ARRAY && !skip (self, 4))
    return FALSE;
  if (marker == MARKER_TYPED_OBJECT && !read_text (self, 2, &class_name))
    return FALSE;
  if (marker == MARKER_STRICT_ARRAY)
    return read_items (self, value, depth + 1);
  return read_members (self, value, depth + 1);
}

static RtmpAmf0Type
type_of (Marker marker)
{
  switch (marker) {
    case MARKER_NUMBER:
    case MARKER_DATE:
      return RTMP_AMF0_NUMBER;
    case MARKER_BOOLEAN:
      return RTMP_AMF0_BOOLEAN;
    case MARKER_STRING:
    case MARKER_LONG_STRING:
    case MARKER_XML:
      return RTMP_AMF0_STRING;
    case MARKER_OBJECT:
    case MARKER_ECMA_ARRAY:
    case MARKER_TYPED_OBJECT:
      return RTMP_AMF0_OBJECT;
    case MARKER_STRICT_ARRAY:
      return RTMP_AMF0_ARRAY;
    case MARKER_AMF3:
      return RTMP_AMF0_AMF3;
    case MARKER_NULL:
    case MARKER_UNDEFINED:
    case MARKER_REFERENCE:
    case MARKER_OBJECT_END:
    case MARKER_UNSUPPORTED:
      return RTMP_AMF0_NULL;
  }
  return RTMP_AMF0_NULL;
}

static gboolean
read_body (RtmpAmf0Reader *self, Marker marker, RtmpAmf0Value *value,
    guint depth)
{
  guint64 boolean;

  switch (marker) {
    case MARKER_NUMBER:
      return read_number (self, &value->number);
    case MARKER_DATE:
      return read_number (self, &value->number) && skip (self, DATE_ZONE_BYTES);
    case MARKER_BOOLEAN:
      if (!read_uint (self, 1, &boolean))
        return FALSE;
      value->number = boolean != 0;
      return TRUE;
    case MARKER_STRING:
      return read_text (self, 2, value);
    case MARKER_LONG_STRING:
    case MARKER_XML:
      return read_text (self, 4, value);
    case MARKER_OBJECT:
    case MARKER_ECMA_ARRAY:
    case MARKER_TYPED_OBJECT:
    case MARKER_STRICT_ARRAY:
      return read_object (self, marker, value, depth);
    case MARKER_AMF3:
      return read_amf3 (self, value);
    case MARKER_NULL:
    case MARKER_UNDEFINED:
    case MARKER_UNSUPPORTED:
      return TRUE;
    case MARKER_REFERENCE:
      return skip (self, 2);
    case MARKER_OBJECT_END:
      return FALSE;
  }
  return FALSE;
}

static gboolean
read_value (RtmpAmf0Reader *self, RtmpAmf0Value *value, guint depth)
{
  guint64 marker;

  if (self->n_values >= RTMP_AMF0_MAX_VALUES)
    return FALSE;
  self->n_values++;
  if (!read_uint (self, 1, &marker))
    return FALSE;
  *value = (RtmpAmf0Value){ .type = type_of (marker) };
  return read_body (self, marker, value, depth);
}

gboolean
rtmp_amf0_read (RtmpAmf0Reader *self, RtmpAmf0Value *value)
{
  if (read_value (self, value, 0))
    return TRUE;
  self->size = 0;
  return FALSE;
}

static gboolean
is_text (const RtmpAmf0Value *value, const gchar *text)
{
  return value->size == strlen (text) &&
      memcmp (value->text, text, value->size) == 0;
}

gboolean
rtmp_amf0_get (const RtmpAmf0Value *object, const gchar *key,
    RtmpAmf0Value *value)
{
  RtmpAmf0Reader reader;
  RtmpAmf0Value name;
  gboolean is_end;

  if (object->type != RTMP_AMF0_OBJECT)
    return FALSE;
  rtmp_amf0_reader_init (&reader, (const guint8 *) object->text, object->size);
  while (read_key (&reader, &name, &is_end) && !is_end) {
    /* It has been read before, so its depth is known to be within the limit. */
    if (!read_value (&reader, value, 0))
      return FALSE;
    if (is_text (&name, key))
      return TRUE;
  }
  return FALSE;
}

static void
write_uint (GByteArray *out, gsize size, guint64 number)
{
  for (gsize i = size; i > 0; i--) {
    guint8 byte = number >> 8 * (i - 1);

    g_byte_array_append (out, &byte, 1);
  }
}

void
rtmp_amf0_write_number (GByteArray *out, gdouble number)
{
  guint64 bits;

  memcpy (&bits, &number, sizeof bits);
  write_uint (out, 1, MARKER_NUMBER);
  write_uint (out, 8, bits);
}

void
rtmp_amf0_write_string (GByteArray *out, const gchar *text)
{
  write_uint (out, 1, MARKER_STRING);
  rtmp_amf0_write_key (out, text);
}

void
rtmp_amf0_write_boolean (GByteArray *out, gboolean value)
{
  write_uint (out, 1, MARKER_BOOLEAN);
  write_uint (out, 1, value ? 1 : 0);
}

void
rtmp_amf0_write_null (GByteArray *out)
{
  write_uint (out, 1, MARKER_NULL);
}

void
rtmp_amf0_begin_object (GByteArray *out)
{
  write_uint (out, 1, MARKER_OBJECT);
}

void
rtmp_amf0_write_key (GByteArray *out, const gchar *key)
{
  gsize size = strlen (key);

  g_assert (size <= G_MAXUINT16);
  write_uint (out, 2, size);
  g_byte_array_append (out, (const guint8 *) key, size);
}

void
rtmp_amf0_end_object (GByteArray *out)
{
  write_uint (out, 2, 0);
  write_uint (out, 1, MARKER_OBJECT_END);
}

void
rtmp_amf0_begin_array (GByteArray *out, guint32 n_values)
{
  write_uint (out, 1, MARKER_STRICT_ARRAY);
  write_uint (out, 4, n_values);
}
