/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Posts whepsink's EOS. Publishers come and go, so the end of the last stream
 * is not the end of the element. The element only ends after it has been sent
 * an EOS itself, as a bin sends one to its sources when the pipeline is to end.
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* For an element whose pads are GstWhepSinkPads; may be used by any thread. */
typedef struct
{
  /* Guarded by the element's object lock. */
  gboolean is_playing;
  guint32 seqnum;       /* of the EOS sent to the element; 0: none */
  gboolean is_answered; /* by an EOS message, since it is PLAYING */
} GstWhepEnd;

/* Posts EOS if it was requested and no track is left. To be called when a track
 * has ended. */
void gst_whep_end_check (GstWhepEnd *self, GstElement *element);

/* Called when the element has been sent an EOS with that seqnum. */
void gst_whep_end_ask (GstWhepEnd *self, GstElement *element, guint32 seqnum);

/* Bins forget EOS messages when they leave PLAYING, so it is posted again. */
void gst_whep_end_set_playing (GstWhepEnd *self, GstElement *element,
    gboolean is_playing);

/* Called when the element has stopped. */
void gst_whep_end_reset (GstWhepEnd *self, GstElement *element);

G_END_DECLS
