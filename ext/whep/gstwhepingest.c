/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The addresses for publishing: see gstwhepingest.h. */

#include "ext/whep/gstwhepingest.h"

void
gst_whep_ingest_ask (GstElement *sink)
{
  gst_element_post_message (sink,
      gst_message_new_need_context (GST_OBJECT (sink),
          GST_WHEP_INGEST_CONTEXT));
}

static WhepIngestAccess
access_of (const GstStructure *s)
{
  const gchar *access = gst_structure_get_string (s, "access");

  if (g_strcmp0 (access, "keys") == 0)
    return WHEP_INGEST_KEYS;
  return g_strcmp0 (access, "asked") == 0 ? WHEP_INGEST_ASKED
                                          : WHEP_INGEST_OPEN;
}

static void
add_servers (WhepIngest *self, const GstStructure *s)
{
  const gchar *address = gst_structure_get_string (s, "address");
  guint port;

  if (address == NULL)
    address = "::";
  if (gst_structure_get_uint (s, "port", &port))
    whep_ingest_add (self, "rtmp", address, port);
  if (gst_structure_get_uint (s, "tls-port", &port))
    whep_ingest_add (self, "rtmps", address, port);
}

WhepIngest *
gst_whep_ingest_new (const GstContext *context, const gchar *publish_url,
    GError **error)
{
  const GstStructure *s =
      context == NULL ? NULL : gst_context_get_structure (context);
  gboolean has_url = publish_url != NULL && *publish_url != '\0';
  g_autoptr (WhepIngest) self = NULL;

  if (s == NULL && !has_url)
    return NULL;
  self = whep_ingest_new (s == NULL ? WHEP_INGEST_OPEN : access_of (s));
  if (!has_url)
    add_servers (self, s);
  else if (!whep_ingest_add_urls (self, publish_url, error))
    return NULL;
  return g_steal_pointer (&self);
}
