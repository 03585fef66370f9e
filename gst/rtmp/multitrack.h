/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Splits an audio or video message (Enhanced RTMP v2, Multitrack) into its
 * tracks, each as the message that it would be on its own. Pure. */

#pragma once

#include "gst/flv/exheader.h"
#include "gst/rtmp/chunk.h"

G_BEGIN_DECLS

/* The track of a message that is not Multitrack. */
#define RTMP_MULTITRACK_FIRST FLV_EX_FIRST_TRACK

/* To be embedded; reads a message that remains the caller's. */
typedef struct
{
  const RtmpMessage *message;
  gboolean is_enhanced;
  gboolean is_at_end;
  FlvExHeader header;
  FlvExTrack track;
} RtmpMultitrack;

/* @message must be audio or video. */
void rtmp_multitrack_begin (RtmpMultitrack *self, const RtmpMessage *message);
/* Finds the next track and its ID. Returns FALSE if there is none, or if the
 * rest is truncated. */
gboolean rtmp_multitrack_next (RtmpMultitrack *self, guint *id);

/* These apply to the track found last: whether it is a sequence header, and a
 * copy of it without the other tracks. Copying returns FALSE if there is no
 * memory. */
gboolean rtmp_multitrack_is_sequence_header (const RtmpMultitrack *self);
gboolean rtmp_multitrack_copy (const RtmpMultitrack *self, RtmpMessage *single);

G_END_DECLS
