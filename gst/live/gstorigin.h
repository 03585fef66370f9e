/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An edge's origins: servers from which streams are pulled that viewers ask for
 * and nobody publishes here. Answers whepsink's signals "pull-stream" and
 * "end-pull". One thread connects, waits and retries for all pulls. Also tells
 * the directory, if there is one, what is published here. */

#pragma once

#include "gst/directory/directory-io.h"
#include "gst/live/gstpublications.h"

#include <gst/gst.h>

G_BEGIN_DECLS

GST_DEBUG_CATEGORY_EXTERN (gst_origin_debug);

typedef struct
{
  const gchar *url;      /* nullable: only the directory knows origins */
  const gchar *key_file; /* nullable */
  Directory *directory;  /* nullable */
  GstPublications *publications; /* must outlive it */
} GstOriginParams;

typedef struct _GstOrigin GstOrigin;

/* @bin is an rtmpwebrtcsink with @whep, both of which must outlive it. Takes
 * the directory in any case. Returns: (nullable): NULL, having posted an error,
 * if the URL is none. */
GstOrigin *gst_origin_new (GstBin *bin, GstElement *whep,
    const GstOriginParams *params);
/* No further stream is pulled, and all pulls end: soon, or before it
 * returns. */
void gst_origin_finish (GstOrigin *self);
void gst_origin_stop (GstOrigin *self);
/* Stops it; @whep must no longer emit its signals. */
void gst_origin_free (GstOrigin *self);

G_END_DECLS
