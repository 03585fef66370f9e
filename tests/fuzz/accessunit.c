/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Adds arbitrary parts in any order: each belongs to one picture, which is open
 * when it ends and is reported once. Three bytes make a part. */

#include "gst/flv/accessunit.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define PART_BYTES 3

static FlvPart
read_part (const guint8 *data, guint32 *now_ms)
{
  *now_ms += data[1];
  return (FlvPart){ .time_ms = *now_ms,
    .has_sets = data[0] & 1,
    .n_slices = data[0] >> 1 & 3,
    .starts_picture = (data[0] >> 1 & 3) != 0 && (data[0] & 8) != 0,
    .is_key = (data[0] >> 1 & 3) != 0 && (data[0] & 16) != 0,
    .position = data[2] };
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  FlvAccessUnit unit = { 0 };
  guint32 now_ms = G_MAXUINT32 - 100;
  gboolean is_open = FALSE, is_sent = FALSE;

  for (; size >= PART_BYTES; data += PART_BYTES, size -= PART_BYTES) {
    FlvPart part = read_part (data, &now_ms);
    FlvVerdict verdict = flv_access_unit_add (&unit, &part);

    g_assert (!verdict.ends_last || is_open);
    g_assert (!verdict.resumes || is_sent);
    g_assert (!(verdict.begins && verdict.resumes));
    g_assert (!verdict.begins || part.n_slices > 0);
    g_assert (!(verdict.ends && verdict.is_lost));
    if (part.n_slices == 0) {
      g_assert (!verdict.begins && !verdict.resumes && !verdict.ends);
      is_open = is_sent = FALSE;
      continue;
    }
    /* A new picture never leaves an unfinished one behind. */
    g_assert (!verdict.begins || !is_open || verdict.ends_last);
    g_assert (verdict.begins || verdict.resumes || is_open);
    is_sent = verdict.ends;
    is_open = !verdict.ends && !verdict.is_lost;
    g_assert (unit.is_open == is_open && unit.is_sent == is_sent);
  }
  return 0;
}
