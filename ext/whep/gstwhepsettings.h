/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be set on whepsink. Embedded in the element, whose object lock
 * guards it; gst/settings has the table of the properties. */

#pragma once

#include "gst/settings/gstwhepsinksettings.h"

G_BEGIN_DECLS

void gst_whep_settings_init (GstWhepSettings *self);
void gst_whep_settings_clear (GstWhepSettings *self);
/* To be called with the lock; @self is cleared in the end, and no lock has to
 * be held while it is read. */
void gst_whep_settings_copy (GstWhepSettings *self,
    const GstWhepSettings *other);

G_END_DECLS
