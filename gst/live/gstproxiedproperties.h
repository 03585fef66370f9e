/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The properties of an element as those of a bin around it. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Installs what @element, a factory's name, has of its own and @klass has not
 * yet, with numbers from @first_id on. gst-inspect-1.0 does not list these. Of
 * an element that is missing there is none. */
void gst_proxied_properties_install (GObjectClass *klass, const gchar *element,
    guint first_id);

G_END_DECLS
