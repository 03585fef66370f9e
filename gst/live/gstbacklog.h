/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Coded frames queued for a decoder. A publisher never waits for the decoder:
 * if the decoder can't keep up, frames are dropped up to one that it can
 * restart with. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* To be embedded. Owned by the streaming thread. */
typedef struct
{
  GstElement *queue; /* unlimited by its properties; not owned */
  gboolean has_gap;  /* frames were dropped: wait for a start */
} GstBacklog;

/* Returns whether to queue the next frame. @is_start: a decoder can start with
 * it. */
gboolean gst_backlog_takes (GstBacklog *self, gboolean is_start);

/* Adds a probe to @chain that drops the frames that its queue of that name
 * should not take; a decoder restarts with key frames. */
void gst_backlog_add (GstElement *chain, const gchar *queue);

G_END_DECLS
