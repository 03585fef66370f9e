/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Posts element messages about viewers and tracks: see gstwhepnews.h. */

#include "ext/whep/gstwhepnews.h"

/* The maximum number of upstream elements that are asked for details of a
 * track. */
#define MAX_UPSTREAM 6

static void
set_text (GstStructure *s, const gchar *field, const gchar *text)
{
  if (text != NULL)
    gst_structure_set (s, field, G_TYPE_STRING, text, NULL);
}

static void
post (gpointer sink, GstStructure *s)
{
  gst_element_post_message (sink,
      gst_message_new_element (GST_OBJECT (sink), s));
}

static GstStructure *
structure_of (const WhepNews *news)
{
  static const gchar *const names[] = {
    [WHEP_NEWS_ADDED] = "viewer-added",
    [WHEP_NEWS_REMOVED] = "viewer-removed",
    [WHEP_NEWS_REJECTED] = "viewer-refused",
  };

  return gst_structure_new_empty (names[news->kind]);
}

void
gst_whep_news_post (const WhepNews *news, gpointer sink)
{
  GstStructure *s = structure_of (news);

  set_text (s, "stream-name", news->stream);
  set_text (s, "id", news->id);
  set_text (s, "address", news->address);
  set_text (s, "user-agent", news->user_agent);
  set_text (s, "video", news->video);
  set_text (s, "audio", news->audio);
  set_text (s, "reason", news->reason);
  if (news->kind == WHEP_NEWS_REMOVED)
    gst_structure_set (s, "duration", G_TYPE_UINT64,
        (guint64) news->duration_us * GST_USECOND, "bytes", G_TYPE_UINT64,
        news->n_bytes, NULL);
  if (news->n_untold > 0)
    gst_structure_set (s, "untold", G_TYPE_UINT, news->n_untold, NULL);
  post (sink, s);
}

static void
copy_number (GstStructure *to, const GstStructure *from, const gchar *field)
{
  gint number;

  if (gst_structure_get_int (from, field, &number) && number > 0 &&
      !gst_structure_has_field (to, field))
    gst_structure_set (to, field, G_TYPE_INT, number, NULL);
}

/* RFC 7587 section 4.1: for Opus, encoding-params is always 2, and sprop-stereo
 * indicates what is sent. PCM omits it for one channel (RFC 3551 section 6). */
static void
read_rtp_caps (GstStructure *to, const GstStructure *caps)
{
  const gchar *channels = gst_structure_get_string (caps, "encoding-params");
  const gchar *stereo = gst_structure_get_string (caps, "sprop-stereo");
  const gchar *codec = gst_structure_get_string (caps, "encoding-name");
  gint rate;

  if (g_strcmp0 (gst_structure_get_string (caps, "media"), "audio") != 0)
    return;
  if (gst_structure_get_int (caps, "clock-rate", &rate))
    gst_structure_set (to, "rate", G_TYPE_INT, rate, NULL);
  if (g_strcmp0 (codec, "OPUS") != 0)
    gst_structure_set (to, "channels", G_TYPE_INT,
        channels == NULL ? 1 : (gint) g_ascii_strtoll (channels, NULL, 10),
        NULL);
  else if (stereo != NULL)
    gst_structure_set (to, "channels", G_TYPE_INT,
        g_str_equal (stereo, "1") ? 2 : 1, NULL);
}

static void
read_caps (GstStructure *to, GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  const GstStructure *s;

  if (caps == NULL || gst_caps_get_size (caps) == 0)
    return;
  s = gst_caps_get_structure (caps, 0);
  copy_number (to, s, "width");
  copy_number (to, s, "height");
  copy_number (to, s, "channels");
}

/* The payloader's caps do not have the size of the picture; those of its input
 * do. Source pads are read, because their caps are set before the sink pad
 * downstream has received them. */
static void
read_upstream (GstStructure *to, GstPad *pad)
{
  GstPad *at = gst_object_ref (pad);

  for (guint i = 0; i < MAX_UPSTREAM && at != NULL; i++) {
    g_autoptr (GstPad) peer = gst_pad_get_peer (at);
    g_autoptr (GstElement) element =
        peer == NULL ? NULL : gst_pad_get_parent_element (peer);

    gst_object_unref (at);
    if (peer != NULL)
      read_caps (to, peer);
    at = element == NULL ? NULL : gst_element_get_static_pad (element, "sink");
  }
  gst_clear_object (&at);
}

static GstStructure *
track_structure (const gchar *name, const GstWhepTrackNews *track)
{
  GstStructure *s =
      gst_structure_new (name, "media", G_TYPE_STRING, track->media, NULL);

  set_text (s, "stream-name", track->stream);
  set_text (s, "codec", track->codec);
  if (track->is_rendition)
    gst_structure_set (s, "rendition", G_TYPE_BOOLEAN, TRUE, NULL);
  return s;
}

static void
post_of_pad (GstPad *pad, GstStructure *s)
{
  g_autoptr (GstElement) sink = gst_pad_get_parent_element (pad);

  if (sink != NULL)
    post (sink, s);
  else
    gst_structure_free (s);
}

void
gst_whep_news_post_track_added (GstPad *pad, const GstStructure *caps,
    const GstWhepTrackNews *track)
{
  GstStructure *s = track_structure ("track-added", track);

  read_rtp_caps (s, caps);
  read_upstream (s, pad);
  post_of_pad (pad, s);
}

void
gst_whep_news_post_track_removed (GstPad *pad, const GstWhepTrackNews *track)
{
  post_of_pad (pad, track_structure ("track-removed", track));
}

static guint
number_of (const GstStructure *s, const gchar *field)
{
  gint number;

  return gst_structure_get_int (s, field, &number) ? MAX (number, 0) : 0;
}

void
gst_whep_news_read_format (GstPad *pad, const GstStructure *caps,
    WhepTrackFormat *format)
{
  GstStructure *s = gst_structure_new_empty ("format");

  read_rtp_caps (s, caps);
  read_upstream (s, pad);
  *format = (WhepTrackFormat){
    .width = number_of (s, "width"),
    .height = number_of (s, "height"),
    .sample_rate = number_of (s, "rate"),
    .n_channels = number_of (s, "channels"),
  };
  gst_structure_free (s);
}
