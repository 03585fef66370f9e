/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Splits an aggregate message (rtmp_specification_1.0, section 7.1.6) into its
 * sub-messages, which are laid out like the tags of an FLV file. Pure. */

#pragma once

#include "gst/rtmp/chunk.h"

G_BEGIN_DECLS

/* To be embedded; starts zeroed. */
typedef struct
{
  RtmpMessage whole; /* block is NULL if there is no aggregate */
  gsize n_read;
} RtmpAggregate;

void rtmp_aggregate_clear (RtmpAggregate *self);

/* Takes over the memory of @message and drops what was left of the previous
 * one. */
void rtmp_aggregate_take (RtmpAggregate *self, RtmpMessage *message);

/* Copies the next sub-message to @message, which the caller must clear. Returns
 * FALSE at the end, and if the rest is malformed. */
gboolean rtmp_aggregate_next (RtmpAggregate *self, RtmpMessage *message);

G_END_DECLS
