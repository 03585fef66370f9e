/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sticky events that a muxer does not know, about the stream that each of its
 * tracks is a part of: it forwards them, although each track brings them. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Pushes the event to @src unless it is there already. */
void gst_custom_events_forward (GstPad *src, GstEvent *event);
/* The same for all such events that @element's sink pads have received. */
void gst_custom_events_forward_all (GstElement *element, GstPad *src);

G_END_DECLS
