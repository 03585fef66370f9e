/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An element's properties as properties of the bin around it. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Installs those of @element's own properties that @klass does not have yet,
 * with IDs from @first_id on; @element is a factory's name. gst-inspect-1.0
 * does not list them. If the element is missing, none are installed. */
void gst_proxied_properties_install (GObjectClass *klass, const gchar *element,
    guint first_id);

/* From now on, a change of one of @element's own properties is one of the
 * @bin's, which contains the element. */
void gst_proxied_properties_follow (GstBin *bin, GstElement *element);

G_END_DECLS
