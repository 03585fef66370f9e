/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A place in the log ↔ the sequence number and RTP time that one viewer sees.
 *
 * Sequence numbers are given as packets leave and have no gaps; times go on
 * evenly whatever the cursor does. Only jumps are remembered, as spans, so a
 * NACK finds its packet without a table of all that was sent. Embedded in the
 * viewer; pure. */

#pragma once

#include "ext/whep/stream/log.h"

G_BEGIN_DECLS

/* Jumps that a NACK can still look behind; a viewer rewinds at most twice a
 * second and asks again for about a second. */
#define WHEP_REWRITE_SPANS 8

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

/* From @place on, packets have had the sequence numbers from @seq on. */
typedef struct
{
  guint64 place;
  guint64 seq; /* extended: rollover counter << 16 | seq */
  WhepTimeRule rule;
} WhepSpan;

typedef struct
{
  WhepSpan spans[WHEP_REWRITE_SPANS]; /* oldest first */
  guint n_spans;
  guint64 next_seq; /* extended */
} WhepRewrite;

void whep_rewrite_init (WhepRewrite *self, guint16 first_seq);

/* The next packet to leave is the one at @place; times by @rule. */
void whep_rewrite_jump (WhepRewrite *self, guint64 place,
    const WhepTimeRule *rule);

/* The rule in force; offset 0 before the first jump. */
WhepTimeRule whep_rewrite_rule (const WhepRewrite *self);

/* Gives the next sequence number. */
guint64 whep_rewrite_take_seq (WhepRewrite *self);

/* Finds what was sent as @seq. Returns the extended number and @place and
 * @rule, or G_MAXUINT64 if nothing that is still known was. */
guint64 whep_rewrite_find (const WhepRewrite *self, guint16 seq, guint64 *place,
    WhepTimeRule *rule);

guint32 whep_time_rule_apply (const WhepTimeRule *rule, guint64 place,
    const WhepPacket *packet);

G_END_DECLS
