/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* H.264 profiles: see h264profile.h. */

#include "gst/sdp/h264profile.h"

/* The constraint flags that define a profile of a profile_idc: those in the
 * mask must have the value. As in libwebrtc, and so in Chromium and Safari. */
static const struct
{
  guint8 profile_idc, mask, value;
  SdpH264Profile profile;
} patterns[] = {
  { 0x42, 0x4f, 0x40, SDP_H264_CONSTRAINED_BASELINE },
  { 0x4d, 0x8f, 0x80, SDP_H264_CONSTRAINED_BASELINE },
  { 0x58, 0xcf, 0xc0, SDP_H264_CONSTRAINED_BASELINE },
  { 0x42, 0x4f, 0x00, SDP_H264_BASELINE },
  { 0x58, 0xcf, 0x80, SDP_H264_BASELINE },
  { 0x4d, 0xaf, 0x00, SDP_H264_MAIN },
  { 0x64, 0xff, 0x00, SDP_H264_HIGH },
  { 0x64, 0xff, 0x0c, SDP_H264_CONSTRAINED_HIGH },
  { 0xf4, 0xff, 0x00, SDP_H264_PREDICTIVE_HIGH_444 },
};

#define CB SDP_H264_CONSTRAINED_BASELINE
#define B SDP_H264_BASELINE
#define M SDP_H264_MAIN
#define CH SDP_H264_CONSTRAINED_HIGH
#define H SDP_H264_HIGH
#define P SDP_H264_PREDICTIVE_HIGH_444

/* The profiles to offer for each source, nearest first. A browser has one
 * decoder for them all, which reads the profile from the SPS, so the next
 * larger profile is best, and a smaller one still works. */
static const SdpH264Profile nearest[][SDP_H264_N_PROFILES - 1] = {
  [SDP_H264_OTHER] = { H, CH, M, CB, B, P },
  [SDP_H264_CONSTRAINED_BASELINE] = { CB, B, M, CH, H, P },
  [SDP_H264_BASELINE] = { B, CB, M, H, CH, P },
  [SDP_H264_MAIN] = { M, H, CH, CB, B, P },
  [SDP_H264_CONSTRAINED_HIGH] = { CH, H, M, CB, B, P },
  [SDP_H264_HIGH] = { H, CH, M, CB, B, P },
  [SDP_H264_PREDICTIVE_HIGH_444] = { P, H, CH, M, CB, B },
};

SdpH264Profile
sdp_h264_profile_from_id (guint32 profile_level_id)
{
  guint8 profile_idc = profile_level_id >> 16;
  guint8 flags = profile_level_id >> 8;

  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++) {
    if (patterns[i].profile_idc == profile_idc &&
        (flags & patterns[i].mask) == patterns[i].value)
      return patterns[i].profile;
  }
  return SDP_H264_OTHER;
}

gint
sdp_h264_profile_distance (SdpH264Profile source, SdpH264Profile offered)
{
  for (guint i = 0; i < G_N_ELEMENTS (nearest[source]); i++) {
    if (nearest[source][i] == offered)
      return i;
  }
  return -1;
}
