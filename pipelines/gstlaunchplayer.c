/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plays, pauses and ends one pipeline: see gstlaunchplayer.h. */

#include "pipelines/gstlaunchplayer.h"

#include "pipelines/gstactivity.h"

#include <string.h>

/* The limit of an error's debug information. */
#define DETAIL_MAX_BYTES 200
/* The delay between the end of the stream and that of the pipeline: a sink
 * disconnects from its server in its own thread, and does not report when it
 * has done so. */
#define FAREWELL_MS 200
#define READY_MESSAGE "all-pads-are-there"

struct _LaunchPlayer
{
  GstElement *pipeline;
  GstElement *splitter; /* demuxes the file; nullable; object lock */
  LaunchPlayerParams params;
  guint bus_watch;
  guint end_timeout;
  guint farewell;
  gboolean is_begun; /* has done the initial seek, if needed */
  gboolean wants_to_play;
  gboolean has_played;
  gboolean is_end_due; /* send EOS once playing */
  gboolean has_ended;
};

static void
tell (LaunchPlayer *self, LaunchPlayerEvent event, const gchar *text)
{
  if (self->has_ended)
    return;
  self->has_ended =
      event != LAUNCH_PLAYER_WARNING && event != LAUNCH_PLAYER_PLAYS;
  self->params.func (event, text, self->params.user_data);
}

static gboolean
needs_seek (const LaunchPlayer *self)
{
  return self->params.loops || self->params.start > 0;
}

/* Returns: (transfer full) (nullable): the element that demuxes the file. */
static GstElement *
dup_splitter (LaunchPlayer *self)
{
  GstElement *splitter = NULL;

  GST_OBJECT_LOCK (self->pipeline);
  if (self->splitter != NULL)
    splitter = gst_object_ref (self->splitter);
  GST_OBJECT_UNLOCK (self->pipeline);
  return splitter;
}

/* Returns: (transfer full) (nullable): a pad of the element that demuxes the
 * file: it has information about the file that a muxer downstream does not
 * report. */
static GstPad *
file_pad (LaunchPlayer *self)
{
  g_autoptr (GstElement) splitter = dup_splitter (self);
  GstPad *pad = NULL;

  if (splitter == NULL)
    return NULL;
  GST_OBJECT_LOCK (splitter);
  if (splitter->srcpads != NULL)
    pad = gst_object_ref (splitter->srcpads->data);
  GST_OBJECT_UNLOCK (splitter);
  return pad;
}

static gboolean
seek (LaunchPlayer *self, GstSeekFlags flags, GstClockTime start)
{
  g_autoptr (GstPad) pad = file_pad (self);

  if (self->params.loops)
    flags |= GST_SEEK_FLAG_SEGMENT;
  return pad != NULL &&
      gst_pad_send_event (pad,
          gst_event_new_seek (1, GST_FORMAT_TIME, flags, GST_SEEK_TYPE_SET,
              start, GST_SEEK_TYPE_NONE, 0));
}

static void
begin (LaunchPlayer *self)
{
  if (self->is_begun)
    return;
  self->is_begun = TRUE;
  if (!seek (self, GST_SEEK_FLAG_FLUSH, self->params.start))
    tell (self, LAUNCH_PLAYER_WARNING,
        "This can't be played from another position or in a loop.");
  if (self->wants_to_play)
    gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
}

/* While the pipeline is ending, the demuxer may post SEGMENT_DONE, which must
 * not start the file again. */
static void
start_over (LaunchPlayer *self)
{
  if (self->end_timeout != 0)
    return;
  if (!seek (self, GST_SEEK_FLAG_NONE, 0))
    tell (self, LAUNCH_PLAYER_FAILED, "This can't be played in a loop.");
}

/* In a file without audio or without video, the other branch ends here, so that
 * the muxer does not wait for it. On a streaming thread. */
static void
end_open_branches (GstElement *source, gpointer user_data)
{
  LaunchPlayer *self = user_data;
  GstIterator *elements = gst_bin_iterate_elements (GST_BIN (self->pipeline));
  GValue item = G_VALUE_INIT;

  while (gst_iterator_next (elements, &item) == GST_ITERATOR_OK) {
    GstElement *element = g_value_get_object (&item);
    GstPad *pad = gst_element_get_static_pad (element, "sink");

    if (pad != NULL && !gst_pad_is_linked (pad)) {
      gst_pad_send_event (pad, gst_event_new_stream_start ("nothing"));
      gst_pad_send_event (pad, gst_event_new_eos ());
    }
    gst_clear_object (&pad);
    g_value_reset (&item);
  }
  g_value_unset (&item);
  gst_iterator_free (elements);

  GST_OBJECT_LOCK (self->pipeline);
  gst_object_replace ((GstObject **) &self->splitter, GST_OBJECT (source));
  GST_OBJECT_UNLOCK (self->pipeline);
  gst_element_post_message (self->pipeline,
      gst_message_new_application (GST_OBJECT (self->pipeline),
          gst_structure_new_empty (READY_MESSAGE)));
}

static gboolean
on_farewell (gpointer user_data)
{
  LaunchPlayer *self = user_data;

  self->farewell = 0;
  tell (self, LAUNCH_PLAYER_ENDED, "Everything has been played.");
  return G_SOURCE_REMOVE;
}

/* A missing pad is not a problem: see end_open_branches(). */
static gboolean
is_about_no_pad (GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_warning (message, &error, NULL);
  return g_error_matches (error, GST_PARSE_ERROR, GST_PARSE_ERROR_DELAYED_LINK);
}

/* "ELEMENT: message (debug information)". */
static gchar *
words_of (GstMessage *message)
{
  const gchar *name = GST_OBJECT_NAME (GST_MESSAGE_SRC (message));
  g_autofree gchar *debug = NULL;
  g_autoptr (GError) error = NULL;
  const gchar *detail;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    gst_message_parse_error (message, &error, &debug);
  else
    gst_message_parse_warning (message, &error, &debug);
  /* The first line is the location in the sources. */
  detail = debug == NULL ? NULL : strchr (debug, '\n');
  if (detail == NULL || detail[1] == '\0')
    return g_strdup_printf ("%s: %s", name, error->message);
  return g_strdup_printf ("%s: %s (%.*s)", name, error->message,
      DETAIL_MAX_BYTES, detail + 1);
}

static void
tell_words (LaunchPlayer *self, LaunchPlayerEvent event, GstMessage *message)
{
  g_autofree gchar *text = words_of (message);

  tell (self, event, text);
}

/* Retrying does not help with a file that cannot be decoded. */
static LaunchPlayerEvent
event_of (GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_error (message, &error, NULL);
  return error->domain == GST_RESOURCE_ERROR ? LAUNCH_PLAYER_LOST
                                             : LAUNCH_PLAYER_FAILED;
}

static gboolean
end_branch (GstElement *splitter, GstPad *pad, gpointer user_data)
{
  GstPad *peer = gst_pad_get_peer (pad);

  if (peer != NULL)
    gst_pad_send_event (peer, gst_event_new_eos ());
  gst_clear_object (&peer);
  return TRUE;
}

/* Sends EOS downstream of the demuxer first: from the source, it would have to
 * pass everything that has already been read. Other sources, and sinks that
 * serve clients, get the pipeline's EOS. */
static void
send_eos (LaunchPlayer *self)
{
  g_autoptr (GstElement) splitter = dup_splitter (self);

  if (splitter != NULL)
    gst_element_foreach_src_pad (splitter, end_branch, NULL);
  gst_element_send_event (self->pipeline, gst_event_new_eos ());
}

static void
on_state (LaunchPlayer *self, GstMessage *message)
{
  GstState state;

  gst_message_parse_state_changed (message, NULL, &state, NULL);
  if (GST_MESSAGE_SRC (message) != GST_OBJECT (self->pipeline) ||
      state != GST_STATE_PLAYING)
    return;
  if (!self->has_played)
    tell (self, LAUNCH_PLAYER_PLAYS, "Playing.");
  self->has_played = TRUE;
  if (self->is_end_due)
    send_eos (self);
  self->is_end_due = FALSE;
}

static void
on_element_message (LaunchPlayer *self, GstMessage *message)
{
  Activity activity;

  if (!self->has_ended && gst_activity_from (message, &activity))
    self->params.activity_func (&activity, self->params.user_data);
}

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  LaunchPlayer *self = user_data;

  switch ((gint) GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_ERROR:
      /* Everything has been played, and a server may disconnect first. */
      if (self->farewell == 0)
        tell_words (self, event_of (message), message);
      break;
    case GST_MESSAGE_WARNING:
      if (!is_about_no_pad (message))
        tell_words (self, LAUNCH_PLAYER_WARNING, message);
      break;
    case GST_MESSAGE_EOS:
      if (self->farewell == 0)
        self->farewell = g_timeout_add (FAREWELL_MS, on_farewell, self);
      break;
    case GST_MESSAGE_ELEMENT:
      on_element_message (self, message);
      break;
    case GST_MESSAGE_STATE_CHANGED:
      on_state (self, message);
      break;
    case GST_MESSAGE_SEGMENT_DONE:
      start_over (self);
      break;
    case GST_MESSAGE_APPLICATION:
      if (needs_seek (self) && gst_message_has_name (message, READY_MESSAGE))
        begin (self);
      break;
    case GST_MESSAGE_LATENCY:
      gst_bin_recalculate_latency (GST_BIN (self->pipeline));
      break;
  }
  return G_SOURCE_CONTINUE;
}

static void
connect_element (const GValue *item, gpointer user_data)
{
  g_signal_connect (g_value_get_object (item), "no-more-pads",
      G_CALLBACK (end_open_branches), user_data);
}

/* A single element has to be put into a pipeline. */
static GstElement *
parse (const gchar *description, GError **error)
{
  GstElement *element = gst_parse_launch_full (description, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, error);
  GstElement *pipeline;

  if (element == NULL || GST_IS_PIPELINE (element))
    return element;
  pipeline = gst_pipeline_new (NULL);
  gst_bin_add (GST_BIN (pipeline), element);
  return pipeline;
}

LaunchPlayer *
launch_player_new (const LaunchPlayerParams *params, GError **error)
{
  GstElement *pipeline = parse (params->description, error);
  g_autoptr (GstBus) bus = NULL;
  GstIterator *elements;
  LaunchPlayer *self;

  if (pipeline == NULL)
    return NULL;
  self = g_new0 (LaunchPlayer, 1);
  self->pipeline = gst_object_ref_sink (pipeline);
  self->params = *params;
  self->params.description = NULL;
  bus = gst_element_get_bus (pipeline);
  self->bus_watch = gst_bus_add_watch (bus, on_message, self);
  elements = gst_bin_iterate_elements (GST_BIN (pipeline));
  gst_iterator_foreach (elements, connect_element, self);
  gst_iterator_free (elements);
  return self;
}

void
launch_player_free (LaunchPlayer *self)
{
  if (self == NULL)
    return;
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  g_clear_handle_id (&self->bus_watch, g_source_remove);
  g_clear_handle_id (&self->end_timeout, g_source_remove);
  g_clear_handle_id (&self->farewell, g_source_remove);
  gst_clear_object (&self->splitter);
  gst_object_unref (self->pipeline);
  g_free (self);
}

/* Errors arrive as messages. */
void
launch_player_play (LaunchPlayer *self)
{
  gboolean is_waiting = needs_seek (self) && !self->is_begun;

  self->wants_to_play = TRUE;
  gst_element_set_state (self->pipeline,
      is_waiting ? GST_STATE_PAUSED : GST_STATE_PLAYING);
}

void
launch_player_pause (LaunchPlayer *self)
{
  self->wants_to_play = FALSE;
  gst_element_set_state (self->pipeline, GST_STATE_PAUSED);
}

static gboolean
on_end_timeout (gpointer user_data)
{
  LaunchPlayer *self = user_data;

  self->end_timeout = 0;
  tell (self, LAUNCH_PLAYER_WARNING,
      "The end was cut short: a receiver did not accept the rest.");
  tell (self, LAUNCH_PLAYER_ENDED, "It was cut short.");
  return G_SOURCE_REMOVE;
}

static gboolean
on_nothing_to_end (gpointer user_data)
{
  LaunchPlayer *self = user_data;

  self->farewell = 0;
  tell (self, LAUNCH_PLAYER_ENDED, "It had not started.");
  return G_SOURCE_REMOVE;
}

/* A paused pipeline would never end. A pipeline that is waiting for its first
 * buffer, or for a server's reply, must not be sent an event: its source may
 * hold a lock that the state change needs, and there is nothing to end
 * anyway. */
void
launch_player_end (LaunchPlayer *self)
{
  GstStateChangeReturn change;

  if (self->end_timeout != 0)
    return;
  self->end_timeout =
      g_timeout_add (self->params.end_limit_ms, on_end_timeout, self);
  change = gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  if (change != GST_STATE_CHANGE_ASYNC)
    send_eos (self);
  else if (self->has_played)
    self->is_end_due = TRUE;
  else if (self->farewell == 0)
    self->farewell = g_idle_add (on_nothing_to_end, self);
}

GstBin *
launch_player_bin (LaunchPlayer *self)
{
  return GST_BIN (self->pipeline);
}

GstClockTime
launch_player_position (LaunchPlayer *self)
{
  gint64 position;

  if (!gst_element_query_position (self->pipeline, GST_FORMAT_TIME, &position))
    return GST_CLOCK_TIME_NONE;
  return position;
}

GstClockTime
launch_player_duration (LaunchPlayer *self)
{
  g_autoptr (GstPad) pad = file_pad (self);
  gint64 duration;

  if (pad == NULL ||
      !gst_pad_query_duration (pad, GST_FORMAT_TIME, &duration) ||
      duration <= 0)
    return GST_CLOCK_TIME_NONE;
  return duration;
}

static void
add_time (JsonObject *fields, const gchar *name, GstClockTime time)
{
  if (GST_CLOCK_TIME_IS_VALID (time))
    json_object_set_int_member (fields, name, time / GST_MSECOND);
}

/* An element that counts viewers has one sink pad per stream. */
static void
add_viewers (const GValue *item, gpointer user_data)
{
  GstElement *element = g_value_get_object (item);
  JsonObject *fields = user_data;
  guint n_viewers;

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (element),
          "n-viewers") == NULL)
    return;
  g_object_get (element, "n-viewers", &n_viewers, NULL);
  json_object_set_int_member (fields, "streams", element->numsinkpads);
  json_object_set_int_member (fields, "viewers", n_viewers);
}

JsonObject *
launch_player_status (LaunchPlayer *self)
{
  GstIterator *elements = gst_bin_iterate_elements (GST_BIN (self->pipeline));
  JsonObject *fields = json_object_new ();
  GstState state = GST_STATE (self->pipeline);

  json_object_set_string_member (fields, "state",
      state == GST_STATE_PLAYING ? "playing" : "paused");
  add_time (fields, "position_ms", launch_player_position (self));
  add_time (fields, "duration_ms", launch_player_duration (self));
  gst_iterator_foreach (elements, add_viewers, fields);
  gst_iterator_free (elements);
  return fields;
}

/* Returns: (transfer full) (nullable): the element; @pspec is its property. */
static GstElement *
find_property (LaunchPlayer *self, const gchar *name, const gchar *property,
    GParamSpec **pspec, GError **error)
{
  GstElement *element = gst_bin_get_by_name (GST_BIN (self->pipeline), name);

  if (element == NULL) {
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_FAILED,
        "There is no element \"%s\".", name);
    return NULL;
  }
  *pspec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (element), property);
  if (*pspec == NULL) {
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_FAILED,
        "%s has no property \"%s\".", name, property);
    gst_clear_object (&element);
  }
  return element;
}

static JsonNode *
node_of (const GValue *value)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  if (G_VALUE_HOLDS_STRING (value)) {
    const gchar *string = g_value_get_string (value);

    json_node_set_string (node, string == NULL ? "" : string);
  } else if (G_VALUE_HOLDS_BOOLEAN (value)) {
    json_node_set_boolean (node, g_value_get_boolean (value));
  } else if (g_value_type_transformable (G_VALUE_TYPE (value), G_TYPE_INT64) &&
      !G_VALUE_HOLDS_ENUM (value) && !G_VALUE_HOLDS_FLAGS (value) &&
      !G_VALUE_HOLDS_DOUBLE (value) && !G_VALUE_HOLDS_FLOAT (value)) {
    g_auto (GValue) number = G_VALUE_INIT;

    g_value_init (&number, G_TYPE_INT64);
    g_value_transform (value, &number);
    json_node_set_int (node, g_value_get_int64 (&number));
  } else {
    g_autofree gchar *text = gst_value_serialize (value);

    json_node_set_string (node, text == NULL ? "" : text);
  }
  return node;
}

JsonObject *
launch_player_get (LaunchPlayer *self, const gchar *name, const gchar *property,
    GError **error)
{
  GParamSpec *pspec;
  g_autoptr (GstElement) element =
      find_property (self, name, property, &pspec, error);
  g_auto (GValue) value = G_VALUE_INIT;
  JsonObject *fields;

  if (element == NULL)
    return NULL;
  if (!(pspec->flags & G_PARAM_READABLE)) {
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_FAILED,
        "%s of %s can't be read.", property, name);
    return NULL;
  }
  g_value_init (&value, pspec->value_type);
  g_object_get_property (G_OBJECT (element), property, &value);
  fields = json_object_new ();
  json_object_set_member (fields, property, node_of (&value));
  return fields;
}

gboolean
launch_player_set (LaunchPlayer *self, const gchar *name, const gchar *property,
    const gchar *text, GError **error)
{
  GParamSpec *pspec;
  g_autoptr (GstElement) element =
      find_property (self, name, property, &pspec, error);
  g_auto (GValue) value = G_VALUE_INIT;

  if (element == NULL)
    return FALSE;
  if (!(pspec->flags & G_PARAM_WRITABLE) ||
      (pspec->flags & G_PARAM_CONSTRUCT_ONLY)) {
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_FAILED,
        "%s of %s can't be set.", property, name);
    return FALSE;
  }
  g_value_init (&value, pspec->value_type);
  if (!gst_value_deserialize_with_pspec (&value, text, pspec) ||
      g_param_value_validate (pspec, &value)) {
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_FAILED,
        "\"%.64s\" is not a valid value for %s of %s.", text, property, name);
    return FALSE;
  }
  g_object_set_property (G_OBJECT (element), property, &value);
  return TRUE;
}
