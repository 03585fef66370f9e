/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The judge's view of formats: see formatcheck.h. */

#include "whepbench/formatcheck.h"

#include <string.h>

/* Longer than any value that counts. */
#define VALUE_SIZE 64

/* The eight constraint flags of each profile, first bit first, "x" for either:
 * how WebRTC tells profiles apart. */
static const struct
{
  const gchar *profile_idc, *flags, *profile;
} profiles[] = {
  { "42", "x1xx0000", "constrained-baseline" },
  { "4d", "1xxx0000", "constrained-baseline" },
  { "58", "11xx0000", "constrained-baseline" },
  { "42", "x0xx0000", "baseline" },
  { "58", "10xx0000", "baseline" },
  { "4d", "0x0x0000", "main" },
  { "64", "00000000", "high" },
  { "64", "00001100", "constrained-high" },
  { "f4", "00000000", "high-444-predictive" },
};

/* RFC 6184 section 8.1: what must be equal in offer and answer, for the codecs
 * that we know; a parameter that both sides omit is equal, too. */
static const struct
{
  const gchar *encoding_name, *parameter, *clause;
} configurations[] = {
  { "H264", "packetization-mode", "RFC 6184 section 8.2.2" },
  { "H265", "profile-id", "RFC 7798 section 7.2.2" },
  { "H265", "tier-flag", "RFC 7798 section 7.2.2" },
  { "H265", "tx-mode", "RFC 7798 section 7.2.2" },
  { "VP9", "profile-id", "RFC 9628 section 6" },
  { "AV1", "profile", "AV1 RTP section 7.2.1" },
  { "rtx", "apt", "RFC 4588 section 8.1" },
};

static const gchar *const mappings[] = { "H264/90000", "H265/90000",
  "VP8/90000", "VP9/90000", "AV1/90000", "opus/48000/2", "PCMU/8000",
  "PCMA/8000" };

const gchar *
sdp_codec_mapping_at (guint index)
{
  return index < G_N_ELEMENTS (mappings) ? mappings[index] : NULL;
}

/* "H264/90000" is the codec "H264". */
static gboolean
sdp_mapping_is (const gchar *mapping, const gchar *encoding_name)
{
  gsize size = strlen (encoding_name);

  return mapping != NULL &&
      g_ascii_strncasecmp (mapping, encoding_name, size) == 0 &&
      mapping[size] == '/';
}

const gchar *
sdp_codec_mapping (const gchar *encoding_name)
{
  for (guint i = 0; i < G_N_ELEMENTS (mappings); i++) {
    if (sdp_mapping_is (mappings[i], encoding_name))
      return mappings[i];
  }
  return NULL;
}

const gchar *
sdp_part_find_mapping (const SdpPart *self, const gchar *pt)
{
  const gchar *mapping = sdp_part_rtpmap (self, pt);

  if (mapping != NULL)
    return mapping;
  return strcmp (pt, "0") == 0 ? "PCMU/8000"
      : strcmp (pt, "8") == 0  ? "PCMA/8000"
                               : NULL;
}

gboolean
sdp_pair_is_rtx (const SdpPair *pair, const gchar *pt)
{
  return sdp_mapping_is (sdp_part_find_mapping (pair->answered, pt), "rtx");
}

/* RFC 8866 section 6.6: a single channel can be omitted. */
gboolean
sdp_mapping_equals (const gchar *a, const gchar *b)
{
  gsize n = MIN (strlen (a), strlen (b));

  return g_ascii_strncasecmp (a, b, n) == 0 &&
      (a[n] == '\0' || strcmp (a + n, "/1") == 0) &&
      (b[n] == '\0' || strcmp (b + n, "/1") == 0);
}

static gboolean
is_same_parameter (const SdpPair *pair, const gchar *pt, const gchar *name)
{
  gchar offered[VALUE_SIZE] = "", answered[VALUE_SIZE] = "";

  sdp_part_read_parameter (pair->offered, pt, name, offered, VALUE_SIZE);
  sdp_part_read_parameter (pair->answered, pt, name, answered, VALUE_SIZE);
  return g_ascii_strcasecmp (offered, answered) == 0;
}

static gboolean
has_flags (guint8 flags, const gchar *pattern)
{
  for (guint i = 0; i < 8; i++) {
    gchar bit = flags & (0x80 >> i) ? '1' : '0';

    if (pattern[i] != 'x' && pattern[i] != bit)
      return FALSE;
  }
  return TRUE;
}

/* Returns: (nullable): the profile's name. */
static const gchar *
profile_of_id (const gchar *id)
{
  guint64 flags;

  if (strlen (id) != 6 || strspn (id, "0123456789abcdefABCDEF") != 6)
    return NULL;
  flags = g_ascii_strtoull (id, NULL, 16) >> 8 & 0xff;
  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++) {
    if (g_ascii_strncasecmp (id, profiles[i].profile_idc, 2) == 0 &&
        has_flags (flags, profiles[i].flags))
      return profiles[i].profile;
  }
  return NULL;
}

/* RFC 6184 section 8.1: without the parameter, the profile is Baseline. */
static const gchar *
profile_of (const SdpPart *part, const gchar *pt)
{
  gchar id[VALUE_SIZE];

  if (!sdp_part_read_parameter (part, pt, "profile-level-id", id, VALUE_SIZE))
    return "baseline";
  return profile_of_id (id);
}

gboolean
sdp_part_has_profile (const SdpPart *self, const gchar *pt)
{
  return profile_of (self, pt) != NULL;
}

gboolean
sdp_part_has_mode_1 (const SdpPart *self, const gchar *pt)
{
  gchar mode[VALUE_SIZE];

  return sdp_part_has_profile (self, pt) &&
      sdp_part_read_parameter (self, pt, "packetization-mode", mode,
          VALUE_SIZE) &&
      strcmp (mode, "1") == 0;
}

/* RFC 6184 section 8.2.2: the profile is the offered one; browsers other than
 * Chromium require the level as well. */
static void
judge_h264 (SdpJudge *judge, const SdpPair *pair, const gchar *pt)
{
  if (judge->facts->is_foreign) {
    if (g_strcmp0 (profile_of (pair->offered, pt),
            profile_of (pair->answered, pt)) != 0)
      sdp_judge_breach (judge, "RFC 6184 section 8.2.2",
          "the profile is the offered one");
    return;
  }
  if (!is_same_parameter (pair, pt, "profile-level-id"))
    sdp_judge_breach (judge, "RFC 6184 section 8.2.2",
        "profile-level-id is the offered one");
  if (sdp_part_fmtp (pair->answered, pt) != NULL &&
      strstr (sdp_part_fmtp (pair->answered, pt), "sprop-parameter-sets") !=
          NULL)
    sdp_judge_breach (judge, "RFC 6184 section 8.2.2",
        "parameter sets are sent in-band");
}

/* "Wrong payload type": if the stream's own profile was offered, any other is
 * wrong. */
static gboolean
is_own_profile (const SdpPair *pair, const gchar *pt, const gchar *profile)
{
  const gchar *mapping = sdp_part_find_mapping (pair->offered, pt);

  return mapping != NULL && sdp_mapping_equals (mapping, "H264/90000") &&
      sdp_part_has_mode_1 (pair->offered, pt) &&
      strcmp (profile_of (pair->offered, pt), profile) == 0;
}

static void
judge_profile (SdpJudge *judge, const SdpPair *pair, const gchar *pt)
{
  g_autofree gchar *id =
      g_strdup_printf ("%06x", judge->facts->profile_level_id);
  const gchar *profile = profile_of_id (id);
  gboolean is_offered = FALSE;

  if (profile == NULL || judge->facts->profile_level_id == 0)
    return;
  for (guint i = 0; i < pair->offered_line.n_formats; i++)
    is_offered |= is_own_profile (pair, pair->offered_line.formats[i], profile);
  if (is_offered && !is_own_profile (pair, pt, profile))
    sdp_judge_breach (judge, "RFC 6184 section 8.2.2",
        "the stream's own profile is used if it was offered");
}

/* Others leave out what has its default value; those of packetization-mode and
 * apt are not what was offered. */
static gboolean
may_omit (const SdpJudge *judge, const SdpPair *pair, const gchar *pt,
    const gchar *parameter)
{
  gchar value[VALUE_SIZE];

  return judge->facts->is_foreign &&
      strcmp (parameter, "packetization-mode") != 0 &&
      strcmp (parameter, "apt") != 0 &&
      !sdp_part_read_parameter (pair->answered, pt, parameter, value,
          VALUE_SIZE);
}

static void
judge_configuration (SdpJudge *judge, const SdpPair *pair, const gchar *pt,
    const gchar *mapping)
{
  for (guint i = 0; i < G_N_ELEMENTS (configurations); i++) {
    if (sdp_mapping_is (mapping, configurations[i].encoding_name) &&
        !may_omit (judge, pair, pt, configurations[i].parameter) &&
        !is_same_parameter (pair, pt, configurations[i].parameter))
      sdp_judge_breach (judge, configurations[i].clause,
          "the codec's configuration is the offered one");
  }
}

static void
judge_format (SdpJudge *judge, const SdpPair *pair, const gchar *pt)
{
  const gchar *offered = sdp_part_find_mapping (pair->offered, pt);
  const gchar *answered = sdp_part_rtpmap (pair->answered, pt);

  if (answered == NULL || offered == NULL ||
      !sdp_mapping_equals (offered, answered)) {
    sdp_judge_breach (judge, "RFC 3264 section 6.1",
        "a payload type means what it did in the offer");
    return;
  }
  judge_configuration (judge, pair, pt, answered);
  if (!sdp_mapping_is (answered, "H264"))
    return;
  judge_h264 (judge, pair, pt);
  judge_profile (judge, pair, pt);
}

/* RFC 4588 section 8.1: retransmissions are of a format that is answered,
 * too. */
static void
judge_rtx (SdpJudge *judge, const SdpPair *pair, const gchar *pt)
{
  const SdpMediaLine *line = &pair->answered_line;
  gchar apt[VALUE_SIZE] = "";

  sdp_part_read_parameter (pair->answered, pt, "apt", apt, VALUE_SIZE);
  for (guint i = 0; i < line->n_formats; i++) {
    if (strcmp (line->formats[i], apt) == 0 && strcmp (apt, pt) != 0 &&
        !sdp_pair_is_rtx (pair, apt))
      return;
  }
  sdp_judge_breach (judge, "RFC 4588 section 8.1",
      "a retransmission format is for an answered one");
}

/* The answered codec is the stream's. */
static void
judge_codec (SdpJudge *judge, const SdpPair *pair)
{
  const gchar *pt = pair->answered_line.formats[0];
  const gchar *mapping = sdp_part_find_mapping (pair->answered, pt);
  const gchar *name = strcmp (pair->answered_line.media, "video") == 0
      ? judge->facts->video
      : judge->facts->audio;

  if (name != NULL &&
      (mapping == NULL ||
          !sdp_mapping_equals (mapping, sdp_codec_mapping (name))))
    sdp_judge_breach (judge, "the stream", "the codec is the stream's");
}

/* RFC 8866 section 6.15 and RFC 4585 section 4.2: these lines are about payload
 * types of the m= line, and feedback is a subset of what was offered. */
static void
judge_line_of_format (SdpJudge *judge, const SdpPair *pair, const gchar *name,
    const gchar *value)
{
  gsize size = strcspn (value, " ");
  gboolean is_there = FALSE;
  const gchar *line;

  for (guint i = 0; i < pair->answered_line.n_formats; i++)
    is_there |= strlen (pair->answered_line.formats[i]) == size &&
        strncmp (pair->answered_line.formats[i], value, size) == 0;
  if (!is_there)
    sdp_judge_breach (judge, "RFC 8866 section 6",
        "an attribute belongs to a format of the m= line");
  if (strcmp (name, "a=rtcp-fb:") != 0)
    return;
  for (guint i = 0; (line = sdp_part_next (pair->offered, name, &i)) != NULL;) {
    if (strcmp (line, value) == 0 ||
        (line[0] == '*' && strcmp (line + 1, value + size) == 0))
      return;
  }
  sdp_judge_breach (judge, "RFC 4585 section 4.2",
      "every feedback was offered");
}

static void
judge_lines_of_formats (SdpJudge *judge, const SdpPair *pair)
{
  static const gchar *const names[] = { "a=rtpmap:", "a=fmtp:", "a=rtcp-fb:" };
  const gchar *value;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    for (guint k = 0;
         (value = sdp_part_next (pair->answered, names[i], &k)) != NULL;)
      judge_line_of_format (judge, pair, names[i], value);
  }
}

void
sdp_judge_formats (SdpJudge *judge, const SdpPair *pair)
{
  for (guint i = 0; i < pair->answered_line.n_formats; i++) {
    const gchar *pt = pair->answered_line.formats[i];

    judge_format (judge, pair, pt);
    if (sdp_pair_is_rtx (pair, pt))
      judge_rtx (judge, pair, pt);
  }
  judge_lines_of_formats (judge, pair);
  if (!sdp_part_has (pair->answered, "a=inactive"))
    judge_codec (judge, pair);
}
