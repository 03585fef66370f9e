/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The servers of a running whepsink: the media threads and the HTTP thread,
 * with the same port number. */

#pragma once

#include "ext/whep/gstwhepsettings.h"
#include "ext/whep/http/server-io.h"

G_BEGIN_DECLS

typedef struct
{
  WhepMedia *media;
  WhepHttp *http; /* must be freed first */
} GstWhepServer;

/* @sink authorises viewers and must outlive the server; @settings are only read
 * during the call. */
gboolean gst_whep_server_open (GstWhepServer *self, GstElement *sink,
    const GstWhepSettings *settings, GError **error);

/* The limits that may change while it runs. */
WhepViewerLimits gst_whep_server_limits (const GstWhepSettings *settings);

G_END_DECLS
