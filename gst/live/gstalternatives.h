/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Alternative elements for the same job, of which a system may have only some:
 * one table. A chain names the job in braces, "{aac} ! audioconvert", and an
 * element that is registered with a rank above NONE is used:
 * GST_PLUGIN_FEATURE_RANK=avdec_aac:NONE excludes one. */

#pragma once

#include "gst/live/gstcodecchoice.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* Returns: (nullable): the elements that can do @job, by number; NULL after the
 * last, or if there is no such job. Registered or not. */
const gchar *gst_alternatives_at (const gchar *job, guint index);

/* Returns: (transfer full) (nullable): @chain with an element for each job, in
 * gst-launch syntax; NULL if there is none for one of them, or none yet. Does
 * not block.
 *
 * @choice: (nullable): if it is given, the elements for video are chosen as
 * gstcodecchoice.h says. Otherwise, and for audio, the first in the table that
 * needs no device is used. */
gchar *gst_alternatives_fill_in (const gchar *chain,
    const GstCodecChoice *choice, GError **error);

/* Returns whether @error of the above says that an element is still being tried
 * (gstcodectrial.h): the answer will be another before long. */
gboolean gst_alternatives_are_tried (const GError *error);
/* Begins to try the element that @job would be done by. */
void gst_alternatives_prepare (const gchar *job, const GstCodecChoice *choice);

/* Returns whether there is an element for each job, without trying any. */
gboolean gst_alternatives_exist (const gchar *chain,
    const GstCodecChoice *choice);

G_END_DECLS
