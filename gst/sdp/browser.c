/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each browser needs done differently: see browser.h. */

#include "gst/sdp/browser.h"
#include "gst/sdp/refusal.h"

#include <string.h>

/* RFC 6184 section 8.1: the last two of six digits, in tenths of a level. */
#define H264_LEVEL_DIGITS 2
#define H264_ID_DIGITS 6
#define H264_LEVEL_3_1 "1f"

/* The lines, without their ends; [0] is "v=0". */
typedef GPtrArray Lines;

static const gchar *
line_at (const Lines *lines, guint index)
{
  return index < lines->len ? lines->pdata[index] : NULL;
}

static gboolean
has_prefix_at (const Lines *lines, guint index, const gchar *prefix)
{
  const gchar *line = line_at (lines, index);

  return line != NULL && g_str_has_prefix (line, prefix);
}

static void
replace (Lines *lines, guint index, gchar *line)
{
  g_free (lines->pdata[index]);
  lines->pdata[index] = line;
}

/* Removes each line that @is_unwanted says so of. Returns how many. */
static guint
remove_lines (Lines *lines, gboolean (*is_unwanted) (const gchar *line))
{
  guint n_removed = 0;

  for (guint i = lines->len; i > 0; i--) {
    if (!is_unwanted (lines->pdata[i - 1]))
      continue;
    g_ptr_array_remove_index (lines, i - 1);
    n_removed++;
  }
  return n_removed;
}

/* "a=candidate:1 1 udp 2130706431 ADDRESS …": not a literal one. */
static gboolean
is_candidate_by_name (const gchar *line)
{
  g_auto (GStrv) words = NULL;
  const gchar *address;

  if (!g_str_has_prefix (line, "a=candidate:"))
    return FALSE;
  words = g_strsplit (line, " ", 6);
  if (g_strv_length (words) < 6)
    return FALSE;
  address = words[4];
  return strchr (address, ':') == NULL &&
      strspn (address, "0123456789.") != strlen (address);
}

static guint
drop_names (Lines *lines)
{
  return remove_lines (lines, is_candidate_by_name);
}

static gboolean
is_mid_extension (const gchar *line)
{
  return g_str_has_prefix (line, "a=extmap:") &&
      strstr (line, "urn:ietf:params:rtp-hdrext:sdes:mid") != NULL;
}

static guint
drop_mid_beside_rtx (Lines *lines)
{
  for (guint i = 0; i < lines->len; i++)
    if (g_str_has_prefix (lines->pdata[i], "a=rtpmap:") &&
        strstr (lines->pdata[i], " rtx/") != NULL)
      return remove_lines (lines, is_mid_extension);
  return 0;
}

/* Cuts "name=value" out of a=fmtp, with its semicolon. */
static guint
drop_sprop (Lines *lines)
{
  guint n_lines = 0;

  for (guint i = 0; i < lines->len; i++) {
    const gchar *line = lines->pdata[i];
    const gchar *start = strstr (line, "sprop-parameter-sets=");
    gsize size;

    if (!g_str_has_prefix (line, "a=fmtp:") || start == NULL)
      continue;
    size = strcspn (start, ";");
    size += start[size] == ';';
    replace (lines, i,
        g_strdup_printf ("%.*s%s", (gint) (start - line), line, start + size));
    n_lines++;
  }
  return n_lines;
}

/* @line's profile-level-id, or NULL. */
static gchar *
find_level (gchar *line)
{
  gchar *id = strstr (line, "profile-level-id=");

  if (!g_str_has_prefix (line, "a=fmtp:") || id == NULL)
    return NULL;
  id += strlen ("profile-level-id=");
  if (strspn (id, "0123456789abcdefABCDEF") < H264_ID_DIGITS)
    return NULL;
  return id + H264_ID_DIGITS - H264_LEVEL_DIGITS;
}

static guint
lower_levels (Lines *lines)
{
  guint n_lines = 0;

  for (guint i = 0; i < lines->len; i++) {
    gchar *level = find_level (lines->pdata[i]);

    if (level == NULL ||
        g_ascii_strncasecmp (level, H264_LEVEL_3_1, H264_LEVEL_DIGITS) <= 0)
      continue;
    memcpy (level, H264_LEVEL_3_1, H264_LEVEL_DIGITS);
    n_lines++;
  }
  return n_lines;
}

/* Returns: (transfer full) (nullable): "a=fmtp:PT " of "a=rtpmap:PT opus/…". */
static gchar *
opus_prefix (const gchar *line)
{
  const gchar *pt = line + strlen ("a=rtpmap:");

  if (!g_str_has_prefix (line, "a=rtpmap:") ||
      g_ascii_strncasecmp (pt + strspn (pt, "0123456789"), " opus/48000/2",
          strlen (" opus/48000/2")) != 0)
    return NULL;
  return g_strdup_printf ("a=fmtp:%.*s ", (gint) strspn (pt, "0123456789"), pt);
}

static guint
ask_for_stereo (Lines *lines)
{
  guint n_lines = 0;

  for (guint i = 0; i < lines->len; i++) {
    g_autofree gchar *prefix = opus_prefix (lines->pdata[i]);

    for (guint k = i + 1; prefix != NULL && k < lines->len; k++) {
      if (has_prefix_at (lines, k, "m="))
        break;
      if (!has_prefix_at (lines, k, prefix) ||
          strstr (lines->pdata[k], "stereo=") != NULL)
        continue;
      replace (lines, k,
          g_strconcat (lines->pdata[k], ";stereo=1;sprop-stereo=1", NULL));
      n_lines++;
    }
  }
  return n_lines;
}

static guint
first_section (const Lines *lines)
{
  guint i = 0;

  while (i < lines->len && !has_prefix_at (lines, i, "m="))
    i++;
  return i;
}

static gboolean
section_has (const Lines *lines, guint m_line, const gchar *prefix)
{
  for (guint i = m_line + 1; i < lines->len; i++) {
    if (has_prefix_at (lines, i, "m="))
      return FALSE;
    if (has_prefix_at (lines, i, prefix))
      return TRUE;
  }
  return FALSE;
}

/* Behind m= come i=, c=, b= and k= (RFC 8866 section 9), then attributes. */
static guint
first_attribute (const Lines *lines, guint m_line)
{
  guint at = m_line + 1;

  while (at < lines->len && strchr ("icbk", *line_at (lines, at)) != NULL)
    at++;
  return at;
}

/* The session's a=setup, in each m-section that has none. */
static guint
spread_setup (Lines *lines)
{
  guint end = first_section (lines);
  const gchar *setup = NULL;
  guint n_lines = 0;

  for (guint i = 0; i < end; i++)
    if (has_prefix_at (lines, i, "a=setup:"))
      setup = lines->pdata[i];
  for (guint i = end; setup != NULL && i < lines->len; i++) {
    if (!has_prefix_at (lines, i, "m=") || section_has (lines, i, "a=setup:"))
      continue;
    g_ptr_array_insert (lines, first_attribute (lines, i), g_strdup (setup));
    n_lines++;
  }
  return n_lines;
}

/* "m=video 0 …" that is bundle-only: not refused. */
static guint
open_bundle_only (Lines *lines)
{
  guint n_lines = 0;

  for (guint i = 0; i < lines->len; i++) {
    const gchar *line = lines->pdata[i];
    const gchar *port = strchr (line, ' ');

    if (!g_str_has_prefix (line, "m=") || port == NULL ||
        !g_str_has_prefix (port, " 0 ") ||
        !section_has (lines, i, "a=bundle-only"))
      continue;
    replace (lines, i,
        g_strdup_printf ("%.*s 9%s", (gint) (port - line), line, port + 2));
    n_lines++;
  }
  return n_lines;
}

#define FOR(browser) (1u << SDP_BROWSER_##browser)
#define FOR_ALL (~0u)

static const struct
{
  SdpRule rule;
  guint browsers;
  guint (*apply) (Lines *lines);
} rules[] = {
  { { "setup-in-sections",
        "a=setup of the session holds for each m-section, and webrtcbin looks "
        "for it there alone",
        "measured: libdatachannel's offers to webrtcbin 1.22",
        "a_session_s_setup_is_spread" },
      FOR_ALL, spread_setup },
  { { "bundle-only-port",
        "port 0 with bundle-only is no refusal, and is read as one",
        "Firefox's second m-section; RFC 9143 section 6",
        "a_bundle_only_section_gets_a_port" },
      FOR_ALL, open_bundle_only },
  { { "no-sprop",
        "parameter sets travel with each key frame; those of the description "
        "grow stale when the publisher changes",
        "RFC 6184 section 8.2.2", "stale_parameter_sets_go" },
      FOR_ALL, drop_sprop },
  { { "no-names",
        "a candidate by name fails in Firefox, and others wait for the name",
        "bugzilla 1239006", "candidates_by_name_go" },
      FOR_ALL, drop_names },
  { { "rtx-without-mid",
        "Firefox can't play retransmissions that carry sdes:mid",
        "ZLMediaKit, webrtc/Sdp.cpp", "firefox_gets_no_mid_beside_rtx" },
      FOR (FIREFOX), drop_mid_beside_rtx },
  { { "stereo", "libwebrtc mixes Opus down unless its peer says stereo",
        "RFC 7587 section 7; mediasoup-client", "opus_is_stereo" },
      FOR (CHROME) | FOR (SAFARI), ask_for_stereo },
  { { "level-3.1",
        "Safari refuses the description of a level above that; the level "
        "limits nothing where asymmetry is allowed",
        "reachy_mini issue 621; RFC 6184 section 8.1",
        "safari_sees_no_high_level" },
      FOR (SAFARI), lower_levels },
};

const SdpRule *
sdp_browser_rule (guint index)
{
  return index < G_N_ELEMENTS (rules) ? &rules[index].rule : NULL;
}

SdpBrowser
sdp_browser_detect (const gchar *sdp, const gchar *user_agent)
{
  if (strstr (sdp, "mozilla...THIS_IS_SDPARTA") != NULL)
    return SDP_BROWSER_FIREFOX;
  /* Constrained High is Apple's alone. */
  if (strstr (sdp, "profile-level-id=640c") != NULL)
    return SDP_BROWSER_SAFARI;
  if (user_agent == NULL)
    return SDP_BROWSER_GENERIC;
  if (strstr (user_agent, "Firefox/") != NULL)
    return SDP_BROWSER_FIREFOX;
  if (strstr (user_agent, "Chrome/") != NULL ||
      strstr (user_agent, "Chromium/") != NULL)
    return SDP_BROWSER_CHROME;
  if (strstr (user_agent, "Safari/") != NULL)
    return SDP_BROWSER_SAFARI;
  return SDP_BROWSER_GENERIC;
}

static gboolean
refuse (guint number, const gchar *what, GError **error)
{
  return sdp_refuse (SDP_ERROR_MALFORMED, error, "Line %u: %s.", number, what);
}

/* RFC 8866 section 5: "x=value"; only CRLF and LF end a line. */
static gboolean
check_line (const gchar *line, guint number, GError **error)
{
  if (number == 1 && strcmp (line, "v=0") != 0)
    return refuse (number, "a description begins with \"v=0\"", error);
  if (!g_ascii_islower (line[0]) || line[1] != '=')
    return refuse (number, "a line is a letter, \"=\" and a value", error);
  for (const gchar *c = line; *c != '\0'; c++)
    if (*c == '\r')
      return refuse (number, "a carriage return within the line", error);
  return TRUE;
}

static gboolean
read_lines (const gchar *sdp, Lines *lines, GError **error)
{
  while (*sdp != '\0') {
    gsize size = strcspn (sdp, "\n");
    gsize end = size > 0 && sdp[size - 1] == '\r' ? size - 1 : size;

    if (lines->len >= SDP_MUNGE_MAX_LINES)
      return refuse (lines->len, "too many lines", error);
    g_ptr_array_add (lines, g_strndup (sdp, end));
    if (!check_line (lines->pdata[lines->len - 1], lines->len, error))
      return FALSE;
    sdp += size + (sdp[size] == '\n');
  }
  return lines->len > 0 || refuse (1, "there is none", error);
}

static gchar *
join (const Lines *lines)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < lines->len; i++)
    g_string_append_printf (text, "%s\r\n", (gchar *) lines->pdata[i]);
  return g_string_free (text, FALSE);
}

gchar *
sdp_browser_munge (const gchar *sdp, SdpBrowser browser, GArray *reports,
    GError **error)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  if (strlen (sdp) > SDP_MUNGE_MAX_BYTES) {
    refuse (1, "the description is too long", error);
    return NULL;
  }
  if (!read_lines (sdp, lines, error))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++) {
    SdpRuleReport report = { .rule = &rules[i].rule };

    if (!(rules[i].browsers & (1u << browser)))
      continue;
    report.n_lines = rules[i].apply (lines);
    if (report.n_lines > 0)
      g_array_append_val (reports, report);
  }
  return join (lines);
}
