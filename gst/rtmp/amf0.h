/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* AMF0 (Adobe's amf0-file-format-specification), the encoding of RTMP commands.
 * The reader copies nothing: strings and objects point into the bytes that it
 * was given. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Real commands are nested two deep and have about a dozen values. */
#define RTMP_AMF0_MAX_DEPTH 16
#define RTMP_AMF0_MAX_VALUES 1024

typedef enum
{
  RTMP_AMF0_NUMBER,  /* also dates, in milliseconds */
  RTMP_AMF0_BOOLEAN, /* number is 0 or 1 */
  RTMP_AMF0_STRING,  /* also long strings and XML */
  RTMP_AMF0_OBJECT,  /* also ECMA arrays and typed objects */
  RTMP_AMF0_ARRAY,   /* strict */
  RTMP_AMF0_NULL,    /* also undefined, unsupported and references */
  RTMP_AMF0_AMF3,    /* an AMF3 value: the rest of the data, not parsed */
} RtmpAmf0Type;

typedef struct
{
  RtmpAmf0Type type;
  gdouble number;
  const gchar *text; /* a string's bytes, not terminated, or the members */
  gsize size;        /* of text */
} RtmpAmf0Value;

typedef struct
{
  const guint8 *data;
  gsize size;
  guint n_values;
} RtmpAmf0Reader;

void rtmp_amf0_reader_init (RtmpAmf0Reader *self, const guint8 *data,
    gsize size);

/* Reads one value with everything nested in it. Returns FALSE at the end, and
 * if the value is malformed or exceeds the limits; nothing after it can be read
 * then. */
gboolean rtmp_amf0_read (RtmpAmf0Reader *self, RtmpAmf0Value *value);

/* Finds a member of an object. Returns FALSE if there is no such member, or if
 * @object is not an object. */
gboolean rtmp_amf0_get (const RtmpAmf0Value *object, const gchar *key,
    RtmpAmf0Value *value);

/* All of these append to @out. Strings are limited to 65,535 bytes. */
void rtmp_amf0_write_number (GByteArray *out, gdouble number);
void rtmp_amf0_write_string (GByteArray *out, const gchar *text);
void rtmp_amf0_write_boolean (GByteArray *out, gboolean value);
void rtmp_amf0_write_null (GByteArray *out);
/* Followed by the members, a key and a value each, and rtmp_amf0_end_object().
 */
void rtmp_amf0_begin_object (GByteArray *out);
void rtmp_amf0_write_key (GByteArray *out, const gchar *key);
void rtmp_amf0_end_object (GByteArray *out);
/* Followed by @n_values values. */
void rtmp_amf0_begin_array (GByteArray *out, guint32 n_values);

G_END_DECLS
