/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Alternative elements for the same job, of which a system may have only some:
 * one table, in order of preference. A chain names the job in braces, "{aac} !
 * audioconvert", and the first element that is registered with a rank above
 * NONE is used: GST_PLUGIN_FEATURE_RANK=avdec_aac:NONE excludes one. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Returns: (nullable): the elements that can do @job, by number; NULL after the
 * last, or if there is no such job. Registered or not. */
const gchar *gst_alternatives_at (const gchar *job, guint index);

/* Returns: (transfer full) (nullable): @chain with an element for each job, in
 * gst-launch syntax; NULL if there is none for one of them. */
gchar *gst_alternatives_fill_in (const gchar *chain, GError **error);

G_END_DECLS
