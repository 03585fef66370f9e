/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A streaming thread, announced to applications as those of pads are: a GstTask
 * that posts STREAM_STATUS messages. In a sync handler of the bus, applications
 * set a pool of threads at CREATE, or the thread's own priority at ENTER. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _GstRtmpTask GstRtmpTask;

/* @element posts the messages; not owned. */
GstRtmpTask *gst_rtmp_task_new (GstElement *element, GstTaskFunction func,
    gpointer user_data);
/* Posts CREATE and starts the thread, which posts ENTER, calls the function
 * repeatedly until gst_rtmp_task_stop(), and posts LEAVE. To be called once.
 *
 * Returns FALSE if no thread can be started; GStreamer has logged the reason.
 */
gboolean gst_rtmp_task_start (GstRtmpTask *self);
/* To be called by the function itself, which is not called again. */
void gst_rtmp_task_stop (GstRtmpTask *self);
/* Waits until the thread, if it was started, has posted LEAVE; from any other
 * thread. */
void gst_rtmp_task_free (GstRtmpTask *self);

G_END_DECLS
