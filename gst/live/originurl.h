/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The RTMP server that an edge pulls streams from, and the names that it plays
 * them by. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The limit of APP/KEY, as of the server's own publishers. */
#define ORIGIN_STREAM_MAX_BYTES 255

typedef struct
{
  gboolean is_tls;
  gchar *host; /* an IPv6 address has no brackets */
  guint16 port;
} OriginUrl;

/* @text is rtmp://HOST[:PORT] or rtmps://HOST[:PORT]. Returns: (nullable)
 * (transfer none): NULL, or the reason why it is no such URL. Clear @self in
 * any case. */
const gchar *origin_url_init (OriginUrl *self, const gchar *text);
void origin_url_clear (OriginUrl *self);

typedef struct
{
  gchar *app;
  gchar *key; /* with a query */
} OriginStream;

/* What to send as the app and as the key of play for the stream @name; @token:
 * (nullable): a secret. Returns FALSE if RTMP cannot carry the name: nothing of
 * it may become part of the query. Clear @self in any case. */
gboolean origin_stream_init (OriginStream *self, const gchar *name,
    const gchar *token);
void origin_stream_clear (OriginStream *self);

G_END_DECLS
