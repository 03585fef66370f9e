/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The streams that are published or waited for, by name and by the number of
 * their publisher: each with its log and its players. Pure; has one owner. */

#pragma once

#include "gst/rtmp/playlog.h"

G_BEGIN_DECLS

typedef struct
{
  gchar *name;
  RtmpPlayLog *log;
  gboolean is_live;  /* somebody publishes it */
  gboolean was_live; /* or has */
  guint number;      /* of the publisher that is there */
  gint64 left_us;    /* when the last publisher left */
  GQueue players;    /* links of the owner's */
  gboolean has_news;
} RtmpPlayStream;

typedef struct _RtmpPlayStreams RtmpPlayStreams;

RtmpPlayStreams *rtmp_playstreams_new (const RtmpPlayLimits *limits);
/* No stream may have players. */
void rtmp_playstreams_free (RtmpPlayStreams *self);

/* A publisher of the name begins, whose number no other has. */
RtmpPlayStream *rtmp_playstreams_begin (RtmpPlayStreams *self,
    const gchar *name, guint number);
/* Returns: (nullable): what that publisher publishes. */
RtmpPlayStream *rtmp_playstreams_find (RtmpPlayStreams *self, guint number);
/* It has left. A stream without players is freed. */
void rtmp_playstreams_end (RtmpPlayStreams *self, guint number, gint64 now_us);

/* A player of that name comes, and goes. @link is the player's, and stays its
 * own. */
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
