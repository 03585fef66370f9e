/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A streaming thread and its messages: see gstrtmptask.h. */

#include "gst/rtmp/gstrtmptask.h"

struct _GstRtmpTask
{
  GstElement *element; /* not owned */
  GstTask *task;
  GRecMutex running; /* required by GstTask, and locked by it alone */

  GMutex lock; /* guards what follows */
  GCond left;
  gboolean is_running;
};

static void
post (GstRtmpTask *self, GstStreamStatusType type)
{
  GstMessage *message =
      gst_message_new_stream_status (GST_OBJECT (self->element), type,
          self->element);
  GValue value = G_VALUE_INIT;

  g_value_init (&value, GST_TYPE_TASK);
  g_value_set_object (&value, self->task);
  gst_message_set_stream_status_object (message, &value);
  g_value_unset (&value);
  gst_element_post_message (self->element, message);
}

static void
on_enter (GstTask *task, GThread *thread, gpointer user_data)
{
  post (user_data, GST_STREAM_STATUS_TYPE_ENTER);
}

static void
on_leave (GstTask *task, GThread *thread, gpointer user_data)
{
  GstRtmpTask *self = user_data;

  post (self, GST_STREAM_STATUS_TYPE_LEAVE);
  g_mutex_lock (&self->lock);
  self->is_running = FALSE;
  g_cond_signal (&self->left);
  g_mutex_unlock (&self->lock);
}

GstRtmpTask *
gst_rtmp_task_new (GstElement *element, GstTaskFunction func,
    gpointer user_data)
{
  GstRtmpTask *self = g_new0 (GstRtmpTask, 1);

  self->element = element;
  g_rec_mutex_init (&self->running);
  g_mutex_init (&self->lock);
  g_cond_init (&self->left);
  self->task = gst_task_new (func, user_data, NULL);
  /* This also becomes the thread's name. */
  gst_object_set_name (GST_OBJECT (self->task), "rtmp-publisher");
  gst_task_set_lock (self->task, &self->running);
  gst_task_set_enter_callback (self->task, on_enter, self, NULL);
  gst_task_set_leave_callback (self->task, on_leave, self, NULL);
  return self;
}

gboolean
gst_rtmp_task_start (GstRtmpTask *self)
{
  post (self, GST_STREAM_STATUS_TYPE_CREATE);
  self->is_running = TRUE;
  if (!gst_task_start (self->task)) {
    self->is_running = FALSE;
    return FALSE;
  }
  return TRUE;
}

void
gst_rtmp_task_stop (GstRtmpTask *self)
{
  gst_task_stop (self->task);
}

void
gst_rtmp_task_free (GstRtmpTask *self)
{
  if (self == NULL)
    return;
  /* gst_task_join() alone could keep the function from being called even once.
   */
  g_mutex_lock (&self->lock);
  while (self->is_running)
    g_cond_wait (&self->left, &self->lock);
  g_mutex_unlock (&self->lock);
  /* Joining a task that could not start would never return. */
  if (gst_task_get_state (self->task) == GST_TASK_STOPPED)
    gst_task_join (self->task);
  gst_object_unref (self->task);
  g_cond_clear (&self->left);
  g_mutex_clear (&self->lock);
  g_rec_mutex_clear (&self->running);
  g_free (self);
}
