/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tracks of an audio or video message (Enhanced RTMP v2, Multitrack), each
 * as the message that it would be alone. Pure. */

#pragma once

#include "gst/flv/exheader.h"
#include "gst/rtmp/chunk.h"

G_BEGIN_DECLS

/* What is not Multitrack is this one. */
#define RTMP_MULTITRACK_FIRST FLV_EX_FIRST_TRACK

/* To be embedded; reads a message that the caller keeps. */
typedef struct
{
  const RtmpMessage *message;
  gboolean is_enhanced;
  gboolean is_at_end;
  FlvExHeader header;
  FlvExTrack track;
} RtmpMultitrack;

/* Of audio and video alone. */
void rtmp_multitrack_begin (RtmpMultitrack *self, const RtmpMessage *message);
/* Finds the next track's number. Returns FALSE if there is none, or if what
 * follows is cut. */
gboolean rtmp_multitrack_next (RtmpMultitrack *self, guint *id);

/* Both of the track that was found: whether it is what a decoder needs before
 * all else, and a copy without the others. Returns FALSE if there is no memory
 * for one. */
gboolean rtmp_multitrack_is_sequence_header (const RtmpMultitrack *self);
gboolean rtmp_multitrack_copy (const RtmpMultitrack *self, RtmpMessage *single);

G_END_DECLS
