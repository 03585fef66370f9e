/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the caps of an RTP stream. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* The three bytes of H.264's profile-level-id. For avc, rtph264pay puts them
 * into the caps; for byte-stream, they are in the parameter sets. 0: unknown.
 */
guint32 gst_whep_caps_profile_level_id (const GstStructure *s);

G_END_DECLS
