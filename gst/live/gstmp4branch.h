/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The branch from a publisher's tracks, as they are, to fragmented MP4 and to
 * whepsink's pad for that. Its failure does not affect the tracks. For the
 * publisher's streaming thread. A branch may be NULL where there is none. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _GstMp4Branch GstMp4Branch;

/* Returns: (nullable): NULL if elements are missing. @name: (nullable): of the
 * stream. @whep outlives it. */
GstMp4Branch *gst_mp4_branch_new (GstElement *whep, const gchar *name);
/* Nothing streams any more. Removes the element from its bin. */
void gst_mp4_branch_free (GstMp4Branch *self);

/* Returns: (transfer none): the element to be added to the bin that has @whep,
 * before anything else is done. */
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
