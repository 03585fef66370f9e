/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is told of viewers and tracks, as element messages: whepsink's
 * documentation lists them. */

#pragma once

#include "ext/whep/http/news.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* A WhepNewsFunc; @sink is whepsink. */
void gst_whep_news_post (const WhepNews *news, gpointer sink);

typedef struct
{
  gchar *stream;      /* the caller's */
  const gchar *media; /* "video" or "audio" */
  const gchar *codec; /* encoding-name */
  gboolean is_rendition;
} GstWhepTrackNews;

/* A track begins at @pad, whepsink's, with these caps of RTP; what they don't
 * say of it, elements upstream may. */
void gst_whep_news_post_track_added (GstPad *pad, const GstStructure *caps,
    const GstWhepTrackNews *track);
void gst_whep_news_post_track_removed (GstPad *pad,
    const GstWhepTrackNews *track);

G_END_DECLS
