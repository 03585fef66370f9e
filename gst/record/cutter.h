/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Divides a stream of fragmented MP4 into files that play on their own: each
 * begins with an init segment and a fragment that a decoder can begin with, and
 * its times begin at 0. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Video and audio; fragments of further tracks are left out. */
#define RECORD_CUTTER_MAX_TRACKS 8
/* The limit of a fragment's head, which has a hundred bytes for a frame. */
#define RECORD_CUTTER_MAX_HEAD_BYTES (64 * 1024)

/* A file ends at the first key frame after either limit; 0: no limit. */
typedef struct
{
  guint64 duration_ns;
  guint64 bytes;
} RecordLimits;

typedef enum
{
  RECORD_CUT_SKIP,     /* the fragment is not recorded */
  RECORD_CUT_CONTINUE, /* it belongs to the current file */
  RECORD_CUT_BEGIN,    /* it is the first of another file */
} RecordCut;

typedef struct
{
  guint32 id;
  guint32 timescale;
} RecordTrack;

/* To be embedded; starts zeroed. */
typedef struct
{
  RecordTrack tracks[RECORD_CUTTER_MAX_TRACKS];
  guint n_tracks;
  gboolean has_file;
  gboolean has_new_init; /* the next file has other parameters */
  guint64 base_ns;       /* the file's beginning on the stream's clock */
  guint64 duration_ns;   /* this and the next: of the file so far */
  guint64 n_bytes;       /* of fragments */
  const gchar *why;      /* static: why the last file ended */
} RecordCutter;

/* The next fragments are of these tracks. Returns FALSE if @data is no init
 * segment; no fragment is then recorded. */
gboolean record_cutter_take_init (RecordCutter *self, const guint8 *data,
    gsize size);
/* The file has been closed, or could not be opened: the next one begins with a
 * key frame. */
void record_cutter_end_file (RecordCutter *self);

/* Decides on a fragment of which @head is the beginning, with all of its moof
 * box, and which has @n_bytes in all. Its times are changed to those of the
 * file. */
RecordCut record_cutter_take (RecordCutter *self, guint8 *head, gsize size,
    gsize n_bytes, gboolean is_key, const RecordLimits *limits);

G_END_DECLS
