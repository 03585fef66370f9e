/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Informs upstream when viewers begin to need a rendition of a track that it
 * offers, and when they no longer do. For the track's streaming thread. */

#pragma once

#include "ext/whep/stream/demand.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* To be embedded; starts zeroed. */
typedef struct
{
  WhepDemand *demand; /* nullable: upstream offers nothing */
  const gchar *event; /* static: its name */
  gboolean is_wanted; /* as upstream knows */
} GstWhepDemand;

/* @event is static: the name of the event that is sent upstream, with the field
 * "needed". Upstream begins with @is_wanted. */
void gst_whep_demand_begin (GstWhepDemand *self, const gchar *event,
    gboolean is_wanted);
void gst_whep_demand_end (GstWhepDemand *self);
/* To be called between two frames. */
void gst_whep_demand_follow (GstWhepDemand *self, GstPad *pad);

G_END_DECLS
