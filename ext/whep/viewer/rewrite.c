/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A place in the log ↔ sequence number and RTP time: see rewrite.h. */

#include "ext/whep/viewer/rewrite.h"

#include <string.h>

void
whep_rewrite_init (WhepRewrite *self, guint16 first_seq)
{
  self->n_spans = 0;
  self->next_seq = first_seq;
}

void
whep_rewrite_jump (WhepRewrite *self, guint64 place, const WhepTimeRule *rule)
{
  /* Nothing was sent since the last jump: this one takes its place. */
  if (self->n_spans > 0 && self->spans[self->n_spans - 1].seq == self->next_seq)
    self->n_spans--;
  if (self->n_spans == WHEP_REWRITE_SPANS) {
    memmove (&self->spans[0], &self->spans[1],
        (WHEP_REWRITE_SPANS - 1) * sizeof (WhepSpan));
    self->n_spans--;
  }
  self->spans[self->n_spans++] =
      (WhepSpan){ .place = place, .seq = self->next_seq, .rule = *rule };
}

WhepTimeRule
whep_rewrite_rule (const WhepRewrite *self)
{
  if (self->n_spans == 0)
    return (WhepTimeRule){ 0 };
  return self->spans[self->n_spans - 1].rule;
}

guint64
whep_rewrite_take_seq (WhepRewrite *self)
{
  return self->next_seq++;
}

guint64
whep_rewrite_find (const WhepRewrite *self, guint16 seq, guint64 *place,
    WhepTimeRule *rule)
{
  /* The newest number sent so far that ends in these 16 bits. */
  guint16 age = (guint16) (self->next_seq - 1) - seq;
  guint64 extended = self->next_seq - 1 - age;

  if (extended >= self->next_seq)
    return G_MAXUINT64;
  for (guint i = self->n_spans; i > 0; i--) {
    const WhepSpan *span = &self->spans[i - 1];

    if (extended >= span->seq) {
      *place = span->place + (extended - span->seq);
      *rule = span->rule;
      return extended;
    }
  }
  return G_MAXUINT64;
}

guint32
whep_time_rule_apply (const WhepTimeRule *rule, guint64 place,
    const WhepPacket *packet)
{
  guint64 index = packet->frame - rule->first_frame;

  if (place >= rule->squeeze_end)
    return packet->rtp_time + rule->offset;
  return rule->squeeze_start + index * rule->squeeze_width / rule->n_frames;
}
