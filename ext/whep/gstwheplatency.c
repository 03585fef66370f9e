/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Latency of a sink: see gstwheplatency.h. */

#include "ext/whep/gstwheplatency.h"

gboolean
gst_whep_latency_query (GstElement *element, GstQuery *query)
{
  GstIterator *pads = gst_element_iterate_sink_pads (element);
  GValue item = G_VALUE_INIT;
  GstClockTime worst_min = 0, worst_max = GST_CLOCK_TIME_NONE;
  gboolean is_live = FALSE;

  while (gst_iterator_next (pads, &item) == GST_ITERATOR_OK) {
    g_autoptr (GstQuery) peer_query = gst_query_new_latency ();
    gboolean is_peer_live;
    GstClockTime min, max;

    if (gst_pad_peer_query (g_value_get_object (&item), peer_query)) {
      gst_query_parse_latency (peer_query, &is_peer_live, &min, &max);
      if (is_peer_live) {
        is_live = TRUE;
        worst_min = MAX (worst_min, min);
        worst_max = MIN (worst_max, max);
      }
    }
    g_value_reset (&item);
  }
  g_value_unset (&item);
  gst_iterator_free (pads);
  gst_query_set_latency (query, is_live, worst_min, worst_max);
  return TRUE;
}
