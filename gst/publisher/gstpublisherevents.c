/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events and a query about a publisher: see gstpublisherevents.h. */

#include "gst/publisher/gstpublisherevents.h"

#include <string.h>

/* Cuts the text at a character. */
static void
set_text (GstStructure *s, const gchar *field, const gchar *text)
{
  g_autofree gchar *valid = NULL;
  gsize size;

  if (text == NULL)
    return;
  valid =
      g_utf8_make_valid (text, strnlen (text, GST_PUBLISHER_MAX_TEXT_BYTES));
  /* The replacement character is longer than the byte that it replaces. */
  size = strlen (valid);
  while (size > GST_PUBLISHER_MAX_TEXT_BYTES)
    size = g_utf8_find_prev_char (valid, valid + size) - valid;
  valid[size] = '\0';
  gst_structure_set (s, field, G_TYPE_STRING, valid, NULL);
}

/* Returns: (nullable): the text; NULL as well if it breaks the limits. */
static const gchar *
get_text (const GstStructure *s, const gchar *field)
{
  const gchar *text = gst_structure_get_string (s, field);

  if (text == NULL || strlen (text) > GST_PUBLISHER_MAX_TEXT_BYTES ||
      !g_utf8_validate (text, -1, NULL))
    return NULL;
  return text;
}

GstEvent *
gst_publisher_event_new (const GstPublisherFacts *facts)
{
  GstStructure *s = gst_structure_new (GST_PUBLISHER_EVENT, "port", G_TYPE_UINT,
      facts->port, "since", G_TYPE_INT64, facts->since_us, NULL);

  set_text (s, "id", facts->id);
  set_text (s, "address", facts->address);
  set_text (s, "encoder", facts->encoder);
  set_text (s, "protocol", facts->protocol);
  return gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, s);
}

gboolean
gst_publisher_event_parse (GstEvent *event, GstPublisherFacts *facts)
{
  const GstStructure *s = gst_event_get_structure (event);

  *facts = (GstPublisherFacts){ 0 };
  if (GST_EVENT_TYPE (event) != GST_EVENT_CUSTOM_DOWNSTREAM_STICKY ||
      !gst_structure_has_name (s, GST_PUBLISHER_EVENT))
    return FALSE;
  facts->id = get_text (s, "id");
  facts->address = get_text (s, "address");
  facts->encoder = get_text (s, "encoder");
  facts->protocol = get_text (s, "protocol");
  return facts->id != NULL && facts->address != NULL &&
      facts->protocol != NULL &&
      gst_structure_get_uint (s, "port", &facts->port) &&
      gst_structure_get_int64 (s, "since", &facts->since_us);
}

GstEvent *
gst_publisher_disconnect_event_new (const gchar *reason,
    GstClockTime refuse_for)
{
  GstStructure *s =
      gst_structure_new (GST_PUBLISHER_DISCONNECT_EVENT, "refuse-for",
          G_TYPE_UINT64, MIN (refuse_for, GST_PUBLISHER_MAX_REFUSAL), NULL);

  set_text (s, "reason", reason);
  return gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM, s);
}

gboolean
gst_publisher_disconnect_event_parse (GstEvent *event, const gchar **reason,
    GstClockTime *refuse_for)
{
  const GstStructure *s = gst_event_get_structure (event);

  if (GST_EVENT_TYPE (event) != GST_EVENT_CUSTOM_UPSTREAM ||
      !gst_structure_has_name (s, GST_PUBLISHER_DISCONNECT_EVENT))
    return FALSE;
  *reason = get_text (s, "reason");
  *refuse_for = 0;
  gst_structure_get_uint64 (s, "refuse-for", refuse_for);
  *refuse_for = MIN (*refuse_for, GST_PUBLISHER_MAX_REFUSAL);
  return *reason != NULL;
}

GstQuery *
gst_publisher_arrival_query_new (void)
{
  return gst_query_new_custom (GST_QUERY_CUSTOM,
      gst_structure_new_empty (GST_PUBLISHER_ARRIVAL_QUERY));
}

gboolean
gst_publisher_arrival_query_is (GstQuery *query)
{
  return GST_QUERY_TYPE (query) == GST_QUERY_CUSTOM &&
      gst_structure_has_name (gst_query_get_structure (query),
          GST_PUBLISHER_ARRIVAL_QUERY);
}

void
gst_publisher_arrival_query_set (GstQuery *query,
    const GstPublisherArrival *arrival)
{
  gst_structure_set (gst_query_writable_structure (query), "bytes",
      G_TYPE_UINT64, arrival->n_bytes, "tags", G_TYPE_UINT64, arrival->n_tags,
      "jitter", G_TYPE_UINT64, arrival->jitter_us, NULL);
  for (const PublisherFigure *row = publisher_figures_table ();
       row->name != NULL; row++)
    gst_structure_set (gst_query_writable_structure (query), row->name,
        G_TYPE_INT64, G_STRUCT_MEMBER (gint64, &arrival->figures, row->offset),
        NULL);
}

gboolean
gst_publisher_arrival_query_parse (GstQuery *query,
    GstPublisherArrival *arrival)
{
  const GstStructure *s = gst_query_get_structure (query);

  *arrival = (GstPublisherArrival){ 0 };
  for (const PublisherFigure *row = publisher_figures_table ();
       row->name != NULL; row++)
    gst_structure_get_int64 (s, row->name,
        G_STRUCT_MEMBER_P (&arrival->figures, row->offset));
  return gst_structure_get_uint64 (s, "bytes", &arrival->n_bytes) &&
      gst_structure_get_uint64 (s, "tags", &arrival->n_tags) &&
      gst_structure_get_uint64 (s, "jitter", &arrival->jitter_us);
}
