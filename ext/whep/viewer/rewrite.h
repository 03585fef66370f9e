/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A place in the log ↔ the sequence number and RTP time that one viewer sees.
 *
 * Sequence numbers are assigned as packets are sent and have no gaps; times
 * advance evenly whatever the cursor does. A number is assigned together with
 * the place that it stands for, so the two cannot drift apart: where the place
 * does not follow the last one, a span begins. Only spans are remembered, so
 * that a NACK finds its packet without a table of everything that was sent.
 * Embedded in the viewer; pure. */

#pragma once

#include "ext/whep/stream/log.h"

G_BEGIN_DECLS

/* The number of spans that a NACK can still refer to. A viewer rewinds at most
 * twice a second, a thinned viewer begins a span with each frame that follows a
 * gap, and both repeat their NACKs for about a second. */
#define WHEP_REWRITE_SPANS 16

/* The RTP time of a packet: its own plus an offset. Packets before
 * @squeeze_end, which go out in a burst, share the time between two instants
 * instead: frame @first_frame + i of @n_frames gets squeeze_start + i of n
 * parts of @squeeze_width. Without @n_frames, they keep their times. */
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
 * from @seq on. Places of another epoch may belong to another log. */
typedef struct
{
  guint64 place;
  guint64 seq; /* extended: rollover counter << 16 | seq */
  guint epoch;
  WhepTimeRule rule;
  guint16 max_delay; /* see whep_rtp_header_set_playout_delay() */
} WhepSpan;

typedef struct
{
  WhepSpan spans[WHEP_REWRITE_SPANS]; /* oldest first */
  guint n_spans;
  guint64 next_seq; /* extended */
  WhepTimeRule rule;
  guint16 max_delay;
  gboolean is_rule_new; /* no packet has used it, or the delay, yet */
} WhepRewrite;

void whep_rewrite_init (WhepRewrite *self, guint16 first_seq);

/* Sets the rule for the following packets; the initial rule is an offset of
 * 0. */
void whep_rewrite_set_rule (WhepRewrite *self, const WhepTimeRule *rule);

/* Sets the maximum playout delay of the following packets; initially 0. What
 * was sent before keeps its own, also if it is sent again. */
void whep_rewrite_set_max_delay (WhepRewrite *self, guint16 max_delay);

/* Sets a rule that squeezes nothing. */
void whep_rewrite_set_offset (WhepRewrite *self, guint32 offset);

/* Assigns the next sequence number to the packet at @place of @epoch's log.
 * Returns it extended. */
guint64 whep_rewrite_take_seq (WhepRewrite *self, guint epoch, guint64 place);

/* Finds the packet that was sent as @seq and fills @sent as if a span began
 * with it. Returns FALSE if @seq was never sent or its span has been
 * forgotten. */
gboolean whep_rewrite_find (const WhepRewrite *self, guint16 seq,
    WhepSpan *sent);

/* The frames from @first to @newest share the time between @start and @end. */
void whep_time_rule_squeeze (WhepTimeRule *self, const WhepPacket *first,
    const WhepPacket *newest, guint32 start, guint32 end);
guint32 whep_time_rule_apply (const WhepTimeRule *rule, guint64 place,
    const WhepPacket *packet);

G_END_DECLS
