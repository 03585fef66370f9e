/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each browser needs done differently: see browser.h. */

#include "gst/sdp/browser.h"
#include "gst/sdp/document.h"
#include "gst/sdp/h264profile.h"
#include "gst/sdp/profilelevelid.h"

#include <string.h>

/* RFC 6184 section 8.1: the last of the three bytes, in tenths of a level. */
#define LEVEL_MASK 0xff
#define LEVEL_3_1 0x1f

#define FOR(browser) (1u << SDP_BROWSER_##browser)
#define FOR_ALL (~0u)

/* Removes each line that @is_unwanted says so of. Returns how many. */
static guint
remove_lines (SdpDocument *draft, guint start, guint end,
    gboolean (*is_unwanted) (const gchar *line))
{
  guint n_removed = 0;

  for (guint i = end; i > start; i--) {
    if (!is_unwanted (sdp_document_line (draft, i - 1)))
      continue;
    sdp_document_remove (draft, i - 1);
    n_removed++;
  }
  return n_removed;
}

static guint
end_lines (SdpDocument *draft, const SdpMunging *munging)
{
  return sdp_document_end_lines (draft);
}

/* Behind m= come i=, c=, b= and k= (RFC 8866 section 9), then attributes. */
static guint
first_attribute (const SdpDocument *draft, guint m_line)
{
  guint at = m_line + 1;

  while (at < sdp_document_n_lines (draft) &&
      strchr ("icbk", *sdp_document_line (draft, at)) != NULL)
    at++;
  return at;
}

static guint
spread_setup (SdpDocument *draft, const SdpMunging *munging)
{
  const gchar *role = sdp_document_find (draft, 0, "a=setup:");
  guint at = sdp_document_next_section (draft, 0);
  guint n_lines = 0;

  while (role != NULL && at < sdp_document_n_lines (draft)) {
    if (sdp_document_find (draft, at, "a=setup:") == NULL) {
      g_autofree gchar *line = g_strconcat ("a=setup:", role, NULL);

      sdp_document_insert (draft, first_attribute (draft, at), line);
      n_lines++;
    }
    at = sdp_document_next_section (draft, at + 1);
  }
  return n_lines;
}

static guint
open_bundle_only (SdpDocument *draft, const SdpMunging *munging)
{
  guint at = sdp_document_next_section (draft, 0);
  guint n_lines = 0;

  while (at < sdp_document_n_lines (draft)) {
    const gchar *line = sdp_document_line (draft, at);
    const gchar *port = strchr (line, ' ');

    if (port != NULL && g_str_has_prefix (port, " 0 ") &&
        sdp_document_find (draft, at, "a=bundle-only") != NULL) {
      sdp_document_replace (draft, at, "%.*s 9%s", (gint) (port - line), line,
          port + 2);
      n_lines++;
    }
    at = sdp_document_next_section (draft, at + 1);
  }
  return n_lines;
}

/* Cuts the parameter out of its line, with its semicolon. */
static void
cut_parameter (SdpDocument *draft, guint index, const SdpParameter *parameter)
{
  const gchar *line = sdp_document_line (draft, index);
  const gchar *end = parameter->start + parameter->size;

  end += *end == ';' ? 1 + strspn (end + 1, " ") : 0;
  sdp_document_replace (draft, index, "%.*s%s",
      (gint) (parameter->start - line), line, end);
}

static guint
drop_sprop (SdpDocument *draft, const SdpMunging *munging)
{
  SdpParameter parameter;
  guint n_lines = 0;

  for (guint i = 0; i < sdp_document_n_lines (draft); i++) {
    gboolean has_one = FALSE;

    while (sdp_document_find_parameter (draft, i, "sprop-parameter-sets",
        &parameter)) {
      cut_parameter (draft, i, &parameter);
      has_one = TRUE;
    }
    n_lines += has_one;
  }
  return n_lines;
}

/* "a=candidate:1 1 udp 2130706431 ADDRESS …": not a literal one. */
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
drop_names (SdpDocument *draft, const SdpMunging *munging)
{
  return remove_lines (draft, 0, sdp_document_n_lines (draft),
      is_candidate_by_name);
}

/* "a=extmap:9 URI": what may follow doesn't count. */
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
drop_mid_beside_rtx (SdpDocument *draft, const SdpMunging *munging)
{
  guint at = sdp_document_next_section (draft, 0);
  guint n_lines = 0;

  while (at < sdp_document_n_lines (draft)) {
    guint end = sdp_document_next_section (draft, at + 1);
    gboolean has_rtx = FALSE;

    for (guint i = at; i < end; i++)
      has_rtx |= is_rtx_mapping (sdp_document_line (draft, i));
    if (has_rtx)
      n_lines += remove_lines (draft, at, end, is_mid_extension);
    at = sdp_document_next_section (draft, at + 1);
  }
  return n_lines;
}

static guint
ask_for_stereo (SdpDocument *draft, const SdpMunging *munging)
{
  SdpParameter parameter;
  guint n_lines = 0;

  for (guint i = 0; i < sdp_document_n_lines (draft); i++) {
    if (!sdp_document_is_parameters_of (draft, i, "opus/48000/2") ||
        sdp_document_find_parameter (draft, i, "stereo", &parameter) ||
        sdp_document_find_parameter (draft, i, "sprop-stereo", &parameter))
      continue;
    sdp_document_replace (draft, i, "%s;stereo=1;sprop-stereo=1",
        sdp_document_line (draft, i));
    n_lines++;
  }
  return n_lines;
}

static gboolean
is_answer (const SdpDocument *draft)
{
  for (guint i = 0; i < sdp_document_n_lines (draft); i++) {
    if (sdp_document_has_prefix (draft, i, "a=setup:active") ||
        sdp_document_has_prefix (draft, i, "a=setup:passive"))
      return TRUE;
  }
  return FALSE;
}

/* The first format of the m= line, and its retransmissions. */
static void
keep_first_codec (const SdpDocument *draft, guint m_line, gboolean *is_kept)
{
  g_auto (GStrv) words = g_strsplit (sdp_document_line (draft, m_line), " ", 5);
  g_autofree gchar *apt = NULL;
  guint64 pt;

  if (g_strv_length (words) < 4 ||
      !g_ascii_string_to_unsigned (words[3], 10, 0, SDP_PT_MAX, &pt, NULL))
    return;
  is_kept[pt] = TRUE;
  apt = g_strdup_printf (" apt=%u", (guint) pt);
  for (guint i = m_line + 1; i < sdp_document_next_section (draft, m_line + 1);
       i++) {
    gint rtx = sdp_document_pt (draft, i, "a=fmtp:");

    if (rtx >= 0 && g_str_has_suffix (sdp_document_line (draft, i), apt))
      is_kept[rtx] = TRUE;
  }
}

static guint
answer_one_video_codec (SdpDocument *draft, const SdpMunging *munging)
{
  guint at = sdp_document_next_section (draft, 0);
  guint n_lines = 0;

  while (is_answer (draft) && at < sdp_document_n_lines (draft)) {
    gboolean is_kept[SDP_PT_MAX + 1] = { FALSE };

    keep_first_codec (draft, at, is_kept);
    if (sdp_document_has_prefix (draft, at, "m=video "))
      n_lines += sdp_document_keep_formats (draft, at, is_kept);
    at = sdp_document_next_section (draft, at + 1);
  }
  return n_lines;
}

/* The labels of H.264 in the offers of each browser, all in packetization mode
 * 1; what hardware adds isn't counted on. */
static const struct
{
  SdpBrowser browser;
  guint32 id;
} labels[] = {
  { SDP_BROWSER_CHROME, 0x42e01f },
  { SDP_BROWSER_CHROME, 0x42001f },
  { SDP_BROWSER_CHROME, 0x4d001f },
  { SDP_BROWSER_FIREFOX, 0x42e01f },
  { SDP_BROWSER_FIREFOX, 0x42001f },
  { SDP_BROWSER_SAFARI, 0x640c1f },
  { SDP_BROWSER_SAFARI, 0x42e01f },
};

/* The browser's label that is nearest to what is sent, @id if it has none. */
static guint32
nearest_label (const SdpMunging *munging, guint32 id)
{
  guint32 sent = munging->profile_level_id ?: id;
  gint nearest = G_MAXINT;

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++) {
    gint distance = sdp_h264_profile_distance (sdp_h264_profile_from_id (sent),
        sdp_h264_profile_from_id (labels[i].id));

    if (labels[i].browser != munging->browser || distance < 0 ||
        distance >= nearest)
      continue;
    nearest = distance;
    id = labels[i].id;
  }
  return id;
}

/* What the offer calls the format of the @index-th line, or @id. */
static guint32
offered_label (const SdpDocument *draft, guint index, const SdpOffer *offer,
    guint32 id)
{
  guint section = 0;
  gint pt = sdp_document_pt (draft, index, "a=fmtp:");

  for (guint i = sdp_document_next_section (draft, 0);
       i < sdp_document_section_of (draft, index);
       i = sdp_document_next_section (draft, i + 1))
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
label_for (const SdpDocument *draft, guint index, gconstpointer data,
    guint32 id)
{
  const SdpMunging *munging = data;

  if (munging->offer != NULL)
    return offered_label (draft, index, munging->offer, id);
  if (!is_answer (draft))
    id = nearest_label (munging, id);
  return munging->browser == SDP_BROWSER_SAFARI ? safari_level (id) : id;
}

static guint
label_h264 (SdpDocument *draft, const SdpMunging *munging)
{
  return sdp_profile_level_id_rewrite (draft, label_for, munging);
}

static guint32
forced_label (const SdpDocument *draft, guint index, gconstpointer data,
    guint32 id)
{
  const SdpMunging *munging = data;

  return munging->forced_profile_level_id ?: id;
}

static guint
force_label (SdpDocument *draft, const SdpMunging *munging)
{
  return sdp_profile_level_id_rewrite (draft, forced_label, munging);
}

/* THE table. They are applied from top to bottom. */
static const struct
{
  SdpRule rule;
  guint browsers;
  guint (*apply) (SdpDocument *draft, const SdpMunging *munging);
} rules[SDP_N_RULES] = {
  { { "line-ends", "a line that LF alone ends", "CRLF ends it",
        "strict parsers want both", "RFC 8866 section 5",
        "line_ends_become_those_of_sdp" },
      FOR_ALL, end_lines },
  { { "setup-in-sections", "a=setup of the session, and an m-section without",
        "the session's holds there",
        "webrtcbin looks for it there alone, and refuses an offer without",
        "measured: libdatachannel's offers to webrtcbin 1.22",
        "a_session_s_setup_is_spread" },
      FOR_ALL, spread_setup },
  { { "bundle-only-port", "port 0 beside bundle-only", "the port is 9",
        "it is no refusal, and is read as one",
        "Firefox's second m-section; RFC 9143 section 6",
        "a_bundle_only_section_gets_a_port" },
      FOR_ALL, open_bundle_only },
  { { "no-sprop", "sprop-parameter-sets", "it is left out",
        "parameter sets travel with each key frame; those of the description "
        "grow stale when the publisher changes",
        "RFC 6184 section 8.2.2", "stale_parameter_sets_go" },
      FOR_ALL, drop_sprop },
  { { "no-names", "a candidate whose address is a name", "it is left out",
        "it fails in Firefox, and others wait for the name", "bugzilla 1239006",
        "candidates_by_name_go" },
      FOR_ALL, drop_names },
  { { "rtx-without-mid", "the extension sdes:mid beside an RTX format",
        "the extension is left out",
        "Firefox can't play retransmissions that carry it, and nobody needs it",
        "ZLMediaKit, webrtc/Sdp.cpp", "no_mid_stands_beside_rtx" },
      FOR_ALL, drop_mid_beside_rtx },
  { { "stereo", "Opus that says nothing of stereo",
        "stereo=1;sprop-stereo=1 are added",
        "libwebrtc, which is in all of them, mixes Opus down unless its peer "
        "says stereo",
        "RFC 7587 section 7; mediasoup-client", "opus_is_stereo" },
      FOR_ALL, ask_for_stereo },
  { { "one-video-codec", "an answer with several video codecs",
        "the first one and its retransmissions stay",
        "Firefox on Linux and Android ignores their order and sends another",
        "bugzilla 1802829; livekit pull request 2183",
        "firefox_is_answered_with_one_video_codec" },
      FOR (FIREFOX), answer_one_video_codec },
  { { "h264-label", "H.264 that is called other than the browser calls it",
        "an answer has the offered profile-level-id to the last digit; an "
        "offer that of the browser's nearest to it; for Safari no level is "
        "above 3.1",
        "Firefox and Safari refuse any other; the decoder reads the truth from "
        "the SPS and plays all of them",
        "measured in Chromium 156 and Firefox 153; neko pull request 109, "
        "reachy_mini issue 621",
        "h264_is_called_as_the_browser_calls_it" },
      FOR_ALL, label_h264 },
  { { "forced-label", "H.264, where the application has set a label",
        "it is called that", "the application knows better",
        "property force-profile-level-id",
        "the_application_has_the_last_word" },
      FOR_ALL, force_label },
};

const SdpRule *
sdp_browser_rule (guint index)
{
  return &rules[index].rule;
}

/* What gives a browser away, the surest first. */
static const struct
{
  const gchar *text;
  SdpBrowser browser;
} marks[] = {
  { "mozilla...THIS_IS_SDPARTA", SDP_BROWSER_FIREFOX },
  /* Constrained High is Apple's alone. */
  { "profile-level-id=640c", SDP_BROWSER_SAFARI },
}, user_agents[] = {
  { "Firefox/", SDP_BROWSER_FIREFOX },
  { "Chrome/", SDP_BROWSER_CHROME },
  { "Chromium/", SDP_BROWSER_CHROME },
  { "Safari/", SDP_BROWSER_SAFARI },
};

/* With this blank it is libwebrtc's, so Chrome's or Safari's. */
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

/* What a person can do, the first row that fits. */
static const struct
{
  guint browsers;
  const gchar *codec; /* NULL: any */
  const gchar *advice;
} advices[] = {
  { FOR (FIREFOX), "H.264",
      "A new Firefox learns it within a minute or two: wait, then reload. Else "
      "use Chrome, Edge or Safari." },
  { FOR (CHROME), "H.264",
      "Some builds of Chromium come without it: use Chrome, Edge or Safari." },
  { FOR (CHROME), "H.265",
      "Chrome plays it only where the graphics hardware decodes it: use Safari "
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
  g_autoptr (SdpDocument) draft = sdp_document_new (sdp, error);

  *report = (SdpReport){ 0 };
  if (draft == NULL)
    return NULL;
  for (guint i = 0; i < SDP_N_RULES; i++) {
    if (rules[i].browsers & (1u << munging->browser) &&
        !is_skipped (rules[i].rule.name, munging->skipped))
      report->n_lines[i] = rules[i].apply (draft, munging);
  }
  return sdp_document_to_text (draft);
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
