/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where publishers go, as the pipeline's context says or a property. */

#pragma once

#include "ext/whep/http/ingest.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* The type of the context. Whoever takes publishers offers it, with the fields
 * "address" that it listens on, "port" of RTMP and "tls-port" of RTMPS, each if
 * there is one, and "access": "open", "keys" or "asked", as in
 * WhepIngestAccess. */
#define GST_WHEP_INGEST_CONTEXT "rtmp-webrtc.ingest"

/* Has whatever is around @sink set such a context on it, if there is one. */
void gst_whep_ingest_ask (GstElement *sink);

/* @context: (nullable): of that type. @publish_url: (nullable): instead of
 * where the context says.
 * Returns: (nullable) (transfer full): NULL if nobody takes publishers, or with
 * @error if @publish_url is wrong. */
WhepIngest *gst_whep_ingest_new (const GstContext *context,
    const gchar *publish_url, GError **error);

G_END_DECLS
