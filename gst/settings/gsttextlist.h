/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A list of texts, separated by commas as users write it, or as an array as
 * bindings want it. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* @array: a GST_TYPE_ARRAY of strings; what is NULL or empty counts as absent.
 * A comma or a blank within one is percent-encoded, as URLs allow.
 *
 * Returns: (transfer full) (nullable): NULL if there is none. */
gchar *gst_text_list_join (const GValue *array);
/* Sets @array, a GST_TYPE_ARRAY, to what @text (nullable) lists. */
void gst_text_list_split (const gchar *text, GValue *array);

G_END_DECLS
