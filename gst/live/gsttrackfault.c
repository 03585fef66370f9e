/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Informs viewers about missing tracks: see gsttrackfault.h. */

#include "gst/live/gsttrackfault.h"

#include <gst/pbutils/pbutils.h>

struct _GstTrackFault
{
  GstElement *whep;
  GstPad *source;     /* nullable; only compared */
  const gchar *media; /* interned */
  GstPad *whep_pad;
};

/* Returns: (nullable): "video" or "audio"; NULL if it is neither. */
static const gchar *
media_of (const GstCaps *caps)
{
  const gchar *name = gst_structure_get_name (gst_caps_get_structure (caps, 0));

  if (g_str_has_prefix (name, "video/"))
    return "video";
  return g_str_has_prefix (name, "audio/") ? "audio" : NULL;
}

GstStructure *
gst_track_fault_facts (const gchar *media, const GstCaps *caps,
    const gchar *reason)
{
  GstStructure *facts = gst_structure_new (GST_TRACK_FAULT_MESSAGE, "media",
      G_TYPE_STRING, media, "reason", G_TYPE_STRING, reason, NULL);
  g_autofree gchar *codec = caps != NULL && gst_caps_is_fixed (caps)
      ? gst_pb_utils_get_codec_description (caps)
      : NULL;

  if (codec != NULL)
    gst_structure_set (facts, "codec", G_TYPE_STRING, codec, NULL);
  return facts;
}

GstStructure *
gst_track_fault_facts_of (GstPad *source, const gchar *reason)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (source);
  const gchar *media = caps != NULL ? media_of (caps) : NULL;

  return media != NULL ? gst_track_fault_facts (media, caps, reason) : NULL;
}

static void
send_event (GstTrackFault *self, const GstStructure *facts)
{
  g_autofree gchar *name = gst_pad_get_name (self->whep_pad);
  GstStructure *s = gst_structure_copy (facts);

  gst_structure_set_name (s, GST_TRACK_FAULT_EVENT);
  gst_pad_send_event (self->whep_pad, gst_event_new_stream_start (name));
  gst_pad_send_event (self->whep_pad,
      gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, s));
}

GstTrackFault *
gst_track_fault_new (GstElement *whep, GstPad *source, const gchar *stream_name,
    const GstStructure *facts)
{
  const gchar *media = gst_structure_get_string (facts, "media");
  g_autofree gchar *template = g_strconcat (media, "_%u", NULL);
  GstTrackFault *self;
  GstPad *pad;

  if (media == NULL || !gst_structure_has_field (facts, "reason"))
    return NULL;
  pad = gst_element_request_pad_simple (whep, template);
  if (pad == NULL)
    return NULL;
  if (stream_name != NULL)
    g_object_set (pad, "stream-name", stream_name, NULL);
  self = g_new0 (GstTrackFault, 1);
  self->whep = whep;
  self->source = source;
  self->media = g_intern_string (media);
  self->whep_pad = pad;
  send_event (self, facts);
  return self;
}

void
gst_track_fault_free (GstTrackFault *self)
{
  gst_element_release_request_pad (self->whep, self->whep_pad);
  gst_object_unref (self->whep_pad);
  g_free (self);
}

static gboolean
is_of (const GstTrackFault *self, const GstPad *source)
{
  return self->source == source;
}

static gboolean
has_media (const GstTrackFault *self, const gchar *media)
{
  return g_str_equal (self->media, media);
}

GList *
gst_track_faults_steal (GList **faults, const GstPad *source,
    const gchar *media)
{
  GList *stolen = NULL;

  for (GList *l = *faults, *next; l != NULL; l = next) {
    next = l->next;
    if ((source != NULL && !is_of (l->data, source)) ||
        (media != NULL && !has_media (l->data, media)))
      continue;
    *faults = g_list_remove_link (*faults, l);
    stolen = g_list_concat (l, stolen);
  }
  return stolen;
}
