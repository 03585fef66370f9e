/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tags of H.264 and HEVC become access units: the NAL units that a decoder
 * needs, each with a length of FLV_NALU_LENGTH_BYTES, and all that belong to
 * one picture together. Owned by the streaming thread. */

#pragma once

#include "gst/flv/accessunit.h"
#include "gst/flv/nalu.h"
#include "gst/flv/packet.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* No tag is larger, so neither is a picture that has one to itself. */
#define FLV_PICTURE_MAX_BYTES (16 * 1024 * 1024)
/* Parameter sets have some dozens of bytes. */
#define FLV_PICTURE_MAX_SETS_BYTES (64 * 1024)
/* Pictures that one tag completes: the last one, and its own. */
#define FLV_PICTURE_MAX_OUT 2

typedef struct
{
  FlvNaluSyntax syntax;
  guint n_length_bytes; /* of the lengths in tags */
  FlvAccessUnit order;
  gboolean is_lost; /* what is open, for its first part went out alone */
  GstBuffer *sets;  /* nullable: precede the next picture */
  GstBuffer *open;  /* nullable */
  GstBuffer *sent;  /* nullable: a key picture that may be continued */
  FlvNalus *nalus;  /* of the tag in hand */
} FlvPictures;

/* Does nothing if that has been done. @codec: FLV_CODEC_AVC or
 * FLV_CODEC_HEVC. */
void flv_pictures_init (FlvPictures *self, guint32 codec);
void flv_pictures_clear (FlvPictures *self);
/* Drops what is open: bytes are missing before the next tag. */
void flv_pictures_restart (FlvPictures *self);

/* Takes the frame that lies at the packet's offset in @tag. Fills in the access
 * units that are complete by then, with their times and DELTA_UNIT, and their
 * number. Returns FALSE if the tag is malformed. */
gboolean flv_pictures_take (FlvPictures *self, const FlvPacket *packet,
    GstBuffer *tag, guint32 time_ms, gint64 time_us,
    GstBuffer *out[FLV_PICTURE_MAX_OUT], guint *n_out);
/* Returns: (transfer full) (nullable): what is open. Nothing continues it. */
GstBuffer *flv_pictures_end (FlvPictures *self);

/* Returns: (transfer full) (nullable): a sequence header made of the parameter
 * sets in an access unit; NULL if they are not there. */
GstBuffer *flv_pictures_write_config (FlvPictures *self, GstBuffer *picture);

G_END_DECLS
