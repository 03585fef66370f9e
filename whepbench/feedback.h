/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RTCP as a receiver needs it (RFC 3550 section 6, RFC 4585, RFC 5104), written
 * independently of the sender's so that the two check each other. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Room for any of the packets below. */
#define FEEDBACK_MAX_BYTES 1200
/* The sequence numbers of a NACK that fit into it. */
#define FEEDBACK_MAX_SEQS 256

typedef struct
{
  guint32 ssrc;
  guint8 fraction_lost;
  gint32 n_lost;
  guint32 highest_seq;
  guint32 jitter;
  guint32 last_sr;
  guint32 delay_since_sr;
} FeedbackBlock;

/* Each writes into @out and returns the size. */
gsize feedback_write_receiver_report (guint32 sender,
    const FeedbackBlock *blocks, guint n_blocks, guint8 *out);
gsize feedback_write_nack (guint32 sender, guint32 media, const guint16 *seqs,
    guint n_seqs, guint8 *out);
gsize feedback_write_pli (guint32 sender, guint32 media, guint8 *out);
gsize feedback_write_fir (guint32 sender, guint32 media, guint8 count,
    guint8 *out);
gsize feedback_write_bye (guint32 sender, guint8 *out);

/* The contents of a sender's compound packet. */
typedef struct
{
  gboolean has_report;
  guint32 ssrc; /* of SR or BYE */
  guint64 ntp_time;
  guint32 rtp_time;
  guint32 n_packets;
  guint32 n_bytes;
  gchar cname[256]; /* empty: no SDES */
  gboolean has_bye;
} SenderReport;

/* Returns FALSE if @data is not a well-formed compound packet. */
gboolean feedback_read_sender (SenderReport *report, const guint8 *data,
    gsize size);

G_END_DECLS
