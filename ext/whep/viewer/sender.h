/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sends one track to one viewer: encrypts the cursor's packets into the outbox
 * with this viewer's header, repairs losses reported by NACK, and rewinds to
 * the key frame. Embedded in the viewer; pure. */

#pragma once

#include "ext/whep/stream/stream.h"
#include "ext/whep/viewer/cursor.h"
#include "ext/whep/viewer/outbox.h"
#include "ext/whep/viewer/pacer.h"
#include "ext/whep/viewer/repairs.h"
#include "ext/whep/viewer/rewrite.h"
#include "ext/whep/viewer/rtcp.h"
#include "ext/whep/viewer/sealer.h"
#include "ext/whep/viewer/thinning.h"
#include "gst/sdp/answer.h"

G_BEGIN_DECLS

/* A browser that asks more often gains nothing: the burst of the last rewind is
 * still in flight. */
#define WHEP_SENDER_REWIND_US (500 * 1000)
/* The maximum credit for rewinds, in bytes of payload: six GOPs of 2.5 Mbit/s
 * with a key frame every two seconds. Each byte that is sent for the first time
 * earns one, so rewinds at most double what a viewer costs. A larger GOP is
 * resent on credit, so that a viewer that loses the picture for the first time
 * gets it back immediately, however long the GOP is. */
#define WHEP_SENDER_REWIND_BYTES (4 * 1024 * 1024)

typedef struct
{
  SdpAnswerMedia media;
  guint32 ssrc;
  guint32 rtx_ssrc;       /* of retransmissions, if negotiated */
  guint16 first_seq;      /* random (RFC 3550 section 5.1), for both */
  guint32 first_rtp_time; /* random */
  gint64 wall_offset_us;  /* see WhepViewerParams */
  gint64 delay_us;        /* likewise */
  /* The viewer reorders frames by their RTP times, which are therefore the
   * publisher's own, in a rewind as well. They count from here, on the clock of
   * now_us, for audio as for video. 0: none of this. */
  gint64 rtp_epoch_us;
} WhepSenderParams;

/* Where encrypted packets go. */
typedef struct
{
  WhepSrtp *srtp;
  const WhepAddress *to;
  WhepOutbox *out;
} WhepSenderPath;

typedef struct
{
  WhepSenderParams params;
  WhepTrackKind kind;
  const gchar *encoding_name; /* interned; the negotiated one */
  WhepSealer sealer;
  WhepCursor cursor;
  WhepLogView delayed; /* with a delay: what is visible by now */
  gboolean resumes;    /* with a delay: the next pump resumes */
  WhepRewrite rewrite;
  gboolean has_joined;
  guint epoch;           /* the publisher that the cursor follows */
  gboolean is_rebased;   /* timestamps follow that publisher's clock */
  guint32 last_rtp_time; /* as sent */
  gint64 last_media_us;
  gint64 key_sent_us; /* when the newest key frame was begun */
  gint64 rewound_us;
  guint64 rewound_seq;   /* extended; older NACKs are settled */
  gboolean is_replaying; /* sending what a rewind repeats */
  WhepRepairs repairs;
  gint64 n_rewind_bytes;  /* earned; negative: owed */
  gboolean is_paced;      /* the last pump stopped for the pacer */
  gboolean is_live;       /* has caught up since it joined or rewound */
  gboolean has_caught_up; /* likewise, since it joined */
  gboolean has_sound;     /* see WhepViewerControls; may be set at any time */
  guint8 fraction_lost;   /* of 256, as the viewer last reported */
  gint32 n_lost;          /* likewise, since the beginning */
  gint64 jitter_us;       /* likewise */
  WhepThinning thinning;
  guint64 n_thinned; /* frames not sent */
  guint64 n_packets;
  guint64 n_bytes; /* of payload, repairs included */
  guint64 n_repaired;
  guint64 n_rewinds;
  guint64 n_skips; /* to a key frame ahead, of the same publisher */
} WhepSender;

void whep_sender_init (WhepSender *self, WhepTrackKind kind,
    const WhepSenderParams *params, gint64 now_us);

/* Whether this viewer's answer covers what the publisher sends, as far as it
 * concerns the viewer and is known yet. */
gboolean whep_sender_fits (const WhepSender *self, const WhepTrack *track);

/* Whether the log's limits have dropped what a viewer with a delay is to see
 * next, so that it would wait for as long as that is so. */
gboolean whep_sender_is_left_behind (WhepSender *self, const WhepTrack *track,
    gint64 now_us);

/* After a pause: skips what arrived during it, up to the newest key frame; if
 * that had already been sent, catches up on the rest. The timestamps show how
 * long the pause was. */
void whep_sender_resume (WhepSender *self, const WhepTrack *track);

/* Sends repairs, then what the log has, as far as @pacer allows. Audio is small
 * and live from its first packet: it is not paced, but its repairs count.
 * Returns FALSE if it stopped because the outbox is full. */
gboolean whep_sender_pump (WhepSender *self, const WhepTrack *track,
    WhepPacer *pacer, const WhepSenderPath *path, gint64 now_us);

/* The viewer requests these packets: they are queued for the next pump, within
 * the limits of repairs.h, or, if the log has dropped one, the cursor
 * rewinds. */
void whep_sender_repair (WhepSender *self, const WhepTrack *track,
    const guint16 *seqs, guint n_seqs, gint64 now_us);

/* Handles the loss that the viewer reported, which may thin the video from now
 * on. */
void whep_sender_read_loss (WhepSender *self, guint8 fraction_lost,
    gint64 now_us);

/* The viewer has lost the picture: goes back to the newest key frame, unless
 * the cursor is there already, was there a moment ago, or the credit is used
 * up. */
void whep_sender_rewind (WhepSender *self, const WhepTrack *track,
    gint64 now_us);

/* Returns: when the next packet becomes visible to a viewer with a delay;
 * G_MAXINT64 if there is none, or if news of the stream will tell. */
gint64 whep_sender_due_us (const WhepSender *self, const WhepTrack *track);

/* Fills all of @report except the NTP time and the cname, for the instant
 * @now_us. Returns FALSE if nothing has been sent yet. */
gboolean whep_sender_report (const WhepSender *self, const WhepTrack *track,
    gint64 now_us, WhepRtcpReport *report);

G_END_DECLS
