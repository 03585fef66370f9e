/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One HTTP reader: see reader-io.h. */

#include "ext/whep/mp4/reader-io.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

/* A long backlog does not delay other readers: the rest is sent in the next
 * turn. */
#define MAX_CHUNKS_PER_TURN 64
/* What the kernel keeps unsent: a slow reader is behind by little more. */
#define MAX_UNSENT_BYTES (128 * 1024)
/* RFC 9112 section 7.1: the last chunk. */
#define LAST_CHUNK "0\r\n\r\n"

struct _WhepReader
{
  GIOStream *stream;
  GSocket *socket;
  WhepFragmentCursor cursor;
  gboolean is_chunked;

  WhepChunk *chunk; /* owned: what is being sent; NULL: nothing is */
  gsize n_sent;     /* of it */
  guint64 n_bytes;  /* sent so far */

  gboolean wants_room;
  gboolean is_ending;   /* after the current chunk */
  gboolean has_last;    /* the last chunk is the current one, or was */
  const gchar *why;     /* static; NULL: it goes on */
  gint64 full_since_us; /* the socket, without a break; 0: it is not */
  gint64 taken_us;      /* when it last took something */
};

WhepReader *
whep_reader_new (WhepReaderParams *params, gint64 now_us)
{
  WhepReader *self = g_new0 (WhepReader, 1);

  self->stream = g_steal_pointer (&params->stream);
  self->socket = g_steal_pointer (&params->socket);
  self->is_chunked = params->is_chunked;
  self->taken_us = now_us;
  /* This is a matter of delay alone. */
  g_socket_set_option (self->socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT,
      MAX_UNSENT_BYTES, NULL);
  return self;
}

void
whep_reader_free (WhepReader *self)
{
  if (self == NULL)
    return;
  whep_fragment_cursor_clear (&self->cursor);
  whep_chunk_unref (self->chunk);
  g_io_stream_close (self->stream, NULL, NULL);
  g_object_unref (self->stream);
  g_object_unref (self->socket);
  g_free (self);
}

static void
end_for (WhepReader *self, const gchar *why)
{
  if (self->why == NULL)
    self->why = why;
  self->wants_room = FALSE;
}

static const guint8 *
current (const WhepReader *self, gsize *size)
{
  if (self->has_last) {
    *size = strlen (LAST_CHUNK);
    return (const guint8 *) LAST_CHUNK;
  }
  if (self->is_chunked)
    return whep_chunk_framed (self->chunk, size);
  return whep_chunk_payload (self->chunk, size);
}

/* Returns whether all of the current bytes have been sent. */
static gboolean
send_current (WhepReader *self, gint64 now_us)
{
  GOutputStream *output = g_io_stream_get_output_stream (self->stream);
  g_autoptr (GError) error = NULL;
  gsize size;
  const guint8 *bytes = current (self, &size);

  while (self->n_sent < size) {
    gssize n =
        g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (
                                                        output),
            bytes + self->n_sent, size - self->n_sent, NULL, &error);

    if (n < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
      if (self->full_since_us == 0)
        self->full_since_us = now_us;
      self->wants_room = TRUE;
      return FALSE;
    }
    if (n <= 0) {
      end_for (self, "the connection is broken");
      return FALSE;
    }
    self->n_sent += n;
    self->n_bytes += n;
    self->taken_us = now_us;
  }
  self->n_sent = 0;
  g_clear_pointer (&self->chunk, whep_chunk_unref);
  return TRUE;
}

static gboolean
take_next (WhepReader *self, const WhepFragmentLog *log)
{
  WhepChunk *next;

  if (self->chunk != NULL)
    return TRUE;
  if (self->is_ending) {
    self->has_last = self->is_chunked;
    return self->has_last;
  }
  next = whep_fragment_cursor_next (&self->cursor, log);
  if (next != NULL)
    self->chunk = whep_chunk_ref (next);
  return next != NULL;
}

static void
jump_if_behind (WhepReader *self, const WhepFragmentLog *log, gint64 behind_us,
    gint64 now_us)
{
  if (self->full_since_us == 0 || now_us - self->full_since_us < behind_us)
    return;
  if (whep_fragment_cursor_jump (&self->cursor, log))
    self->full_since_us = now_us;
}

void
whep_reader_pump (WhepReader *self, const WhepFragmentLog *log,
    gint64 behind_us, gint64 now_us)
{
  if (self->why != NULL)
    return;
  self->wants_room = FALSE;
  jump_if_behind (self, log, behind_us, now_us);
  for (guint i = 0; i < MAX_CHUNKS_PER_TURN; i++) {
    if (!take_next (self, log)) {
      /* It has caught up. */
      self->full_since_us = 0;
      self->taken_us = now_us;
      if (self->is_ending)
        end_for (self, "the stream has ended");
      return;
    }
    if (!send_current (self, now_us))
      return;
    if (self->has_last) {
      end_for (self, "the stream has ended");
      return;
    }
  }
  self->wants_room = TRUE;
}

void
whep_reader_end (WhepReader *self)
{
  self->is_ending = TRUE;
}

void
whep_reader_hang_up (WhepReader *self)
{
  end_for (self, "the reader has left");
}

void
whep_reader_cut (WhepReader *self)
{
  end_for (self, "an administrator has disconnected it");
}

void
whep_reader_tick (WhepReader *self, gint64 now_us)
{
  if (self->wants_room && now_us - self->taken_us > WHEP_READER_STALL_US)
    end_for (self, "the reader does not read");
}

gboolean
whep_reader_wants_room (const WhepReader *self)
{
  return self->wants_room;
}

const gchar *
whep_reader_why (const WhepReader *self)
{
  return self->why;
}

gint
whep_reader_fd (const WhepReader *self)
{
  return g_socket_get_fd (self->socket);
}

guint
whep_reader_n_jumps (const WhepReader *self)
{
  return self->cursor.n_jumps;
}

guint64
whep_reader_n_bytes (const WhepReader *self)
{
  return self->n_bytes;
}
