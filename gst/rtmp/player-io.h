/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One player's connection: its non-blocking socket, its session, and what is to
 * be sent to it. Owned by the players' thread. */

#pragma once

#include "gst/rtmp/connection-io.h"
#include "gst/rtmp/playsender.h"

G_BEGIN_DECLS

/* The rate limit of a player's commands, which users cause by pressing buttons.
 */
#define RTMP_PLAYER_COMMANDS_BURST 30
#define RTMP_PLAYER_COMMAND_US (G_USEC_PER_SEC / 2)
/* What a player may send within RTMP_PLAYER_TICK_US. Its commands and
 * acknowledgements have a few bytes each. */
#define RTMP_PLAYER_MAX_INPUT_BYTES (64 * 1024)
#define RTMP_PLAYER_TICK_US (G_USEC_PER_SEC / 4)
/* The limit of replies that the player has not read. */
#define RTMP_PLAYER_MAX_REPLY_BYTES (64 * 1024)
/* A player that does not take a whole tag within this time is disconnected,
 * because the tag that it has begun to receive stays in memory. A player that
 * was merely stopped for half a minute is not. */
#define RTMP_PLAYER_STALL_US (60 * G_USEC_PER_SEC)
/* The limit of unsent bytes in the kernel: about a key frame. */
#define RTMP_PLAYER_UNSENT_BYTES (128 * 1024)

/* What all players of a thread share. */
typedef struct
{
  guint8 buffer[RTMP_TRANSPORT_READ_BYTES];
  RtmpPlayBatch batch;
  /* How long a player's socket may be full before it jumps. */
  gint64 behind_us;
} RtmpPlayerTools;

typedef struct _RtmpPlayer RtmpPlayer;

/* Takes everything in @rest. */
RtmpPlayer *rtmp_player_new (RtmpConnectionRest *rest, gint64 now_us);
/* Closes the connection. */
void rtmp_player_free (RtmpPlayer *self);

/* The next three functions may end the player: see rtmp_player_is_over(). */

/* Reads what has arrived, if anything. */
void rtmp_player_receive (RtmpPlayer *self, RtmpPlayerTools *tools,
    gint64 now_us);
/* Sends what is pending, as far as the socket has room. */
void rtmp_player_pump (RtmpPlayer *self, const RtmpPlayLog *log,
    RtmpPlayerTools *tools, gint64 now_us);
/* To be called every RTMP_PLAYER_TICK_US. */
void rtmp_player_tick (RtmpPlayer *self, gint64 now_us);

/* The publisher has left for good, or was never there. */
void rtmp_player_end (RtmpPlayer *self, gboolean was_there, gint64 now_us);

/* The application disconnects the player, which is sent @why. */
void rtmp_player_dismiss (RtmpPlayer *self, const gchar *why, gint64 now_us);

/* Returns whether the player waits for room in its socket, or has more to send
 * than fits into one turn. */
gboolean rtmp_player_wants_room (const RtmpPlayer *self);
/* Returns whether the player has ended and is to be freed. */
gboolean rtmp_player_is_over (const RtmpPlayer *self);
/* Returns: (nullable): why the player has ended; NULL before. */
const gchar *rtmp_player_why (const RtmpPlayer *self);
/* Returns: how often the player has jumped to a key frame. */
guint rtmp_player_n_jumps (const RtmpPlayer *self);
/* Returns: the bytes that the player's socket has taken. */
guint64 rtmp_player_n_bytes (const RtmpPlayer *self);
const gchar *rtmp_player_label (const RtmpPlayer *self);
gint rtmp_player_fd (const RtmpPlayer *self);

G_END_DECLS
