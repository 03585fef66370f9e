/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the end of an access unit.
 *
 * Most publishers send a whole access unit per tag. Others send each NAL unit,
 * or a few of them, in a tag of its own; the tags of one access unit have the
 * same time. For each part, this determines whether it belongs to the open
 * picture, and whether that picture is then complete.
 *
 * The first slice of a picture does not show whether others will follow. A
 * publisher is therefore assumed not to split pictures until a slice continues
 * one, so that no frame has to wait. From then on, a picture waits until the
 * next one begins, or until enough pictures have shown which slice is the
 * publisher's last. Pure.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The maximum difference between the times of one picture's parts, which the
 * publisher may have read one after the other. At 240 frames per second,
 * pictures are 4 ms apart. */
#define FLV_ACCESS_UNIT_SPREAD_MS 3
/* The number of consecutive pictures with the same end after which that end is
 * relied on. Encoders that limit the size of slices rather than their number
 * rarely produce as many. */
#define FLV_ACCESS_UNIT_ALIKE 30
#define FLV_ACCESS_UNIT_ALIKE_KEYS 3
/* The maximum number of parts of one picture; see FLV_NALUS_MAX. */
#define FLV_ACCESS_UNIT_MAX_PARTS 1024

/* The part of an access unit that is in one tag. */
typedef struct
{
  guint32 time_ms;
  gboolean has_sets; /* parameter sets: a new picture follows */
  guint n_slices;
  gboolean starts_picture;
  gboolean is_key;
  guint32 position; /* of the last slice */
} FlvPart;

/* The last slice of a picture. */
typedef struct
{
  guint n_slices;
  guint32 position;
  guint n_alike; /* consecutive pictures with this end */
} FlvPictureEnd;

/* To be embedded; starts zeroed. */
typedef struct
{
  gboolean is_open;
  gboolean is_sent;  /* no longer open, but not followed by a new picture yet */
  gboolean is_key;   /* of that picture, whether open or sent */
  gboolean is_split; /* the publisher has split a picture */
  gboolean is_wrong; /* an incomplete picture was considered complete */
  gboolean is_alone; /* the first picture's sets had their own tag */
  guint32 time_ms;
  guint n_parts;
  guint n_slices;
  guint32 position;
  FlvPictureEnd ends[2]; /* of delta pictures, of key pictures */
} FlvAccessUnit;

typedef struct
{
  gboolean ends_last; /* the open picture is complete without the part */
  gboolean begins;    /* the part has the first slices of a picture */
  gboolean resumes;   /* the part continues a picture that was sent already */
  gboolean ends;      /* the open picture is complete with the part */
  gboolean is_lost;   /* there are too many parts */
} FlvVerdict;

/* A part without slices belongs to the next picture. */
FlvVerdict flv_access_unit_add (FlvAccessUnit *self, const FlvPart *part);
/* The open picture gets no more parts. */
void flv_access_unit_end (FlvAccessUnit *self);

G_END_DECLS
