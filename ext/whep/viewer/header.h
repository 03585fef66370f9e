/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The RTP header that one viewer's packets of one track carry (RFC 3550
 * section 5.1, RFC 8285). All but marker, sequence number and time is laid out
 * once. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Fixed header, the extension's header, one element of either form. */
#define WHEP_HEADER_MAX (12 + 4 + 8)

typedef struct
{
  guint8 bytes[WHEP_HEADER_MAX];
  gsize size;
} WhepHeader;

/* @playout_delay_id: the negotiated id of the playout-delay extension, which
 * then says "render at once" (0/0) on each packet; 0 for none. */
void whep_header_init (WhepHeader *self, guint8 pt, guint32 ssrc,
    guint8 playout_delay_id);

/* Fills in what differs from packet to packet, in place. */
void whep_header_set (WhepHeader *self, gboolean is_marked, guint16 seq,
    guint32 rtp_time);

G_END_DECLS
