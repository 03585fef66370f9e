/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Turns tags of H.264 and HEVC into access units: all NAL units of one picture
 * that a decoder needs, each with a length of FLV_NALU_LENGTH_BYTES. Owned by
 * the streaming thread. */

#pragma once

#include "gst/flv/accessunit.h"
#include "gst/flv/nalu.h"
#include "gst/flv/packet.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* No tag is larger, and therefore no picture in a single tag. */
#define FLV_PICTURE_MAX_BYTES (16 * 1024 * 1024)
/* Parameter sets have dozens of bytes. */
#define FLV_PICTURE_MAX_SETS_BYTES (64 * 1024)
/* The number of pictures that one tag may complete: the previous one and its
 * own. */
#define FLV_PICTURE_MAX_OUT 2

typedef struct
{
  FlvNaluSyntax syntax;
  guint n_length_bytes; /* of the lengths in tags */
  FlvAccessUnit order;
  gboolean is_lost; /* the open picture: its first part was sent */
  GstBuffer *sets;  /* nullable: parameter sets for the next picture */
  GstBuffer *open;  /* nullable */
  GstBuffer *sent;  /* nullable: a key picture that may still be continued */
  FlvNalus *nalus;  /* of the current tag */
} FlvPictures;

/* Does nothing if already initialised. @codec: FLV_CODEC_AVC or FLV_CODEC_HEVC.
 */
void flv_pictures_init (FlvPictures *self, guint32 codec);
void flv_pictures_clear (FlvPictures *self);
/* Drops the open picture: data is missing before the next tag. */
void flv_pictures_restart (FlvPictures *self);

/* Adds the frame at the packet's offset in @tag. Returns in @out the access
 * units that it completes, with timestamps and DELTA_UNIT, and in @n_out their
 * number. Returns FALSE if the tag is malformed. */
gboolean flv_pictures_take (FlvPictures *self, const FlvPacket *packet,
    GstBuffer *tag, guint32 time_ms, gint64 time_us,
    GstBuffer *out[FLV_PICTURE_MAX_OUT], guint *n_out);
/* Returns: (transfer full) (nullable): the open picture, which will not be
 * continued. */
GstBuffer *flv_pictures_end (FlvPictures *self);

/* Returns: (transfer full) (nullable): a sequence header made from the
 * parameter sets in an access unit; NULL if it lacks them. */
GstBuffer *flv_pictures_write_config (FlvPictures *self, GstBuffer *picture);

G_END_DECLS
