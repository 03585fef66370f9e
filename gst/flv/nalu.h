/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The NAL units of an FLV tag, H.264's or HEVC's, however they are delimited.
 *
 * ISO 14496-15 puts a length before each unit. Encoders also write start codes
 * (annex B) in place of the lengths, or one length for several units with start
 * codes between them. A unit cannot contain a start code, since emulation
 * prevention breaks it up, but a length can look like one: 00 00 01 22. So
 * lengths that add up count before start codes. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An encoder that cuts a picture of 4K into slices of one packet each makes
 * some 400 units. */
#define FLV_NALUS_MAX 1024

/* What a length has in all tags that we write. */
#define FLV_NALU_LENGTH_BYTES 4

typedef enum
{
  FLV_NALU_H264,
  FLV_NALU_HEVC,
} FlvNaluSyntax;

typedef enum
{
  FLV_NALU_USELESS, /* no decoder needs it: delimiters, filler */
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

/* What a unit's first bytes say. */
typedef struct
{
  FlvNaluKind kind;
  FlvSetKind set;          /* of a parameter set */
  gboolean is_key;         /* of a slice: decoding can start at its picture */
  gboolean starts_picture; /* of a slice: none of its picture precedes it */
  guint32 position;        /* of a slice of H.264: its first macroblock */
} FlvNaluFacts;

typedef struct
{
  gsize offset;
  gsize size;
  gboolean has_length; /* FLV_NALU_LENGTH_BYTES before it say its size */
} FlvNalu;

typedef struct
{
  guint n_units;
  FlvNalu units[FLV_NALUS_MAX];
} FlvNalus;

/* Cuts @data apart, with lengths of @n_length_bytes where there are any; empty
 * units are left out. Returns FALSE if something cannot be a unit, or there are
 * too many. */
gboolean flv_nalus_parse (FlvNalus *self, FlvNaluSyntax syntax,
    guint n_length_bytes, const guint8 *data, gsize size);
/* The same for bytes that have start codes alone. */
gboolean flv_nalus_parse_byte_stream (FlvNalus *self, const guint8 *data,
    gsize size);

G_END_DECLS
