/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Initialization segments and fragments: see segment.h. */

#include "gst/mp4/segment.h"

#include "gst/mp4/box.h"

#include <string.h>

#define MOVIE_TIMESCALE 1000
#define NORMAL_RATE 0x00010000
#define FULL_VOLUME 0x0100
/* Offsets count from the moof; tfhd has no optional field. */
#define DEFAULT_BASE_IS_MOOF 0x020000
/* trun: the data's offset, and each frame's duration, size, flags and
 * composition offset. */
#define TRUN_FLAGS 0x000f01
/* sample_depends_on, sample_is_non_sync_sample. */
#define SYNC_FLAGS 0x02000000
#define NON_SYNC_FLAGS 0x01010000
#define MDAT_HEAD_BYTES 8

static void
write_ftyp (GByteArray *out)
{
  gsize box = mp4_box_begin (out, "ftyp");

  mp4_put_bytes (out, "iso6", 4);
  mp4_put_u32 (out, 0);
  mp4_put_bytes (out, "iso6mp41", 8);
  mp4_box_end (out, box);
}

static void
write_mvhd (guint32 next_track_id, GByteArray *out)
{
  gsize box = mp4_full_box_begin (out, "mvhd", 0, 0);

  mp4_put_zeros (out, 8);
  mp4_put_u32 (out, MOVIE_TIMESCALE);
  mp4_put_zeros (out, 4);
  mp4_put_u32 (out, NORMAL_RATE);
  mp4_put_u16 (out, FULL_VOLUME);
  mp4_put_zeros (out, 10);
  mp4_put_unity_matrix (out);
  mp4_put_zeros (out, 24);
  mp4_put_u32 (out, next_track_id);
  mp4_box_end (out, box);
}

static void
write_trex (const Mp4Track *track, GByteArray *out)
{
  gsize box = mp4_full_box_begin (out, "trex", 0, 0);

  mp4_put_u32 (out, track->id);
  mp4_put_u32 (out, 1); /* the sample entry */
  mp4_put_zeros (out, 12);
  mp4_box_end (out, box);
}

void
mp4_write_init (const Mp4Track *tracks, guint n_tracks, GByteArray *out)
{
  guint32 last_id = 0;
  gsize moov, mvex;

  for (guint i = 0; i < n_tracks; i++)
    last_id = MAX (last_id, tracks[i].id);
  write_ftyp (out);
  moov = mp4_box_begin (out, "moov");
  write_mvhd (last_id + 1, out);
  for (guint i = 0; i < n_tracks; i++)
    mp4_track_write (&tracks[i], out);
  mvex = mp4_box_begin (out, "mvex");
  for (guint i = 0; i < n_tracks; i++)
    write_trex (&tracks[i], out);
  mp4_box_end (out, mvex);
  mp4_box_end (out, moov);
}

static void
write_tfdt (const Mp4Frame *frame, GByteArray *out)
{
  gsize box = mp4_full_box_begin (out, "tfdt", 1, 0);

  mp4_put_u64 (out, frame->decode_time);
  mp4_box_end (out, box);
}

/* Returns where the data's offset is to be written. */
static gsize
write_trun (const Mp4Frame *frame, GByteArray *out)
{
  gsize box = mp4_full_box_begin (out, "trun", 1, TRUN_FLAGS);
  gsize offset_at;

  mp4_put_u32 (out, 1);
  offset_at = out->len;
  mp4_put_u32 (out, 0);
  mp4_put_u32 (out, frame->duration);
  mp4_put_u32 (out, frame->size);
  mp4_put_u32 (out, frame->is_sync ? SYNC_FLAGS : NON_SYNC_FLAGS);
  mp4_put_u32 (out, frame->composition_offset);
  mp4_box_end (out, box);
  return offset_at;
}

void
mp4_write_fragment_head (const Mp4Frame *frame, GByteArray *out)
{
  gsize moof = mp4_box_begin (out, "moof");
  gsize mfhd = mp4_full_box_begin (out, "mfhd", 0, 0);
  gsize traf, tfhd, offset_at;
  guint32 offset;

  mp4_put_u32 (out, frame->sequence);
  mp4_box_end (out, mfhd);
  traf = mp4_box_begin (out, "traf");
  tfhd = mp4_full_box_begin (out, "tfhd", 0, DEFAULT_BASE_IS_MOOF);
  mp4_put_u32 (out, frame->track_id);
  mp4_box_end (out, tfhd);
  write_tfdt (frame, out);
  offset_at = write_trun (frame, out);
  mp4_box_end (out, traf);
  mp4_box_end (out, moof);

  offset = GUINT32_TO_BE (out->len - moof + MDAT_HEAD_BYTES);
  memcpy (out->data + offset_at, &offset, sizeof offset);
  mp4_put_u32 (out, MDAT_HEAD_BYTES + frame->size);
  mp4_put_bytes (out, "mdat", 4);
}
