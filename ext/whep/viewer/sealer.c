/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Encrypts one track's packets for one viewer: see sealer.h. */

#include "ext/whep/viewer/sealer.h"

#include "ext/whep/viewer/rtcp.h"

#include <string.h>

void
whep_sealer_init (WhepSealer *self, const WhepSealerParams *params)
{
  const WhepRtpHeaderExtensions extensions = {
    .playout_delay_id = params->media->playout_delay_id,
    .abs_capture_time_id = params->media->abs_capture_time_id,
  };

  whep_rtp_header_init (&self->header, params->media->pt, params->ssrc,
      &extensions);
  whep_rtp_header_init (&self->rtx_header, params->media->rtx_pt,
      params->rtx_ssrc, &extensions);
  self->next_rtx_seq = params->first_seq;
  self->wall_offset_us = params->wall_offset_us;
}

/* Identical each time a packet is sent: setting the wall clock in between must
 * not change it (see whep_srtp_seal_rtp()). */
static void
set_header (const WhepSealer *self, WhepRtpHeader *header,
    const WhepPacket *packet, const WhepSealerFields *fields)
{
  whep_rtp_header_set (header, packet->is_marked, fields->seq,
      fields->rtp_time);
  whep_rtp_header_set_playout_delay (header, fields->max_delay);
  if (header->capture_time_at != 0)
    whep_rtp_header_set_capture_time (header,
        whep_rtcp_ntp_time (packet->media_us + self->wall_offset_us));
}

gsize
whep_sealer_seal (WhepSealer *self, WhepSrtp *srtp, const WhepPacket *packet,
    const WhepSealerFields *fields, guint8 *room)
{
  set_header (self, &self->header, packet, fields);
  whep_rtp_header_set_padded (&self->header, packet->n_padding > 0);
  return whep_srtp_seal_rtp (srtp, self->header.bytes, self->header.size,
      packet->payload, packet->size, fields->seq >> 16, room);
}

/* RFC 4588 section 4: the original sequence number, then the lost payload
 * without its padding, in a stream of its own. */
gsize
whep_sealer_seal_rtx (WhepSealer *self, WhepSrtp *srtp,
    const WhepPacket *packet, const WhepSealerFields *fields, guint8 *room)
{
  WhepSealerFields rtx = *fields;
  gsize size = packet->size - packet->n_padding;
  guint8 payload[WHEP_DATAGRAM_MAX];

  rtx.seq = self->next_rtx_seq++;
  payload[0] = fields->seq >> 8;
  payload[1] = fields->seq;
  memcpy (payload + WHEP_RTX_PREFIX, packet->payload, size);
  set_header (self, &self->rtx_header, packet, &rtx);
  return whep_srtp_seal_rtp (srtp, self->rtx_header.bytes,
      self->rtx_header.size, payload, WHEP_RTX_PREFIX + size, rtx.seq >> 16,
      room);
}
