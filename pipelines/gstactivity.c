/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Converts element messages to activities: see gstactivity.h. */

#include "pipelines/gstactivity.h"

static guint
get_number (const GstStructure *s, const gchar *name)
{
  gint number;
  guint unsigned_number;

  if (gst_structure_get_uint (s, name, &unsigned_number))
    return unsigned_number;
  return gst_structure_get_int (s, name, &number) && number > 0 ? number : 0;
}

static const gchar *
first_of (const gchar *one, const gchar *other)
{
  return one != NULL ? one : other;
}

gboolean
gst_activity_from (GstMessage *message, Activity *activity)
{
  const GstStructure *s = gst_message_get_structure (message);

  if (s == NULL)
    return FALSE;
  *activity = (Activity){
    .event = gst_structure_get_name (s),
    .stream = gst_structure_get_string (s, "stream-name"),
    .address = gst_structure_get_string (s, "address"),
    .agent = first_of (gst_structure_get_string (s, "encoder"),
        gst_structure_get_string (s, "user-agent")),
    .media = gst_structure_get_string (s, "media"),
    .codec = gst_structure_get_string (s, "codec"),
    .video = gst_structure_get_string (s, "video"),
    .audio = gst_structure_get_string (s, "audio"),
    .reason = first_of (gst_structure_get_string (s, "reason"),
        gst_structure_get_string (s, "b-frames")),
    .location = gst_structure_get_string (s, "location"),
    .width = get_number (s, "width"),
    .height = get_number (s, "height"),
    .rate = get_number (s, "rate"),
    .channels = get_number (s, "channels"),
    .n_untold = get_number (s, "untold"),
    .id = gst_structure_get_string (s, "event-id"),
    .time = gst_structure_get_string (s, "event-time"),
    .viewer = gst_structure_get_string (s, "id"),
  };
  activity->has_duration =
      gst_structure_get_uint64 (s, "duration", &activity->duration_ns);
  activity->has_bytes = gst_structure_get_uint64 (s, "bytes", &activity->bytes);
  return activity_level (activity) != ACTIVITY_UNKNOWN;
}
