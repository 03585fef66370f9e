/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The action signals of rtmpwebrtcsink, which its whepsink carries out. */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* To be called in class_init. */
void gst_rtmp_webrtc_sink_install_actions (GType type);

G_END_DECLS
