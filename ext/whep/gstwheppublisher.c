/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who publishes: see gstwheppublisher.h. */

#include "ext/whep/gstwheppublisher.h"
#include "gst/publisher/gstpublisherevents.h"

WhepPublisher *
gst_whep_publisher_new (GstEvent *event)
{
  GstPublisherFacts facts;
  WhepPublisher publisher;

  if (!gst_publisher_event_parse (event, &facts))
    return NULL;
  publisher = (WhepPublisher){
    .id = (gchar *) facts.id,
    .address = (gchar *) facts.address,
    .port = facts.port,
    .encoder = (gchar *) facts.encoder,
    .protocol = (gchar *) facts.protocol,
    .since_us = facts.since_us,
  };
  return whep_publisher_copy (&publisher);
}

void
gst_whep_publisher_read_uplink (GstPad *pad, WhepUplink *uplink)
{
  g_autoptr (GstQuery) query = gst_publisher_arrival_query_new ();
  GstPublisherArrival arrival;

  *uplink = (WhepUplink){ 0 };
  if (!gst_pad_peer_query (pad, query) ||
      !gst_publisher_arrival_query_parse (query, &arrival))
    return;
  *uplink = (WhepUplink){
    .is_known = TRUE,
    .n_bytes = arrival.n_bytes,
    .jitter_us = arrival.jitter_us,
    .figures = arrival.figures,
  };
}
