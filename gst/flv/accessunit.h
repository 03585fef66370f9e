/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where an access unit ends.
 *
 * Most publishers send a whole access unit a tag. Others give each NAL unit, or
 * a few, a tag of its own; those of one access unit share a time. This says of
 * each part whether it belongs to the picture that is open, and whether that
 * is complete by then.
 *
 * Nothing tells from the first slice of a picture whether there will be others,
 * so a publisher is taken for one of the first kind until a slice comes that
 * continues a picture: no frame waits. After that a picture waits for the next
 * one to begin, until it has been seen often enough by which slice the
 * publisher's pictures end. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Parts of one picture whose times were taken one after the other: so much
 * their times may differ. Pictures are 4 ms apart at 240 a second. */
#define FLV_ACCESS_UNIT_SPREAD_MS 3
/* Alike pictures before their last slice is believed. Encoders that cut by
 * size, not by number, don't have so many. */
#define FLV_ACCESS_UNIT_ALIKE 30
#define FLV_ACCESS_UNIT_ALIKE_KEYS 3
/* Of one picture; see FLV_NALUS_MAX. */
#define FLV_ACCESS_UNIT_MAX_PARTS 1024

/* A tag's worth of an access unit. */
typedef struct
{
  guint32 time_ms;
  gboolean has_sets; /* parameter sets: a picture follows */
  guint n_slices;
  gboolean starts_picture;
  gboolean is_key;
  guint32 position; /* of the last slice */
} FlvPart;

/* How a picture ended. */
typedef struct
{
  guint n_slices;
  guint32 position;
  guint n_alike; /* pictures in a row */
} FlvPictureEnd;

/* To be embedded; starts zeroed. */
typedef struct
{
  gboolean is_open;
  gboolean is_sent;  /* what is no longer open, but not followed yet */
  gboolean is_key;   /* of that picture, open or sent */
  gboolean is_split; /* the publisher has continued a picture */
  gboolean is_wrong; /* one that had been believed complete */
  gboolean is_alone; /* the first picture's sets had a tag of their own */
  guint32 time_ms;
  guint n_parts;
  guint n_slices;
  guint32 position;
  FlvPictureEnd ends[2]; /* of pictures that are no key, that are */
} FlvAccessUnit;

typedef struct
{
  gboolean ends_last; /* what is open is complete without the part */
  gboolean begins;    /* the part is the first with slices of a picture */
  gboolean resumes;   /* the part continues what was sent already */
  gboolean ends;      /* what is open is complete with the part */
  gboolean is_lost;   /* there are too many parts */
} FlvVerdict;

/* What a part without slices holds is for the next picture. */
FlvVerdict flv_access_unit_add (FlvAccessUnit *self, const FlvPart *part);
/* Nothing more comes of what is open. */
void flv_access_unit_end (FlvAccessUnit *self);

G_END_DECLS
