/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Players of a rtmpserversrc, and publishers that send one tag at a time. Each
 * wait ends after PATIENCE_US. */

#pragma once

#include "gst/rtmp/chunk.h"
#include "tests/support/rtmpserver.h"

G_BEGIN_DECLS

typedef struct
{
  GSocketConnection *connection;
  GIOStream *stream; /* the connection, or TLS around it */
  RtmpChunkReader *reader;
  guint8 buffer[64 * 1024];
  const guint8 *data; /* read, and not yet consumed */
  gsize size;
} Player;

/* The property n-players is @n: see WAIT_UNTIL. */
gboolean has_players (Server *self, guint n);

/* Connects, and plays @key of the app "live" without reading a reply. */
Player *player_new (Server *server, const gchar *key);
/* The same with a socket that holds little, and by TLS if @is_tls. */
Player *player_new_with (guint port, const gchar *key, gboolean is_tls,
    gint receive_bytes);
void player_free (Player *self);

/* Reads the next message, of any kind, which the caller clears. Returns FALSE
 * if the server has closed the connection. */
gboolean player_read (Player *self, RtmpMessage *message);
/* Reads up to and including the next audio, video or metadata.
 *
 * Returns: its time; @described (nullable) gets play_tag_describe(). */
guint32 player_read_tag (Player *self, GString *described);
/* Reads @n tags and fails the test unless they are these. */
void player_assert_reads (Player *self, guint n, const gchar *expected);
/* Reads until a command with @words has come. */
void player_assert_hears (Player *self, const gchar *words);
/* Reads and drops everything until the server closes the connection. */
void player_assert_is_closed (Player *self);

/* Sends a command without a transaction; @number is left out if it is 0. */
void player_say (Player *self, const gchar *name, gdouble number);
/* Sends it @n times at once; the server need not take it all. */
void player_flood (Player *self, const gchar *name, guint n);
void player_pause (Player *self, gboolean is_paused);

/* A publisher of "live/@key". */
Client *live_new (Server *server, const gchar *key);
void live_free (Client *self);
/* Takes @tag. */
void live_send (Client *self, GBytes *tag);
/* Metadata, headers, a key frame and audio: "m1 v2 a3 K4 A5". */
void live_open (Client *self);

G_END_DECLS
