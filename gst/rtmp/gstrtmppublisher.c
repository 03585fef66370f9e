/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One connection's thread and pad: see gstrtmppublisher.h.
 *
 * The thread makes the pad, pushes it and removes it. Only if the element stops
 * meanwhile does the pad stay, flushing, until the thread is joined: so no push
 * ever blocks a state change. */

#include "gst/rtmp/gstrtmppublisher.h"

#include "gst/rtmp/flvwriter.h"

GST_DEBUG_CATEGORY_EXTERN (gst_rtmp_server_src_debug);
#define GST_CAT_DEFAULT gst_rtmp_server_src_debug

struct _GstRtmpPublisher
{
  GstElement *element; /* not owned */
  RtmpRoster *roster;  /* not owned */
  RtmpGuard *guard;    /* not owned */
  GMutex *pads_lock;   /* not owned; before self->lock */
  RtmpPublisher *connection;
  GThread *thread;
  gint is_done;     /* atomic */
  gint is_visiting; /* atomic: has no stream, and wasn't told to go */

  /* Of the thread alone. */
  gchar *name; /* of the stream; NULL while none is published */
  guint64 n_tags;

  GMutex lock; /* all that follows */
  GCond added;
  GstPad *pad;
  gboolean is_adding; /* the pad is shown to the application */
  gboolean is_interrupted;
};

static gboolean
answer_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  if (GST_QUERY_TYPE (query) != GST_QUERY_LATENCY)
    return gst_pad_query_default (pad, parent, query);
  /* A tag is pushed as soon as its last byte is here. */
  gst_query_set_latency (query, TRUE, 0, GST_CLOCK_TIME_NONE);
  return TRUE;
}

static GstPad *
new_pad (GstElement *element, guint number)
{
  GstElementClass *klass = GST_ELEMENT_GET_CLASS (element);
  GstPadTemplate *template =
      gst_element_class_get_pad_template (klass, "src_%u");
  g_autofree gchar *name = g_strdup_printf ("src_%u", number);
  GstPad *pad = gst_pad_new_from_template (template, name);

  gst_pad_set_query_function (pad, answer_query);
  gst_pad_use_fixed_caps (pad);
  gst_pad_set_active (pad, TRUE);
  return pad;
}

/* The stream's name travels with the stream, so that whoever serves it knows
 * what to call it. */
static GstEvent *
new_stream_start (GstElement *element, GstPad *pad, const gchar *name)
{
  g_autofree gchar *id =
      gst_pad_create_stream_id_printf (pad, element, "%s", GST_PAD_NAME (pad));
  GstEvent *event = gst_event_new_stream_start (id);

  gst_event_set_group_id (event, gst_util_group_id_next ());
  gst_structure_set (gst_event_writable_structure (event), "stream-name",
      G_TYPE_STRING, name, NULL);
  return event;
}

/* Leaves the events on the pad, for those who look at it when it is added and
 * for those who link it later. */
static void
push_sticky_events (GstElement *element, GstPad *pad, const gchar *name)
{
  g_autoptr (GstCaps) caps = gst_pad_get_pad_template_caps (pad);
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (pad, new_stream_start (element, pad, name));
  gst_pad_push_event (pad, gst_event_new_caps (caps));
  gst_pad_push_event (pad, gst_event_new_segment (&segment));
}

static void
post (GstRtmpPublisher *self, const gchar *what, const gchar *pad_name,
    const gchar *why)
{
  GstStructure *s = gst_structure_new (what, "stream-name", G_TYPE_STRING,
      self->name, "pad-name", G_TYPE_STRING, pad_name, NULL);

  if (why != NULL)
    gst_structure_set (s, "reason", G_TYPE_STRING, why, NULL);
  gst_element_post_message (self->element,
      gst_message_new_element (GST_OBJECT (self->element), s));
}

static void
notify_count (GstRtmpPublisher *self)
{
  g_object_notify (G_OBJECT (self->element), "n-publishers");
}

/* Returns FALSE if the element is stopping. */
static gboolean
add_pad (GstRtmpPublisher *self, guint number)
{
  GstPad *pad = gst_object_ref_sink (new_pad (self->element, number));

  push_sticky_events (self->element, pad, self->name);
  g_mutex_lock (&self->lock);
  if (self->is_interrupted) {
    g_mutex_unlock (&self->lock);
    gst_pad_set_active (pad, FALSE);
    gst_object_unref (pad);
    return FALSE;
  }
  self->pad = pad;
  self->is_adding = TRUE;
  g_mutex_unlock (&self->lock);

  g_mutex_lock (self->pads_lock);
  gst_element_add_pad (self->element, pad);
  g_mutex_unlock (self->pads_lock);

  g_mutex_lock (&self->lock);
  self->is_adding = FALSE;
  g_cond_signal (&self->added);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

/* Returns: (transfer full) (nullable): the pad, unless it is needed to let the
 * interrupting thread through. */
static GstPad *
take_pad (GstRtmpPublisher *self)
{
  GstPad *pad = NULL;

  g_mutex_lock (&self->lock);
  if (!self->is_interrupted)
    pad = g_steal_pointer (&self->pad);
  g_mutex_unlock (&self->lock);
  return pad;
}

static void
push_bytes (GstRtmpPublisher *self, guint8 *bytes, gsize size,
    GstBufferFlags flags)
{
  GstBuffer *buffer = gst_buffer_new_wrapped (bytes, size);
  GstFlowReturn flow;

  GST_BUFFER_FLAG_SET (buffer, flags);
  GST_BUFFER_DTS (buffer) =
      gst_element_get_current_running_time (self->element);
  GST_BUFFER_PTS (buffer) = GST_BUFFER_DTS (buffer);
  flow = gst_pad_push (self->pad, buffer);
  if (flow != GST_FLOW_OK) {
    g_autofree gchar *why = g_strdup_printf ("nobody takes the stream: %s",
        gst_flow_get_name (flow));

    rtmp_publisher_end (self->connection, why);
  }
}

static void
push_message (GstRtmpPublisher *self, RtmpMessage *message)
{
  gsize size;
  guint8 *tag = rtmp_flv_take_tag (message, &size);

  if (tag == NULL)
    return;
  self->n_tags++;
  push_bytes (self, tag, size, 0);
}

static void
yield_name (gpointer user_data)
{
  GstRtmpPublisher *self = user_data;

  rtmp_publisher_shut_down (self->connection,
      "another publisher took its place");
}

static void
greet (GstRtmpPublisher *self)
{
  const gchar *why = NULL;
  g_autofree gchar *description =
      rtmp_guard_greet (self->guard, rtmp_publisher_app (self->connection),
          rtmp_publisher_query (self->connection), &why);

  if (description == NULL)
    rtmp_publisher_welcome (self->connection);
  else
    rtmp_publisher_reject (self->connection, description, why);
}

/* Returns: (transfer full) (nullable): why the application does not agree. */
static gchar *
ask_application (GstRtmpPublisher *self, const AccessVisit *visit)
{
  const gchar *key;
  g_autofree gchar *app = access_visit_split (visit, &key);
  gchar *why = NULL;

  g_signal_emit_by_name (self->element, "authorize-publish", app, key,
      visit->query, visit->address, &why);
  return why;
}

/* Returns: (transfer full) (nullable): why it may not publish. Who is asked
 * last costs the most. */
static gchar *
judge (GstRtmpPublisher *self)
{
  const AccessVisit visit = {
    .action = "publish",
    .stream = rtmp_publisher_name (self->connection),
    .query = rtmp_publisher_query (self->connection),
    .address = rtmp_publisher_address (self->connection),
  };
  gchar *why = rtmp_guard_check_keys (self->guard, &visit);

  if (why == NULL)
    why = ask_application (self, &visit);
  if (why == NULL)
    why = rtmp_guard_ask (self->guard, &visit,
        rtmp_publisher_cancellable (self->connection));
  return why;
}

static void
refuse (GstRtmpPublisher *self, RtmpRefusal refusal, const gchar *why)
{
  rtmp_publisher_refuse (self->connection, refusal, why);
  GST_WARNING_OBJECT (self->element, "%s: refused: %s",
      rtmp_publisher_name (self->connection),
      rtmp_publisher_why (self->connection));
}

static void
begin_stream (GstRtmpPublisher *self)
{
  const gchar *name = rtmp_publisher_name (self->connection);
  g_autofree gchar *why = judge (self);
  RtmpRefusal refusal;
  guint number;

  if (why != NULL) {
    refuse (self, RTMP_REFUSAL_UNAUTHORIZED, why);
    return;
  }
  if (!rtmp_roster_claim (self->roster, name, yield_name, self, &number,
          &refusal)) {
    refuse (self, refusal, NULL);
    return;
  }
  self->name = g_strdup (name);
  self->n_tags = 0;
  g_atomic_int_set (&self->is_visiting, FALSE);
  rtmp_publisher_accept (self->connection);
  if (!add_pad (self, number)) {
    rtmp_publisher_end (self->connection, "the server ends it");
    rtmp_roster_release (self->roster, self->name);
    g_clear_pointer (&self->name, g_free);
    return;
  }
  GST_INFO_OBJECT (self->element, "%s: began on %s", name,
      GST_PAD_NAME (self->pad));
  post (self, "publisher-added", GST_PAD_NAME (self->pad), NULL);
  notify_count (self);
  push_bytes (self, g_memdup2 (rtmp_flv_header, RTMP_FLV_HEADER_BYTES),
      RTMP_FLV_HEADER_BYTES, GST_BUFFER_FLAG_HEADER | GST_BUFFER_FLAG_DISCONT);
}

/* Takes the pad; the name is free for others once it is gone. */
static void
forget_stream (GstRtmpPublisher *self, GstPad *pad, const gchar *why)
{
  g_autofree gchar *pad_name = gst_pad_get_name (pad);

  gst_pad_set_active (pad, FALSE);
  g_mutex_lock (self->pads_lock);
  gst_element_remove_pad (self->element, pad);
  g_mutex_unlock (self->pads_lock);
  gst_object_unref (pad);
  /* Whoever takes the name over is told of after this. */
  post (self, "publisher-removed", pad_name, why);
  rtmp_roster_release (self->roster, self->name);
  notify_count (self);
  g_clear_pointer (&self->name, g_free);
  g_atomic_int_set (&self->is_visiting, TRUE);
}

static void
end_stream (GstRtmpPublisher *self, const gchar *why)
{
  GstPad *pad;

  if (self->pad == NULL)
    return;
  GST_INFO_OBJECT (self->element,
      "%s: ended after %" G_GUINT64_FORMAT " tags: %s", self->name,
      self->n_tags, why);
  gst_pad_push_event (self->pad, gst_event_new_eos ());
  pad = take_pad (self);
  if (pad != NULL)
    forget_stream (self, pad, why);
  else /* One stream at a time: none may begin while this pad stays. */
    rtmp_publisher_end (self->connection, "the server ends it");
}

static void
obey (GstRtmpPublisher *self, RtmpEvent *event)
{
  switch (event->kind) {
    case RTMP_EVENT_CONNECT:
      greet (self);
      return;
    case RTMP_EVENT_PUBLISH:
      begin_stream (self);
      return;
    case RTMP_EVENT_MESSAGE:
      push_message (self, &event->message);
      return;
    case RTMP_EVENT_UNPUBLISH:
      end_stream (self, "the publisher ended the stream");
      return;
  }
}

static gpointer
run (gpointer user_data)
{
  GstRtmpPublisher *self = user_data;
  RtmpEvent event;

  while (rtmp_publisher_next (self->connection, &event))
    obey (self, &event);
  end_stream (self, rtmp_publisher_why (self->connection));
  GST_INFO_OBJECT (self->element, "%s: closed: %s",
      rtmp_publisher_label (self->connection),
      rtmp_publisher_why (self->connection));
  rtmp_publisher_close (self->connection);
  g_atomic_int_set (&self->is_done, TRUE);
  return NULL;
}

GstRtmpPublisher *
gst_rtmp_publisher_new (GstElement *element, RtmpRoster *roster,
    RtmpGuard *guard, GMutex *pads_lock, RtmpPublisher *connection)
{
  GstRtmpPublisher *self = g_new0 (GstRtmpPublisher, 1);

  self->element = element;
  self->roster = roster;
  self->guard = guard;
  self->pads_lock = pads_lock;
  self->connection = connection;
  self->is_visiting = TRUE;
  g_mutex_init (&self->lock);
  g_cond_init (&self->added);
  self->thread = g_thread_new ("rtmp-publisher", run, self);
  return self;
}

gboolean
gst_rtmp_publisher_is_done (GstRtmpPublisher *self)
{
  return g_atomic_int_get (&self->is_done);
}

gboolean
gst_rtmp_publisher_is_visitor (GstRtmpPublisher *self)
{
  return g_atomic_int_get (&self->is_visiting) &&
      !gst_rtmp_publisher_is_done (self);
}

const gchar *
gst_rtmp_publisher_address (const GstRtmpPublisher *self)
{
  return rtmp_publisher_address (self->connection);
}

void
gst_rtmp_publisher_make_room (GstRtmpPublisher *self)
{
  g_atomic_int_set (&self->is_visiting, FALSE);
  rtmp_publisher_shut_down (self->connection,
      "others connect, and this is the oldest of too many");
}

void
gst_rtmp_publisher_finish (GstRtmpPublisher *self)
{
  rtmp_publisher_send_away (self->connection);
}

void
gst_rtmp_publisher_interrupt (GstRtmpPublisher *self)
{
  GstPad *pad = NULL;

  rtmp_publisher_send_away (self->connection);
  g_mutex_lock (&self->lock);
  self->is_interrupted = TRUE;
  while (self->is_adding)
    g_cond_wait (&self->added, &self->lock);
  if (self->pad != NULL)
    pad = gst_object_ref (self->pad);
  g_mutex_unlock (&self->lock);

  if (pad == NULL)
    return;
  gst_pad_push_event (pad, gst_event_new_flush_start ());
  gst_object_unref (pad);
}

void
gst_rtmp_publisher_free (GstRtmpPublisher *self)
{
  g_thread_join (self->thread);
  /* The thread left it for us to flush. */
  if (self->pad != NULL) {
    gst_pad_push_event (self->pad, gst_event_new_flush_stop (FALSE));
    forget_stream (self, g_steal_pointer (&self->pad), "the server ends it");
  }
  rtmp_publisher_free (self->connection);
  g_cond_clear (&self->added);
  g_mutex_clear (&self->lock);
  g_free (self);
}
