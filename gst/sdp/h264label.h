/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a description calls its H.264: profile-level-id in a=fmtp (RFC 6184
 * section 8.1). Pure. */

#pragma once

#include "gst/sdp/draft.h"
#include "gst/sdp/section.h"

G_BEGIN_DECLS

/* Returns: what the format of the @index-th line is to be called; @id leaves it
 * as it is. */
typedef guint32 (*SdpH264Namer) (const SdpDraft *draft, guint index,
    gconstpointer data, guint32 id);

/* Asks @namer of each format. Returns: how many lines changed. */
guint sdp_h264_rename (SdpDraft *draft, SdpH264Namer namer, gconstpointer data);

/* Six hex digits and nothing else. Returns FALSE for other text. */
gboolean sdp_h264_read_id (const gchar *digits, gsize size, guint32 *id);

/* Sets @id to what the section calls its format; without a format of that
 * payload type, or a profile-level-id, @id stays. */
void sdp_section_read_profile (const SdpSection *section, guint pt,
    guint32 *id);

G_END_DECLS
