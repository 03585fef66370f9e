/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The profile-level-id of H.264 formats in a description, in a=fmtp (RFC 6184
 * section 8.1). Pure. */

#pragma once

#include "gst/sdp/document.h"
#include "gst/sdp/section.h"

G_BEGIN_DECLS

/* Returns: the new ID for the format of the @index-th line; @id leaves it
 * unchanged. */
typedef guint32 (*SdpProfileLevelIdFunc) (const SdpDocument *document,
    guint index, gconstpointer data, guint32 id);

/* Calls @namer for each format. Returns: how many lines changed. */
guint sdp_profile_level_id_rewrite (SdpDocument *document,
    SdpProfileLevelIdFunc namer, gconstpointer data);

/* Parses six hex digits. Returns FALSE for any other text. */
gboolean sdp_profile_level_id_parse (const gchar *digits, gsize size,
    guint32 *id);

/* Sets @id to the ID of a format in the section; leaves it unchanged if there
 * is no format of that payload type, or if it has no profile-level-id. */
void sdp_profile_level_id_read_section (const SdpSection *section, guint pt,
    guint32 *id);

G_END_DECLS
