/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The profile-level-id in descriptions: see profilelevelid.h. */

#include "gst/sdp/profilelevelid.h"
#include "gst/sdp/sdptext.h"

#include <string.h>

#define DIGITS "0123456789abcdefABCDEF"
#define N_DIGITS 6

gboolean
sdp_profile_level_id_parse (const gchar *digits, gsize size, guint32 *id)
{
  if (size != N_DIGITS || strspn (digits, DIGITS) < N_DIGITS)
    return FALSE;
  *id = 0;
  for (guint i = 0; i < N_DIGITS; i++)
    *id = *id << 4 | g_ascii_xdigit_value (digits[i]);
  return TRUE;
}

/* Returns: (nullable): the position of the digits. */
static const gchar *
find_id (const SdpDocument *document, guint index, guint32 *id)
{
  SdpParameter parameter;

  return sdp_document_find_parameter (document, index, "profile-level-id",
             &parameter) &&
          sdp_profile_level_id_parse (parameter.value, parameter.value_size, id)
      ? parameter.value
      : NULL;
}

guint
sdp_profile_level_id_rewrite (SdpDocument *document,
    SdpProfileLevelIdFunc namer, gconstpointer data)
{
  guint n_lines = 0;
  guint32 id, name;

  for (guint i = 0; i < sdp_document_n_lines (document); i++) {
    const gchar *line = sdp_document_line (document, i);
    const gchar *digits = find_id (document, i, &id);

    if (digits == NULL)
      continue;
    name = namer (document, i, data, id);
    if (name == id)
      continue;
    sdp_document_replace (document, i, "%.*s%06x%s", (gint) (digits - line),
        line, name, digits + N_DIGITS);
    n_lines++;
  }
  return n_lines;
}

void
sdp_profile_level_id_read_section (const SdpSection *section, guint pt,
    guint32 *id)
{
  const SdpFormat *format = sdp_section_format (section, pt);
  SdpParameter parameter;

  if (format != NULL && format->parameters != NULL &&
      sdp_text_find_parameter (format->parameters, "profile-level-id",
          &parameter))
    sdp_profile_level_id_parse (parameter.value, parameter.value_size, id);
}
