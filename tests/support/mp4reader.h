/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An HTTP reader of fragmented MP4, on a socket of its own. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  GSocketConnection *connection;
  GString *text; /* all that has been received */
} Mp4Reader;

/* Asks for @path on loopback. @version: of HTTP. @headers: further lines, each
 * with its CRLF. @buffer_bytes: of the socket; 0: as usual. */
void mp4_reader_init (Mp4Reader *self, guint port, const gchar *path,
    const gchar *version, const gchar *headers, gint buffer_bytes);
void mp4_reader_clear (Mp4Reader *self);

/* Waits. Returns FALSE at the end. */
gboolean mp4_reader_read (Mp4Reader *self);
/* Returns: (transfer none): what has been received of it. */
const gchar *mp4_reader_body (const Mp4Reader *self);
/* Reads until the body is @expected. */
void mp4_reader_assert_reads (Mp4Reader *self, const gchar *expected);

G_END_DECLS
