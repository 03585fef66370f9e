/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What all pads of whepsink have in common: the name of their stream, and
 * whether there is one. Abstract. */

#pragma once

#include "ext/whep/http/server-io.h"
#include "ext/whep/media/media-io.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* The default name of a stream. */
#define GST_WHEP_PAD_DEFAULT_STREAM "live/stream"

#define GST_TYPE_WHEP_PAD (gst_whep_pad_get_type ())
G_DECLARE_DERIVABLE_TYPE (GstWhepPad, gst_whep_pad, GST, WHEP_PAD, GstPad)

struct _GstWhepPadClass
{
  GstPadClass parent_class;

  void (*start) (GstWhepPad *self, WhepMedia *media, WhepHttp *http);
  void (*stop) (GstWhepPad *self);
};

/* Between these two calls the pad may push into @media and @http. The pad must
 * not be active during either call. */
void gst_whep_pad_start (GstWhepPad *self, WhepMedia *media, WhepHttp *http);
void gst_whep_pad_stop (GstWhepPad *self);

/* Returns whether the pad has a track or a stream at the moment, until EOS or
 * the stop. May be called by any thread. */
gboolean gst_whep_pad_is_live (GstWhepPad *self);

/* Returns: (transfer full): the property, or upstream's, or the default. May be
 * called by any thread. */
gchar *gst_whep_pad_dup_stream (GstWhepPad *self);

/* For the types of pad, in the streaming thread. */
void gst_whep_pad_set_live (GstWhepPad *self, gboolean is_live);
/* Takes the name that upstream gives the stream. */
void gst_whep_pad_take_start (GstWhepPad *self, GstEvent *stream_start);
/* Returns: a number that no other track or stream has had. */
guint64 gst_whep_pad_next_id (void);

G_END_DECLS
