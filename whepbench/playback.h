/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a viewer sees of a video track, by its packets alone: when the first key
 * frame was complete, how many frames arrived, and the longest wait for one.
 * Nothing is decoded. Embedded in the peer. */

#pragma once

#include "whepbench/reception.h"

G_BEGIN_DECLS

/* A key frame of 4 MB; one that is larger is not recognized. */
#define PLAYBACK_MAX_PACKETS 4096

typedef struct
{
  guint64 number; /* extended sequence number; 0: none */
  guint32 rtp_time;
  gboolean is_marked;
  gboolean starts_key;
} PlaybackPacket;

typedef gboolean (*PlaybackKeyTest) (const guint8 *payload, gsize size);

typedef struct
{
  PlaybackKeyTest is_key; /* NULL: the codec is unknown */
  PlaybackPacket *recent; /* by number, until there is a key frame */
  guint64 first_number;   /* the lowest that has arrived; 0: none */
  guint64 newest_number;
  gint64 first_key_us; /* complete; 0: not yet */
  guint64 n_frames;    /* whose last packet has arrived */
  gint64 first_frame_us;
  gint64 last_frame_us;
  gint64 longest_gap_us; /* between two frames */
} Playback;

/* @encoding_name is that of a=rtpmap; empty for a track without pictures. */
void playback_init (Playback *self, const gchar *encoding_name);
void playback_clear (Playback *self);

/* Whether playback_add() reads payloads, which must be decrypted then. */
gboolean playback_reads_payloads (const Playback *self);
/* Each packet once, with its extended sequence number. */
void playback_add (Playback *self, guint64 number, const RtpPacket *packet,
    gint64 now_us);
/* Returns: the frames a second between the first and the last, 0 if there are
 * fewer than two. */
gdouble playback_frame_rate (const Playback *self);

G_END_DECLS
