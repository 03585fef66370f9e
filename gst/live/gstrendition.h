/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A track's rendition in H.264: a second branch of its chain, there as long as
 * whepsink says that a viewer needs it. Never holds up the first branch. For
 * the track's streaming thread. */

#pragma once

#include "gst/live/gstrecipe.h"
#include "gst/live/transcodeslots.h"

G_BEGIN_DECLS

typedef struct _GstRendition GstRendition;

/* With one of @slots, which outlive it, and of pictures up to @max_area.
 *
 * Offers a rendition of what @chain, made by @recipe, sends into @whep_pad of
 * whepsink, and makes it while that asks for it, as another track of the stream
 * @name (nullable). To be called before the first caps. @chain outlives it, and
 * so does whepsink. */
GstRendition *gst_rendition_new (const GstRecipe *recipe, GstElement *chain,
    GstPad *whep_pad, const gchar *name, TranscodeSlots *slots,
    guint64 max_area);
/* Takes the branch away, if it is there. The chain doesn't stream any more. */
void gst_rendition_free (GstRendition *self);

G_END_DECLS
