/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Collects what is to be sent to one player: replies, and the tags at its
 * cursor. The caller sends as much of a batch as the socket takes; the rest is
 * part of the next batch. Pure. */

#pragma once

#include "gst/rtmp/playcursor.h"
#include "gst/rtmp/playframe.h"

G_BEGIN_DECLS

/* The limits of a batch, which is sent by one system call. */
#define RTMP_PLAYBATCH_MAX_PIECES 64
#define RTMP_PLAYBATCH_MAX_FRAMES 24

/* To be embedded. */
typedef struct
{
  guint32 stream_id;
  RtmpPlayCursor cursor;
  GByteArray *replies;
  RtmpPlayFrame frame; /* with a reference to its tag; no frame if it is NULL */
  gsize n_sent;        /* of frame */
  guint64 n_finished;  /* frames */
} RtmpPlaySender;

/* Scratch memory, which all players of a thread share: valid from filling it
 * until it is sent. */
typedef struct
{
  struct iovec pieces[RTMP_PLAYBATCH_MAX_PIECES];
  guint n_pieces;
  gsize n_bytes; /* of all pieces */

  gsize n_first;   /* bytes of the frame that was begun before */
  gsize n_replies; /* bytes of replies */
  RtmpPlayFrame frames[RTMP_PLAYBATCH_MAX_FRAMES];
  RtmpPlayCursor cursors[RTMP_PLAYBATCH_MAX_FRAMES + 1]; /* before each */
  guint n_frames;
} RtmpPlayBatch;

void rtmp_playsender_init (RtmpPlaySender *self);
void rtmp_playsender_clear (RtmpPlaySender *self);

/* Begins anew, with headers and a key frame, for that message stream. */
void rtmp_playsender_begin (RtmpPlaySender *self, guint32 stream_id);

/* Lays out what comes next. @log: (nullable): NULL to send only replies and the
 * rest of a tag. Returns FALSE if there is nothing to send. */
gboolean rtmp_playsender_fill (RtmpPlaySender *self, const RtmpPlayLog *log,
    RtmpPlayBatch *batch);
/* The first @n_bytes of the batch have been sent. */
void rtmp_playsender_sent (RtmpPlaySender *self, const RtmpPlayBatch *batch,
    gsize n_bytes);

G_END_DECLS
