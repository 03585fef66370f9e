/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Posts element messages about viewers and tracks, which are listed in
 * whepsink's documentation. */

#pragma once

#include "ext/whep/http/directory.h"
#include "ext/whep/http/news.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* A WhepNewsFunc; @sink is whepsink. */
void gst_whep_news_post (const WhepNews *news, gpointer sink);

typedef struct
{
  gchar *stream;      /* owned by the caller */
  const gchar *media; /* "video" or "audio" */
  const gchar *codec; /* encoding-name */
  gboolean is_rendition;
} GstWhepTrackNews;

/* Posts that a track begins at @pad of whepsink, with these RTP caps; details
 * that the caps lack are read from upstream elements. */
void gst_whep_news_post_track_added (GstPad *pad, const GstStructure *caps,
    const GstWhepTrackNews *track);
void gst_whep_news_post_track_removed (GstPad *pad,
    const GstWhepTrackNews *track);

/* Reads the format of the track at @pad in the same way. */
void gst_whep_news_read_format (GstPad *pad, const GstStructure *caps,
    WhepTrackFormat *format);

G_END_DECLS
