/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A track's rendition in H.264: a second branch of its chain, which exists
 * while whepsink requests it for a viewer. Never blocks the first branch. For
 * the track's streaming thread. */

#pragma once

#include "gst/live/gstrecipe.h"

G_BEGIN_DECLS

typedef struct _GstRendition GstRendition;

/* Transcodes with one of the slots in @settings, which must outlive the
 * rendition, and only pictures of up to its area.
 *
 * Offers a rendition of the track that @chain, made from @recipe, sends to
 * @whep_pad of whepsink. While whepsink requests it, the rendition is made and
 * sent as another track of the stream @name (nullable). Call this before the
 * first caps. @chain and whepsink must outlive it. */
GstRendition *gst_rendition_new (const GstRecipe *recipe, GstElement *chain,
    GstPad *whep_pad, const gchar *name, const GstRecipeSettings *settings);
/* Removes the branch, if there is one. The chain must not be streaming any
 * more. */
void gst_rendition_free (GstRendition *self);

G_END_DECLS
