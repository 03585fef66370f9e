/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a description calls its H.264: see h264label.h. */

#include "gst/sdp/h264label.h"
#include "gst/sdp/sdptext.h"

#include <string.h>

#define DIGITS "0123456789abcdefABCDEF"
#define N_DIGITS 6

gboolean
sdp_h264_read_id (const gchar *digits, guint32 *id)
{
  if (strlen (digits) != N_DIGITS || strspn (digits, DIGITS) != N_DIGITS)
    return FALSE;
  *id = g_ascii_strtoull (digits, NULL, 16);
  return TRUE;
}

/* Returns: (nullable): where the digits are. */
static const gchar *
find_id (const gchar *line, guint32 *id)
{
  const gchar *digits;

  if (!g_str_has_prefix (line, "a=fmtp:"))
    return NULL;
  digits = strstr (line, "profile-level-id=");
  if (digits == NULL)
    return NULL;
  digits += strlen ("profile-level-id=");
  if (strspn (digits, DIGITS) != N_DIGITS)
    return NULL;
  *id = g_ascii_strtoull (digits, NULL, 16);
  return digits;
}

guint
sdp_h264_rename (SdpDraft *draft, SdpH264Namer namer, gconstpointer data)
{
  guint n_lines = 0;
  guint32 id, name;

  for (guint i = 0; i < sdp_draft_n_lines (draft); i++) {
    const gchar *line = sdp_draft_line (draft, i);
    const gchar *digits = find_id (line, &id);

    if (digits == NULL)
      continue;
    name = namer (draft, i, data, id);
    if (name == id)
      continue;
    sdp_draft_replace (draft, i, "%.*s%06x%s", (gint) (digits - line), line,
        name, digits + N_DIGITS);
    n_lines++;
  }
  return n_lines;
}

void
sdp_section_read_profile (const SdpSection *section, guint pt, guint32 *id)
{
  const SdpFormat *format = sdp_section_format (section, pt);
  g_autofree gchar *digits = NULL;

  if (format == NULL || format->parameters == NULL)
    return;
  digits = sdp_text_dup_parameter (format->parameters, "profile-level-id");
  if (digits != NULL)
    sdp_h264_read_id (digits, id);
}
