/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An aggregate message (rtmp_specification_1.0, section 7.1.6) split into the
 * messages in it, which look like the tags of an FLV file. Pure. */

#pragma once

#include "gst/rtmp/chunk.h"

G_BEGIN_DECLS

/* To be embedded; starts zeroed. */
typedef struct
{
  RtmpMessage whole; /* block is NULL if there is none */
  gsize n_read;
} RtmpAggregate;

void rtmp_aggregate_clear (RtmpAggregate *self);

/* Takes the memory of @message; what was left of the last one is dropped. */
void rtmp_aggregate_take (RtmpAggregate *self, RtmpMessage *message);

/* Copies out the next message, the caller's to clear. Returns FALSE at the
 * end, and if the rest is malformed. */
gboolean rtmp_aggregate_next (RtmpAggregate *self, RtmpMessage *message);

G_END_DECLS
