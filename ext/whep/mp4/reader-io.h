/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One HTTP reader: a connection, and its cursor into a stream's log. */

#pragma once

#include "ext/whep/mp4/fragmentcursor.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* A reader that takes nothing for this long is disconnected. A stopped process
 * of a user who debugs, or a laptop that is closed for a moment, comes back
 * before. */
#define WHEP_READER_STALL_US (60 * G_USEC_PER_SEC)

typedef struct
{
  GIOStream *stream; /* whose output can be polled; owned */
  GSocket *socket;   /* of the stream; owned */
  gboolean is_chunked;
} WhepReaderParams;

typedef struct _WhepReader WhepReader;

/* Takes the members of @params. */
WhepReader *whep_reader_new (WhepReaderParams *params, gint64 now_us);
/* Closes the connection. */
void whep_reader_free (WhepReader *self);

/* Sends what the socket has room for. A reader whose socket has been full for
 * @behind_us jumps to the newest key frame. */
void whep_reader_pump (WhepReader *self, const WhepFragmentLog *log,
    gint64 behind_us, gint64 now_us);
/* The body ends, after what is already on its way. */
void whep_reader_end (WhepReader *self);
/* The peer has closed the connection. */
void whep_reader_hang_up (WhepReader *self);
/* The body is cut, whatever is on its way. */
void whep_reader_cut (WhepReader *self);
/* To be called every second or so. */
void whep_reader_tick (WhepReader *self, gint64 now_us);

/* Whether the reader waits for room in the socket. */
gboolean whep_reader_wants_room (const WhepReader *self);
/* Returns: (nullable): why the reader has ended; NULL: it has not. */
const gchar *whep_reader_why (const WhepReader *self);
gint whep_reader_fd (const WhepReader *self);
guint whep_reader_n_jumps (const WhepReader *self);
/* Returns: what was sent, with the framing of HTTP. */
guint64 whep_reader_n_bytes (const WhepReader *self);

G_END_DECLS
