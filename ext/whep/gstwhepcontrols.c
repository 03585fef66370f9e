/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What whepsink does for administrators: see gstwhepcontrols.h. */

#include "ext/whep/gstwhepcontrols.h"
#include "ext/whep/gstwheppad.h"
#include "ext/whep/gstwheprecordings.h"
#include "gst/publisher/gstpublisherevents.h"
#include "gst/settings/gstwhepsinksettings.h"

/* An event on its way to the pads of a stream. */
typedef struct
{
  const gchar *stream;
  GstEvent *event;
  gboolean is_done;
} Errand;

/* To each pad of the stream, because one of them may still belong to a
 * publisher that has been replaced. It is one
 * event, by its sequence number. */
static gboolean
push_event (GstElement *sink, GstPad *pad, gpointer user_data)
{
  Errand *errand = user_data;
  g_autofree gchar *stream = gst_whep_pad_dup_stream (GST_WHEP_PAD (pad));

  if (g_str_equal (stream, errand->stream))
    errand->is_done |= gst_pad_push_event (pad, gst_event_ref (errand->event));
  return TRUE;
}

gboolean
gst_whep_controls_disconnect_publisher (GstElement *sink, const gchar *stream,
    const gchar *reason, GstClockTime refuse_for)
{
  Errand errand = {
    .stream = stream,
    .event = gst_publisher_disconnect_event_new (reason, refuse_for),
  };

  gst_element_foreach_sink_pad (sink, push_event, &errand);
  gst_event_unref (errand.event);
  return errand.is_done;
}

static gboolean
disconnect_publisher (const gchar *stream, const gchar *reason,
    guint64 refuse_for_ns, gpointer sink)
{
  return gst_whep_controls_disconnect_publisher (sink, stream, reason,
      refuse_for_ns);
}

static gboolean
record (const gchar *stream, gboolean starts, gchar **why, gpointer sink)
{
  return gst_whep_recordings_record (sink, stream, starts, why);
}

static gboolean
read_recording (const gchar *stream, WhepRecording *recording, gpointer sink)
{
  return gst_whep_recordings_read (sink, stream, recording);
}

/* Members of JSON have underscores. */
static const gchar *
member_name (const gchar *property)
{
  g_autofree gchar *name = g_strdelimit (g_strdup (property), "-", '_');

  return g_intern_string (name);
}

static gboolean
is_changeable (const GstSetting *row)
{
  return (row->flags & GST_PARAM_MUTABLE_PLAYING) != 0 &&
      row->kind == GST_SETTING_UINT;
}

static guint
read_settings (WhepApiNumber *settings, gpointer sink)
{
  const GstSetting *row = gst_whep_settings_table ();
  guint n_settings = 0;

  for (; row->name != NULL; row++) {
    guint value;

    if (!is_changeable (row))
      continue;
    g_assert (n_settings < WHEP_CONTROLS_MAX_SETTINGS);
    g_object_get (sink, row->name, &value, NULL);
    settings[n_settings++] = (WhepApiNumber){
      .name = member_name (row->name),
      .min = row->min,
      .max = row->max,
      .value = value,
    };
  }
  return n_settings;
}

static void
change_settings (const WhepApiNumber *settings, guint n_settings, gpointer sink)
{
  for (guint i = 0; i < n_settings; i++) {
    g_autofree gchar *property =
        g_strdelimit (g_strdup (settings[i].name), "_", '-');

    if (settings[i].is_set)
      g_object_set (sink, property, (guint) settings[i].value, NULL);
  }
}

WhepControls
gst_whep_controls_of (GstElement *sink)
{
  return (WhepControls){
    .disconnect_publisher = disconnect_publisher,
    .read_settings = read_settings,
    .change_settings = change_settings,
    .record = record,
    .read_recording = read_recording,
    .user_data = sink,
  };
}
