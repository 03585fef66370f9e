/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leads the second output of h264livepay, if a chain has that element, to a pad
 * of whepsink of its own, as soon as it exists. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _GstUntouchedBranch GstUntouchedBranch;

/* For the track that @chain sends to @whep_pad of whepsink, of the stream @name
 * (nullable). @chain and whepsink must outlive it.
 *
 * Returns: (nullable): NULL if there is no such element, or no such pad of
 * whepsink. */
GstUntouchedBranch *gst_untouched_branch_new (GstElement *chain,
    GstPad *whep_pad, const gchar *name);
/* The chain must not be streaming any more. */
void gst_untouched_branch_free (GstUntouchedBranch *self);

G_END_DECLS
