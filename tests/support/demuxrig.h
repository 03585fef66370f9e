/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A demuxer with a harness at its sink, and one at each pad that appears. */

#pragma once

#include <gst/check/gstharness.h>

G_BEGIN_DECLS

typedef struct
{
  GstHarness *in;
  GstHarness *outs[2]; /* video, audio; NULL until the pad is there */
  GPtrArray *former;   /* those of pads that a new codec replaced */
  gboolean has_caps;   /* each pad had caps when it appeared */
} DemuxRig;

void demux_rig_open (DemuxRig *self, const gchar *factory);
void demux_rig_close (DemuxRig *self);

guint demux_rig_n_frames (const DemuxRig *self, guint track);
/* Fails the test unless the buffer is accepted. */
void demux_rig_push (DemuxRig *self, GstBuffer *buffer);

G_END_DECLS
