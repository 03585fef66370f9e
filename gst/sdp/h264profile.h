/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The profiles of H.264 that WebRTC distinguishes, and which of them can
 * replace which. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SDP_H264_OTHER, /* not used by browsers */
  SDP_H264_CONSTRAINED_BASELINE,
  SDP_H264_BASELINE,
  SDP_H264_MAIN,
  SDP_H264_CONSTRAINED_HIGH,
  SDP_H264_HIGH,
  SDP_H264_PREDICTIVE_HIGH_444,
} SdpH264Profile;
#define SDP_H264_N_PROFILES (SDP_H264_PREDICTIVE_HIGH_444 + 1)

/* Reads a profile-level-id (RFC 6184 section 8.1), ignoring the level. */
SdpH264Profile sdp_h264_profile_from_id (guint32 profile_level_id);

/* Returns how far the profile @offered is from @source, that of a stream: 0 is
 * the same profile, a smaller number is nearer, and -1 is not suitable for any
 * stream. */
gint sdp_h264_profile_distance (SdpH264Profile source, SdpH264Profile offered);

G_END_DECLS
