/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The branch from a publisher's tracks, as they are, to fragmented MP4: to
 * whepsink's pad for that, and to the recordings of the stream. Where there is
 * neither, nothing is muxed. Its failure does not affect the tracks. For the
 * publisher's streaming thread. */

#pragma once

#include "gst/record/gstrecordings.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _GstMp4Branch GstMp4Branch;

/* @whep: (nullable): NULL if nobody reads the stream over HTTP; outlives it, as
 * @recordings does. @name: (nullable): of the stream. */
GstMp4Branch *gst_mp4_branch_new (GstElement *whep, const gchar *name,
    GstRecordings *recordings);
/* Nothing streams any more. Removes the element from its bin, and ends the
 * recording. */
void gst_mp4_branch_free (GstMp4Branch *self);

/* Returns: (transfer none): the element to be added to the bin that has @whep,
 * before anything else is done. The others take a branch that is NULL, too. */
GstElement *gst_mp4_branch_element (const GstMp4Branch *self);

/* Takes the frames of @source, which has caps, along.
 *
 * Returns: (transfer none): the pad that has the frames now, for the track's
 * own chain; @source itself if MP4 has no such codec. */
GstPad *gst_mp4_branch_add (GstMp4Branch *self, GstPad *source);
/* Returns: (transfer none): what gst_mp4_branch_add() returned for @source. */
GstPad *gst_mp4_branch_pad (const GstMp4Branch *self, GstPad *source);
/* @source does not stream any more. */
void gst_mp4_branch_remove (GstMp4Branch *self, GstPad *source);

G_END_DECLS
