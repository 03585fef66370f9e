/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds a node with room for a viewer, by whepsink's signal "find-room": what
 * knows the other servers answers it. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* To be called in class_init. */
void gst_whep_room_install_signals (GType type);

/* A WhepRoomFunc; @sink is a whepsink. */
gchar *gst_whep_room_find (const gchar *stream, gpointer sink);

G_END_DECLS
