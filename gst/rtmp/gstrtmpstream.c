/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A stream's name and pad: see gstrtmpstream.h.
 *
 * The thread that reads the publisher adds the pad, pushes to it and removes
 * it. Only if the element stops at the same time does the pad stay, flushing,
 * until that thread is joined, so that no push ever blocks a state change. */

#include "gst/rtmp/gstrtmpstream.h"

#include "gst/publisher/gstpublisherevents.h"
#include "gst/rtmp/arrival.h"
#include "gst/rtmp/encoderstats.h"
#include "gst/rtmp/flvtag.h"
#include "gst/rtmp/gstrtmpserversrc.h"

GST_DEBUG_CATEGORY_EXTERN (gst_rtmp_server_src_debug);
#define GST_CAT_DEFAULT gst_rtmp_server_src_debug

/* Data on a pad: its Measures, and the number that the roster gave to the
 * stream. */
#define MEASURES "rtmp-measures"
#define NUMBER "rtmp-number"

/* Read by any thread, too. */
typedef struct
{
  RtmpArrival arrival;
  RtmpEncoderStats encoder;
} Measures;

struct _GstRtmpStream
{
  GstElement *element;     /* not owned */
  RtmpRoster *roster;      /* not owned */
  RtmpPlayers *players;    /* nullable, not owned */
  GMutex *pads_lock;       /* not owned; locked before self->lock */
  const GstRtmpPeer *peer; /* not owned */

  /* Owned by the thread that opens and closes the stream. */
  gchar *name; /* NULL while none is claimed */
  guint number;
  Measures *measures; /* since it was opened; shared with the pad */
  gint64 since_us;
  gint64 began_us; /* the same in real time */
  gboolean is_announced;
  gboolean is_named; /* the event about the publisher has its encoder */

  GMutex lock; /* guards what follows */
  GCond added;
  GstPad *pad;
  gboolean is_adding; /* the pad is being added to the element */
  gboolean is_interrupted;
};

static gboolean
answer_arrival (GstPad *pad, GstQuery *query)
{
  const Measures *measures = g_object_get_data (G_OBJECT (pad), MEASURES);
  GstPublisherArrival answer = {
    .n_bytes = rtmp_arrival_n_bytes (&measures->arrival),
    .n_tags = rtmp_arrival_n_tags (&measures->arrival),
    .jitter_us = rtmp_arrival_jitter_us (&measures->arrival),
  };

  rtmp_encoderstats_get (&measures->encoder, &answer.figures);
  gst_publisher_arrival_query_set (query, &answer);
  return TRUE;
}

static gboolean
answer_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  if (gst_publisher_arrival_query_is (query))
    return answer_arrival (pad, query);
  if (GST_QUERY_TYPE (query) != GST_QUERY_LATENCY)
    return gst_pad_query_default (pad, parent, query);
  /* A tag is pushed as soon as its last byte has arrived. */
  gst_query_set_latency (query, TRUE, 0, GST_CLOCK_TIME_NONE);
  return TRUE;
}

/* The element, and not this stream, disconnects its publisher: the stream may
 * end at the same time. */
static gboolean
answer_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  guint number = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (pad), NUMBER));
  g_autoptr (GstEvent) start = NULL;
  gboolean is_done = FALSE;
  const gchar *reason;
  GstClockTime refuse_for;

  if (!gst_publisher_disconnect_event_parse (event, &reason, &refuse_for))
    return gst_pad_event_default (pad, parent, event);
  start = gst_pad_get_sticky_event (pad, GST_EVENT_STREAM_START, 0);
  if (start != NULL)
    is_done = gst_rtmp_server_src_dismiss (GST_RTMP_SERVER_SRC (parent),
        gst_structure_get_string (gst_event_get_structure (start),
            "stream-name"),
        number, reason, refuse_for);
  gst_event_unref (event);
  return is_done;
}

/* A query may come while the stream ends. */
static GstPad *
new_pad (GstElement *element, guint number, Measures *measures)
{
  GstElementClass *klass = GST_ELEMENT_GET_CLASS (element);
  GstPadTemplate *template =
      gst_element_class_get_pad_template (klass, "src_%u");
  g_autofree gchar *name = g_strdup_printf ("src_%u", number);
  GstPad *pad = gst_pad_new_from_template (template, name);

  g_object_set_data_full (G_OBJECT (pad), MEASURES,
      g_atomic_rc_box_acquire (measures), g_atomic_rc_box_release);
  g_object_set_data (G_OBJECT (pad), NUMBER, GUINT_TO_POINTER (number));
  gst_pad_set_query_function (pad, answer_query);
  gst_pad_set_event_function (pad, answer_event);
  gst_pad_use_fixed_caps (pad);
  gst_pad_set_active (pad, TRUE);
  return pad;
}

/* The stream-start event carries the name, for the element that serves the
 * stream downstream. */
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

/* Leaves the events on the pad, for applications that inspect it when it is
 * added and for elements that are linked to it later. */
static void
push_sticky_events (GstRtmpStream *self, GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_pad_template_caps (pad);
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (pad, new_stream_start (self->element, pad, self->name));
  gst_pad_push_event (pad, gst_event_new_caps (caps));
  gst_pad_push_event (pad, gst_event_new_segment (&segment));
  gst_pad_push_event (pad, gst_rtmp_peer_event (self->peer, self->began_us));
}

static GstStructure *
new_message (const GstRtmpStream *self, const gchar *what,
    const gchar *pad_name)
{
  GstStructure *s = gst_structure_new (what, "stream-name", G_TYPE_STRING,
      self->name, "pad-name", G_TYPE_STRING, pad_name, NULL);

  gst_rtmp_peer_describe (self->peer, s);
  return s;
}

/* Takes @s. */
static void
post (GstRtmpStream *self, GstStructure *s)
{
  gst_element_post_message (self->element,
      gst_message_new_element (GST_OBJECT (self->element), s));
}

void
gst_rtmp_stream_announce (GstRtmpStream *self)
{
  if (!self->is_named && self->peer->encoder != NULL) {
    gst_pad_push_event (self->pad,
        gst_rtmp_peer_event (self->peer, self->began_us));
    self->is_named = TRUE;
  }
  if (!self->is_announced)
    post (self,
        new_message (self, "publisher-added", GST_PAD_NAME (self->pad)));
  self->is_announced = TRUE;
}

static void
post_removed (GstRtmpStream *self, const gchar *pad_name, const gchar *why)
{
  GstStructure *s = new_message (self, "publisher-removed", pad_name);
  guint64 duration = (g_get_monotonic_time () - self->since_us) * GST_USECOND;

  gst_structure_set (s, "reason", G_TYPE_STRING, why, "duration", G_TYPE_UINT64,
      duration, "bytes", G_TYPE_UINT64,
      rtmp_arrival_n_bytes (&self->measures->arrival), NULL);
  post (self, s);
}

static void
notify_count (GstRtmpStream *self)
{
  g_object_notify (G_OBJECT (self->element), "n-publishers");
}

static void
release_name (GstRtmpStream *self)
{
  rtmp_roster_release (self->roster, self->name);
  g_clear_pointer (&self->name, g_free);
}

gboolean
gst_rtmp_stream_claim (GstRtmpStream *self, const gchar *name,
    RtmpRosterYieldFunc yield, gpointer user_data, RtmpRejection *rejection)
{
  g_assert (self->name == NULL);
  if (!rtmp_roster_claim (self->roster, name, yield, user_data,
          g_get_monotonic_time (), &self->number, rejection))
    return FALSE;
  self->name = g_strdup (name);
  return TRUE;
}

gboolean
gst_rtmp_stream_claim_free (GstRtmpStream *self, const gchar *name,
    const gchar *owner, RtmpRosterYieldFunc yield, gpointer user_data)
{
  g_assert (self->name == NULL);
  if (!rtmp_roster_claim_free (self->roster, name, owner, yield, user_data,
          &self->number))
    return FALSE;
  self->name = g_strdup (name);
  return TRUE;
}

/* Returns FALSE if the element is stopping. */
static gboolean
add_pad (GstRtmpStream *self)
{
  GstPad *pad = gst_object_ref_sink (
      new_pad (self->element, self->number, self->measures));

  push_sticky_events (self, pad);
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

/* Takes @buffer. */
static GstFlowReturn
push_buffer (GstRtmpStream *self, GstBuffer *buffer, GstBufferFlags flags)
{
  GST_BUFFER_FLAG_SET (buffer, flags);
  GST_BUFFER_DTS (buffer) =
      gst_element_get_current_running_time (self->element);
  GST_BUFFER_PTS (buffer) = GST_BUFFER_DTS (buffer);
  return gst_pad_push (self->pad, buffer);
}

static void
end_for_players (GstRtmpStream *self)
{
  if (self->players != NULL)
    rtmp_players_end (self->players, self->number);
}

gboolean
gst_rtmp_stream_open (GstRtmpStream *self)
{
  g_clear_pointer (&self->measures, g_atomic_rc_box_release);
  self->measures = g_atomic_rc_box_new0 (Measures);
  self->since_us = g_get_monotonic_time ();
  self->began_us = g_get_real_time ();
  self->is_announced = FALSE;
  self->is_named = self->peer->encoder != NULL;
  if (self->players != NULL)
    rtmp_players_begin (self->players, self->number, self->name);
  if (!add_pad (self)) {
    end_for_players (self);
    release_name (self);
    return FALSE;
  }
  GST_INFO_OBJECT (self->element, "%s: began on %s", self->name,
      GST_PAD_NAME (self->pad));
  notify_count (self);
  /* If downstream rejects this buffer, it will reject the next one as well. */
  push_buffer (self,
      gst_buffer_new_memdup (rtmp_flv_header, RTMP_FLV_HEADER_BYTES),
      GST_BUFFER_FLAG_HEADER | GST_BUFFER_FLAG_DISCONT);
  return TRUE;
}

gboolean
gst_rtmp_stream_is_open (const GstRtmpStream *self)
{
  return self->pad != NULL;
}

GstFlowReturn
gst_rtmp_stream_push (GstRtmpStream *self, guint8 *tag, gsize size)
{
  gint64 now_us = g_get_monotonic_time ();
  g_autoptr (GBytes) bytes = NULL;

  rtmp_arrival_count (&self->measures->arrival, tag, size, now_us);
  rtmp_encoderstats_add (&self->measures->encoder, tag, size, now_us);
  if (self->players == NULL)
    return push_buffer (self, gst_buffer_new_wrapped (tag, size), 0);
  bytes = g_bytes_new_take (tag, size);
  rtmp_players_push (self->players, self->number, bytes);
  /* Read-only: an element that changes it works on a copy. */
  return push_buffer (self, gst_buffer_new_wrapped_bytes (bytes), 0);
}

/* Returns: (transfer full) (nullable): the pad, unless the interrupting thread
 * needs it for the flush. */
static GstPad *
take_pad (GstRtmpStream *self)
{
  GstPad *pad = NULL;

  g_mutex_lock (&self->lock);
  if (!self->is_interrupted)
    pad = g_steal_pointer (&self->pad);
  g_mutex_unlock (&self->lock);
  return pad;
}

/* Takes the pad. The name is free for others once the pad has been removed. */
static void
forget_stream (GstRtmpStream *self, GstPad *pad, const gchar *why)
{
  g_autofree gchar *pad_name = gst_pad_get_name (pad);

  gst_pad_set_active (pad, FALSE);
  g_mutex_lock (self->pads_lock);
  gst_element_remove_pad (self->element, pad);
  g_mutex_unlock (self->pads_lock);
  gst_object_unref (pad);
  /* This message precedes those of the next publisher of that name. */
  post_removed (self, pad_name, why);
  release_name (self);
  notify_count (self);
}

gboolean
gst_rtmp_stream_close (GstRtmpStream *self, const gchar *why)
{
  GstPad *pad;

  GST_INFO_OBJECT (self->element,
      "%s: ended after %" G_GUINT64_FORMAT " tags: %s", self->name,
      rtmp_arrival_n_tags (&self->measures->arrival), why);
  gst_rtmp_stream_announce (self);
  end_for_players (self);
  gst_pad_push_event (self->pad, gst_event_new_eos ());
  pad = take_pad (self);
  if (pad == NULL)
    return FALSE;
  forget_stream (self, pad, why);
  return TRUE;
}

void
gst_rtmp_stream_interrupt (GstRtmpStream *self)
{
  GstPad *pad = NULL;

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

GstRtmpStream *
gst_rtmp_stream_new (GstElement *element, RtmpRoster *roster,
    RtmpPlayers *players, GMutex *pads_lock, const GstRtmpPeer *peer)
{
  GstRtmpStream *self = g_new0 (GstRtmpStream, 1);

  self->element = element;
  self->roster = roster;
  self->players = players;
  self->pads_lock = pads_lock;
  self->peer = peer;
  g_mutex_init (&self->lock);
  g_cond_init (&self->added);
  return self;
}

void
gst_rtmp_stream_free (GstRtmpStream *self)
{
  if (self == NULL)
    return;
  /* The thread left the pad here, to be flushed. */
  if (self->pad != NULL) {
    gst_pad_push_event (self->pad, gst_event_new_flush_stop (FALSE));
    forget_stream (self, g_steal_pointer (&self->pad),
        "the server is stopping");
  }
  g_clear_pointer (&self->measures, g_atomic_rc_box_release);
  g_cond_clear (&self->added);
  g_mutex_clear (&self->lock);
  g_free (self);
}
