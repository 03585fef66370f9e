/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The common part of the headers of enhanced audio and video tags (Enhanced
 * RTMP v2, ExAudioTagHeader and ExVideoTagHeader): ModEx, Multitrack and
 * FourCC. Pure. */

#pragma once

#include "gst/flv/packet.h"

#include <glib.h>

G_BEGIN_DECLS

/* Packet types that mean the same in audio and video. */
#define FLV_EX_SEQUENCE_START 0
#define FLV_EX_CODED_FRAMES 1
/* The track that is played if only one can be. */
#define FLV_EX_FIRST_TRACK 0
/* The one packet type with the same meaning but different values in both. */
#define FLV_EX_VIDEO_MULTITRACK 6
#define FLV_EX_AUDIO_MULTITRACK 5

typedef enum
{
  FLV_EX_TRACK,
  FLV_EX_END,
  FLV_EX_BROKEN, /* the tag is truncated or malformed */
} FlvExNext;

typedef struct
{
  guint id;
  guint32 codec;
  /* Start of the track's body, from the start of the tag's body. */
  gsize offset;
  gsize size;
} FlvExTrack;

/* To be embedded; reads a tag's body that remains the caller's. */
typedef struct
{
  guint type; /* the packet type, after ModEx and Multitrack */
  gboolean is_multitrack;

  /* The start of the next track. */
  const guint8 *data;
  gsize size;
  gsize n_read;
  guint layout;  /* AvMultitrackType */
  guint32 codec; /* of all tracks, unless each has its own */
  guint n_tracks;
} FlvExHeader;

/* Reads what follows the first byte, whose lower four bits are the packet type.
 * Returns FALSE if the tag is truncated or malformed. */
gboolean flv_ex_header_parse (FlvExHeader *self, const guint8 *data, gsize size,
    guint multitrack_type);

/* Returns one track after the other. A tag that is not Multitrack has one,
 * track 0. */
FlvExNext flv_ex_header_next (FlvExHeader *self, FlvExTrack *track);
/* Finds the first track with that ID. */
FlvExNext flv_ex_header_find (FlvExHeader *self, guint id, FlvExTrack *track);

/* Parses the header into @self and locates the first track's body in @packet,
 * whose kind is set if it is a sequence header. */
FlvExNext flv_ex_header_begin_packet (FlvExHeader *self, const guint8 *data,
    gsize size, guint multitrack_type, FlvPacket *packet);

G_END_DECLS
