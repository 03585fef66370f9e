/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The streams that are pulled from another server because viewers have asked
 * for them: when to begin, and when to end. Pure; owned by the HTTP thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A pull that has brought nothing by then ends. */
#define WHEP_PULL_TABLE_PATIENCE_US (10 * G_USEC_PER_SEC)
/* For that long, a stream that the other server does not have is not asked for
 * again: viewers are asked to wait as long. */
#define WHEP_PULL_TABLE_MEMORY_US (2 * G_USEC_PER_SEC)
/* How many of those are remembered: of a scan, all for which a client of a few
 * hundred requests a second could ask again. */
#define WHEP_PULL_TABLE_MAX_REMEMBERED 1024
/* The part of all pulls, a quarter, that may begin at the same time because of
 * one client: one that asks for names that do not exist leaves room for others.
 */
#define WHEP_PULL_TABLE_CLIENT_SHARE 4

typedef enum
{
  WHEP_PULL_BEGINS,   /* it is to begin now */
  WHEP_PULL_GOES_ON,  /* it has begun */
  WHEP_PULL_REFUSED,  /* the other server did not have it a moment ago */
  WHEP_PULL_NO_ROOM,  /* too many others are pulled */
  WHEP_PULL_NO_SHARE, /* too many others begin because of that client */
} WhepPullVerdict;

typedef struct _WhepPullTable WhepPullTable;

WhepPullTable *whep_pull_table_new (guint max_pulls, gint64 linger_us);
void whep_pull_table_free (WhepPullTable *self);

/* A client asks for a stream that is not live; @client is as in
 * gst/net/client.h. */
WhepPullVerdict whep_pull_table_ask (WhepPullTable *self, const gchar *stream,
    const gchar *client, gint64 now_us);
/* The stream is live, and a client uses it for a moment. It need not be one
 * that is pulled. Returns TRUE if its pull is to begin again, because it is
 * just ending. */
gboolean whep_pull_table_touch (WhepPullTable *self, const gchar *stream,
    gint64 now_us);
/* The other server does not have it, or is away. Returns TRUE if the pull is
 * over: once a pull has brought the stream, it is tried again for as long as
 * there are viewers. */
gboolean whep_pull_table_fail (WhepPullTable *self, const gchar *stream,
    gint64 now_us);

/* What the table has to know of a stream. */
typedef struct
{
  gboolean is_live;
  gint64 live_us;   /* for how long */
  gboolean is_used; /* it has viewers */
} WhepPullUse;
typedef WhepPullUse (
    *WhepPullUseFunc) (const gchar *stream, gpointer user_data);

/* To be called every second or so. Returns: (transfer full): the streams whose
 * pulls are over. */
GStrv whep_pull_table_sweep (WhepPullTable *self, WhepPullUseFunc func,
    gpointer user_data, gint64 now_us);

guint whep_pull_table_count (const WhepPullTable *self);
/* Whether there is a pull of that stream. */
gboolean whep_pull_table_has (const WhepPullTable *self, const gchar *stream);
/* Whether nothing is pulled or remembered. */
gboolean whep_pull_table_is_empty (const WhepPullTable *self);

G_END_DECLS
