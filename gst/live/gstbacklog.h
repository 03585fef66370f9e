/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Coded frames that wait for a decoder. A publisher never waits for it: what it
 * can't keep up with is left out, up to a frame that it can begin anew with. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* To be embedded. For the streaming thread. */
typedef struct
{
  GstElement *queue; /* that never fills; not owned */
  gboolean has_gap;  /* the decoder needs a frame to begin with */
} GstBacklog;

/* Whether the next frame is to go into the queue, @is_start: if a decoder can
 * begin with it. */
gboolean gst_backlog_takes (GstBacklog *self, gboolean is_start);

/* Has @chain get what its queue of that name takes, and key frames to begin
 * with. */
void gst_backlog_add (GstElement *chain, const gchar *queue);

G_END_DECLS
