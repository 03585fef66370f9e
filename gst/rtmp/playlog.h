/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The recent tags of one stream, shared by all of its players.
 *
 * Everything since the newest key frame stays, up to limits of bytes and time,
 * so that a player starts immediately, however long the GOP is; older tags stay
 * for as long as a slow player may be behind. Tags are numbered by place, never
 * change and are not copied. Pure; has one owner. */

#pragma once

#include "gst/rtmp/playtag.h"

G_BEGIN_DECLS

/* Sequence headers, metadata and the like that are kept for future players: two
 * for each of 8 tracks, and more. */
#define RTMP_PLAYLOG_MAX_HEADERS 32
/* The limit of each of them; no codec's sequence header comes close. */
#define RTMP_PLAYLOG_MAX_HEADER_BYTES (64 * 1024)
/* What each tag is assumed to cost in addition to its bytes. */
#define RTMP_PLAYLOG_TAG_COST_BYTES 128

typedef struct
{
  gsize bytes; /* the newest tag stays even if it alone is larger */
  gint64 time_us;
  /* The limit of tags that precede the newest key frame. */
  gint64 behind_us;
} RtmpPlayLimits;

typedef struct
{
  GBytes *tag; /* with its PreviousTagSize */
  guint64 place;
  guint64 time_ms; /* of the stream: see playclock.h */
  gint64 since_us;
  RtmpPlayTag what;
} RtmpPlayEntry;

typedef struct _RtmpPlayLog RtmpPlayLog;

RtmpPlayLog *rtmp_playlog_new (const RtmpPlayLimits *limits);
void rtmp_playlog_free (RtmpPlayLog *self);

/* Drops all tags, because the next one is another publisher's. Places and times
 * continue. */
void rtmp_playlog_begin (RtmpPlayLog *self);
/* Drops all tags except headers, because the same publisher's tags continue
 * after a gap. */
void rtmp_playlog_interrupt (RtmpPlayLog *self);
/* Adds a tag and takes a reference to it. */
void rtmp_playlog_add (RtmpPlayLog *self, GBytes *tag, gint64 now_us);

/* Returns: how often all tags have been dropped, after which players begin
 * anew. */
guint rtmp_playlog_epoch (const RtmpPlayLog *self);
/* Return: the places of the oldest tag, and of the next one to be added. */
guint64 rtmp_playlog_tail (const RtmpPlayLog *self);
guint64 rtmp_playlog_head (const RtmpPlayLog *self);
/* Returns: the time of the newest tag. */
guint64 rtmp_playlog_time_ms (const RtmpPlayLog *self);
/* Returns: the bytes of all tags, with RTMP_PLAYLOG_TAG_COST_BYTES for each. */
gsize rtmp_playlog_size (const RtmpPlayLog *self);

/* Returns: (nullable): NULL if the tag has been dropped, or has not been added
 * yet. Valid until the next tag is added. */
const RtmpPlayEntry *rtmp_playlog_get (const RtmpPlayLog *self, guint64 place);

/* Finds the newest key frame or, without any video, the newest audio. */
gboolean rtmp_playlog_find_start (const RtmpPlayLog *self, guint64 *place);
/* Returns: (nullable): the first header from @place on: of those that precede
 * the start or, without a start, of the newest ones. */
const RtmpPlayEntry *rtmp_playlog_next_header (const RtmpPlayLog *self,
    guint64 place);

G_END_DECLS
