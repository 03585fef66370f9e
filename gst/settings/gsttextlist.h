/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A list of texts: separated by commas for users, or an array for language
 * bindings. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* @array: a GST_TYPE_ARRAY of strings; those that are NULL or empty are
 * ignored. A comma or a blank within a string is percent-encoded, as URLs
 * allow.
 *
 * Returns: (transfer full) (nullable): the list; NULL if there are no strings.
 */
gchar *gst_text_list_join (const GValue *array);
/* Sets @array, a GST_TYPE_ARRAY, to the items of @text (nullable). */
void gst_text_list_split (const gchar *text, GValue *array);

G_END_DECLS
