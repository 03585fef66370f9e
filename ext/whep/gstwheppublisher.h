/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who publishes, as upstream's event says. */

#pragma once

#include "ext/whep/http/directory.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* Returns: (transfer full) (nullable): NULL if it is another event. */
WhepPublisher *gst_whep_publisher_new (GstEvent *event);

/* Asks upstream of @pad how the publisher's stream arrives. */
void gst_whep_publisher_read_uplink (GstPad *pad, WhepUplink *uplink);

G_END_DECLS
