/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The action signals of whepsink, which rtmpwebrtcsink has as well: an
 * application, or a console, sends publishers and viewers away and learns what
 * goes on. They may be emitted by any thread. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What the signals do; each may be called by any thread. */
typedef struct
{
  gboolean (*disconnect_publisher) (GstElement *self, const gchar *stream,
      const gchar *reason, GstClockTime refuse_for);
  gboolean (*disconnect_viewer) (GstElement *self, const gchar *id,
      const gchar *reason);
  void (*drain) (GstElement *self, GstClockTime deadline);
  gchar *(*get_streams) (GstElement *self);
  gchar *(*get_viewers) (GstElement *self, const gchar *stream);
} GstWhepActions;

/* To be called in class_init. */
void gst_whep_actions_install (GType type, const GstWhepActions *actions);

/* The same actions of another element, by its signals: FALSE or NULL if
 * @element is NULL or has none of that name. */
gboolean gst_whep_actions_disconnect_publisher (GstElement *element,
    const gchar *stream, const gchar *reason, GstClockTime refuse_for);
gboolean gst_whep_actions_disconnect_viewer (GstElement *element,
    const gchar *id, const gchar *reason);
void gst_whep_actions_drain (GstElement *element, GstClockTime deadline);
gchar *gst_whep_actions_get_streams (GstElement *element);
gchar *gst_whep_actions_get_viewers (GstElement *element, const gchar *stream);

G_END_DECLS
