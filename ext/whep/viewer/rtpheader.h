/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The RTP header that one viewer's packets of one track carry (RFC 3550 section
 * 5.1, RFC 8285). Everything except marker, sequence number and timestamp is
 * laid out once. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Fixed header, the extension's header, both elements in the two-byte form,
 * padding. */
#define WHEP_RTP_HEADER_MAX (12 + 4 + (2 + 3) + (2 + 8) + 1)

/* The maximum of the playout-delay extension, in its unit of 10 ms; the minimum
 * is always 0. With a maximum of 0, a browser shows each frame at once whatever
 * its page asks for. Up to 500 ms, Chromium delays the picture by a few
 * milliseconds a second; with more, by what its page asks for, at once. */
#define WHEP_PLAYOUT_DELAY_AT_ONCE 0
#define WHEP_PLAYOUT_DELAY_IN_STEP 100

/* The negotiated ids; 0: none. */
typedef struct
{
  guint8 playout_delay_id;
  guint8 abs_capture_time_id;
} WhepRtpHeaderExtensions;

typedef struct
{
  guint8 bytes[WHEP_RTP_HEADER_MAX];
  gsize size;
  gsize playout_delay_at; /* offset of its value; 0: none */
  gsize capture_time_at;  /* likewise */
} WhepRtpHeader;

void whep_rtp_header_init (WhepRtpHeader *self, guint8 pt, guint32 ssrc,
    const WhepRtpHeaderExtensions *extensions);

/* Fills in the fields that differ from packet to packet, in place. */
void whep_rtp_header_set (WhepRtpHeader *self, gboolean is_marked, guint16 seq,
    guint32 rtp_time);
/* Sets whether the payload ends with padding. */
void whep_rtp_header_set_padded (WhepRtpHeader *self, gboolean is_padded);
/* Sets the maximum of the playout delay, WHEP_PLAYOUT_DELAY_…, which is 0
 * otherwise; does nothing if the extension was not negotiated. */
void whep_rtp_header_set_playout_delay (WhepRtpHeader *self, guint16 max_delay);
/* Sets when the frame was captured, as NTP time; does nothing if the extension
 * was not negotiated. */
void whep_rtp_header_set_capture_time (WhepRtpHeader *self, guint64 ntp_time);

G_END_DECLS
