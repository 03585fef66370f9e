/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the NAL units of an FLV tag, of H.264 or HEVC, however they are
 * delimited.
 *
 * ISO 14496-15 puts a length before each unit. Some encoders write start codes
 * (annex B) in place of the lengths, or one length for several units with start
 * codes between them. A unit cannot contain a start code, because emulation
 * prevention breaks it up, but a length can look like one: 00 00 01 22. Lengths
 * that add up therefore take precedence over start codes. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An encoder that splits a 4K picture into slices of one packet each produces
 * some 400 units. */
#define FLV_NALUS_MAX 1024

/* The length size in all output. */
#define FLV_NALU_LENGTH_BYTES 4

typedef enum
{
  FLV_NALU_H264,
  FLV_NALU_HEVC,
} FlvNaluSyntax;

typedef enum
{
  FLV_NALU_USELESS, /* not needed by decoders: delimiters, filler data */
  FLV_NALU_SET,     /* VPS, SPS, PPS */
  FLV_NALU_SLICE,
  FLV_NALU_OTHER, /* belongs to the slices that follow */
} FlvNaluKind;

/* Kinds of parameter sets, in the order in which they are sent. */
typedef enum
{
  FLV_SET_VPS,
  FLV_SET_SPS,
  FLV_SET_PPS,
} FlvSetKind;
#define FLV_N_SETS 3

/* Facts from the first bytes of a unit. */
typedef struct
{
  FlvNaluKind kind;
  FlvSetKind set;          /* of a parameter set */
  gboolean is_key;         /* of a slice: decoding can start with its picture */
  gboolean starts_picture; /* of a slice: the first one of its picture */
  guint32 position;        /* of a slice of H.264: first_mb_in_slice */
} FlvNaluFacts;

typedef struct
{
  gsize offset;
  gsize size;
  gboolean has_length; /* its size precedes it in FLV_NALU_LENGTH_BYTES */
} FlvNalu;

typedef struct
{
  guint n_units;
  FlvNalu units[FLV_NALUS_MAX];
} FlvNalus;

/* Splits @data, with lengths of @n_length_bytes where there are any; empty
 * units are left out. Returns FALSE if part of it cannot be a unit, or if there
 * are too many units. */
gboolean flv_nalus_parse (FlvNalus *self, FlvNaluSyntax syntax,
    guint n_length_bytes, const guint8 *data, gsize size);
/* The same for bytes that only have start codes. */
gboolean flv_nalus_parse_byte_stream (FlvNalus *self, const guint8 *data,
    gsize size);

G_END_DECLS
