/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads RTP caps: see gstwhepcaps.h. */

#include "ext/whep/gstwhepcaps.h"

#include <stdlib.h>

/* RFC 6184 table 1; H.264 has room for 32 SPS and 256 PPS. */
#define NAL_SPS 7
#define MAX_PARAMETER_SETS 288

/* RFC 6184 section 8.1: the first three bytes after the header of an SPS.
 * Returns 0 if the parameter sets contain none. */
static guint32
profile_in_parameter_sets (const gchar *sets)
{
  g_auto (GStrv) each = g_strsplit (sets, ",", MAX_PARAMETER_SETS);

  for (guint i = 0; each[i] != NULL; i++) {
    gsize size;
    g_autofree guint8 *nal = g_base64_decode (each[i], &size);

    if (size >= 4 && (nal[0] & 0x1f) == NAL_SPS)
      return nal[1] << 16 | nal[2] << 8 | nal[3];
  }
  return 0;
}

guint32
gst_whep_caps_profile_level_id (const GstStructure *s)
{
  const gchar *hex = gst_structure_get_string (s, "profile-level-id");
  const gchar *sets = gst_structure_get_string (s, "sprop-parameter-sets");

  if (hex != NULL)
    return strtoul (hex, NULL, 16);
  return sets == NULL ? 0 : profile_in_parameter_sets (sets);
}
