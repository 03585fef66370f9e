/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What viewers need, for upstream: see gstwhepdemand.h. */

#include "ext/whep/gstwhepdemand.h"

GST_DEBUG_CATEGORY_EXTERN (gst_whep_sink_debug);
#define GST_CAT_DEFAULT gst_whep_sink_debug

void
gst_whep_demand_begin (GstWhepDemand *self, const gchar *event,
    gboolean is_wanted)
{
  if (self->demand != NULL)
    return;
  self->demand = whep_demand_new ();
  whep_demand_set_viewers (self->demand, is_wanted);
  self->event = event;
  self->is_wanted = is_wanted;
}

void
gst_whep_demand_end (GstWhepDemand *self)
{
  whep_demand_unref (self->demand);
  *self = (GstWhepDemand){ 0 };
}

void
gst_whep_demand_follow (GstWhepDemand *self, GstPad *pad)
{
  GstStructure *need;
  gboolean is_wanted;

  if (self->demand == NULL)
    return;
  is_wanted = whep_demand_is_wanted (self->demand, g_get_monotonic_time ());
  if (is_wanted == self->is_wanted)
    return;
  self->is_wanted = is_wanted;
  need = gst_structure_new (self->event, "needed", G_TYPE_BOOLEAN, is_wanted,
      NULL);
  GST_DEBUG_OBJECT (pad, "%s: %d", self->event, is_wanted);
  gst_pad_push_event (pad,
      gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM, need));
}
