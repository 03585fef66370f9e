/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A decoder in a process of its own: see gstisolateddecoder.h.
 *
 * The sink's streaming thread starts the process, writes to it and buries it;
 * the task of the source pad reads. */

#include "gst/isolation/gstisolateddecoder.h"

#include "gst/isolation/gstreplyreader.h"
#include "gst/isolation/process-io.h"
#include "gst/isolation/restart.h"

#include <string.h>

GST_DEBUG_CATEGORY_STATIC (isolated_decoder_debug);
#define GST_CAT_DEFAULT isolated_decoder_debug

/* Longer than the key frames of most streams are apart. */
#define NO_KEY_US (10 * G_USEC_PER_SEC)
/* At the end, a decoder that sends nothing for so long hangs: what it still has
 * are the pictures of the frames in the socket, each of which takes it
 * milliseconds. */
#define END_PATIENCE_US (2 * G_USEC_PER_SEC)
/* One that a stream has taken over may send pictures for ever. */
#define END_MAX_US (10 * G_USEC_PER_SEC)

struct _GstIsolatedDecoder
{
  GstElement parent;

  GstPad *sink, *src;
  gchar *decoder; /* property, construct only */
  guint threads;  /* property, before it starts */
  guint retry_ms; /* property, before it starts */

  gint has_died;  /* atomic: the process; set by the task */
  gint is_ending; /* atomic: EOS has come */
  gint has_ended; /* atomic: EOS has been pushed */
  gint flow;      /* atomic: of the last picture */

  /* Guards the following fields; the streaming thread reads process without. */
  GMutex lock;
  IsolationProcess *process; /* nullable */
  gboolean is_stopping;
  GQueue held; /* of GstEvent: they follow the caps */
  guint n_replies;
  GCond replied; /* or is stopping */

  /* Of the streaming thread. */
  gchar *caps;
  Restart restart;
  gboolean has_given_up;

  /* Of the task. */
  GstReplyReader reader;
};

enum
{
  PROP_0,
  PROP_DECODER,
  PROP_THREADS,
  PROP_RETRY_MS,
  PROP_PID,
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("video/x-raw"));

G_DEFINE_TYPE (GstIsolatedDecoder, gst_isolated_decoder, GST_TYPE_ELEMENT);

static void
push_end (GstIsolatedDecoder *self)
{
  if (g_atomic_int_compare_and_exchange (&self->has_ended, FALSE, TRUE))
    gst_pad_push_event (self->src, gst_event_new_eos ());
}

static void
push_held (GstIsolatedDecoder *self)
{
  GstEvent *event;

  do {
    g_mutex_lock (&self->lock);
    event = g_queue_pop_head (&self->held);
    g_mutex_unlock (&self->lock);
    if (event != NULL)
      gst_pad_push_event (self->src, event);
  } while (event != NULL);
}

/* Returns FALSE if the process is of no use any more. */
static gboolean
take_reply (GstIsolatedDecoder *self)
{
  GstBuffer *picture = NULL;
  GstCaps *caps = NULL;

  switch (
      gst_reply_reader_read (&self->reader, self->process, &caps, &picture)) {
    case GST_REPLY_NONE:
      return FALSE;
    case GST_REPLY_FORMAT:
      gst_pad_push_event (self->src, gst_event_new_caps (caps));
      gst_caps_unref (caps);
      return TRUE;
    case GST_REPLY_PICTURE:
      push_held (self);
      g_atomic_int_set (&self->flow, gst_pad_push (self->src, picture));
      return TRUE;
    case GST_REPLY_END:
      push_held (self);
      push_end (self);
      return TRUE;
  }
  g_return_val_if_reached (FALSE);
}

static void
note_reply (GstIsolatedDecoder *self)
{
  g_mutex_lock (&self->lock);
  self->n_replies++;
  g_cond_broadcast (&self->replied);
  g_mutex_unlock (&self->lock);
}

/* The task. */
static void
read_reply (gpointer user_data)
{
  GstIsolatedDecoder *self = user_data;

  if (take_reply (self)) {
    note_reply (self);
    return;
  }
  isolation_process_kill (self->process);
  g_atomic_int_set (&self->has_died, TRUE);
  gst_pad_pause_task (self->src);
  if (g_atomic_int_get (&self->is_ending))
    push_end (self);
  note_reply (self);
}

/* @how: what has become of the process that was started at @since_us. */
static void
note_death (GstIsolatedDecoder *self, const gchar *how, gint64 since_us)
{
  g_autofree gchar *name = gst_isolated_decoder_dup_name (self);
  gint64 now_us = g_get_monotonic_time ();

  self->has_given_up = !restart_note_death (&self->restart, since_us, now_us);
  if (self->has_given_up)
    GST_ELEMENT_ERROR (self, STREAM, DECODE,
        ("The decoder %s %s, as it has %u times before, and is given up.", name,
            how, RESTART_MAX),
        (NULL));
  else
    GST_ELEMENT_WARNING (self, STREAM, DECODE,
        ("The decoder %s %s. It is started again in %" G_GINT64_FORMAT " s.",
            name, how, (self->restart.retry_us - now_us) / G_USEC_PER_SEC),
        (NULL));
}

static void
bury (GstIsolatedDecoder *self)
{
  IsolationProcess *process = self->process;
  g_autofree gchar *how = NULL;

  gst_pad_stop_task (self->src);
  g_mutex_lock (&self->lock);
  self->process = NULL;
  g_mutex_unlock (&self->lock);
  how = isolation_process_join (process);
  note_death (self, how, isolation_process_since_us (process));
  isolation_process_free (process);
}

static gboolean
write_caps (GstIsolatedDecoder *self)
{
  WireHeader header = { .kind = WIRE_CAPS };

  if (self->caps == NULL)
    return FALSE;
  header.size = strlen (self->caps);
  if (wire_is_request (&header) &&
      isolation_process_write (self->process, &header,
          (const guint8 *) self->caps, ISOLATION_PATIENCE_US))
    return TRUE;
  isolation_process_kill (self->process);
  return FALSE;
}

/* A machine may be short of processes or memory for a while, and an update may
 * take the program away for a moment: what follows is the same as after a
 * crash. Returns: (nullable) (transfer full) */
static IsolationProcess *
spawn (GstIsolatedDecoder *self)
{
  g_autofree gchar *program = isolation_process_find_program ();
  g_autofree gchar *threads = g_strdup_printf ("%u", self->threads);
  g_autoptr (GError) error = NULL;
  IsolationProcess *process;

  process = program != NULL
      ? isolation_process_new (program, self->decoder, threads, &error)
      : NULL;
  if (process == NULL) {
    g_autofree gchar *how = g_strdup_printf ("could not be started (%s)",
        error != NULL ? error->message : "its program is missing");

    note_death (self, how, g_get_monotonic_time ());
  }
  return process;
}

/* The task must not be running. */
static gboolean
start (GstIsolatedDecoder *self)
{
  IsolationProcess *process = spawn (self);

  if (process == NULL)
    return FALSE;
  g_mutex_lock (&self->lock);
  if (!self->is_stopping)
    self->process = g_steal_pointer (&process);
  g_mutex_unlock (&self->lock);
  isolation_process_free (process);
  if (self->process == NULL)
    return FALSE;
  GST_INFO_OBJECT (self, "%s: process %d", self->decoder,
      isolation_process_pid (self->process));
  g_atomic_int_set (&self->has_died, FALSE);
  write_caps (self);
  return gst_pad_start_task (self->src, read_reply, self, NULL);
}

/* After a death, only a key frame can be decoded; where there is none for long,
 * as with intra refresh, any frame may be a recovery point. */
static gboolean
may_start (GstIsolatedDecoder *self, GstBuffer *frame)
{
  gint64 now_us = g_get_monotonic_time ();

  if (self->restart.n_deaths == 0)
    return TRUE;
  return restart_is_due (&self->restart, now_us) &&
      (!GST_BUFFER_FLAG_IS_SET (frame, GST_BUFFER_FLAG_DELTA_UNIT) ||
          now_us - self->restart.retry_us >= NO_KEY_US);
}

static void
write_frame (GstIsolatedDecoder *self, GstBuffer *frame)
{
  WireHeader header = {
    .kind = WIRE_FRAME,
    .pts = GST_BUFFER_PTS (frame),
    .dts = GST_BUFFER_DTS (frame),
    .duration = GST_BUFFER_DURATION (frame),
    .flags = GST_BUFFER_FLAGS (frame),
  };
  GstMapInfo map;

  if (!gst_buffer_map (frame, &map, GST_MAP_READ))
    return;
  header.size = map.size;
  if (wire_is_request (&header) &&
      !isolation_process_write (self->process, &header, map.data,
          ISOLATION_PATIENCE_US))
    isolation_process_kill (self->process);
  gst_buffer_unmap (frame, &map);
}

static GstFlowReturn
on_frame (GstPad *pad, GstObject *parent, GstBuffer *frame)
{
  GstIsolatedDecoder *self = GST_ISOLATED_DECODER (parent);

  if (self->process != NULL && g_atomic_int_get (&self->has_died))
    bury (self);
  if (self->process == NULL && !self->has_given_up && may_start (self, frame))
    start (self);
  if (self->process != NULL)
    write_frame (self, frame);
  gst_buffer_unref (frame);
  return self->has_given_up ? GST_FLOW_ERROR : g_atomic_int_get (&self->flow);
}

static void
take_caps (GstIsolatedDecoder *self, GstEvent *event)
{
  GstCaps *caps;

  gst_event_parse_caps (event, &caps);
  g_free (self->caps);
  self->caps = gst_caps_to_string (caps);
  if (self->process != NULL)
    write_caps (self);
}

/* Returns FALSE if the decoder hangs, or goes on for ever. */
static gboolean
wait_for_end (GstIsolatedDecoder *self)
{
  gint64 last_us = g_get_monotonic_time () + END_MAX_US;
  gint64 patience_us = 0;
  guint n_replies = 0;
  gboolean is_waiting;

  g_mutex_lock (&self->lock);
  do {
    if (patience_us == 0 || n_replies != self->n_replies)
      patience_us = g_get_monotonic_time () + END_PATIENCE_US;
    n_replies = self->n_replies;
    is_waiting = !g_atomic_int_get (&self->has_ended) && !self->is_stopping;
  } while (is_waiting &&
      g_cond_wait_until (&self->replied, &self->lock,
          MIN (patience_us, last_us)));
  g_mutex_unlock (&self->lock);
  return !is_waiting;
}

/* The task pushes the end, whether the decoder has sent it or is killed. */
static void
take_end (GstIsolatedDecoder *self)
{
  static const WireHeader end = { .kind = WIRE_END };

  g_atomic_int_set (&self->is_ending, TRUE);
  if (self->process == NULL || g_atomic_int_get (&self->has_died))
    push_end (self);
  else if (!isolation_process_write (self->process, &end, NULL,
               END_PATIENCE_US) ||
      !wait_for_end (self))
    isolation_process_kill (self->process);
}

static void
hold (GstIsolatedDecoder *self, GstEvent *event)
{
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->held, gst_event_ref (event));
  g_mutex_unlock (&self->lock);
}

static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  GstIsolatedDecoder *self = GST_ISOLATED_DECODER (parent);

  if (!GST_EVENT_IS_SERIALIZED (event) ||
      GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START ||
      GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    return gst_pad_event_default (pad, parent, event);
  if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS)
    take_caps (self, event);
  else if (GST_EVENT_TYPE (event) == GST_EVENT_EOS)
    take_end (self);
  else
    hold (self, event);
  gst_event_unref (event);
  return TRUE;
}

/* Wakes both threads up. */
static void
begin_stop (GstIsolatedDecoder *self)
{
  g_mutex_lock (&self->lock);
  self->is_stopping = TRUE;
  if (self->process != NULL)
    isolation_process_kill (self->process);
  g_cond_broadcast (&self->replied);
  g_mutex_unlock (&self->lock);
}

/* The task must not be running. */
static void
clear (GstIsolatedDecoder *self)
{
  IsolationProcess *process;

  g_mutex_lock (&self->lock);
  process = g_steal_pointer (&self->process);
  g_mutex_unlock (&self->lock);
  isolation_process_free (process);
  gst_reply_reader_clear (&self->reader);
  g_queue_clear_full (&self->held, (GDestroyNotify) gst_event_unref);
  g_clear_pointer (&self->caps, g_free);
  self->restart = (Restart){ .first_us = self->retry_ms * 1000 };
  self->has_given_up = FALSE;
  self->is_stopping = FALSE;
  self->has_died = self->is_ending = self->has_ended = FALSE;
  self->flow = GST_FLOW_OK;
}

static GstStateChangeReturn
change_state (GstElement *element, GstStateChange transition)
{
  GstIsolatedDecoder *self = GST_ISOLATED_DECODER (element);
  GstStateChangeReturn result;

  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED)
    clear (self);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    begin_stop (self);
  result = GST_ELEMENT_CLASS (gst_isolated_decoder_parent_class)
               ->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY) {
    gst_pad_stop_task (self->src);
    clear (self);
  }
  return result;
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstIsolatedDecoder *self = GST_ISOLATED_DECODER (object);

  switch (id) {
    case PROP_DECODER:
      self->decoder = g_value_dup_string (value);
      break;
    case PROP_THREADS:
      self->threads = g_value_get_uint (value);
      break;
    case PROP_RETRY_MS:
      self->retry_ms = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static gint
get_pid (GstIsolatedDecoder *self)
{
  gint pid;

  g_mutex_lock (&self->lock);
  pid = self->process != NULL ? isolation_process_pid (self->process) : 0;
  g_mutex_unlock (&self->lock);
  return pid;
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  GstIsolatedDecoder *self = GST_ISOLATED_DECODER (object);

  switch (id) {
    case PROP_DECODER:
      g_value_set_string (value, self->decoder);
      break;
    case PROP_THREADS:
      g_value_set_uint (value, self->threads);
      break;
    case PROP_RETRY_MS:
      g_value_set_uint (value, self->retry_ms);
      break;
    case PROP_PID:
      g_value_set_int (value, get_pid (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
finalize (GObject *object)
{
  GstIsolatedDecoder *self = GST_ISOLATED_DECODER (object);

  clear (self);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->replied);
  g_free (self->decoder);
  G_OBJECT_CLASS (gst_isolated_decoder_parent_class)->finalize (object);
}

static void
gst_isolated_decoder_init (GstIsolatedDecoder *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->replied);
  g_queue_init (&self->held);
  self->flow = GST_FLOW_OK;
  self->sink = gst_pad_new_from_static_template (&sink_template, "sink");
  gst_pad_set_chain_function (self->sink, on_frame);
  gst_pad_set_event_function (self->sink, on_event);
  gst_element_add_pad (GST_ELEMENT (self), self->sink);
  self->src = gst_pad_new_from_static_template (&src_template, "src");
  gst_element_add_pad (GST_ELEMENT (self), self->src);
}

static void
gst_isolated_decoder_class_init (GstIsolatedDecoderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (isolated_decoder_debug, "isolateddecoder", 0,
      "Decoders in processes of their own");
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  element_class->change_state = change_state;
  g_object_class_install_property (object_class, PROP_DECODER,
      g_param_spec_string ("decoder", "Decoder",
          "The decoder, in gst-launch syntax", NULL,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_CONSTRUCT_ONLY));
  g_object_class_install_property (object_class, PROP_THREADS,
      g_param_spec_uint ("threads", "Threads", "Threads of the decoder", 1, 64,
          1,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_CONSTRUCT |
              GST_PARAM_MUTABLE_READY));
  g_object_class_install_property (object_class, PROP_RETRY_MS,
      g_param_spec_uint ("retry-ms", "Retry",
          "Time before the first restart, in milliseconds", 1, 60000,
          RESTART_FIRST_US / 1000,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_CONSTRUCT |
              GST_PARAM_MUTABLE_READY));
  g_object_class_install_property (object_class, PROP_PID,
      g_param_spec_int ("pid", "Process", "ID of the process; 0: there is none",
          0, G_MAXINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Isolated decoder",
      "Codec/Decoder/Video", "Decodes in a process of its own", PACKAGE_AUTHOR);
}

static gboolean
register_once (void)
{
  static gsize result = 0;

  if (g_once_init_enter (&result))
    g_once_init_leave (&result,
        gst_element_register (NULL, "isolateddecoder", GST_RANK_NONE,
            GST_TYPE_ISOLATED_DECODER)
            ? 2
            : 1);
  return result == 2;
}

gchar *
gst_isolated_decoder_dup_chain (const gchar *chain)
{
  g_autofree gchar *program = isolation_process_find_program ();
  g_autofree gchar *escaped = g_strescape (chain, NULL);

  if (program == NULL || !register_once ())
    return NULL;
  return g_strdup_printf ("isolateddecoder decoder=\"%s\"", escaped);
}

/* It is the last one of the chain. */
gchar *
gst_isolated_decoder_dup_name (GstIsolatedDecoder *self)
{
  const gchar *last = strrchr (self->decoder, '!');

  last = last != NULL ? last + 1 : self->decoder;
  while (*last == ' ')
    last++;
  return g_strndup (last, strcspn (last, " "));
}
