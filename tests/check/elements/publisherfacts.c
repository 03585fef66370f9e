/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What rtmpserversrc says of a publisher arrives at each pad of whepsink, and
 * an event from there disconnects the publisher. */

#include "gst/publisher/gstpublisherevents.h"
#include "tests/support/rtmpserver.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define REASON "the show is over"
#define ENCODER "Lavf59.27.100"
#define N_QUESTIONS 2000

static const gchar *const kinds[] = { "video_", "audio_", "mp4_" };

/* A gateway with its publisher. */
typedef struct
{
  GstElement *pipeline;
  GstElement *whep;
  Client client;

  GMutex lock; /* guards what follows */
  GCond changed;
  GstPad *pads[G_N_ELEMENTS (kinds)]; /* NULL until the event has arrived */
} Gateway;

static GstPadProbeReturn
on_event (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Gateway *self = user_data;
  GstPublisherFacts facts;

  if (!gst_publisher_event_parse (GST_PAD_PROBE_INFO_EVENT (info), &facts) ||
      g_strcmp0 (facts.encoder, ENCODER) != 0)
    return GST_PAD_PROBE_OK;
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (g_str_has_prefix (GST_PAD_NAME (pad), kinds[i]))
      gst_object_replace ((GstObject **) &self->pads[i], GST_OBJECT (pad));
  }
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  return GST_PAD_PROBE_OK;
}

static void
on_pad (GstElement *whep, GstPad *pad, gpointer user_data)
{
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event,
      user_data, NULL);
}

static GstElement *
find_whepsink (GstBin *bin)
{
  GstIterator *elements = gst_bin_iterate_recurse (bin);
  GValue item = G_VALUE_INIT;
  GstElement *found = NULL;

  while (
      found == NULL && gst_iterator_next (elements, &item) == GST_ITERATOR_OK) {
    GstElement *element = g_value_get_object (&item);

    if (g_str_equal (GST_OBJECT_NAME (gst_element_get_factory (element)),
            "whepsink"))
      found = gst_object_ref (element);
    g_value_unset (&item);
  }
  gst_iterator_free (elements);
  ck_assert (found != NULL);
  return found;
}

static void
gateway_open (Gateway *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) src = NULL;
  guint port;

  *self = (Gateway){ 0 };
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->pipeline = gst_parse_launch ("rtmpserversrc name=src port=0 "
                                     "address=127.0.0.1 : rtmpwebrtcsink "
                                     "port=0 address=127.0.0.1",
      &error);
  g_assert_no_error (error);
  self->whep = find_whepsink (GST_BIN (self->pipeline));
  g_signal_connect (self->whep, "pad-added", G_CALLBACK (on_pad), self);
  ck_assert_int_ne (gst_element_set_state (self->pipeline, GST_STATE_PLAYING),
      GST_STATE_CHANGE_FAILURE);
  src = gst_bin_get_by_name (GST_BIN (self->pipeline), "src");
  g_object_get (src, "port", &port, NULL);
  self->client = client_new_at (port, 0);
  /* All but the commands with which it leaves. */
  client_send (&self->client, self->client.size / 2);
}

static void
gateway_close (Gateway *self)
{
  client_clear (&self->client);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    gst_clear_object (&self->pads[i]);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->whep);
  gst_object_unref (self->pipeline);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
}

/* Returns: (transfer none): the pad of that kind. */
static GstPad *
wait_for_facts (Gateway *self, guint index)
{
  gint64 deadline_us = g_get_monotonic_time () + PATIENCE_US;

  g_mutex_lock (&self->lock);
  while (self->pads[index] == NULL)
    ck_assert_msg (g_cond_wait_until (&self->changed, &self->lock, deadline_us),
        "%s", kinds[index]);
  g_mutex_unlock (&self->lock);
  return self->pads[index];
}

GST_START_TEST (each_pad_of_the_sink_knows_the_publisher)
{
  Gateway gateway;

  gateway_open (&gateway);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    GstQuery *query = gst_publisher_arrival_query_new ();
    GstPublisherArrival arrival;

    ck_assert (gst_pad_peer_query (wait_for_facts (&gateway, i), query));
    ck_assert (gst_publisher_arrival_query_parse (query, &arrival));
    ck_assert_uint_gt (arrival.n_tags, 0);
    ck_assert_uint_gt (arrival.n_bytes, arrival.n_tags);
    gst_query_unref (query);
  }
  gateway_close (&gateway);
}
GST_END_TEST;

GST_START_TEST (each_pad_of_the_sink_can_disconnect_the_publisher)
{
  Gateway gateway;
  g_autofree gchar *said = NULL;

  gateway_open (&gateway);
  ck_assert (gst_pad_push_event (wait_for_facts (&gateway, __i__),
      gst_publisher_disconnect_event_new (REASON, GST_SECOND)));
  said = client_listen (&gateway.client);
  ck_assert_msg (strstr (said, REASON) != NULL, "%s", said);
  gateway_close (&gateway);
}
GST_END_TEST;

/* Queries come from the threads of the sink. */
static gpointer
keep_asking (gpointer user_data)
{
  GstPad *pad = user_data;

  for (guint i = 0; i < N_QUESTIONS; i++) {
    GstQuery *query = gst_publisher_arrival_query_new ();

    gst_pad_peer_query (pad, query);
    gst_query_unref (query);
  }
  return NULL;
}

GST_START_TEST (a_publisher_may_leave_during_a_query)
{
  Gateway gateway;
  GstPad *pad;
  GThread *asking;

  gateway_open (&gateway);
  pad = wait_for_facts (&gateway, __i__);
  asking = g_thread_new ("asking", keep_asking, pad);
  client_clear (&gateway.client);
  g_thread_join (asking);
  gateway_close (&gateway);
}
GST_END_TEST;

static Suite *
publisherfacts_suite (void)
{
  Suite *suite = suite_create ("publisherfacts");
  TCase *tcase = tcase_create ("publisherfacts");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_pad_of_the_sink_knows_the_publisher);
  tcase_add_loop_test (tcase, each_pad_of_the_sink_can_disconnect_the_publisher,
      0, G_N_ELEMENTS (kinds));
  tcase_add_loop_test (tcase, a_publisher_may_leave_during_a_query, 0,
      G_N_ELEMENTS (kinds));
  return suite;
}

GST_CHECK_MAIN (publisherfacts);
