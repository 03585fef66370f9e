/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a receiver knows about one RTP source (RFC 3550 appendix A): which
 * packets were received, in which order, which are missing, and what its
 * reports contain. */

#pragma once

#include "whepbench/h264look.h"

G_BEGIN_DECLS

/* libwebrtc's limits: how often a packet is asked for, and how many are. */
#define RECEPTION_MAX_ASKS 10
#define RECEPTION_MAX_MISSING 1000
/* After this time a packet is asked for again. */
#define RECEPTION_ASK_AGAIN_US (100 * 1000)
#define RTP_MAX_EXTENSION_BYTES 32

/* An RTP packet, parsed in place. */
typedef struct
{
  guint32 ssrc;
  guint16 seq;
  guint32 rtp_time;
  guint8 pt;
  gboolean is_marked;
  guint16 extension_profile; /* 0: none */
  const guint8 *extension;
  gsize extension_size;
  gboolean is_padded; /* the payload ends in padding, which may be encrypted */
  const guint8 *payload;
  gsize payload_size;
} RtpPacket;

/* Returns FALSE if @data is not RTP (RFC 3550 section 5.1). */
gboolean rtp_parse (RtpPacket *self, const guint8 *data, gsize size);
/* Removes the padding of a decrypted packet. Returns FALSE if it is longer than
 * the payload. */
gboolean rtp_remove_padding (RtpPacket *self);
/* Turns a decrypted retransmission (RFC 4588 section 4) into the packet that
 * was lost, but for its SSRC and payload type. Returns FALSE if there is none
 * in it. */
gboolean rtp_read_original (RtpPacket *self);

/* One packet as it was received. */
typedef struct
{
  guint n_copies; /* 0: missing */
  guint8 pt;
  gboolean is_marked;
  guint32 rtp_time;
  gint64 received_us;
  gsize size;    /* of the payload */
  guint64 hash;  /* of the payload */
  H264Look look; /* counts for video only */
  guint16 extension_profile;
  guint8 extension_size;
  guint8 extension[RTP_MAX_EXTENSION_BYTES];
} ReceivedPacket;

guint64 payload_hash (const guint8 *payload, gsize size);
/* Returns: (nullable): the value of header extension @id (RFC 8285). */
const guint8 *received_extension (const ReceivedPacket *self, guint id,
    gsize *size);

typedef struct
{
  guint64 seq;
  guint n_asks;
  gint64 ask_at_us;
} MissingPacket;

typedef struct
{
  gboolean is_video;
  guint clock_rate; /* Hz */
  gboolean keeps_packets;
  gboolean asks_for_missing;
  gboolean has_started;
  /* Sequence numbers are extended to 64 bits; the first cycle is 1, so that
   * packets from before the first one have a number, too. */
  guint64 base_seq;  /* of packets[0] */
  guint64 first_seq; /* the lowest received */
  guint64 highest_seq;
  guint64 n_received;
  guint64 n_bytes; /* of payload */
  guint64 n_duplicates;
  guint64 n_reordered;
  guint64 n_asked;    /* for missing packets, each time */
  guint64 n_repaired; /* arrived after that */
  GArray *packets;    /* of ReceivedPacket, kept ones */
  GArray *missing;    /* of MissingPacket, ascending */
  /* RFC 3550 section 6.4.1 and appendix A.8. */
  guint32 jitter_q4;
  guint32 last_transit;
  guint64 n_expected_before;
  guint64 n_received_before;
} Reception;

/* With @keeps_packets every packet is stored; without it they are only
 * counted. */
void reception_init (Reception *self, gboolean is_video, guint clock_rate,
    gboolean keeps_packets, gboolean asks_for_missing);
void reception_clear (Reception *self);

/* @number is set to the packet's extended sequence number. Returns FALSE for a
 * duplicate, as far as the reception knows them: without @keeps_packets and
 * @asks_for_missing it does not. */
gboolean reception_add (Reception *self, const RtpPacket *packet, gint64 now_us,
    guint64 *number);

/* Returns: (nullable): the packet with extended number @seq, if received. */
const ReceivedPacket *reception_get (const Reception *self, guint64 seq);
guint64 reception_n_missing (const Reception *self);
guint64 reception_n_expected (const Reception *self);

/* Writes the missing packets to ask for now, up to @max. Returns their
 * number. */
guint reception_ask (Reception *self, gint64 now_us, guint16 *seqs, guint max);
/* Returns: when to ask next, G_MAXINT64 for never. */
gint64 reception_deadline_us (const Reception *self);

typedef struct
{
  guint n_complete;
  guint n_broken; /* with packets missing, or fragments that do not fit */
  guint n_key;    /* complete ones with SPS, PPS and IDR */
} FrameCount;

/* Assembles the stored packets of a video source into frames. */
void reception_count_frames (const Reception *self, FrameCount *count);

G_END_DECLS
