/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the encoders of a running pipeline's publishers are graded. */

#pragma once

#include <gst/gst.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full) (nullable): an object with a grade for each stream
 * that has one; NULL if there is none. */
JsonObject *gst_grades_read (GstBin *bin);

G_END_DECLS
