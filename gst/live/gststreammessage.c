/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages from within a stream: see gststreammessage.h. */

#include "gst/live/gststreammessage.h"
#include "gst/live/gstrecipe.h"
#include "gst/live/gstrtmpwebrtcsinkpad.h"
#include "gst/live/gsttrackfault.h"

#include <string.h>

GST_DEBUG_CATEGORY_EXTERN (gst_rtmp_webrtc_sink_debug);
#define GST_CAT_DEFAULT gst_rtmp_webrtc_sink_debug

/* Returns: (nullable) (transfer none): the child of the bin that is, or
 * contains, the source of a message. */
static GstElement *
find_child (GstBin *self, GstObject *source)
{
  while (source != NULL && GST_OBJECT_PARENT (source) != GST_OBJECT (self))
    source = GST_OBJECT_PARENT (source);
  return source != NULL ? GST_ELEMENT (source) : NULL;
}

/* A rendition is optional: the track continues without it. */
static gboolean
is_in_rendition (GstObject *source)
{
  while (source != NULL &&
      g_strcmp0 (GST_OBJECT_NAME (source), GST_RECIPE_RENDITION) != 0)
    source = GST_OBJECT_PARENT (source);
  return source != NULL;
}

/* Gives applications and viewers the same reason. */
static void
post_fault (GstBin *self, GstRtmpWebrtcSinkPad *owner, GstElement *child,
    GstMessage *error_message)
{
  g_autoptr (GError) error = NULL;
  GstStructure *facts;

  if (is_in_rendition (GST_MESSAGE_SRC (error_message)))
    return;
  gst_message_parse_error (error_message, &error, NULL);
  if (g_str_has_suffix (error->message, "."))
    error->message[strlen (error->message) - 1] = '\0';
  facts = gst_rtmp_webrtc_sink_pad_fail (owner, child, error->message);
  if (facts != NULL)
    gst_element_post_message (child,
        gst_message_new_element (GST_OBJECT (child), facts));
}

/* An error in one publisher's media only affects that publisher. Warnings are
 * more useful with the stream's name. */
static GstMessage *
soften (GstBin *self, GstMessage *message, GstRtmpWebrtcSinkPad *owner)
{
  gboolean is_error = GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR;
  g_autofree gchar *stream = gst_rtmp_webrtc_sink_pad_dup_stream (owner);
  g_autoptr (GError) error = NULL;
  g_autofree gchar *details = NULL;
  g_autofree gchar *source = gst_object_get_path_string (message->src);
  g_autofree gchar *text = NULL;

  if (is_error)
    gst_message_parse_error (message, &error, &details);
  else
    gst_message_parse_warning (message, &error, &details);
  text = g_strdup_printf ("The stream \"%s\"%s: %s", stream,
      is_error ? " has an error" : "", error->message);
  g_free (error->message);
  error->message = g_steal_pointer (&text);
  gst_message_unref (message);
  text = g_strdup_printf ("%s: %s", source, details != NULL ? details : "");
  GST_WARNING_OBJECT (self, "%s: %s", error->message, text);
  return gst_message_new_warning (GST_OBJECT (self), error, text);
}

/* An element's message about a stream is more useful with the stream's name. */
static GstMessage *
add_name (GstMessage *message, GstRtmpWebrtcSinkPad *owner)
{
  g_autofree gchar *stream = gst_rtmp_webrtc_sink_pad_dup_stream (owner);

  message = gst_message_make_writable (message);
  gst_structure_set (gst_message_writable_structure (message), "stream-name",
      G_TYPE_STRING, stream, NULL);
  return message;
}

/* A chain whose elements post such a message gets no more frames. */
static void
note_fault (GstRtmpWebrtcSinkPad *owner, GstElement *child, GstMessage *message)
{
  const GstStructure *facts = gst_message_get_structure (message);
  GstStructure *own = gst_rtmp_webrtc_sink_pad_fail (owner, child, "");

  gst_clear_structure (&own);
  gst_rtmp_webrtc_sink_pad_note_fault (owner, facts);
}

/* Returns: the message to post in place of one from within a stream. */
static GstMessage *
take_message (GstBin *self, GstMessage *message, GstElement *child,
    GstRtmpWebrtcSinkPad *owner)
{
  if (gst_message_has_name (message, GST_TRACK_FAULT_MESSAGE))
    note_fault (owner, child, message);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT)
    return add_name (message, owner);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    post_fault (self, owner, child, message);
  return soften (self, message, owner);
}

/* Types are compared one by one, because extended types contain the bits of
 * others. */
static gboolean
is_for_owner (GstMessage *message)
{
  return GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR ||
      GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING ||
      GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT;
}

GstMessage *
gst_stream_message_of (GstBin *bin, GstMessage *message)
{
  GstElement *child;
  g_autoptr (GstRtmpWebrtcSinkPad) owner = NULL;

  if (!is_for_owner (message))
    return message;
  child = find_child (bin, GST_MESSAGE_SRC (message));
  if (child != NULL)
    owner = gst_rtmp_webrtc_sink_pad_of (child);
  return owner != NULL ? take_message (bin, message, child, owner) : message;
}
