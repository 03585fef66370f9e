/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When whepsink has ended: publishers come and go, so the end of its last
 * stream is not its own. It is only once the element itself has been sent an
 * EOS, as a bin does to its sources when the pipeline is told to end. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Of an element whose pads are GstWhepSinkPads; any thread may call. */
typedef struct
{
  /* The element's object lock. */
  gboolean is_playing;
  guint32 seqnum;       /* of the EOS sent to the element; 0: none was */
  gboolean is_answered; /* by an EOS message, since it plays */
} GstWhepEnd;

/* Posts EOS if it was asked for and no track is left. To be called when a track
 * has ended. */
void gst_whep_end_check (GstWhepEnd *self, GstElement *element);

/* The element was sent an EOS, with that seqnum. */
void gst_whep_end_ask (GstWhepEnd *self, GstElement *element, guint32 seqnum);

/* Bins forget who has ended when they leave PLAYING: it is answered again. */
void gst_whep_end_set_playing (GstWhepEnd *self, GstElement *element,
    gboolean is_playing);

/* The element has stopped, and starts anew. */
void gst_whep_end_reset (GstWhepEnd *self, GstElement *element);

G_END_DECLS
