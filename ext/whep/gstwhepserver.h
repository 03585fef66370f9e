/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What whepsink consists of while it runs: the media threads and the HTTP
 * thread, under one port number. */

#pragma once

#include "ext/whep/gstwhepsettings.h"
#include "ext/whep/http/server-io.h"

G_BEGIN_DECLS

typedef struct
{
  WhepMedia *media;
  WhepHttp *http; /* to be freed first */
} GstWhepServer;

/* @sink is asked who may watch, and outlives the server; @settings are only
 * read during the call. */
gboolean gst_whep_server_open (GstWhepServer *self, GstElement *sink,
    const GstWhepSettings *settings, GError **error);

G_END_DECLS
