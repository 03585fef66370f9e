/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The journal of a pipeline, in its elements.
 *
 * An element that joins shares one journal with all others of its pipeline that
 * did, by a context of the type GST_JOURNAL_CONTEXT; the first one makes it.
 * Each message about a publisher, a viewer or a recording that the element
 * posts then becomes an event of the journal. */

#pragma once

#include "gst/journal/journal-io.h"

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_JOURNAL_CONTEXT "rtmp-webrtc.journal"

/* To be called from NULL to READY. */
void gst_journal_join (GstElement *element);
/* The same for an element with the properties `on-event` and
 * `on-event-secret-file`: events are posted there, see webhook-io.h. Returns
 * FALSE, with the element's error posted, if either is wrong. */
gboolean gst_journal_join_as_set (GstElement *element);
/* To be called from READY to NULL, and if the element did not become READY. */
void gst_journal_leave (GstElement *element);

/* Returns: (transfer full) (nullable): NULL unless the element has joined. */
Journal *gst_journal_dup (GstElement *element);

/* For the post_message of the element's class: if @message (transfer full)
 * reports an event of this element, appends it to the journal, and adds
 * `event-id` and `event-time` to the message.
 *
 * Returns: (transfer full): what is to be posted. */
GstMessage *gst_journal_note (GstElement *element, GstMessage *message);

G_END_DECLS
