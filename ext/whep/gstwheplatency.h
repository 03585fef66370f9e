/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Answers a latency query to a sink with several inputs. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* The latency of the whole is the worst of all publishers. The element itself
 * adds none, because it does not wait. */
gboolean gst_whep_latency_query (GstElement *element, GstQuery *query);

G_END_DECLS
