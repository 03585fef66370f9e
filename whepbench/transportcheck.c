/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The judge's view of transports: see transportcheck.h. */

#include "whepbench/transportcheck.h"

#include <arpa/inet.h>
#include <string.h>

#define ICE_CHARS                                                              \
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/"
/* "component", "transport", … of a=candidate; we do not use what may follow. */
#define CANDIDATE_WORDS 8
#define CANDIDATE_BYTES 128

static const gchar *
group_of (const SdpView *view)
{
  return sdp_part_find (&view->session, "a=group:BUNDLE ");
}

/* A prefix that does not end with a colon is the whole line. */
static const gchar *
find_in (const SdpPart *part, const gchar *prefix)
{
  if (strchr (prefix, ':') != NULL)
    return sdp_part_find (part, prefix);
  return sdp_part_has (part, prefix) ? "" : NULL;
}

const gchar *
sdp_judge_find_transport (const SdpJudge *judge, const SdpPart *offered,
    const gchar *prefix)
{
  const gchar *value = find_in (offered, prefix);
  const gchar *group = group_of (&judge->offer);

  if (value == NULL)
    value = find_in (&judge->offer.session, prefix);
  while (value == NULL && group != NULL && *group != '\0') {
    gsize size = strcspn (group, " ");
    const SdpPart *part = sdp_view_find_mid (&judge->offer, group, size);

    value = part == NULL ? NULL : find_in (part, prefix);
    group += size;
    group += strspn (group, " ");
  }
  return value;
}

/* RFC 8839 section 5.4. */
static gboolean
is_ice (const gchar *value, gsize min_size)
{
  return value != NULL && strlen (value) >= min_size && strlen (value) <= 256 &&
      value[strspn (value, ICE_CHARS)] == '\0';
}

/* RFC 8122 section 5: capital letters. */
static gboolean
is_fingerprint (const gchar *value)
{
  if (value == NULL || !g_str_has_prefix (value, "sha-256 "))
    return FALSE;
  value += strlen ("sha-256 ");
  for (guint i = 0; i < 32; i++, value += 3) {
    if (strspn (value, "0123456789ABCDEF") != 2 ||
        value[2] != (i == 31 ? '\0' : ':'))
      return FALSE;
  }
  return TRUE;
}

static void
judge_credentials (SdpJudge *judge, const SdpPair *pair)
{
  static const gchar *const once[] = { "a=ice-ufrag:", "a=ice-pwd:",
    "a=fingerprint:", "a=setup:" };

  for (guint i = 0; i < G_N_ELEMENTS (once); i++) {
    if (sdp_part_count (pair->answered, once[i]) != 1)
      sdp_judge_breach (judge, "RFC 8829 section 5.3.1",
          "ufrag, pwd, fingerprint and setup are present once");
  }
  if (!is_ice (sdp_part_find (pair->answered, "a=ice-ufrag:"), 4) ||
      !is_ice (sdp_part_find (pair->answered, "a=ice-pwd:"), 22))
    sdp_judge_breach (judge, "RFC 8839 section 5.4",
        "ufrag and pwd consist of ice-chars, at least 4 and 22");
  if (!is_fingerprint (sdp_part_find (pair->answered, "a=fingerprint:")))
    sdp_judge_breach (judge, "RFC 8122 section 5",
        "the fingerprint is 32 pairs of hex digits");
}

/* In one of the bundled m-sections or for the session, and with any hash. */
static void
judge_foreign_credentials (SdpJudge *judge, const SdpPair *pair)
{
  static const struct
  {
    const gchar *prefix;
    gsize min_size;
  } credentials[] = { { "a=ice-ufrag:", 4 }, { "a=ice-pwd:", 22 } };

  for (guint i = 0; i < G_N_ELEMENTS (credentials); i++) {
    const gchar *value = sdp_part_find (pair->answered, credentials[i].prefix);

    if (value == NULL)
      value = sdp_part_find (&judge->answer.session, credentials[i].prefix);
    if (value != NULL && !is_ice (value, credentials[i].min_size))
      sdp_judge_breach (judge, "RFC 8839 section 5.4",
          "ufrag and pwd consist of ice-chars, at least 4 and 22");
  }
}

static void
judge_foreign_setup (SdpJudge *judge, const SdpPair *pair)
{
  const gchar *setup = sdp_part_find (pair->answered, "a=setup:");

  if (setup == NULL)
    setup = sdp_part_find (&judge->answer.session, "a=setup:");
  if (setup != NULL && strcmp (setup, "active") != 0 &&
      strcmp (setup, "passive") != 0)
    sdp_judge_breach (judge, "RFC 8842 section 5.3",
        "the answerer is active or passive");
}

/* RFC 8842 section 5.3 and RFC 4145 section 4.1. */
static void
judge_setup (SdpJudge *judge, const SdpPair *pair)
{
  const gchar *offered =
      sdp_judge_find_transport (judge, pair->offered, "a=setup:");

  if (!sdp_part_has (pair->answered, "a=setup:passive"))
    sdp_judge_breach (judge, "RFC 8842 section 5.3", "the server is passive");
  if (offered != NULL && strcmp (offered, "actpass") != 0 &&
      strcmp (offered, "active") != 0)
    sdp_judge_breach (judge, "RFC 8842 section 5.3",
        "the other end can be active");
}

static void
judge_rtcp (SdpJudge *judge, const SdpPair *pair)
{
  if (sdp_part_count (pair->answered, "a=rtcp-mux") != 1)
    sdp_judge_breach (judge, "RFC 5761 section 5.1.1", "rtcp-mux is answered");
  if (sdp_judge_find_transport (judge, pair->offered, "a=rtcp-mux") == NULL)
    sdp_judge_breach (judge, "RFC 5761 section 5.1.1", "rtcp-mux was offered");
  if (sdp_part_has (pair->answered, "a=rtcp-rsize") &&
      sdp_judge_find_transport (judge, pair->offered, "a=rtcp-rsize") == NULL)
    sdp_judge_breach (judge, "RFC 5506 section 5", "rtcp-rsize was offered");
  if (sdp_part_find (pair->answered, "a=rtcp-xr:") != NULL &&
      sdp_judge_find_transport (judge, pair->offered, "a=rtcp-xr:") == NULL)
    sdp_judge_breach (judge, "RFC 3611 section 5.2", "rtcp-xr was offered");
}

/* RFC 9143 section 7.1.3: bundled m-sections have one transport. */
static void
judge_common_transport (SdpJudge *judge, const SdpPair *pair)
{
  static const gchar *const common[] = { "a=ice-ufrag:", "a=ice-pwd:",
    "a=fingerprint:", "a=setup:" };

  for (guint k = 0; k < judge->answer.n_sections; k++) {
    const SdpPart *other = &judge->answer.sections[k];

    for (guint i = 0; sdp_part_is_accepted (other) && i < 4; i++) {
      const gchar *its = sdp_part_find (other, common[i]);
      const gchar *ours = sdp_part_find (pair->answered, common[i]);

      if (judge->facts->is_foreign && (its == NULL || ours == NULL))
        continue;
      if (g_strcmp0 (its, ours) != 0)
        sdp_judge_breach (judge, "RFC 9143 section 7.1.3",
            "bundled m-sections share one transport");
    }
  }
}

static gboolean
is_address (const gchar *text)
{
  struct in6_addr address;

  return inet_pton (AF_INET, text, &address) == 1 ||
      inet_pton (AF_INET6, text, &address) == 1;
}

/* RFC 8839 section 5.1. */
static void
judge_candidate (SdpJudge *judge, const gchar *candidate)
{
  gchar copy[CANDIDATE_BYTES], *rest = copy;
  const gchar *words[CANDIDATE_WORDS] = { NULL };
  guint64 priority, port;
  guint n = 0;

  g_strlcpy (copy, candidate, sizeof (copy));
  for (const gchar *word; (word = strsep (&rest, " ")) != NULL; n++)
    words[MIN (n, CANDIDATE_WORDS - 1)] = word;

  if (judge->facts->is_foreign) {
    if (n < CANDIDATE_WORDS || strcmp (words[6], "typ") != 0)
      sdp_judge_breach (judge, "RFC 8839 section 5.1",
          "a candidate has an address and a type");
    return;
  }
  if (n != CANDIDATE_WORDS || !is_ice (words[0], 1) || strlen (words[0]) > 32 ||
      strcmp (words[1], "1") != 0 ||
      g_ascii_strcasecmp (words[2], "udp") != 0 ||
      strcmp (words[6], "typ") != 0 || strcmp (words[7], "host") != 0) {
    sdp_judge_breach (judge, "RFC 8839 section 5.1",
        "a candidate is of type host, UDP and component 1");
    return;
  }
  if (!is_address (words[4]))
    sdp_judge_breach (judge, "RFC 8839 section 5.1",
        "a candidate is a literal address");
  if (!g_ascii_string_to_unsigned (words[3], 10, 1, G_MAXINT32, &priority,
          NULL) ||
      !g_ascii_string_to_unsigned (words[5], 10, 1, G_MAXUINT16, &port, NULL))
    sdp_judge_breach (judge, "RFC 8839 section 5.1",
        "a candidate has a port and a priority");
}

/* RFC 9143 section 7.3: the candidates are in the tagged m-section; RFC 8840
 * section 4.3: a server that trickles none says so. */
static void
judge_candidates (SdpJudge *judge, const SdpPart *tagged)
{
  const gchar *candidate;

  for (guint i = 0;
       (candidate = sdp_part_next (tagged, "a=candidate:", &i)) != NULL;)
    judge_candidate (judge, candidate);
  if (!judge->facts->is_foreign &&
      !sdp_part_has (tagged, "a=end-of-candidates"))
    sdp_judge_breach (judge, "RFC 8840 section 4.3",
        "the candidates are complete");
  for (guint i = 0; i < judge->answer.n_sections; i++) {
    const SdpPart *other = &judge->answer.sections[i];

    if (other != tagged && sdp_part_find (other, "a=candidate:") != NULL)
      sdp_judge_breach (judge, "RFC 9143 section 7.3",
          "the tagged m-section alone has candidates");
  }
}

void
sdp_judge_transport (SdpJudge *judge, const SdpPair *pair)
{
  if (judge->facts->is_foreign) {
    judge_foreign_credentials (judge, pair);
    judge_foreign_setup (judge, pair);
  } else {
    judge_credentials (judge, pair);
    judge_setup (judge, pair);
  }
  judge_rtcp (judge, pair);
  judge_common_transport (judge, pair);
}

static guint
count_accepted (const SdpJudge *judge)
{
  guint n = 0;

  for (guint i = 0; i < judge->answer.n_sections; i++)
    n += sdp_part_is_accepted (&judge->answer.sections[i]);
  return n;
}

/* RFC 9143 section 7.3: the m-sections of the offered group that are accepted,
 * and no others. */
static void
judge_group (SdpJudge *judge)
{
  guint n = 0;

  for (const gchar *mid = group_of (&judge->answer); *mid != '\0'; n++) {
    gsize size = strcspn (mid, " ");
    const SdpPart *part = sdp_view_find_mid (&judge->answer, mid, size);

    if (!sdp_words_have (group_of (&judge->offer), mid, size) || part == NULL ||
        !sdp_part_is_accepted (part))
      sdp_judge_breach (judge, "RFC 9143 section 7.3",
          "the group is a subset of the offered one");
    mid += size;
    mid += strspn (mid, " ");
  }
  if (n != count_accepted (judge))
    sdp_judge_breach (judge, "RFC 9143 section 7.3",
        "the group contains each accepted m-section once");
}

/* RFC 9143 section 7.3.1: the first m-section of the offered group that is
 * accepted and has a port in the offer. */
static const SdpPart *
judge_tag (SdpJudge *judge)
{
  const gchar *tag = group_of (&judge->answer);
  gsize tag_size = strcspn (tag, " ");
  const gchar *mid = group_of (&judge->offer);

  while (mid != NULL && *mid != '\0') {
    gsize size = strcspn (mid, " ");
    const SdpPart *offered = sdp_view_find_mid (&judge->offer, mid, size);
    const SdpPart *answered = sdp_view_find_mid (&judge->answer, mid, size);

    if (offered != NULL && sdp_part_is_accepted (offered) && answered != NULL &&
        sdp_part_is_accepted (answered))
      break;
    mid += size;
    mid += strspn (mid, " ");
  }
  if (mid == NULL || strcspn (mid, " ") != tag_size ||
      strncmp (mid, tag, tag_size) != 0)
    sdp_judge_breach (judge, "RFC 9143 section 7.3.1",
        "the first eligible m-section is tagged");
  return sdp_view_find_mid (&judge->answer, tag, tag_size);
}

static const SdpPart *
first_accepted (const SdpJudge *judge)
{
  for (guint i = 0; i < judge->answer.n_sections; i++) {
    if (sdp_part_is_accepted (&judge->answer.sections[i]))
      return &judge->answer.sections[i];
  }
  return NULL;
}

static gboolean
has_ice_option (const SdpPart *part, const gchar *option, gsize size)
{
  const gchar *options;

  for (guint i = 0; (options = sdp_part_next (part, "a=ice-options:", &i));)
    if (sdp_words_have (options, option, size))
      return TRUE;
  return FALSE;
}

/* RFC 8829 section 5.3.1: an option is answered only if it was offered. */
static void
judge_ice_options (SdpJudge *judge)
{
  const gchar *options =
      sdp_part_find (&judge->answer.session, "a=ice-options:");

  while (options != NULL && *options != '\0') {
    gsize size = strcspn (options, " ");
    gboolean is_offered = has_ice_option (&judge->offer.session, options, size);

    for (guint i = 0; i < judge->offer.n_sections; i++)
      is_offered |= has_ice_option (&judge->offer.sections[i], options, size);
    if (!is_offered)
      sdp_judge_breach (judge, "RFC 8829 section 5.3.1",
          "every ICE option was offered");
    options += size;
    options += strspn (options, " ");
  }
}

/* RFC 8829 section 5.3.1: the tracks are of one MediaStream if the offer has
 * both in a group for lip sync. */
static void
judge_lip_sync (SdpJudge *judge)
{
  const gchar *offered = sdp_part_find (&judge->offer.session, "a=group:LS ");
  const gchar *answered = sdp_part_find (&judge->answer.session, "a=group:LS ");
  guint n_sending = 0;

  for (guint i = 0; i < judge->answer.n_sections; i++) {
    const SdpPart *part = &judge->answer.sections[i];
    const gchar *mid = sdp_part_find (part, "a=mid:");

    if (!sdp_part_has (part, "a=sendonly") || mid == NULL ||
        !sdp_words_have (offered, mid, strlen (mid)))
      continue;
    n_sending++;
    if (answered != NULL && !sdp_words_have (answered, mid, strlen (mid)))
      sdp_judge_breach (judge, "RFC 8829 section 5.3.1",
          "the lip sync group contains what is sent");
  }
  if ((n_sending > 1) != (answered != NULL))
    sdp_judge_breach (judge, "RFC 8829 section 5.3.1",
        "a lip sync group is answered if it was offered");
}

/* One track of each kind, because a player shows one picture. */
static void
judge_tracks (SdpJudge *judge)
{
  static const gchar *const media[] = { "m=video ", "m=audio " };

  for (guint k = 0; k < G_N_ELEMENTS (media); k++) {
    guint n = 0;

    for (guint i = 0; i < judge->answer.n_sections; i++)
      n += sdp_part_has (&judge->answer.sections[i], "a=sendonly") &&
          g_str_has_prefix (judge->answer.sections[i].lines[0], media[k]);
    if (n > 1)
      sdp_judge_breach (judge, "the stream", "at most one track of each kind");
  }
}

static gboolean
is_in_offered_group (const SdpJudge *judge, const SdpPart *answered)
{
  const gchar *mid = sdp_part_find (answered, "a=mid:");

  return mid != NULL &&
      sdp_words_have (group_of (&judge->offer), mid, strlen (mid));
}

void
sdp_judge_session (SdpJudge *judge)
{
  const SdpPart *session = &judge->answer.session;
  const SdpPart *tagged = first_accepted (judge);

  if (tagged == NULL) {
    sdp_judge_breach (judge, "the judge", "at least one m-section is accepted");
    return;
  }
  if (!judge->facts->is_foreign && !sdp_part_has (session, "a=ice-lite"))
    sdp_judge_breach (judge, "RFC 8839 section 5.3", "we are ICE-lite");
  if (sdp_part_has (&judge->offer.session, "a=ice-lite"))
    sdp_judge_breach (judge, "RFC 8445 section 6.1.1",
        "one end is not ICE-lite");
  if (sdp_part_has (session, "a=extmap-allow-mixed") &&
      !sdp_part_has (&judge->offer.session, "a=extmap-allow-mixed"))
    sdp_judge_breach (judge, "RFC 8285 section 6",
        "allow-mixed is answered if it was offered");
  judge_ice_options (judge);
  judge_lip_sync (judge);
  judge_tracks (judge);
  if (group_of (&judge->answer) != NULL) {
    judge_group (judge);
    tagged = judge_tag (judge);
  } else if (count_accepted (judge) > 1) {
    sdp_judge_breach (judge, "RFC 9143 section 7.3",
        "m-sections that share a transport are bundled");
  } else if (is_in_offered_group (judge, tagged)) {
    sdp_judge_breach (judge, "RFC 9143 section 7.3",
        "a group is answered with a group");
  }
  if (tagged != NULL)
    judge_candidates (judge, tagged);
}
