/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events about the stream as a whole: see gstcustomevents.h. */

#include "gst/mp4/gstcustomevents.h"

/* Demuxers send the same event to each track. */
static gboolean
is_on (GstPad *src, const GstEvent *event)
{
  gboolean is_there = FALSE;
  GstEvent *sent;

  for (guint i = 0; !is_there &&
       (sent = gst_pad_get_sticky_event (src,
            GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, i)) != NULL;
       i++) {
    is_there = sent == event;
    gst_event_unref (sent);
  }
  return is_there;
}

void
gst_custom_events_forward (GstPad *src, GstEvent *event)
{
  if (!is_on (src, event))
    gst_pad_push_event (src, gst_event_ref (event));
}

static gboolean
forward_one (GstPad *sink, GstEvent **event, gpointer src)
{
  if (GST_EVENT_TYPE (*event) == GST_EVENT_CUSTOM_DOWNSTREAM_STICKY)
    gst_custom_events_forward (src, *event);
  return TRUE;
}

static gboolean
forward_those_of (GstElement *element, GstPad *sink, gpointer src)
{
  gst_pad_sticky_events_foreach (sink, forward_one, src);
  return TRUE;
}

void
gst_custom_events_forward_all (GstElement *element, GstPad *src)
{
  gst_element_foreach_sink_pad (element, forward_those_of, src);
}
