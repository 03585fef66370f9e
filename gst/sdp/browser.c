/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Adapts descriptions to browsers: see browser.h. */

#include "gst/sdp/browser.h"
#include "gst/sdp/document.h"
#include "gst/sdp/h264profile.h"
#include "gst/sdp/profilelevelid.h"

#include <string.h>

/* RFC 6184 section 8.1: the last of the three bytes is the level in tenths. */
#define LEVEL_MASK 0xff
#define LEVEL_3_1 0x1f

#define FOR(browser) (1u << SDP_BROWSER_##browser)
#define FOR_ALL (~0u)

/* Removes the lines that @is_unwanted selects. Returns how many. */
static guint
remove_lines (SdpDocument *document, guint start, guint end,
    gboolean (*is_unwanted) (const gchar *line))
{
  guint n_removed = 0;

  for (guint i = end; i > start; i--) {
    if (!is_unwanted (sdp_document_line (document, i - 1)))
      continue;
    sdp_document_remove (document, i - 1);
    n_removed++;
  }
  return n_removed;
}

static guint
end_lines (SdpDocument *document, const SdpMunging *munging)
{
  return sdp_document_end_lines (document);
}

/* m= is followed by i=, c=, b= and k= (RFC 8866 section 9), then attributes. */
static guint
first_attribute (const SdpDocument *document, guint m_line)
{
  guint at = m_line + 1;

  while (at < sdp_document_n_lines (document) &&
      strchr ("icbk", *sdp_document_line (document, at)) != NULL)
    at++;
  return at;
}

static guint
spread_setup (SdpDocument *document, const SdpMunging *munging)
{
  const gchar *role = sdp_document_find (document, 0, "a=setup:");
  guint at = sdp_document_next_section (document, 0);
  guint n_lines = 0;

  while (role != NULL && at < sdp_document_n_lines (document)) {
    if (sdp_document_find (document, at, "a=setup:") == NULL) {
      g_autofree gchar *line = g_strconcat ("a=setup:", role, NULL);

      sdp_document_insert (document, first_attribute (document, at), line);
      n_lines++;
    }
    at = sdp_document_next_section (document, at + 1);
  }
  return n_lines;
}

static guint
open_bundle_only (SdpDocument *document, const SdpMunging *munging)
{
  guint at = sdp_document_next_section (document, 0);
  guint n_lines = 0;

  while (at < sdp_document_n_lines (document)) {
    const gchar *line = sdp_document_line (document, at);
    const gchar *port = strchr (line, ' ');

    if (port != NULL && g_str_has_prefix (port, " 0 ") &&
        sdp_document_find (document, at, "a=bundle-only") != NULL) {
      sdp_document_replace (document, at, "%.*s 9%s", (gint) (port - line),
          line, port + 2);
      n_lines++;
    }
    at = sdp_document_next_section (document, at + 1);
  }
  return n_lines;
}

/* Removes the parameter from its line, with its semicolon. */
static void
cut_parameter (SdpDocument *document, guint index,
    const SdpParameter *parameter)
{
  const gchar *line = sdp_document_line (document, index);
  const gchar *end = parameter->start + parameter->size;

  end += *end == ';' ? 1 + strspn (end + 1, " ") : 0;
  sdp_document_replace (document, index, "%.*s%s",
      (gint) (parameter->start - line), line, end);
}

static guint
drop_sprop (SdpDocument *document, const SdpMunging *munging)
{
  SdpParameter parameter;
  guint n_lines = 0;

  for (guint i = 0; i < sdp_document_n_lines (document); i++) {
    gboolean has_one = FALSE;

    while (sdp_document_find_parameter (document, i, "sprop-parameter-sets",
        &parameter)) {
      cut_parameter (document, i, &parameter);
      has_one = TRUE;
    }
    n_lines += has_one;
  }
  return n_lines;
}

/* "a=candidate:1 1 udp 2130706431 ADDRESS …", if ADDRESS is not literal. */
static gboolean
is_candidate_by_name (const gchar *line)
{
  const gchar *address = line;
  gsize size;

  if (!g_str_has_prefix (line, "a=candidate:"))
    return FALSE;
  for (guint i = 0; i < 4 && address != NULL; i++) {
    address = strchr (address, ' ');
    address = address != NULL ? address + 1 : NULL;
  }
  if (address == NULL || strchr (address, ' ') == NULL)
    return FALSE;
  size = strcspn (address, " ");
  return memchr (address, ':', size) == NULL &&
      strspn (address, "0123456789.") < size;
}

static guint
drop_names (SdpDocument *document, const SdpMunging *munging)
{
  return remove_lines (document, 0, sdp_document_n_lines (document),
      is_candidate_by_name);
}

/* "a=extmap:9 URI", ignoring anything after the URI. */
static gboolean
is_mid_extension (const gchar *line)
{
  const gchar *uri = strchr (line, ' ');
  const gchar *mid = sdp_extension_uri (SDP_SDES_MID);
  gsize size = strlen (mid);

  return g_str_has_prefix (line, "a=extmap:") && uri != NULL &&
      strncmp (uri + 1, mid, size) == 0 &&
      (uri[1 + size] == ' ' || uri[1 + size] == '\0');
}

static gboolean
is_rtx_mapping (const gchar *line)
{
  return g_str_has_prefix (line, "a=rtpmap:") && strstr (line, " rtx/") != NULL;
}

static guint
drop_mid_with_rtx (SdpDocument *document, const SdpMunging *munging)
{
  guint at = sdp_document_next_section (document, 0);
  guint n_lines = 0;

  while (at < sdp_document_n_lines (document)) {
    guint end = sdp_document_next_section (document, at + 1);
    gboolean has_rtx = FALSE;

    for (guint i = at; i < end; i++)
      has_rtx |= is_rtx_mapping (sdp_document_line (document, i));
    if (has_rtx)
      n_lines += remove_lines (document, at, end, is_mid_extension);
    at = sdp_document_next_section (document, at + 1);
  }
  return n_lines;
}

static guint
ask_for_stereo (SdpDocument *document, const SdpMunging *munging)
{
  SdpParameter parameter;
  guint n_lines = 0;

  for (guint i = 0; i < sdp_document_n_lines (document); i++) {
    if (!sdp_document_is_parameters_of (document, i, "opus/48000/2") ||
        sdp_document_find_parameter (document, i, "stereo", &parameter) ||
        sdp_document_find_parameter (document, i, "sprop-stereo", &parameter))
      continue;
    sdp_document_replace (document, i, "%s;stereo=1;sprop-stereo=1",
        sdp_document_line (document, i));
    n_lines++;
  }
  return n_lines;
}

static gboolean
is_answer (const SdpDocument *document)
{
  for (guint i = 0; i < sdp_document_n_lines (document); i++) {
    if (sdp_document_has_prefix (document, i, "a=setup:active") ||
        sdp_document_has_prefix (document, i, "a=setup:passive"))
      return TRUE;
  }
  return FALSE;
}

/* Keeps the first format of the m= line, and its retransmissions. */
static void
keep_first_codec (const SdpDocument *document, guint m_line, gboolean *is_kept)
{
  g_auto (GStrv) words =
      g_strsplit (sdp_document_line (document, m_line), " ", 5);
  g_autofree gchar *apt = NULL;
  guint64 pt;

  if (g_strv_length (words) < 4 ||
      !g_ascii_string_to_unsigned (words[3], 10, 0, SDP_PT_MAX, &pt, NULL))
    return;
  is_kept[pt] = TRUE;
  apt = g_strdup_printf (" apt=%u", (guint) pt);
  for (guint i = m_line + 1;
       i < sdp_document_next_section (document, m_line + 1); i++) {
    gint rtx = sdp_document_pt (document, i, "a=fmtp:");

    if (rtx >= 0 && g_str_has_suffix (sdp_document_line (document, i), apt))
      is_kept[rtx] = TRUE;
  }
}

static guint
answer_one_video_codec (SdpDocument *document, const SdpMunging *munging)
{
  guint at = sdp_document_next_section (document, 0);
  guint n_lines = 0;

  while (is_answer (document) && at < sdp_document_n_lines (document)) {
    gboolean is_kept[SDP_PT_MAX + 1] = { FALSE };

    keep_first_codec (document, at, is_kept);
    if (sdp_document_has_prefix (document, at, "m=video "))
      n_lines += sdp_document_keep_formats (document, at, is_kept);
    at = sdp_document_next_section (document, at + 1);
  }
  return n_lines;
}

/* The profile-level-ids of H.264 in the offers of each browser, all in
 * packetization mode 1, without those that need hardware support. */
static const struct
{
  SdpBrowser browser;
  guint32 id;
} browser_ids[] = {
  { SDP_BROWSER_CHROME, 0x42e01f },
  { SDP_BROWSER_CHROME, 0x42001f },
  { SDP_BROWSER_CHROME, 0x4d001f },
  { SDP_BROWSER_FIREFOX, 0x42e01f },
  { SDP_BROWSER_FIREFOX, 0x42001f },
  { SDP_BROWSER_SAFARI, 0x640c1f },
  { SDP_BROWSER_SAFARI, 0x42e01f },
};

/* Returns the browser's ID that is nearest to what is sent, or @id if the
 * browser has none.
 */
static guint32
nearest_id (const SdpMunging *munging, guint32 id)
{
  guint32 sent = munging->profile_level_id ?: id;
  gint nearest = G_MAXINT;

  for (guint i = 0; i < G_N_ELEMENTS (browser_ids); i++) {
    gint distance = sdp_h264_profile_distance (sdp_h264_profile_from_id (sent),
        sdp_h264_profile_from_id (browser_ids[i].id));

    if (browser_ids[i].browser != munging->browser || distance < 0 ||
        distance >= nearest)
      continue;
    nearest = distance;
    id = browser_ids[i].id;
  }
  return id;
}

/* Returns the ID in the offer for the format of the @index-th line, or @id. */
static guint32
offered_id (const SdpDocument *document, guint index, const SdpOffer *offer,
    guint32 id)
{
  guint section = 0;
  gint pt = sdp_document_pt (document, index, "a=fmtp:");

  for (guint i = sdp_document_next_section (document, 0);
       i < sdp_document_section_of (document, index);
       i = sdp_document_next_section (document, i + 1))
    section++;
  if (section < sdp_offer_n_sections (offer) && pt >= 0)
    sdp_profile_level_id_read_section (sdp_offer_section (offer, section), pt,
        &id);
  return id;
}

static guint32
safari_level (guint32 id)
{
  return (id & LEVEL_MASK) > LEVEL_3_1 ? (id & ~LEVEL_MASK) | LEVEL_3_1 : id;
}

static guint32
id_for (const SdpDocument *document, guint index, gconstpointer data,
    guint32 id)
{
  const SdpMunging *munging = data;

  if (munging->offer != NULL)
    return offered_id (document, index, munging->offer, id);
  if (!is_answer (document))
    id = nearest_id (munging, id);
  return munging->browser == SDP_BROWSER_SAFARI ? safari_level (id) : id;
}

static guint
rewrite_h264 (SdpDocument *document, const SdpMunging *munging)
{
  return sdp_profile_level_id_rewrite (document, id_for, munging);
}

static guint32
forced_id (const SdpDocument *document, guint index, gconstpointer data,
    guint32 id)
{
  const SdpMunging *munging = data;

  return munging->forced_profile_level_id ?: id;
}

static guint
force_h264 (SdpDocument *document, const SdpMunging *munging)
{
  return sdp_profile_level_id_rewrite (document, forced_id, munging);
}

/* The table of rules, which are applied from top to bottom. */
static const struct
{
  SdpRule rule;
  guint browsers;
  guint (*apply) (SdpDocument *document, const SdpMunging *munging);
} rules[SDP_N_RULES] = {
  { { "line-ends", "a line that ends in LF alone", "it ends in CRLF",
        "strict parsers require it", "RFC 8866 section 5",
        "lines_end_in_crlf" },
      FOR_ALL, end_lines },
  { { "setup-in-sections",
        "a session-level a=setup, and an m-section without one",
        "the m-section gets that of the session",
        "webrtcbin looks only there, and rejects an offer without it",
        "measured: libdatachannel's offers to webrtcbin 1.22",
        "a_session_level_setup_is_copied_to_each_section" },
      FOR_ALL, spread_setup },
  { { "bundle-only-port", "port 0 with a=bundle-only", "the port is 9",
        "it does not reject the m-section, but is mistaken for a rejection",
        "Firefox's second m-section; RFC 9143 section 6",
        "a_bundle_only_section_gets_a_port" },
      FOR_ALL, open_bundle_only },
  { { "no-sprop", "sprop-parameter-sets", "it is removed",
        "parameter sets are sent with each key frame; those in the description "
        "become stale when the publisher changes",
        "RFC 6184 section 8.2.2", "parameter_sets_are_removed" },
      FOR_ALL, drop_sprop },
  { { "no-names", "a candidate whose address is a name", "it is removed",
        "it fails in Firefox, and others wait until it is resolved",
        "bugzilla 1239006", "candidates_by_name_are_removed" },
      FOR_ALL, drop_names },
  { { "rtx-without-mid", "the extension sdes:mid with an RTX format",
        "the extension is removed",
        "Firefox can't play retransmissions that have it, and it is not needed",
        "ZLMediaKit, webrtc/Sdp.cpp",
        "the_mid_extension_is_removed_where_there_is_rtx" },
      FOR_ALL, drop_mid_with_rtx },
  { { "stereo", "Opus without a stereo parameter",
        "stereo=1;sprop-stereo=1 are added",
        "libwebrtc, which all browsers contain, mixes Opus down to mono unless "
        "its peer signals stereo",
        "RFC 7587 section 7; mediasoup-client", "opus_gets_stereo" },
      FOR_ALL, ask_for_stereo },
  { { "one-video-codec", "an answer with several video codecs",
        "only the first one and its retransmissions are kept",
        "Firefox on Linux and Android ignores their order and sends another",
        "bugzilla 1802829; livekit pull request 2183",
        "firefox_is_answered_with_one_video_codec" },
      FOR (FIREFOX), answer_one_video_codec },
  { { "h264-label", "H.264 whose profile-level-id is not one of the browser's",
        "an answer gets exactly the offered profile-level-id, an offer the "
        "nearest of the browser's; for Safari no level is above 3.1",
        "Firefox and Safari reject any other; the decoder reads the actual "
        "profile from the SPS and plays all of them",
        "measured in Chromium 156 and Firefox 153; neko pull request 109, "
        "reachy_mini issue 621",
        "h264_gets_the_browsers_profile_level_id" },
      FOR_ALL, rewrite_h264 },
  { { "forced-label", "H.264, if the application has set a profile-level-id",
        "that one is used", "the application's choice takes precedence",
        "property force-profile-level-id",
        "the_applications_profile_level_id_takes_precedence" },
      FOR_ALL, force_h264 },
};

const SdpRule *
sdp_browser_rule (guint index)
{
  return &rules[index].rule;
}

/* The features that identify a browser, most reliable first. */
static const struct
{
  const gchar *text;
  SdpBrowser browser;
} marks[] = {
  { "mozilla...THIS_IS_SDPARTA", SDP_BROWSER_FIREFOX },
  /* Only Apple uses Constrained High. */
  { "profile-level-id=640c", SDP_BROWSER_SAFARI },
}, user_agents[] = {
  { "Firefox/", SDP_BROWSER_FIREFOX },
  { "Chrome/", SDP_BROWSER_CHROME },
  { "Chromium/", SDP_BROWSER_CHROME },
  { "Safari/", SDP_BROWSER_SAFARI },
};

/* With this space, the line was written by libwebrtc, so by Chrome or Safari.
 */
#define LIBWEBRTC_MARK "a=msid-semantic: WMS"

SdpBrowser
sdp_browser_detect (const gchar *sdp, const gchar *user_agent)
{
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++) {
    if (strstr (sdp, marks[i].text) != NULL)
      return marks[i].browser;
  }
  for (guint i = 0; user_agent && i < G_N_ELEMENTS (user_agents); i++) {
    if (strstr (user_agent, user_agents[i].text) != NULL)
      return user_agents[i].browser;
  }
  return strstr (sdp, LIBWEBRTC_MARK) != NULL ? SDP_BROWSER_CHROME
                                              : SDP_BROWSER_GENERIC;
}

/* Advice for the viewer: the first row that matches. */
static const struct
{
  guint browsers;
  const gchar *codec; /* NULL: any */
  const gchar *advice;
} advices[] = {
  { FOR (FIREFOX), "H.264",
      "A new Firefox downloads it within a minute or two: wait, then reload. "
      "Or "
      "use Chrome, Edge or Safari." },
  { FOR (CHROME), "H.264",
      "Some builds of Chromium come without it: use Chrome, Edge or Safari." },
  { FOR (CHROME), "H.265",
      "Chrome plays it only if the graphics hardware decodes it: use Safari "
      "or another machine, or have the stream published as H.264." },
  { FOR_ALL, "H.264", "Use Chrome, Edge or Safari." },
  { FOR_ALL, "H.265",
      "Use Safari, or Chrome on a machine whose graphics hardware decodes it, "
      "or have the stream published as H.264." },
  { FOR_ALL, NULL,
      "Use another browser or machine, or have the stream published as "
      "H.264." },
};

const gchar *
sdp_browser_advice (SdpBrowser browser, const gchar *codec)
{
  guint i = 0;

  while (!(advices[i].browsers & (1u << browser)) ||
      (advices[i].codec != NULL && strcmp (advices[i].codec, codec) != 0))
    i++;
  return advices[i].advice;
}

static gboolean
is_skipped (const gchar *name, const gchar *skipped)
{
  g_auto (GStrv) names = NULL;

  if (skipped == NULL)
    return FALSE;
  names = g_strsplit_set (skipped, ", ", -1);
  return g_strv_contains ((const gchar *const *) names, name);
}

gchar *
sdp_browser_munge (const gchar *sdp, const SdpMunging *munging,
    SdpReport *report, GError **error)
{
  g_autoptr (SdpDocument) document = sdp_document_new (sdp, error);

  *report = (SdpReport){ 0 };
  if (document == NULL)
    return NULL;
  for (guint i = 0; i < SDP_N_RULES; i++) {
    if (rules[i].browsers & (1u << munging->browser) &&
        !is_skipped (rules[i].rule.name, munging->skipped))
      report->n_lines[i] = rules[i].apply (document, munging);
  }
  return sdp_document_to_text (document);
}

guint
sdp_report_count (const SdpReport *self)
{
  guint n_rules = 0;

  for (guint i = 0; i < SDP_N_RULES; i++)
    n_rules += self->n_lines[i] > 0;
  return n_rules;
}

gchar *
sdp_report_to_text (const SdpReport *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < SDP_N_RULES; i++) {
    if (self->n_lines[i] == 0)
      continue;
    g_string_append_printf (text, "%s%s, %u %s: %s", text->len > 0 ? "\n" : "",
        rules[i].rule.name, self->n_lines[i],
        self->n_lines[i] == 1 ? "line" : "lines", rules[i].rule.why);
  }
  return g_string_free (text, FALSE);
}
