/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A player's place in a log: the tag that the player gets next, and its
 * timestamp. The cursor begins with the newest headers and key frame, follows
 * the log, and jumps to the newest key frame when its place has been dropped.
 * Its timestamps begin at 0 and never go back. Pure. */

#pragma once

#include "gst/rtmp/playlog.h"

G_BEGIN_DECLS

/* To be embedded and copied; starts zeroed. */
typedef struct
{
  guint epoch;
  gboolean is_following; /* it has a place, and has sent what precedes it */
  gboolean is_preparing; /* headers are sent before the tag at place */
  gboolean needs_key;    /* video that precedes a key frame is left out */
  gboolean has_base;
  guint64 base_ms; /* the stream's time of the first frame that was sent */
  guint64 place;   /* of the next tag */
  guint n_jumps;   /* that skipped tags of the same publisher */
  guint64 header;  /* all headers before this place have been sent */
} RtmpPlayCursor;

typedef struct
{
  GBytes *tag; /* not owned: the log's, valid until it changes */
  guint32 time_ms;
} RtmpPlayNext;

/* Takes the next tag. Returns FALSE if there is none yet. */
gboolean rtmp_playcursor_next (RtmpPlayCursor *self, const RtmpPlayLog *log,
    RtmpPlayNext *next);

/* Moves to the newest key frame. Returns FALSE if there is none ahead. */
gboolean rtmp_playcursor_jump (RtmpPlayCursor *self, const RtmpPlayLog *log);

G_END_DECLS
