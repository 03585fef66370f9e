/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All elements of the plugin, for claims that hold of each. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Returns: (transfer full) (element-type GstElementFactory): never empty. */
GList *our_elements_list (void);

G_END_DECLS
