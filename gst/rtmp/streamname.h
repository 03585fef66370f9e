/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The name of a publisher's stream. Encoders split rtmp://HOST/APP/KEY?QUERY in
 * different places, some in the middle of the query. The query may hold
 * secrets, so no part of it becomes part of a name. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The limit of APP/KEY; names are displayed in logs and on pages. */
#define RTMP_STREAM_NAME_MAX_BYTES 255

typedef struct
{
  gchar *name;      /* APP/KEY; NULL if there is no valid name */
  gchar *query;     /* may hold secrets; "" if there is none */
  const gchar *why; /* static: why there is no name */
} RtmpStreamName;

/* Parses @app and @url (nullable) of connect and @key of publish, which must be
 * printable. Clear @self in any case.
 *
 * The query is what follows a '?': that of the key, then that of the app or,
 * where the encoder cut it off, that of the URL. If the app has a query and the
 * key looks like a continuation of it, the key is part of the query. Leading
 * and trailing slashes are ignored, and a key may contain slashes. A name must
 * remain the same in the path of a URL and of a file, percent-decoded or not.
 */
void rtmp_streamname_parse (RtmpStreamName *self, const gchar *app,
    const gchar *url, const gchar *key);
void rtmp_streamname_clear (RtmpStreamName *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtmpStreamName, rtmp_streamname_clear)

/* Returns: (transfer full): @text without its query and outer slashes. */
gchar *rtmp_streamname_dup_path (const gchar *text);
/* Returns: (transfer none): the query of @app or, if that has none, of @url. */
const gchar *rtmp_streamname_query (const gchar *app, const gchar *url);

G_END_DECLS
