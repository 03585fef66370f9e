/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The judge's view of rejections: see rejectioncheck.h. */

#include "tests/support/rejectioncheck.h"
#include "whepbench/formatcheck.h"
#include "whepbench/transportcheck.h"

#include <string.h>

#define VALUE_SIZE 64

/* The use that an m-section can be of for a stream's track. */
typedef enum
{
  USELESS,   /* another medium or protocol, or rejected by its offerer */
  UNWILLING, /* does not receive */
  LACKS_CODEC,
  MODE_0_ONLY,
  USABLE,
} Use;

/* The only usable value of a parameter, or none. */
static const struct
{
  const gchar *encoding_name, *parameter, *value;
} profiles[] = {
  { "H265", "profile-id", "1" },
  { "VP9", "profile-id", "0" },
  { "AV1", "profile", "0" },
};

static gboolean
has_profile (const SdpPart *part, const gchar *pt, const gchar *codec)
{
  gchar value[VALUE_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++) {
    if (g_ascii_strcasecmp (profiles[i].encoding_name, codec) == 0 &&
        sdp_part_read_parameter (part, pt, profiles[i].parameter, value,
            VALUE_SIZE))
      return strcmp (value, profiles[i].value) == 0;
  }
  return TRUE;
}

static Use
use_of_format (const SdpPart *part, const gchar *pt, const gchar *codec)
{
  const gchar *mapping = sdp_part_find_mapping (part, pt);

  if (mapping == NULL ||
      !sdp_mapping_equals (mapping, sdp_codec_mapping (codec)) ||
      !has_profile (part, pt, codec))
    return LACKS_CODEC;
  if (strcmp (codec, "H264") != 0 || sdp_part_has_mode_1 (part, pt))
    return USABLE;
  return sdp_part_has_profile (part, pt) ? MODE_0_ONLY : LACKS_CODEC;
}

/* Some mid of the group belongs to an m-section. */
static gboolean
has_group (const SdpJudge *judge)
{
  const gchar *group = sdp_part_find (&judge->offer.session, "a=group:BUNDLE ");

  while (group != NULL && *group != '\0') {
    gsize size = strcspn (group, " ");

    if (sdp_view_find_mid (&judge->offer, group, size) != NULL)
      return TRUE;
    group += size;
    group += strspn (group, " ");
  }
  return FALSE;
}

static gboolean
is_bundled (const SdpJudge *judge, const SdpPart *part)
{
  const gchar *group = sdp_part_find (&judge->offer.session, "a=group:BUNDLE ");
  const gchar *mid = sdp_part_find (part, "a=mid:");

  return !has_group (judge) ||
      (mid != NULL && sdp_words_have (group, mid, strlen (mid)));
}

static gboolean
is_media (const SdpJudge *judge, const SdpPart *part)
{
  SdpMediaLine line;

  return sdp_part_read_media (part, &line) && sdp_part_is_live (part) &&
      is_bundled (judge, part) &&
      (strcmp (line.media, "video") == 0 ||
          strcmp (line.media, "audio") == 0) &&
      (g_str_has_suffix (line.proto, "RTP/SAVPF") ||
          g_str_has_suffix (line.proto, "RTP/SAVP"));
}

static Use
use_of_section (const SdpJudge *judge, const SdpPart *part, const gchar *codec)
{
  Use best = LACKS_CODEC;
  SdpMediaLine line;

  if (!is_media (judge, part) || !sdp_part_read_media (part, &line))
    return USELESS;
  if (!sdp_judge_receives (judge, part))
    return UNWILLING;
  for (guint i = 0; i < line.n_formats; i++)
    best = MAX (best, use_of_format (part, line.formats[i], codec));
  return best;
}

static Use
best_use (const SdpJudge *judge, const gchar *m_line, const gchar *codec)
{
  Use best = USELESS;

  for (guint i = 0; i < judge->offer.n_sections; i++) {
    const SdpPart *part = &judge->offer.sections[i];

    if (g_str_has_prefix (part->lines[0], m_line))
      best = MAX (best, use_of_section (judge, part, codec));
  }
  return best;
}

/* Each m-section that could be served has a line with @prefix; with @values,
 * its value is one of them. */
static gboolean
all_have (const SdpJudge *judge, const gchar *prefix,
    const gchar *const *values)
{
  for (guint i = 0; i < judge->offer.n_sections; i++) {
    const SdpPart *part = &judge->offer.sections[i];
    const gchar *value;

    if (!is_media (judge, part))
      continue;
    value = sdp_judge_find_transport (judge, part, prefix);
    if (value == NULL && values == NULL)
      return FALSE;
    if (value != NULL && values != NULL && !g_strv_contains (values, value))
      return FALSE;
  }
  return TRUE;
}

static guint
count_live (const SdpJudge *judge)
{
  guint n = 0;

  for (guint i = 0; i < judge->offer.n_sections; i++)
    n += sdp_part_is_live (&judge->offer.sections[i]);
  return n;
}

static gboolean
has_known_format (const SdpPart *part)
{
  SdpMediaLine line;

  sdp_part_read_media (part, &line);
  for (guint i = 0; i < line.n_formats; i++) {
    const gchar *mapping = sdp_part_find_mapping (part, line.formats[i]);

    for (guint k = 0; mapping && sdp_codec_mapping_at (k); k++)
      if (sdp_mapping_equals (mapping, sdp_codec_mapping_at (k)))
        return TRUE;
  }
  return FALSE;
}

/* RFC 9143 section 7.3.1: some m-section that could be accepted has a port. */
static gboolean
has_carrier (const SdpJudge *judge)
{
  for (guint i = 0; i < judge->offer.n_sections; i++) {
    const SdpPart *part = &judge->offer.sections[i];

    if (is_media (judge, part) && sdp_part_is_accepted (part) &&
        has_known_format (part))
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_media (const SdpJudge *judge)
{
  for (guint i = 0; i < judge->offer.n_sections; i++) {
    if (is_media (judge, &judge->offer.sections[i]))
      return TRUE;
  }
  return FALSE;
}

static gboolean
lacks_ice (const SdpJudge *judge)
{
  return !all_have (judge, "a=ice-ufrag:", NULL) ||
      !all_have (judge, "a=ice-pwd:", NULL);
}

static gboolean
is_transport_reason (const SdpJudge *judge, const gchar *reason,
    gboolean *is_right)
{
  static const gchar *const roles[] = { "actpass", "active", NULL };

  if (strcmp (reason, "no-ice") == 0)
    *is_right = lacks_ice (judge);
  else if (strcmp (reason, "no-fingerprint") == 0)
    *is_right = !all_have (judge, "a=fingerprint:sha-256 ", NULL) &&
        !all_have (judge, "a=fingerprint:SHA-256 ", NULL);
  else if (strcmp (reason, "no-rtcp-mux") == 0)
    *is_right = !all_have (judge, "a=rtcp-mux", NULL);
  else if (strcmp (reason, "setup") == 0)
    *is_right = !all_have (judge, "a=setup:", roles);
  else if (strcmp (reason, "ice-lite") == 0)
    *is_right = sdp_part_has (&judge->offer.session, "a=ice-lite");
  else if (strcmp (reason, "no-bundle") == 0)
    *is_right =
        has_group (judge) ? !has_carrier (judge) : count_live (judge) > 1;
  else
    return FALSE;
  return TRUE;
}

static gboolean
is_right (const SdpJudge *judge, const gchar *reason)
{
  const SdpCheckFacts *facts = judge->facts;
  gboolean right;
  Use video, audio;

  if (is_transport_reason (judge, reason, &right))
    return right;
  /* Many dubious offers are answered for the player's sake; the unit tests list
   * those that are not. */
  if (strcmp (reason, "malformed-offer") == 0)
    return TRUE;
  if (strcmp (reason, "no-media") == 0)
    return !has_media (judge);
  video = best_use (judge, "m=video ", facts->video ?: "H264");
  audio = best_use (judge, "m=audio ", facts->audio ?: "OPUS");
  if (strcmp (reason, "direction") == 0)
    return video <= UNWILLING && audio <= UNWILLING;
  if (strcmp (reason, "no-video-codec") == 0)
    return video == LACKS_CODEC;
  if (strcmp (reason, "packetization-mode") == 0)
    return video == MODE_0_ONLY;
  if (strcmp (reason, "no-audio-codec") == 0)
    return video <= UNWILLING && audio == LACKS_CODEC;
  return FALSE;
}

gchar *
sdp_check_rejection (const gchar *offer, gsize offer_size, const gchar *reason,
    const SdpCheckFacts *facts)
{
  SdpJudge judge = { .facts = facts };
  gchar *why = NULL;

  if (!sdp_view_init (&judge.offer, offer, offer_size) ||
      is_right (&judge, reason) == FALSE)
    why = g_strdup_printf ("%s is not the reason", reason);
  sdp_view_clear (&judge.offer);
  return why;
}
