/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The addresses for publishing, from the pipeline's context or a property. */

#pragma once

#include "ext/whep/http/ingest.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* The type of the context. An element that accepts publishers provides it, with
 * the fields "address" that it listens on, "port" of RTMP and "tls-port" of
 * RTMPS, each if there is one, and "access": "open", "keys" or "asked", as in
 * WhepIngestAccess. */
#define GST_WHEP_INGEST_CONTEXT "rtmp-webrtc.ingest"

/* Queries the elements and bins around @sink for such a context. */
void gst_whep_ingest_ask (GstElement *sink);

/* @context: (nullable): of that type. @publish_url: (nullable): overrides the
 * context. Returns: (nullable) (transfer full): NULL if there are no servers
 * for publishers, or with @error if @publish_url is not valid. */
WhepIngest *gst_whep_ingest_new (const GstContext *context,
    const gchar *publish_url, GError **error);

G_END_DECLS
