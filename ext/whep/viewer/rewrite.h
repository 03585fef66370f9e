/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A place in the log ↔ the sequence number and RTP time that one viewer sees.
 *
 * Sequence numbers are given as packets leave and have no gaps; times go on
 * evenly whatever the cursor does. A number is given together with the place
 * that it stands for, so the two can't drift apart: where the place doesn't
 * follow the last one, a span begins. Only spans are remembered, so a NACK
 * finds its packet without a table of all that was sent. Embedded in the
 * viewer; pure. */

#pragma once

#include "ext/whep/stream/log.h"

G_BEGIN_DECLS

/* Spans that a NACK can still look behind. A viewer rewinds at most twice a
 * second, one that is spared frames begins a span with each frame that follows
 * a gap, and both ask again for about a second. */
#define WHEP_REWRITE_SPANS 16

/* RTP time of a packet: its own plus an offset. Packets before @squeeze_end,
 * which go out in a burst, share the time between two instants instead:
 * frame @first_frame + i of @n_frames gets squeeze_start + i of n parts of
 * @squeeze_width. */
typedef struct
{
  guint32 offset;
  guint64 squeeze_end;   /* a place; 0: nothing is squeezed */
  guint32 squeeze_start; /* RTP time */
  guint32 squeeze_width; /* RTP time units */
  guint32 first_frame;
  guint32 n_frames;
} WhepTimeRule;

/* From @place on, packets of the publisher @epoch have had the sequence numbers
 * from @seq on. Another epoch's places may be another log's. */
typedef struct
{
  guint64 place;
  guint64 seq; /* extended: rollover counter << 16 | seq */
  guint epoch;
  WhepTimeRule rule;
} WhepSpan;

typedef struct
{
  WhepSpan spans[WHEP_REWRITE_SPANS]; /* oldest first */
  guint n_spans;
  guint64 next_seq; /* extended */
  WhepTimeRule rule;
  gboolean is_rule_new; /* no packet has had it yet */
} WhepRewrite;

void whep_rewrite_init (WhepRewrite *self, guint16 first_seq);

/* The rule for the packets to come; offset 0 at first. */
void whep_rewrite_set_rule (WhepRewrite *self, const WhepTimeRule *rule);

/* Gives the next sequence number to the packet at @place of @epoch's log.
 * Returns it extended. */
guint64 whep_rewrite_take_seq (WhepRewrite *self, guint epoch, guint64 place);

/* Finds the packet that was sent as @seq: fills @sent as if a span began with
 * it. Returns FALSE if nothing that is still known was. */
gboolean whep_rewrite_find (const WhepRewrite *self, guint16 seq,
    WhepSpan *sent);

guint32 whep_time_rule_apply (const WhepTimeRule *rule, guint64 place,
    const WhepPacket *packet);

G_END_DECLS
