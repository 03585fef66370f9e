/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One player's connection: its socket, which never blocks, its session, and
 * what it is to be sent. Owned by the players' thread. */

#pragma once

#include "gst/rtmp/connection-io.h"
#include "gst/rtmp/playsender.h"

G_BEGIN_DECLS

/* Commands of a player; people press a button now and then. */
#define RTMP_PLAYER_COMMANDS_BURST 30
#define RTMP_PLAYER_COMMAND_US (G_USEC_PER_SEC / 2)
/* Of a player in RTMP_PLAYER_TICK_US: it sends commands and acknowledgements,
 * of a few bytes. */
#define RTMP_PLAYER_MAX_INPUT_BYTES (64 * 1024)
#define RTMP_PLAYER_TICK_US (G_USEC_PER_SEC / 4)
/* Of replies that it has not read. */
#define RTMP_PLAYER_MAX_REPLY_BYTES (64 * 1024)
/* A player that has not taken a whole tag for so long is disconnected, because
 * it keeps the memory of the one that it is in the middle of; one that was
 * merely stopped for half a minute is not. */
#define RTMP_PLAYER_STALL_US (60 * G_USEC_PER_SEC)
/* What the kernel holds back unsent: about a key frame. */
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

/* Takes what is in @rest. */
RtmpPlayer *rtmp_player_new (RtmpConnectionRest *rest, gint64 now_us);
/* Closes the connection. */
void rtmp_player_free (RtmpPlayer *self);

/* These three may end the player: see rtmp_player_is_over(). */

/* Reads what has come, if anything. */
void rtmp_player_receive (RtmpPlayer *self, RtmpPlayerTools *tools,
    gint64 now_us);
/* Sends what there is to send, as far as there is room. */
void rtmp_player_pump (RtmpPlayer *self, const RtmpPlayLog *log,
    RtmpPlayerTools *tools, gint64 now_us);
/* To be called every RTMP_PLAYER_TICK_US. */
void rtmp_player_tick (RtmpPlayer *self, gint64 now_us);

/* The publisher has left for good, or was never there. */
void rtmp_player_end (RtmpPlayer *self, gboolean was_there, gint64 now_us);

/* Whether it waits for room in its socket, or has more than a turn's worth to
 * send. */
gboolean rtmp_player_wants_room (const RtmpPlayer *self);
/* Whether it is to be freed. */
gboolean rtmp_player_is_over (const RtmpPlayer *self);
/* Returns: (nullable): NULL unless it is over. */
const gchar *rtmp_player_why (const RtmpPlayer *self);
/* How often it has jumped to a key frame. */
guint rtmp_player_n_jumps (const RtmpPlayer *self);
const gchar *rtmp_player_label (const RtmpPlayer *self);
gint rtmp_player_fd (const RtmpPlayer *self);

G_END_DECLS
