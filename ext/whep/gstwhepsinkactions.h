/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The action signals of whepsink. */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* To be called in class_init. */
void gst_whep_sink_install_actions (GType type);

G_END_DECLS
