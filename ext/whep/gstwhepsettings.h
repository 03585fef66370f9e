/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The settings of whepsink. Embedded in the element, whose object lock guards
 * them; gst/settings has the table of the properties. */

#pragma once

#include "gst/settings/gstwhepsinksettings.h"

G_BEGIN_DECLS

void gst_whep_settings_init (GstWhepSettings *self);
void gst_whep_settings_clear (GstWhepSettings *self);
/* To be called with the lock held. The caller clears @self in the end, and
 * needs no lock to read it. */
void gst_whep_settings_copy (GstWhepSettings *self,
    const GstWhepSettings *other);

G_END_DECLS
