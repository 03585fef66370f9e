/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A stream that is pulled from another server: rtmp2src, linked to a sink pad
 * of the bin as a publisher is, and again after each end. For the origin's
 * thread. */

#pragma once

#include "gst/directory/directory-io.h"
#include "gst/live/originurl.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* What all pulls of an origin share. */
typedef struct
{
  GstBin *bin;           /* rtmpwebrtcsink; not owned */
  GMainContext *context; /* of the origin's thread; not owned */
  OriginUrl url;         /* zeroed if there is none */
  gchar *key_file;       /* nullable */
  Directory *directory;  /* nullable: knows better than the URL who has it */
  /* An attempt that has brought no data has ended. */
  void (*failed) (const gchar *stream, gpointer user_data);
  gpointer user_data;
} GstPullParams;

typedef struct _GstPull GstPull;

/* It is held: @params must outlive it. */
GstPull *gst_pull_new (const GstPullParams *params, const gchar *stream);
/* Ends the stream and waits for its streaming thread. */
void gst_pull_free (GstPull *self);
/* One that is held does nothing; one that is not connects, again and again. */
void gst_pull_set_held (GstPull *self, gboolean is_held);

/* Whether a pull is linked to @pad. */
gboolean gst_pull_feeds (GstPad *pad);

/* Takes @message and returns TRUE if it is an error or a warning of a pull's
 * source, of which the application hears nothing: the pull is tried again. From
 * any thread. */
gboolean gst_pull_take_message (GstMessage *message);

G_END_DECLS
