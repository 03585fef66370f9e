/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a publisher calls its stream. Encoders cut rtmp://HOST/APP/KEY?QUERY at
 * different places, some in the middle of the query, which may hold secrets: of
 * it nothing becomes part of a name. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of APP/KEY; names are shown in logs and pages. */
#define RTMP_STREAM_NAME_MAX_BYTES 255

typedef struct
{
  gchar *name;      /* APP/KEY; NULL if there is none that can be used */
  gchar *query;     /* may hold secrets; "" without */
  const gchar *why; /* static: why there is no name */
} RtmpStreamName;

/* Reads @app and @url (nullable) of connect and @key of publish, which are
 * printable. To be cleared in any case.
 *
 * What follows a '?' is the query: the key's, then the app's or, where that was
 * cut off, the URL's. A key behind the query of an app that looks like more of
 * it is more of it. Slashes at the ends don't count, and a key can hold some. A
 * name has to stay the same in the path of a URL and of a file, percent-decoded
 * or not. */
void rtmp_streamname_parse (RtmpStreamName *self, const gchar *app,
    const gchar *url, const gchar *key);
void rtmp_streamname_clear (RtmpStreamName *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtmpStreamName, rtmp_streamname_clear)

/* Returns: (transfer full): @text without its query and outer slashes. */
gchar *rtmp_streamname_dup_path (const gchar *text);
/* Returns: (transfer none): the query of @app or, without one, of @url. */
const gchar *rtmp_streamname_query (const gchar *app, const gchar *url);

G_END_DECLS
