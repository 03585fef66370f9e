/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of each stream: see gstrtmpstats.h.
 *
 * It is what a pad tells elements downstream, in its events and in the answer
 * to a query. */

#include "gst/rtmp/gstrtmpstats.h"

#include "gst/publisher/doctor.h"
#include "gst/publisher/gstpublisherevents.h"

static void
add_name (GstStructure *s, GstPad *pad)
{
  g_autoptr (GstEvent) start =
      gst_pad_get_sticky_event (pad, GST_EVENT_STREAM_START, 0);

  if (start != NULL)
    gst_structure_set (s, "stream-name", G_TYPE_STRING,
        gst_structure_get_string (gst_event_get_structure (start),
            "stream-name"),
        NULL);
}

static void
add_facts (GstStructure *s, GstPad *pad)
{
  g_autoptr (GstEvent) event =
      gst_pad_get_sticky_event (pad, GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, 0);
  GstPublisherFacts facts;

  if (event == NULL || !gst_publisher_event_parse (event, &facts))
    return;
  gst_structure_set (s, "id", G_TYPE_STRING, facts.id, "address", G_TYPE_STRING,
      facts.address, "port", G_TYPE_UINT, facts.port, "protocol", G_TYPE_STRING,
      facts.protocol, "since", G_TYPE_INT64, facts.since_us, NULL);
  if (facts.encoder != NULL)
    gst_structure_set (s, "encoder", G_TYPE_STRING, facts.encoder, NULL);
}

/* Once its encoder has been measured. */
static void
add_diagnosis (GstStructure *s, const PublisherFigures *figures)
{
  PublisherDiagnosis diagnosis;
  GValue list = G_VALUE_INIT;

  if (!publisher_doctor_examine (&diagnosis, figures))
    return;
  gst_value_list_init (&list, diagnosis.n_findings);
  for (guint i = 0; i < diagnosis.n_findings; i++) {
    GValue id = G_VALUE_INIT;

    g_value_init (&id, G_TYPE_STRING);
    g_value_set_static_string (&id, diagnosis.findings[i].id);
    gst_value_list_append_and_take_value (&list, &id);
  }
  gst_structure_set (s, "grade", G_TYPE_STRING, diagnosis.grade, NULL);
  gst_structure_take_value (s, "findings", &list);
}

static void
add_arrival (GstStructure *s, GstPad *pad)
{
  g_autoptr (GstQuery) query = gst_publisher_arrival_query_new ();
  GstPublisherArrival arrival;

  if (!gst_pad_query (pad, query) ||
      !gst_publisher_arrival_query_parse (query, &arrival))
    return;
  gst_structure_set (s, "bytes", G_TYPE_UINT64, arrival.n_bytes, "tags",
      G_TYPE_UINT64, arrival.n_tags, "jitter", G_TYPE_UINT64,
      arrival.jitter_us * GST_USECOND, NULL);
  add_diagnosis (s, &arrival.figures);
}

static gboolean
add_pad (GstElement *src, GstPad *pad, gpointer list)
{
  GstStructure *s = gst_structure_new ("publisher", "pad-name", G_TYPE_STRING,
      GST_PAD_NAME (pad), NULL);
  GValue item = G_VALUE_INIT;

  add_name (s, pad);
  add_facts (s, pad);
  add_arrival (s, pad);
  g_value_init (&item, GST_TYPE_STRUCTURE);
  g_value_take_boxed (&item, s);
  gst_value_list_append_and_take_value (list, &item);
  return TRUE;
}

GstStructure *
gst_rtmp_stats_new (GstElement *src)
{
  GstStructure *stats = gst_structure_new_empty ("stats");
  GValue list = G_VALUE_INIT;

  gst_value_list_init (&list, 0);
  gst_element_foreach_src_pad (src, add_pad, &list);
  gst_structure_take_value (stats, "publishers", &list);
  return stats;
}
