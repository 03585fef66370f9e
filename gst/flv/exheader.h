/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the headers of enhanced audio and video tags have in common (Enhanced
 * RTMP v2, ExAudioTagHeader and ExVideoTagHeader): ModEx, Multitrack and
 * FourCC. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Packet types that mean the same in audio and video. */
#define FLV_EX_SEQUENCE_START 0
#define FLV_EX_CODED_FRAMES 1
/* What plays where only one does. */
#define FLV_EX_FIRST_TRACK 0
/* The one packet type with a meaning in both but a number in each. */
#define FLV_EX_VIDEO_MULTITRACK 6
#define FLV_EX_AUDIO_MULTITRACK 5

typedef enum
{
  FLV_EX_TRACK,
  FLV_EX_END,
  FLV_EX_BROKEN, /* the tag is cut or absurd */
} FlvExNext;

typedef struct
{
  guint id;
  guint32 codec;
  /* The body of the track, from the start of the tag's body. */
  gsize offset;
  gsize size;
} FlvExTrack;

/* To be embedded; reads a tag's body that the caller keeps. */
typedef struct
{
  guint type; /* packet type, once ModEx and Multitrack are peeled off */
  gboolean is_multitrack;

  /* Where the next track begins. */
  const guint8 *data;
  gsize size;
  gsize n_read;
  guint layout;  /* AvMultitrackType */
  guint32 codec; /* of all tracks, unless each says its own */
  guint n_tracks;
} FlvExHeader;

/* Reads on after the first byte, whose lower half is the packet type. Returns
 * FALSE if the tag is cut or absurd. */
gboolean flv_ex_header_parse (FlvExHeader *self, const guint8 *data, gsize size,
    guint multitrack_type);

/* The tracks, one after the other; a tag that is not Multitrack has one: 0. */
FlvExNext flv_ex_header_next (FlvExHeader *self, FlvExTrack *track);
/* The first one that has the number. */
FlvExNext flv_ex_header_find (FlvExHeader *self, guint id, FlvExTrack *track);

G_END_DECLS
