/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one viewer may see of a log: see logview.h. */

#include "ext/whep/stream/logview.h"

static guint64
key_before (const WhepLog *log, guint64 head)
{
  guint64 key;

  return whep_log_key_before (log, head, &key) ? key : WHEP_LOG_VIEW_NO_KEY;
}

WhepLogView
whep_log_view (const WhepLog *log)
{
  WhepLogView self = { .log = log, .head = whep_log_head (log) };

  if (!whep_log_newest_key (log, &self.newest_key))
    self.newest_key = WHEP_LOG_VIEW_NO_KEY;
  return self;
}

/* A binary search, because packets are due in their order, or nearly. */
WhepLogView
whep_log_view_until (const WhepLog *log, gint64 until_us)
{
  guint64 low = whep_log_tail (log), high = whep_log_head (log);

  while (low < high) {
    guint64 middle = low + (high - low) / 2;

    if (whep_log_get (log, middle)->media_us <= until_us)
      low = middle + 1;
    else
      high = middle;
  }
  return (WhepLogView){ log, low, key_before (log, low) };
}

void
whep_log_view_advance (WhepLogView *self, gint64 until_us)
{
  guint64 tail = whep_log_tail (self->log);
  const WhepPacket *packet;

  if (self->head < tail) {
    *self = whep_log_view_until (self->log, until_us);
    return;
  }
  if (self->newest_key != WHEP_LOG_VIEW_NO_KEY && self->newest_key < tail)
    self->newest_key = WHEP_LOG_VIEW_NO_KEY;
  /* The log's limit in packets bounds the loop. */
  while ((packet = whep_log_get (self->log, self->head)) != NULL &&
      packet->media_us <= until_us) {
    if (packet->starts_key_frame)
      self->newest_key = self->head;
    self->head++;
  }
}

gboolean
whep_log_view_newest_key (const WhepLogView *self, guint64 *place)
{
  if (self->newest_key == WHEP_LOG_VIEW_NO_KEY)
    return FALSE;
  *place = self->newest_key;
  return TRUE;
}

const WhepPacket *
whep_log_view_newest (const WhepLogView *self)
{
  return self->head == 0 ? NULL : whep_log_get (self->log, self->head - 1);
}

gsize
whep_log_view_key_bytes (const WhepLogView *self)
{
  gsize n_bytes = 0;

  if (self->head == whep_log_head (self->log))
    return whep_log_key_bytes (self->log);
  if (self->newest_key == WHEP_LOG_VIEW_NO_KEY)
    return 0;
  for (guint64 place = self->newest_key; place < self->head; place++)
    n_bytes += whep_log_get (self->log, place)->size;
  return n_bytes;
}
