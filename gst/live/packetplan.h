/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Divides the NAL units of an access unit into RTP packets so that it costs as
 * little as possible to send them.
 *
 * The kernel sends equal datagrams in one run, which a shorter one may end. A
 * picture of many slices would end a run with each slice. So all packets of a
 * picture get one size, as far as the payload formats allow: units are
 * aggregated or fragmented, and what is missing is RTP padding (RFC 3550
 * section 5.1). Pure. */

#pragma once

#include "gst/live/nalpacket.h"

G_BEGIN_DECLS

/* Slices of 32 cores, and parameter sets. A call of packet_plan_make() takes
 * time in proportion to their number. */
#define PACKET_PLAN_MAX_UNITS 64
/* The smallest size of a payload that packets can be limited to: half of it
 * still has more than the padding. */
#define PACKET_PLAN_MIN_LIMIT 576
/* Padding takes at most this share of the units' bytes, 1/8. With half as much,
 * a picture of 16 slices leaves in 3.0 runs instead of 1.9 on average, with an
 * eighth more CPU time. */
#define PACKET_PLAN_PADDING_SHARE 8

/* Divides @units, up to PACKET_PLAN_MAX_UNITS that the format takes, into
 * packets of up to @limit bytes of payload, padding included. @packets is an
 * array of NalPacket, whose former contents are discarded. The last packet has
 * no padding. */
void packet_plan_make (GArray *packets, const NalPacketFormat *format,
    const NalUnit *units, guint n_units, gsize limit);

G_END_DECLS
