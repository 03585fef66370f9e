/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Encrypts the packets of one track for one viewer, with the headers that this
 * viewer sees, as they are or as retransmissions. Embedded in the sender;
 * pure. */

#pragma once

#include "ext/whep/stream/log.h"
#include "ext/whep/viewer/outbox.h"
#include "ext/whep/viewer/rtpheader.h"
#include "ext/whep/viewer/srtp.h"
#include "gst/sdp/answer.h"

G_BEGIN_DECLS

/* The size of what precedes the payload in a retransmission (RFC 4588 section
 * 4). */
#define WHEP_RTX_PREFIX 2

typedef struct
{
  const SdpAnswerMedia *media;
  guint32 ssrc;
  guint32 rtx_ssrc;
  guint16 first_seq; /* of retransmissions */
  gint64 wall_offset_us;
} WhepSealerParams;

/* What a packet has in this viewer's stream, whenever it is sent. */
typedef struct
{
  guint64 seq; /* extended */
  guint32 rtp_time;
  guint16 max_delay; /* see whep_rtp_header_set_playout_delay() */
} WhepSealerFields;

typedef struct
{
  WhepRtpHeader header;
  WhepRtpHeader rtx_header;
  guint64 next_rtx_seq; /* extended */
  gint64 wall_offset_us;
} WhepSealer;

void whep_sealer_init (WhepSealer *self, const WhepSealerParams *params);

/* Encrypts @packet into @room, for WHEP_DATAGRAM_MAX bytes. Returns: the
 * datagram's size. */
gsize whep_sealer_seal (WhepSealer *self, WhepSrtp *srtp,
    const WhepPacket *packet, const WhepSealerFields *fields, guint8 *room);
/* Likewise, as a retransmission in a stream of its own. */
gsize whep_sealer_seal_rtx (WhepSealer *self, WhepSrtp *srtp,
    const WhepPacket *packet, const WhepSealerFields *fields, guint8 *room);

G_END_DECLS
