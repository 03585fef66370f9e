/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One film in H.264 or HEVC, four slices a picture, as the FLV of encoders that
 * delimit, divide and announce it each in their own way. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define NALU_FILM_PICTURES 40
#define NALU_FILM_GOP 10
#define NALU_FILM_SLICES 4
#define NALU_FILM_FRAME_MS 33

typedef enum
{
  NALU_LENGTHS,             /* as it should be */
  NALU_START_CODES,         /* of four bytes */
  NALU_SHORT_START_CODES,   /* of three */
  NALU_START_CODES_ZEROES,  /* and zeroes behind each unit */
  NALU_ONE_LENGTH,          /* and start codes from the second unit on */
  NALU_LENGTH_THEN_CODES,   /* for the first unit alone */
  NALU_CODES_THEN_LENGTH,   /* parameter sets have start codes */
  NALU_LENGTHS_THEN_ZEROES, /* a few behind the last unit */
  NALU_N_FRAMINGS,
} NaluFraming;

typedef enum
{
  NALU_WHOLE,        /* an access unit a tag */
  NALU_SETS_APART,   /* VPS, SPS, PPS, SEI have a tag each */
  NALU_SLICES_APART, /* each slice has one, the first with what precedes it */
  NALU_ALL_APART,
  NALU_N_DIVISIONS,
} NaluDivision;

typedef enum
{
  NALU_CONFIG,
  NALU_CONFIG_NONE,
  NALU_CONFIG_NO_SETS,
  NALU_CONFIG_GARBAGE,
  NALU_CONFIG_BYTE_STREAM, /* the sets with start codes, and nothing else */
  NALU_CONFIG_START_CODES, /* a record whose sets begin with them */
  NALU_CONFIG_OTHER_SIZE,  /* says that lengths have two bytes */
  NALU_N_CONFIGS,
} NaluConfig;

typedef struct
{
  NaluFraming framing;
  NaluDivision division;
  NaluConfig config;
  gboolean lacks_sets;   /* in the stream: they are in the config alone */
  gboolean lies_of_keys; /* tags say so of others, and not of them */
  guint n_length_bytes;
} NaluStyle;

typedef struct _NaluFilm NaluFilm;

/* Loads it from tests/support/films. */
NaluFilm *nalu_film_new (gboolean is_hevc);
void nalu_film_free (NaluFilm *self);

/* Returns: (transfer full): of GstBuffer, the sequence header's tag, unless
 * there is none. */
GPtrArray *nalu_film_header (const NaluFilm *self, const NaluStyle *style);
/* Returns: (transfer full): of GstBuffer, the tags of a picture. */
GPtrArray *nalu_film_picture (const NaluFilm *self, const NaluStyle *style,
    guint index);

G_END_DECLS
