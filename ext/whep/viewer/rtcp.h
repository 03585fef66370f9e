/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RTCP as a sender needs it (RFC 3550 section 6, RFC 4585, RFC 5104): writes
 * Sender Reports with SDES and BYE, and parses what a browser sends. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* More lost packets than this in one NACK are beyond repair: each of RFC 4585's
 * pairs carries up to 17, and a browser names at most a few hundred. */
#define WHEP_RTCP_NACK_MAX 1024
#define WHEP_RTCP_CNAME_MAX 32
/* Room for one SR with SDES, before SRTP. */
#define WHEP_RTCP_REPORT_MAX 128

/* One report block (RFC 3550 section 6.4.1). */
typedef struct
{
  guint32 ssrc;
  guint8 fraction_lost; /* of 256 */
  gint32 n_lost;
  guint32 highest_seq;    /* extended */
  guint32 jitter;         /* in RTP time units */
  guint32 last_sr;        /* middle 32 bits of NTP; 0: none */
  guint32 delay_since_sr; /* in 1/65536 s */
} WhepRtcpBlock;

typedef enum
{
  WHEP_RTCP_BLOCK,
  WHEP_RTCP_NACK,
  WHEP_RTCP_PLI,
  WHEP_RTCP_FIR,
  WHEP_RTCP_REFERENCE_TIME,
} WhepRtcpKind;

/* One item of a compound packet. @ssrc is the media source that it is about or,
 * for a reference time, its sender; @n_seqs and @seqs belong to NACK,
 * @reference_time to the receiver's reference time: the middle 32 bits of its
 * NTP time (RFC 3611 section 4.4). */
typedef struct
{
  WhepRtcpKind kind;
  guint32 ssrc;
  WhepRtcpBlock block;
  guint n_seqs;
  guint16 seqs[WHEP_RTCP_NACK_MAX];
  guint32 reference_time;
} WhepRtcpItem;

/* Iterates over a compound packet. Packets without such items are skipped. */
typedef struct
{
  const guint8 *data;
  gsize size;
  gsize offset;
  guint block_index;
} WhepRtcpReader;

/* Returns FALSE if @data is not a well-formed compound packet (RFC 3550
 * appendix A.2; reduced-size packets of RFC 5506 are accepted as well). */
gboolean whep_rtcp_reader_init (WhepRtcpReader *self, const guint8 *data,
    gsize size);
/* Returns FALSE at the end. */
gboolean whep_rtcp_reader_next (WhepRtcpReader *self, WhepRtcpItem *item);

typedef struct
{
  guint32 ssrc;
  guint64 ntp_time; /* 32.32 seconds since 1900 */
  guint32 rtp_time;
  guint32 n_packets;
  guint32 n_bytes; /* payload only */
  const gchar *cname;
  /* RFC 3611 section 4.5: the SSRC whose reference time is echoed (0: none),
   * that time, and how long ago it arrived, in 1/65536 s. */
  guint32 echo_ssrc;
  guint32 echo_time;
  guint32 echo_delay;
} WhepRtcpReport;

/* Both write into @out, which has room for WHEP_RTCP_REPORT_MAX, and return the
 * size. A report is an SR followed by SDES CNAME, and by an XR if there is a
 * time to echo; a BYE is preceded by an empty RR. */
gsize whep_rtcp_write_report (const WhepRtcpReport *report, guint8 *out);
gsize whep_rtcp_write_bye (guint32 ssrc, guint8 *out);

/* Converts wall-clock microseconds since 1970 to 32.32 NTP time. */
guint64 whep_rtcp_ntp_time (gint64 wall_us);

G_END_DECLS
