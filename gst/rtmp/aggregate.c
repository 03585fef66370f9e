/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Aggregate messages: see aggregate.h. */

#include "gst/rtmp/aggregate.h"

#include <gst/gstutils.h>
#include <string.h>

/* The header of a sub-message has its type, size, time and message stream. A
 * back pointer with the size of all of that follows it. */
#define HEADER_BYTES 11
#define BACK_POINTER_BYTES 4

void
rtmp_aggregate_clear (RtmpAggregate *self)
{
  rtmp_message_clear (&self->whole);
  self->n_read = 0;
}

void
rtmp_aggregate_take (RtmpAggregate *self, RtmpMessage *message)
{
  rtmp_aggregate_clear (self);
  self->whole = *message;
  message->block = NULL;
}

static guint32
time_of (const guint8 *header)
{
  return (guint32) header[7] << 24 | GST_READ_UINT24_BE (header + 4);
}

static gboolean
split (RtmpAggregate *self, RtmpMessage *message)
{
  const guint8 *first = rtmp_message_payload (&self->whole);
  const guint8 *header = first + self->n_read;
  gsize n_left = self->whole.size - self->n_read;
  gsize size;

  if (n_left < HEADER_BYTES)
    return FALSE;
  size = GST_READ_UINT24_BE (header + 1);
  if (n_left - HEADER_BYTES < size)
    return FALSE;
  if (!rtmp_message_init (message, header[0], size))
    return FALSE;

  memcpy (rtmp_message_payload (message), header + HEADER_BYTES, size);
  message->stream_id = self->whole.stream_id;
  /* The timestamp of the aggregate belongs to its first sub-message. */
  message->time_ms = self->whole.time_ms + time_of (header) - time_of (first);
  self->n_read += MIN (n_left, HEADER_BYTES + size + BACK_POINTER_BYTES);
  return TRUE;
}

gboolean
rtmp_aggregate_next (RtmpAggregate *self, RtmpMessage *message)
{
  if (self->whole.block == NULL)
    return FALSE;
  if (split (self, message))
    return TRUE;
  rtmp_aggregate_clear (self);
  return FALSE;
}
