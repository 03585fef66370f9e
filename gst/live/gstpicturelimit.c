/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The limit of picture sizes: see gstpicturelimit.h. */

#include "gst/live/gstpicturelimit.h"

#include "gst/live/gsttrackfault.h"

GstPictureVerdict
gst_picture_limit_check (GstPictureLimit *self, GstBuffer *frame)
{
  guint64 area;
  GstMapInfo map;

  if (gst_buffer_map (frame, &map, GST_MAP_READ)) {
    picture_size_read (&self->size, self->codec, map.data, map.size);
    gst_buffer_unmap (frame, &map);
  }
  area = picture_size_area (&self->size);
  if (area == 0)
    return GST_PICTURE_UNKNOWN;
  return area > self->max_area ? GST_PICTURE_TOO_LARGE : GST_PICTURE_FITS;
}

void
gst_picture_limit_post (const GstPictureLimit *self, GstElement *element)
{
  g_autofree gchar *reason =
      g_strdup_printf ("its pictures of %u x %u are larger than the server "
                       "converts (max-picture-area)",
          self->size.width, self->size.height);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "sink");
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);

  GST_ELEMENT_WARNING (element, STREAM, FAILED,
      ("The video is left out: %s.", reason), (NULL));
  gst_element_post_message (element,
      gst_message_new_element (GST_OBJECT (element),
          gst_track_fault_facts ("video", caps, reason)));
}

static GstPadProbeReturn
on_frame (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstPictureLimit *self = user_data;

  if (self->is_over)
    return GST_PAD_PROBE_DROP;
  switch (gst_picture_limit_check (self, GST_PAD_PROBE_INFO_BUFFER (info))) {
    case GST_PICTURE_FITS:
      return GST_PAD_PROBE_OK;
    case GST_PICTURE_UNKNOWN:
      return GST_PAD_PROBE_DROP;
    case GST_PICTURE_TOO_LARGE:
      self->is_over = TRUE;
      gst_picture_limit_post (self, GST_PAD_PARENT (pad));
      return GST_PAD_PROBE_DROP;
  }
  g_assert_not_reached ();
}

static GstPadProbeReturn
reject_caps (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  guint64 max_area = *(guint64 *) user_data;
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  PictureSize size = { 0 };
  GstCaps *caps;

  if (GST_EVENT_TYPE (event) != GST_EVENT_CAPS)
    return GST_PAD_PROBE_OK;
  gst_event_parse_caps (event, &caps);
  gst_structure_get_int (gst_caps_get_structure (caps, 0), "width",
      (gint *) &size.width);
  gst_structure_get_int (gst_caps_get_structure (caps, 0), "height",
      (gint *) &size.height);
  if (picture_size_area (&size) <= max_area)
    return GST_PAD_PROBE_OK;
  GST_ELEMENT_ERROR (GST_PAD_PARENT (pad), RESOURCE, FAILED,
      ("Pictures of %u x %u are larger than the server converts "
       "(max-picture-area).",
          size.width, size.height),
      (NULL));
  return GST_PAD_PROBE_DROP;
}

void
gst_picture_limit_guard (GstBin *bin, const gchar *encoder, guint64 max_area)
{
  g_autoptr (GstElement) element = gst_bin_get_by_name (bin, encoder);
  g_autoptr (GstPad) pad = NULL;

  if (element == NULL)
    return;
  pad = gst_element_get_static_pad (element, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, reject_caps,
      g_memdup2 (&max_area, sizeof max_area), g_free);
}

void
gst_picture_limit_add (GstElement *chain, PictureCodec codec,
    const gchar *encoder, guint64 max_area)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (chain, "sink");
  GstPictureLimit *self = g_new0 (GstPictureLimit, 1);

  self->codec = codec;
  self->max_area = max_area;
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_frame, self, g_free);
  gst_picture_limit_guard (GST_BIN (chain), encoder, max_area);
}

GParamSpec *
gst_picture_limit_param_spec (void)
{
  return g_param_spec_uint ("max-picture-area", "Largest picture",
      "The largest picture, as width times height in pixels, that is "
      "transcoded. Larger video is forwarded unchanged if browsers can play "
      "it, and left out otherwise; applies to video that begins later",
      1, G_MAXINT, GST_PICTURE_DEFAULT_MAX_AREA,
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING);
}
