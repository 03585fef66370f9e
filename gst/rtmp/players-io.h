/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All players and the one thread that serves them. Publishers' threads add
 * tags and never wait for a player. */

#pragma once

#include "gst/rtmp/connection-io.h"
#include "gst/rtmp/playlog.h"

G_BEGIN_DECLS

/* A player that has joined or left. */
typedef struct
{
  const gchar *name;    /* the stream's */
  const gchar *address; /* "IP:PORT" */
  const gchar *why;     /* it has left; NULL: it has joined */
  gint64 duration_us;   /* this and the next: of a player that has left */
  guint64 n_bytes;      /* that its connection has taken */
} RtmpPlayersNews;

/* Called when a player has joined, from its connection's thread, and when it
 * has left, from the players' thread. */
typedef void (
    *RtmpPlayersNewsFunc) (const RtmpPlayersNews *news, gpointer user_data);

typedef struct
{
  RtmpPlayLimits limits; /* behind_us applies to full sockets, too */
  gint64 linger_us;      /* how long players wait for a publisher */
  guint max_players;
  guint max_per_client; /* 0: no limit */
  RtmpPlayersNewsFunc report;
  gpointer user_data;
} RtmpPlayersParams;

typedef struct _RtmpPlayers RtmpPlayers;

/* Starts the thread. Returns: (nullable): NULL if the machine has no file
 * descriptor left. */
RtmpPlayers *rtmp_players_new (const RtmpPlayersParams *params, GError **error);
/* Disconnects all players. No other function may be called at the same time. */
void rtmp_players_free (RtmpPlayers *self);
/* From now on, a stream ends for its players when its publisher leaves; players
 * that wait for a publisher are disconnected. From any thread. */
void rtmp_players_finish (RtmpPlayers *self);

/* To be called from a publisher's thread; @number identifies that publisher
 * alone. */
void rtmp_players_begin (RtmpPlayers *self, guint number, const gchar *name);
void rtmp_players_push (RtmpPlayers *self, guint number, GBytes *tag);
void rtmp_players_end (RtmpPlayers *self, guint number);

/* Takes over a connection whose peer waits for an answer to play; from the
 * connection's thread. Returns: (nullable): NULL, or the static reason why
 * there is no room; the connection then remains the caller's. */
const gchar *rtmp_players_take (RtmpPlayers *self, RtmpConnection *connection,
    const gchar *client);

guint rtmp_players_count (RtmpPlayers *self);

/* Disconnects the players at @address, "IP:PORT", which are sent @why; from any
 * thread. Returns FALSE if there are none. */
gboolean rtmp_players_dismiss (RtmpPlayers *self, const gchar *address,
    const gchar *why);

G_END_DECLS
