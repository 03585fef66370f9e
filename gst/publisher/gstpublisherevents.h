/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How elements that do not know each other speak of a publisher: a sticky event
 * travels downstream with its stream, a query asks upstream how its data
 * arrives, and an event upstream disconnects it. Elements in between forward
 * all three without knowing them. */

#pragma once

#include "gst/publisher/figures.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* The names of their structures. */
#define GST_PUBLISHER_EVENT "rtmp-webrtc/publisher"
#define GST_PUBLISHER_DISCONNECT_EVENT "rtmp-webrtc/disconnect"
#define GST_PUBLISHER_ARRIVAL_QUERY "rtmp-webrtc/arrival"

/* The limit of each text, which is displayed. */
#define GST_PUBLISHER_MAX_TEXT_BYTES 255
/* The longest time for which a stream's publishers are refused: somebody who
 * wants more than a day changes the keys. */
#define GST_PUBLISHER_MAX_REFUSAL (24 * 60 * 60 * GST_SECOND)

/* Texts are valid UTF-8 of limited length. */
typedef struct
{
  const gchar *id;       /* "id": unique for each connection */
  const gchar *address;  /* "address": of its IP, without the port */
  guint port;            /* "port" */
  const gchar *encoder;  /* "encoder": nullable: not known, or not yet */
  const gchar *protocol; /* "protocol": "rtmp", "rtmps" */
  gint64 since_us;       /* "since": since the epoch, when it began */
} GstPublisherFacts;

/* A sticky event that follows stream-start, caps and segment. Another one
 * replaces it as soon as more is known, such as the encoder. */
GstEvent *gst_publisher_event_new (const GstPublisherFacts *facts);
/* Returns FALSE if it is another event. @facts then point into @event. */
gboolean gst_publisher_event_parse (GstEvent *event, GstPublisherFacts *facts);

/* An event upstream, from any thread: the publisher is sent @reason and is
 * disconnected. For @refuse_for, limited to GST_PUBLISHER_MAX_REFUSAL, its
 * stream's name is refused to every publisher. */
GstEvent *gst_publisher_disconnect_event_new (const gchar *reason,
    GstClockTime refuse_for);
/* Returns FALSE if it is another event. @reason then points into @event. */
gboolean gst_publisher_disconnect_event_parse (GstEvent *event,
    const gchar **reason, GstClockTime *refuse_for);

/* How the stream has arrived since it began. */
typedef struct
{
  guint64 n_bytes;
  guint64 n_tags;
  /* As in section 6.4.1 of RFC 3550, of arrival times against the publisher's
   * timestamps. */
  guint64 jitter_us;
  /* By their names in publisher_figures_table(); those that are missing in an
   * answer are 0. */
  PublisherFigures figures;
} GstPublisherArrival;

/* A query upstream, from any thread; takes no lock but those of the pads. */
GstQuery *gst_publisher_arrival_query_new (void);
gboolean gst_publisher_arrival_query_is (GstQuery *query);
void gst_publisher_arrival_query_set (GstQuery *query,
    const GstPublisherArrival *arrival);
/* Returns FALSE if nobody has answered it. */
gboolean gst_publisher_arrival_query_parse (GstQuery *query,
    GstPublisherArrival *arrival);

G_END_DECLS
