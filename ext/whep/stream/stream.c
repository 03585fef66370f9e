/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One stream as one media thread sees it: see stream.h. */

#include "ext/whep/stream/stream.h"

const WhepStreamLimits whep_stream_default_limits = {
  .backlog_bytes = WHEP_LOG_DEFAULT_BYTES,
  .backlog_us = WHEP_LOG_DEFAULT_US,
  .linger_us = WHEP_STREAM_LINGER_US,
};

WhepStream *
whep_stream_new (const gchar *name, const WhepStreamLimits *limits,
    gint64 now_us)
{
  WhepStream *self = g_new0 (WhepStream, 1);

  self->name = g_strdup (name);
  self->viewers = g_ptr_array_new ();
  for (guint i = 0; i < WHEP_N_SLOTS; i++) {
    self->tracks[i].log =
        whep_log_new (limits->backlog_bytes, limits->backlog_us);
    whep_log_set_rewind (self->tracks[i].log, limits->rewind_bytes,
        limits->rewind_us);
  }
  self->linger_us = limits->linger_us;
  self->away_until_us = now_us + self->linger_us;
  return self;
}

void
whep_stream_free (WhepStream *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < WHEP_N_SLOTS; i++)
    whep_log_free (self->tracks[i].log);
  g_ptr_array_unref (self->viewers);
  g_free (self->name);
  g_free (self);
}

void
whep_stream_begin_track (WhepStream *self, WhepTrackKind kind,
    guint64 publisher, const gchar *encoding_name, guint clock_rate)
{
  WhepTrack *track = &self->tracks[kind];

  track->encoding_name = g_intern_string (encoding_name);
  track->clock_rate = clock_rate;
  track->publisher = publisher;
  track->is_live = TRUE;
  track->rendition = NULL;
  track->epoch = ++self->last_epoch;
  if (kind < WHEP_N_TRACKS)
    self->away_until_us = G_MAXINT64;
  /* The former publisher's: it is not returned to. */
  if (kind == WHEP_VIDEO)
    whep_log_restart (self->tracks[WHEP_UNTOUCHED].log);
  whep_log_restart (track->log);
}

void
whep_stream_offer_rendition (WhepStream *self, guint64 publisher,
    const gchar *encoding_name)
{
  if (self->tracks[WHEP_VIDEO].publisher == publisher)
    self->tracks[WHEP_VIDEO].rendition = g_intern_string (encoding_name);
}

const WhepTrack *
whep_stream_track_for (const WhepStream *self, WhepTrackKind kind,
    const gchar *encoding_name)
{
  const WhepTrack *track = &self->tracks[kind];

  if (track->rendition != NULL &&
      g_strcmp0 (track->rendition, encoding_name) == 0 &&
      g_strcmp0 (track->encoding_name, encoding_name) != 0)
    return &self->tracks[WHEP_RENDITION];
  return track;
}

/* The untouched track begins after the video that it belongs to. Both end in
 * either order: a viewer stays with the first until there is another video, or
 * it would see the newest pictures of the other one again. */
const WhepTrack *
whep_stream_reordered_track (const WhepStream *self)
{
  const WhepTrack *untouched = &self->tracks[WHEP_UNTOUCHED];
  const WhepTrack *video = &self->tracks[WHEP_VIDEO];

  if (untouched->epoch > video->epoch && whep_log_has_begun (untouched->log))
    return untouched;
  return video;
}

static gboolean
is_published (const WhepStream *self)
{
  return self->tracks[WHEP_VIDEO].is_live || self->tracks[WHEP_AUDIO].is_live;
}

void
whep_stream_end_track (WhepStream *self, WhepTrackKind kind, guint64 publisher,
    gint64 now_us)
{
  if (self->tracks[kind].publisher != publisher)
    return;
  self->tracks[kind].is_live = FALSE;
  /* A viewer of the next rendition must not start with a picture of this
   * one. */
  if (kind == WHEP_RENDITION)
    whep_log_restart (self->tracks[kind].log);
  else if (!is_published (self))
    self->away_until_us = now_us + self->linger_us;
}

gpointer
whep_stream_get_viewer (const WhepStream *self, guint index)
{
  return g_ptr_array_index (self->viewers,
      (self->n_turns + index) % self->viewers->len);
}

gboolean
whep_stream_is_idle (const WhepStream *self)
{
  return !is_published (self) && !self->tracks[WHEP_RENDITION].is_live &&
      !self->tracks[WHEP_UNTOUCHED].is_live && self->viewers->len == 0;
}
