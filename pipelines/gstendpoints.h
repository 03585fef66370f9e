/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where to publish to a pipeline that plays, and where to watch it. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  GPtrArray *publish; /* addresses; empty: it takes no publishers */
  GPtrArray *watch;   /* addresses; empty: it has no viewers */
  guint rtmp_port;    /* 0: none */
} GstEndpoints;

void gst_endpoints_init (GstEndpoints *self, GstBin *pipeline);
void gst_endpoints_clear (GstEndpoints *self);

G_END_DECLS
