/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names of whepsink's request pads. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* A name KIND_NUMBER that no pad has, unless the caller requests a @name.
 * @next: the number to try first, guarded by the object lock.
 *
 * Returns: (nullable) (transfer full): NULL if a pad has that name. */
gchar *gst_whep_pad_names_dup (GstElement *element, guint *next,
    const gchar *kind, const gchar *name);

G_END_DECLS
