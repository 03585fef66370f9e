/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The streams that are published or that players wait for, by name and by the
 * number of their publisher, each with its log and its players. Pure; has one
 * owner. */

#pragma once

#include "gst/rtmp/playlog.h"

G_BEGIN_DECLS

typedef struct
{
  gchar *name;
  RtmpPlayLog *log;
  gboolean is_live;  /* it is being published */
  gboolean was_live; /* it is or has been published */
  guint number;      /* of the current publisher */
  gint64 left_us;    /* when the last publisher left */
  GQueue players;    /* of the owner's links */
  gboolean has_news;
} RtmpPlayStream;

typedef struct _RtmpPlayStreams RtmpPlayStreams;

RtmpPlayStreams *rtmp_playstreams_new (const RtmpPlayLimits *limits);
/* No stream may have players. */
void rtmp_playstreams_free (RtmpPlayStreams *self);

/* A publisher of that name begins; no other publisher has its @number. */
RtmpPlayStream *rtmp_playstreams_begin (RtmpPlayStreams *self,
    const gchar *name, guint number);
/* Returns: (nullable): the stream of that publisher. */
RtmpPlayStream *rtmp_playstreams_find (RtmpPlayStreams *self, guint number);
/* The publisher has left. A stream without players is freed. */
void rtmp_playstreams_end (RtmpPlayStreams *self, guint number, gint64 now_us);

/* Adds a player to a stream, and removes it. @link remains the player's. */
RtmpPlayStream *rtmp_playstreams_join (RtmpPlayStreams *self, const gchar *name,
    GList *link);
void rtmp_playstreams_leave (RtmpPlayStreams *self, RtmpPlayStream *stream,
    GList *link);

guint rtmp_playstreams_count (const RtmpPlayStreams *self);
/* Calls @func for each stream; it must not free any. */
void rtmp_playstreams_foreach (RtmpPlayStreams *self,
    void (*func) (RtmpPlayStream *stream, gpointer user_data),
    gpointer user_data);

G_END_DECLS
