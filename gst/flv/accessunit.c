/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the end of access units: see accessunit.h. */

#include "gst/flv/accessunit.h"

static gboolean
is_alike (const FlvPictureEnd *end, const FlvAccessUnit *self)
{
  return end->n_alike > 0 && end->n_slices == self->n_slices &&
      end->position == self->position;
}

static void
learn_end (FlvAccessUnit *self)
{
  FlvPictureEnd *end = &self->ends[self->is_key];

  if (!is_alike (end, self))
    *end = (FlvPictureEnd){ self->n_slices, self->position, 0 };
  end->n_alike = MIN (end->n_alike + 1, FLV_ACCESS_UNIT_ALIKE);
}

/* A picture that consists of one part and was not continued shows that the
 * publisher does not split pictures. */
static void
close_picture (FlvAccessUnit *self)
{
  learn_end (self);
  self->is_alone &= self->n_parts > 1;
  self->is_open = FALSE;
}

static gboolean
is_complete (const FlvAccessUnit *self)
{
  const FlvPictureEnd *end = &self->ends[self->is_key];
  guint n_needed =
      self->is_key ? FLV_ACCESS_UNIT_ALIKE_KEYS : FLV_ACCESS_UNIT_ALIKE;

  if (!self->is_split)
    return !self->is_alone;
  return !self->is_wrong && self->n_slices > 1 && end->n_alike >= n_needed &&
      is_alike (end, self);
}

static gboolean
continues (const FlvAccessUnit *self, const FlvPart *part)
{
  guint32 distance_ms = part->time_ms - self->time_ms;

  return (self->is_open || self->is_sent) && !part->starts_picture &&
      distance_ms <= FLV_ACCESS_UNIT_SPREAD_MS;
}

/* The part that was sent had been mistaken for the complete picture. */
static void
note_split (FlvAccessUnit *self)
{
  self->is_wrong |= self->is_sent && self->is_split;
  self->is_split = TRUE;
  self->is_open = TRUE;
}

static void
begin_picture (FlvAccessUnit *self, const FlvPart *part)
{
  self->is_open = TRUE;
  self->is_key = part->is_key;
  self->time_ms = part->time_ms;
  self->n_parts = 0;
  self->n_slices = 0;
}

static void
take_part (FlvAccessUnit *self, const FlvPart *part)
{
  self->is_sent = FALSE;
  self->is_key |= part->is_key;
  self->n_parts++;
  self->n_slices += part->n_slices;
  self->position = part->position;
}

FlvVerdict
flv_access_unit_add (FlvAccessUnit *self, const FlvPart *part)
{
  FlvVerdict verdict = { 0 };

  if (part->n_slices == 0) {
    verdict.ends_last = self->is_open;
    if (self->is_open)
      close_picture (self);
    self->is_alone |= part->has_sets && self->ends[0].n_alike == 0 &&
        self->ends[1].n_alike == 0;
    self->is_sent = FALSE;
    return verdict;
  }

  if (continues (self, part)) {
    verdict.resumes = self->is_sent;
    note_split (self);
  } else {
    verdict.begins = TRUE;
    verdict.ends_last = self->is_open;
    if (self->is_open)
      close_picture (self);
    begin_picture (self, part);
  }
  take_part (self, part);
  verdict.is_lost = self->n_parts > FLV_ACCESS_UNIT_MAX_PARTS;
  verdict.ends = !verdict.is_lost && is_complete (self);
  if (verdict.ends)
    learn_end (self);
  self->is_sent = verdict.ends;
  self->is_open = !verdict.ends && !verdict.is_lost;
  return verdict;
}

void
flv_access_unit_end (FlvAccessUnit *self)
{
  if (self->is_open)
    close_picture (self);
  self->is_sent = FALSE;
}
