/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The addresses for publishing to a playing pipeline, and for watching it. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  GPtrArray *publish; /* URLs; empty: no publishers */
  GPtrArray *watch;   /* URLs; empty: no viewers */
  gchar *fingerprint; /* of a self-signed certificate for viewers; nullable */
  guint rtmp_port;    /* 0: none */
} GstEndpoints;

void gst_endpoints_init (GstEndpoints *self, GstBin *pipeline);
void gst_endpoints_clear (GstEndpoints *self);

G_END_DECLS
