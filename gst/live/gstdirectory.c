/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The directory of an rtmpwebrtcsink: see gstdirectory.h. */

#include "gst/live/gstdirectory.h"
#include "gst/live/originurl.h"

/* Provided by what accepts publishers: see whepsink. */
#define INGEST_CONTEXT "rtmp-webrtc.ingest"

/* whepsink has the context, because it has asked for it. */
static guint
port_of (gpointer whep)
{
  g_autoptr (GstContext) context =
      gst_element_get_context (whep, INGEST_CONTEXT);
  guint port = 0;

  if (context != NULL)
    gst_structure_get_uint (gst_context_get_structure (context), "port", &port);
  return port;
}

static gboolean
load_of (DirectoryLoad *load, gpointer whep)
{
  GstStructure *facts = NULL;
  guint max_viewers = 0;

  if (g_signal_lookup ("get-load", G_OBJECT_TYPE (whep)) == 0)
    return FALSE;
  g_signal_emit_by_name (whep, "get-load", &facts);
  if (facts == NULL)
    return FALSE;
  g_object_get (whep, "max-viewers", &max_viewers, NULL);
  gst_structure_get (facts, "viewers", G_TYPE_UINT, &load->n_viewers,
      "draining", G_TYPE_BOOLEAN, &load->is_draining, NULL);
  load->n_free = max_viewers - MIN (max_viewers, load->n_viewers);
  gst_structure_free (facts);
  return TRUE;
}

static void
post_error (GstElement *sink, const gchar *property, const gchar *why)
{
  GST_ELEMENT_ERROR (sink, RESOURCE, SETTINGS,
      ("The property \"%s\" is wrong: %s.", property, why), (NULL));
}

static gboolean
is_address (GstElement *sink, const gchar *text)
{
  OriginUrl url;
  const gchar *why;

  if (text == NULL || *text == '\0')
    return TRUE;
  why = origin_url_init (&url, text);
  origin_url_clear (&url);
  if (why != NULL)
    post_error (sink, "directory-address", why);
  return why == NULL;
}

gboolean
gst_directory_open (GstElement *sink, GstElement *whep, Directory **directory)
{
  g_autofree gchar *url = NULL;
  g_autofree gchar *password_file = NULL;
  g_autofree gchar *address = NULL;
  g_autofree gchar *node = NULL;
  const gchar *why = NULL;

  *directory = NULL;
  g_object_get (sink, "directory", &url, "directory-password-file",
      &password_file, "directory-address", &address, NULL);
  if (url == NULL || *url == '\0')
    return TRUE;
  if (!is_address (sink, address))
    return FALSE;
  g_object_get (whep, "node", &node, NULL);
  *directory = directory_new (&(DirectoryParams){ url, password_file, address,
                                  node, port_of, load_of, whep },
      &why);
  if (*directory == NULL)
    post_error (sink, "directory", why);
  return *directory != NULL;
}
