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
/* Once: posts CREATE and starts the thread. That posts ENTER, calls the
 * function over and over until gst_rtmp_task_stop(), and posts LEAVE.
 *
 * Returns FALSE if there is no thread to be had; GStreamer has logged why. */
gboolean gst_rtmp_task_start (GstRtmpTask *self);
/* To be called by the function, which is not called again. */
void gst_rtmp_task_stop (GstRtmpTask *self);
/* Waits until a thread that was started has posted LEAVE; in any other one. */
void gst_rtmp_task_free (GstRtmpTask *self);

G_END_DECLS
