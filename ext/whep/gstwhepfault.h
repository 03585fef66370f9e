/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A track of the publisher that viewers do not get, as upstream's event
 * says. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  gchar *codec; /* nullable */
  gchar *reason;
} GstWhepFault;

/* Returns FALSE if it is another event. */
gboolean gst_whep_fault_init (GstWhepFault *self, GstEvent *event);
void gst_whep_fault_clear (GstWhepFault *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GstWhepFault, gst_whep_fault_clear)

G_END_DECLS
