/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One film in H.264 or HEVC, four slices a picture, as the FLV of encoders that
 * delimit and divide pictures and send parameter sets each in their own way. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define NALU_FILM_PICTURES 40
#define NALU_FILM_GOP 10
#define NALU_FILM_SLICES 4
#define NALU_FILM_FRAME_MS 33

typedef enum
{
  NALU_LENGTHS,            /* as specified */
  NALU_START_CODES,        /* of four bytes each */
  NALU_SHORT_START_CODES,  /* of three */
  NALU_START_CODES_ZEROES, /* followed by zeroes after each unit */
  NALU_ONE_LENGTH, /* one length, and start codes from the second unit on */
  NALU_LENGTH_THEN_CODES,   /* for the first unit alone */
  NALU_CODES_THEN_LENGTH,   /* parameter sets have start codes */
  NALU_LENGTHS_THEN_ZEROES, /* a few zeroes after the last unit */
  NALU_N_FRAMINGS,
} NaluFraming;

typedef enum
{
  NALU_WHOLE,        /* one access unit in each tag */
  NALU_SETS_APART,   /* VPS, SPS, PPS, SEI have a tag each */
  NALU_SLICES_APART, /* each slice, the first with what precedes it */
  NALU_ALL_APART,
  NALU_N_DIVISIONS,
} NaluDivision;

typedef enum
{
  NALU_CONFIG,
  NALU_CONFIG_NONE,
  NALU_CONFIG_NO_SETS,
  NALU_CONFIG_GARBAGE,
  NALU_CONFIG_BYTE_STREAM, /* only the sets, with start codes */
  NALU_CONFIG_START_CODES, /* a record whose sets begin with start codes */
  NALU_CONFIG_OTHER_SIZE,  /* claims lengths of two bytes */
  NALU_N_CONFIGS,
} NaluConfig;

typedef struct
{
  NaluFraming framing;
  NaluDivision division;
  NaluConfig config;
  gboolean lacks_sets;   /* in the stream: only the config has them */
  gboolean lies_of_keys; /* tags mark the other pictures instead */
  guint n_length_bytes;
} NaluStyle;

typedef struct _NaluFilm NaluFilm;

/* Loads the film from tests/support/films. */
NaluFilm *nalu_film_new (gboolean is_hevc);
void nalu_film_free (NaluFilm *self);

/* Returns: (transfer full): of GstBuffer, the tag of the sequence header, empty
 * if there is none. */
GPtrArray *nalu_film_header (const NaluFilm *self, const NaluStyle *style);
/* Returns: (transfer full): of GstBuffer, the tags of the @index-th picture. */
GPtrArray *nalu_film_picture (const NaluFilm *self, const NaluStyle *style,
    guint index);

G_END_DECLS
