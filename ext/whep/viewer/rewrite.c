/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A place in the log ↔ sequence number and RTP time: see rewrite.h. */

#include "ext/whep/viewer/rewrite.h"

#include <string.h>

void
whep_rewrite_init (WhepRewrite *self, guint16 first_seq)
{
  self->n_spans = 0;
  self->next_seq = first_seq;
  self->rule = (WhepTimeRule){ 0 };
  self->max_delay = 0;
  self->is_rule_new = FALSE;
}

void
whep_rewrite_set_rule (WhepRewrite *self, const WhepTimeRule *rule)
{
  self->rule = *rule;
  self->is_rule_new = TRUE;
}

void
whep_rewrite_set_max_delay (WhepRewrite *self, guint16 max_delay)
{
  if (max_delay == self->max_delay)
    return;
  self->max_delay = max_delay;
  self->is_rule_new = TRUE;
}

void
whep_rewrite_set_offset (WhepRewrite *self, guint32 offset)
{
  const WhepTimeRule rule = { .offset = offset };

  whep_rewrite_set_rule (self, &rule);
}

/* The place of @seq, if it belongs to @span. */
static guint64
place_of (const WhepSpan *span, guint64 seq)
{
  return span->place + (seq - span->seq);
}

static gboolean
continues_span (const WhepRewrite *self, guint epoch, guint64 place)
{
  const WhepSpan *last = &self->spans[MAX (self->n_spans, 1) - 1];

  return self->n_spans > 0 && !self->is_rule_new && last->epoch == epoch &&
      place_of (last, self->next_seq) == place;
}

static void
begin_span (WhepRewrite *self, guint epoch, guint64 place)
{
  if (self->n_spans == WHEP_REWRITE_SPANS) {
    memmove (&self->spans[0], &self->spans[1],
        (WHEP_REWRITE_SPANS - 1) * sizeof (WhepSpan));
    self->n_spans--;
  }
  self->spans[self->n_spans++] = (WhepSpan){ .place = place,
    .seq = self->next_seq,
    .epoch = epoch,
    .rule = self->rule,
    .max_delay = self->max_delay };
  self->is_rule_new = FALSE;
}

guint64
whep_rewrite_take_seq (WhepRewrite *self, guint epoch, guint64 place)
{
  if (!continues_span (self, epoch, place))
    begin_span (self, epoch, place);
  return self->next_seq++;
}

gboolean
whep_rewrite_find (const WhepRewrite *self, guint16 seq, WhepSpan *sent)
{
  /* The newest number sent so far with these low 16 bits. */
  guint16 age = (guint16) (self->next_seq - 1) - seq;
  guint64 extended = self->next_seq - 1 - age;

  if (extended >= self->next_seq)
    return FALSE;
  for (guint i = self->n_spans; i > 0; i--) {
    const WhepSpan *span = &self->spans[i - 1];

    if (extended >= span->seq) {
      *sent = *span;
      sent->place = place_of (span, extended);
      sent->seq = extended;
      return TRUE;
    }
  }
  return FALSE;
}

void
whep_time_rule_squeeze (WhepTimeRule *self, const WhepPacket *first,
    const WhepPacket *newest, guint32 start, guint32 end)
{
  self->squeeze_start = start;
  self->first_frame = first->frame;
  self->n_frames = newest->frame - first->frame + 1;
  self->squeeze_width = MAX ((gint32) (end - start), (gint32) self->n_frames);
}

guint32
whep_time_rule_apply (const WhepTimeRule *rule, guint64 place,
    const WhepPacket *packet)
{
  guint64 index = packet->frame - rule->first_frame;

  if (place >= rule->squeeze_end || rule->n_frames == 0)
    return packet->rtp_time + rule->offset;
  return rule->squeeze_start + index * rule->squeeze_width / rule->n_frames;
}
