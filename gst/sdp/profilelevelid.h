/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a description calls its H.264: profile-level-id in a=fmtp (RFC 6184
 * section 8.1). Pure. */

#pragma once

#include "gst/sdp/document.h"
#include "gst/sdp/section.h"

G_BEGIN_DECLS

/* Returns: what the format of the @index-th line is to be called; @id leaves it
 * as it is. */
typedef guint32 (*SdpProfileLevelIdFunc) (const SdpDocument *draft, guint index,
    gconstpointer data, guint32 id);

/* Asks @namer of each format. Returns: how many lines changed. */
guint sdp_profile_level_id_rewrite (SdpDocument *draft,
    SdpProfileLevelIdFunc namer, gconstpointer data);

/* Six hex digits and nothing else. Returns FALSE for other text. */
gboolean sdp_profile_level_id_parse (const gchar *digits, gsize size,
    guint32 *id);

/* Sets @id to what the section calls its format; without a format of that
 * payload type, or a profile-level-id, @id stays. */
void sdp_profile_level_id_read_section (const SdpSection *section, guint pt,
    guint32 *id);

G_END_DECLS
