/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* AMF0 (Adobe's amf0-file-format-specification): the values that RTMP commands
 * are made of. The reader copies nothing: strings and objects point into the
 * bytes that it was given. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Real commands nest two deep and hold some dozen values. */
#define RTMP_AMF0_MAX_DEPTH 16
#define RTMP_AMF0_MAX_VALUES 1024

typedef enum
{
  RTMP_AMF0_NUMBER,  /* and dates, in milliseconds */
  RTMP_AMF0_BOOLEAN, /* number is 0 or 1 */
  RTMP_AMF0_STRING,  /* and long strings, XML */
  RTMP_AMF0_OBJECT,  /* and ECMA arrays, typed objects */
  RTMP_AMF0_ARRAY,   /* strict */
  RTMP_AMF0_NULL,    /* and undefined, unsupported, references */
  RTMP_AMF0_AMF3,    /* a value of AMF3: reaches to the end, unread */
} RtmpAmf0Type;

typedef struct
{
  RtmpAmf0Type type;
  gdouble number;
  const gchar *text; /* a string's bytes, not terminated; or the members */
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

/* Reads one value with all that is in it. Returns FALSE at the end, and if it
 * is malformed or beyond the limits: nothing that follows can be read then. */
gboolean rtmp_amf0_read (RtmpAmf0Reader *self, RtmpAmf0Value *value);

/* Finds a member of an object. Returns FALSE if there is none, or if @object
 * is not one. */
gboolean rtmp_amf0_get (const RtmpAmf0Value *object, const gchar *key,
    RtmpAmf0Value *value);

/* All append to @out. Strings have 65,535 bytes at most. */
void rtmp_amf0_write_number (GByteArray *out, gdouble number);
void rtmp_amf0_write_string (GByteArray *out, const gchar *text);
void rtmp_amf0_write_null (GByteArray *out);
/* Members follow: a key, a value, a key, … until the end. */
void rtmp_amf0_begin_object (GByteArray *out);
void rtmp_amf0_write_key (GByteArray *out, const gchar *key);
void rtmp_amf0_end_object (GByteArray *out);
/* @n_values values follow. */
void rtmp_amf0_begin_array (GByteArray *out, guint32 n_values);

G_END_DECLS
