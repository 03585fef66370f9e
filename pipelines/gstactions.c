/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Action signals of our elements: see gstactions.h. */

#include "pipelines/gstactions.h"

#include "pipelines/duration.h"

#define DEFAULT_REASON "disconnected by the operator"
#define LONGEST_DRAIN (24 * 60 * 60 * GST_SECOND)

/* A command on its way to the elements, until one has carried it out. */
typedef struct _Errand Errand;
typedef gboolean (*ErrandFunc) (GstElement *element, Errand *self);

typedef struct
{
  ConsoleVerb verb;
  const gchar *signal;
  ErrandFunc emit;
  const gchar *failure; /* nullable: before what the command names */
} Action;

struct _Errand
{
  const Action *action;
  const gchar *what; /* nullable: a stream or a viewer */
  const gchar *reason;
  guint64 time_ns;
  JsonNode *list;    /* nullable: the result */
  gchar *why;        /* nullable: why the element has not done it */
  gboolean is_known; /* an element has the signal */
  gboolean is_done;
};

static gboolean
kick (GstElement *element, Errand *self)
{
  gboolean is_done = FALSE;

  g_signal_emit_by_name (element, self->action->signal, self->what,
      self->reason, self->time_ns, &is_done);
  return is_done;
}

static gboolean
kick_viewer (GstElement *element, Errand *self)
{
  gboolean is_done = FALSE;

  g_signal_emit_by_name (element, self->action->signal, self->what,
      self->reason, &is_done);
  return is_done;
}

static gboolean
drain (GstElement *element, Errand *self)
{
  g_signal_emit_by_name (element, self->action->signal, self->time_ns);
  return TRUE;
}

static gboolean
take_list (Errand *self, gchar *json)
{
  if (json != NULL)
    self->list = json_from_string (json, NULL);
  g_free (json);
  return self->list != NULL;
}

static gboolean
list_streams (GstElement *element, Errand *self)
{
  gchar *json = NULL;

  g_signal_emit_by_name (element, self->action->signal, &json);
  return take_list (self, json);
}

static gboolean
list_viewers (GstElement *element, Errand *self)
{
  gchar *json = NULL;

  g_signal_emit_by_name (element, self->action->signal, self->what, &json);
  return take_list (self, json);
}

static gboolean
start_recording (GstElement *element, Errand *self)
{
  g_signal_emit_by_name (element, self->action->signal, self->what, NULL,
      &self->why);
  return self->why == NULL;
}

static gboolean
stop_recording (GstElement *element, Errand *self)
{
  g_signal_emit_by_name (element, self->action->signal, self->what, &self->why);
  return self->why == NULL;
}

/* RTMP players are viewers, too. */
static const Action actions[] = {
  { CONSOLE_KICK, "disconnect-publisher", kick, "Nobody publishes" },
  { CONSOLE_KICK_VIEWER, "disconnect-viewer", kick_viewer,
      "There is no viewer" },
  { CONSOLE_KICK_VIEWER, "disconnect-player", kick_viewer,
      "There is no viewer" },
  { CONSOLE_DRAIN, "drain", drain, NULL },
  { CONSOLE_STREAMS, "get-streams", list_streams, NULL },
  { CONSOLE_VIEWERS, "get-viewers", list_viewers, NULL },
  { CONSOLE_RECORD, "start-recording", start_recording, NULL },
  { CONSOLE_STOP_RECORDING, "stop-recording", stop_recording, NULL },
};

static void
ask_element (const GValue *item, gpointer user_data)
{
  GstElement *element = g_value_get_object (item);
  Errand *errand = user_data;

  if (errand->is_done || errand->why != NULL ||
      g_signal_lookup (errand->action->signal, G_OBJECT_TYPE (element)) == 0)
    return;
  errand->is_known = TRUE;
  errand->is_done = errand->action->emit (element, errand);
}

static void
ask_elements (GstBin *bin, const Action *action, Errand *errand)
{
  GstIterator *elements = gst_bin_iterate_elements (bin);

  errand->action = action;
  gst_iterator_foreach (elements, ask_element, errand);
  gst_iterator_free (elements);
}

static void
fail (const Errand *errand, GError **error)
{
  if (!errand->is_known)
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_FAILED,
        "No element of this pipeline can do that.");
  else if (errand->why != NULL)
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_FAILED, "%s: %s.",
        errand->what, errand->why);
  else if (errand->action->failure == NULL)
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_FAILED,
        "Not possible now: it is not running.");
  else
    g_set_error (error, GST_CORE_ERROR, GST_CORE_ERROR_FAILED, "%s \"%.255s\".",
        errand->action->failure, errand->what);
}

/* Without a time: a publisher may return, and viewers may stay for a day. */
static gboolean
read_time (const ConsoleCommand *command, Errand *errand, GError **error)
{
  gboolean is_drain = command->verb == CONSOLE_DRAIN;
  const gchar *time = is_drain ? command->element : command->property;

  if (!is_drain && command->verb != CONSOLE_KICK)
    return TRUE;
  errand->time_ns = is_drain ? LONGEST_DRAIN : 0;
  if (is_drain && g_strcmp0 (time, "off") == 0)
    errand->time_ns = GST_CLOCK_TIME_NONE;
  else if (time != NULL && !duration_from_text (time, &errand->time_ns)) {
    g_set_error (error, CONSOLE_ERROR, CONSOLE_ERROR_USAGE,
        "\"%.64s\" is not a time, such as 90s or 10min.", time);
    return FALSE;
  }
  return TRUE;
}

JsonNode *
gst_actions_do (GstBin *bin, const ConsoleCommand *command, GError **error)
{
  const gchar *reason =
      command->verb == CONSOLE_KICK_VIEWER ? command->property : command->value;
  Errand errand = {
    .what = command->element,
    .reason = reason != NULL ? reason : DEFAULT_REASON,
  };

  if (!read_time (command, &errand, error))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (actions) && !errand.is_done; i++) {
    if (actions[i].verb == command->verb)
      ask_elements (bin, &actions[i], &errand);
  }
  if (!errand.is_done)
    fail (&errand, error);
  g_free (errand.why);
  return errand.list;
}
