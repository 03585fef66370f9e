/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A judge of answers: see sdpcheck.h. */

#include "whepbench/sdpcheck.h"
#include "whepbench/formatcheck.h"
#include "whepbench/sdpview.h"
#include "whepbench/transportcheck.h"

#include <string.h>

/* Enough for each rule in each m-section. */
#define BREACHES_MAX_BYTES (32 * 1024)

/* RFC 8866 section 9: "x=value", each ended by CRLF. */
static void
judge_lines (SdpJudge *judge, const gchar *answer)
{
  const gchar *line = answer;

  while (*line != '\0') {
    gsize size = strcspn (line, "\r\n");

    if (size < 2 || !g_ascii_islower (line[0]) || line[1] != '=')
      sdp_judge_breach (judge, "RFC 8866 section 5", "a line is x=value");
    for (gsize i = 0; i < size; i++) {
      if (g_ascii_iscntrl (line[i]))
        sdp_judge_breach (judge, "RFC 8866 section 9",
            "a line contains no control character");
    }
    line += size;
    if (line[0] != '\r' || line[1] != '\n') {
      sdp_judge_breach (judge, "RFC 8866 section 9", "a line ends in CRLF");
      return;
    }
    line += 2;
  }
}

/* RFC 8829 section 5.2.1: v=0, o= of six words, s=, t=0 0, then a= alone. */
static void
judge_session_lines (SdpJudge *judge)
{
  static const gchar types[] = "vost";
  const SdpPart *session = &judge->answer.session;
  guint n_blanks = 0;

  if (judge->facts->is_foreign) {
    if (session->n_lines == 0 || strcmp (session->lines[0], "v=0") != 0)
      sdp_judge_breach (judge, "RFC 8866 section 5.1", "v=0 is the first line");
    return;
  }
  for (guint i = 0; i < session->n_lines; i++) {
    gchar type = i < strlen (types) ? types[i] : 'a';

    if (session->lines[i][0] != type)
      sdp_judge_breach (judge, "RFC 8829 section 5.2.1",
          "v=, o=, s=, t= and a= are in this order");
  }
  if (session->n_lines < strlen (types))
    return;
  for (const gchar *c = session->lines[1]; *c != '\0'; c++)
    n_blanks += *c == ' ';
  if (n_blanks != 5)
    sdp_judge_breach (judge, "RFC 8866 section 5.2", "o= has six words");
  if (strcmp (session->lines[0], "v=0") != 0 ||
      strcmp (session->lines[3], "t=0 0") != 0)
    sdp_judge_breach (judge, "RFC 8829 section 5.2.1", "v=0 and t=0 0");
}

static gboolean
is_offered (const SdpMediaLine *offered, const gchar *format)
{
  for (guint i = 0; i < offered->n_formats; i++) {
    if (strcmp (offered->formats[i], format) == 0)
      return TRUE;
  }
  return FALSE;
}

static void
judge_m_line (SdpJudge *judge, const SdpPair *pair)
{
  if (strcmp (pair->offered_line.media, pair->answered_line.media) != 0)
    sdp_judge_breach (judge, "RFC 3264 section 6",
        "m-sections keep their order");
  if (strcmp (pair->offered_line.proto, pair->answered_line.proto) != 0)
    sdp_judge_breach (judge, "RFC 8829 section 5.3.1",
        "the protocol is the offered one");
  for (guint i = 0; i < pair->answered_line.n_formats; i++) {
    if (!is_offered (&pair->offered_line, pair->answered_line.formats[i]))
      sdp_judge_breach (judge, "RFC 3264 section 6.1",
          "every format was offered");
  }
  if (!judge->facts->is_foreign &&
      (pair->answered->n_lines < 2 ||
          !g_str_has_prefix (pair->answered->lines[1], "c=IN IP")))
    sdp_judge_breach (judge, "RFC 8829 section 5.3.1", "c= follows m=");
}

static void
judge_mid (SdpJudge *judge, const SdpPair *pair)
{
  if (g_strcmp0 (sdp_part_find (pair->offered, "a=mid:"),
          sdp_part_find (pair->answered, "a=mid:")) != 0 ||
      sdp_part_count (pair->answered, "a=mid:") > 1)
    sdp_judge_breach (judge, "RFC 5888 section 9.1",
        "the mid is the offered one");
  if (sdp_part_has (pair->answered, "a=bundle-only"))
    sdp_judge_breach (judge, "RFC 9143 section 7.3.3",
        "an answer contains no bundle-only");
}

static const gchar *const directions[] = { "a=sendrecv", "a=sendonly",
  "a=recvonly", "a=inactive" };

static const gchar *
direction_of (const SdpPart *part)
{
  for (guint i = 0; i < G_N_ELEMENTS (directions); i++) {
    if (sdp_part_has (part, directions[i]))
      return directions[i];
  }
  return NULL;
}

gboolean
sdp_judge_receives (const SdpJudge *judge, const SdpPart *offered)
{
  const gchar *direction = direction_of (offered);

  if (direction == NULL)
    direction = direction_of (&judge->offer.session);
  return direction == NULL || strcmp (direction, "a=sendrecv") == 0 ||
      strcmp (direction, "a=recvonly") == 0;
}

/* RFC 3264 section 6.1: sendonly answers sendrecv and recvonly; an m-section
 * that only carries a bundle is inactive. */
static void
judge_direction (SdpJudge *judge, const SdpPair *pair)
{
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (directions); i++)
    n += sdp_part_has (pair->answered, directions[i]);
  if (n != 1)
    sdp_judge_breach (judge, "RFC 8829 section 5.3.1", "a direction is given");
  if (sdp_part_has (pair->answered, "a=inactive"))
    return;
  if (!sdp_part_has (pair->answered, "a=sendonly"))
    sdp_judge_breach (judge, "RFC 3264 section 6.1",
        "an end that only sends is sendonly");
  if (!sdp_judge_receives (judge, pair->offered))
    sdp_judge_breach (judge, "RFC 3264 section 6.1",
        "nothing is sent to an end that does not receive");
}

/* The value of the direction in "a=extmap:ID[/DIRECTION] URI". */
static gboolean
has_direction (const gchar *line, const gchar *direction)
{
  gsize size = strcspn (line, "/ ");

  return g_str_has_prefix (line + size, direction);
}

/* The line of @part for the extension of the line @answered: with the same id
 * and URI; the rest of the line is ignored. */
static const gchar *
find_extension (const SdpPart *part, const gchar *answered)
{
  gsize id_size = strcspn (answered, "/ ");
  const gchar *uri = strchr (answered, ' ');
  const gchar *line;

  if (uri == NULL)
    return NULL;
  for (guint i = 0; (line = sdp_part_next (part, "a=extmap:", &i)) != NULL;) {
    const gchar *other = strchr (line, ' ');

    if (other != NULL && strcspn (line, "/ ") == id_size &&
        strncmp (line, answered, id_size) == 0 &&
        g_str_has_prefix (other, uri) && strchr (" ", other[strlen (uri)]))
      return line;
  }
  return NULL;
}

static void
judge_extension (SdpJudge *judge, const SdpPair *pair, const gchar *line)
{
  const gchar *offered = find_extension (pair->offered, line);
  gint64 id = g_ascii_strtoll (line, NULL, 10);
  guint n_with_id = 0;
  const gchar *other;

  if (offered == NULL)
    offered = find_extension (&judge->offer.session, line);
  if (offered == NULL) {
    sdp_judge_breach (judge, "RFC 8285 section 7",
        "every extension was offered under its id");
    return;
  }
  if (id < 1 || id > 255 || id == 15)
    sdp_judge_breach (judge, "RFC 8285 section 4", "an id fits the header");
  for (guint i = 0;
       (other = sdp_part_next (pair->answered, "a=extmap:", &i)) != NULL;)
    n_with_id += g_ascii_strtoll (other, NULL, 10) == id;
  if (n_with_id != 1)
    sdp_judge_breach (judge, "RFC 8285 section 7", "an id is used once");
  if (has_direction (offered, "/sendonly") ||
      has_direction (offered, "/inactive"))
    sdp_judge_breach (judge, "RFC 8285 section 7",
        "an extension is sent to an end that receives it");
  if (has_direction (offered, "/recvonly") != has_direction (line, "/sendonly"))
    sdp_judge_breach (judge, "RFC 8285 section 7",
        "an extension's direction is mirrored");
}

static const gchar mid_uri[] = " urn:ietf:params:rtp-hdrext:sdes:mid";

/* With an id that fits into a header, and offered by an end that can receive
 * it. */
static gboolean
has_mid_extension (const SdpPart *part)
{
  const gchar *line;

  for (guint i = 0; (line = sdp_part_next (part, "a=extmap:", &i)) != NULL;) {
    guint64 id = g_ascii_strtoull (line, NULL, 10);
    const gchar *uri = strchr (line, ' ');

    if (uri != NULL && g_str_has_prefix (uri, mid_uri) &&
        strchr (" ", uri[strlen (mid_uri)]) != NULL && id > 0 && id < 256 &&
        id != 15 && !has_direction (line, "/sendonly") &&
        !has_direction (line, "/inactive"))
      return TRUE;
  }
  return FALSE;
}

/* RFC 9143 section 9.1 requires it in each bundled m-section. It must be absent
 * next to RTX, because Firefox cannot play retransmissions with it: the one
 * place where the judge prefers what browsers do. */
static void
judge_mid_extension (SdpJudge *judge, const SdpPair *pair)
{
  gboolean is_answered = has_mid_extension (pair->answered);
  gboolean has_rtx = FALSE;

  for (guint i = 0; i < pair->answered->n_lines; i++)
    has_rtx |= strstr (pair->answered->lines[i], " rtx/") != NULL;
  if (has_rtx && is_answered)
    sdp_judge_breach (judge, "Firefox", "no sdes:mid beside RTX");
  if (!has_rtx && !is_answered && has_mid_extension (pair->offered))
    sdp_judge_breach (judge, "RFC 9143 section 9.1", "sdes:mid is answered");
}

static void
judge_extensions (SdpJudge *judge, const SdpPair *pair)
{
  const gchar *line;

  for (guint i = 0;
       (line = sdp_part_next (pair->answered, "a=extmap:", &i)) != NULL;)
    judge_extension (judge, pair, line);
  if (sdp_part_has (pair->answered, "a=extmap-allow-mixed") &&
      !sdp_part_has (pair->offered, "a=extmap-allow-mixed") &&
      !sdp_part_has (&judge->offer.session, "a=extmap-allow-mixed"))
    sdp_judge_breach (judge, "RFC 8285 section 6",
        "allow-mixed is answered if it was offered");
  if (!judge->facts->is_foreign)
    judge_mid_extension (judge, pair);
}

/* RFC 5576 sections 4.1 and 6.1. */
static void
judge_source (SdpJudge *judge, const SdpPair *pair, const gchar *ssrc)
{
  gchar *end;
  guint64 number = g_ascii_strtoull (ssrc, &end, 10);
  gchar cname[64];

  g_snprintf (cname, sizeof (cname),
      "a=ssrc:%" G_GUINT64_FORMAT " cname:", number);

  if (number == 0 || number > G_MAXUINT32 || *end != ' ')
    sdp_judge_breach (judge, "RFC 5576 section 4.1", "a source has an SSRC");
  if (sdp_part_count (pair->answered, cname) != 1)
    sdp_judge_breach (judge, "RFC 5576 section 6.1", "a source has a cname");
  for (guint i = 0; i < judge->answer.n_sections; i++) {
    if (&judge->answer.sections[i] != pair->answered &&
        sdp_part_find (&judge->answer.sections[i], cname) != NULL)
      sdp_judge_breach (judge, "RFC 3550 section 8.1",
          "a source sends one medium");
  }
}

/* RFC 5576 section 4.2 and RFC 4588 section 8. */
static void
judge_source_group (SdpJudge *judge, const SdpPair *pair)
{
  const gchar *group = sdp_part_find (pair->answered, "a=ssrc-group:FID ");
  const gchar *second = group == NULL ? NULL : strchr (group, ' ');
  gboolean has_rtx = FALSE;

  for (guint i = 0; i < pair->answered_line.n_formats; i++)
    has_rtx |= sdp_pair_is_rtx (pair, pair->answered_line.formats[i]);
  if (has_rtx != (second != NULL))
    sdp_judge_breach (judge, "RFC 4588 section 8.3",
        "retransmissions have a source of their own, grouped as FID");
  if (second != NULL &&
      g_ascii_strtoull (group, NULL, 10) == g_ascii_strtoull (second, NULL, 10))
    sdp_judge_breach (judge, "RFC 5576 section 4.2",
        "a group's sources differ");
}

/* RFC 8830 section 2: one MediaStream for all tracks, so that browsers keep
 * picture and sound in sync. */
static void
judge_msid (SdpJudge *judge, const SdpPair *pair)
{
  const gchar *msid = sdp_part_find (pair->answered, "a=msid:");
  gsize size = msid == NULL ? 0 : strcspn (msid, " ");

  if (sdp_part_count (pair->answered, "a=msid:") != 1 || size == 0 ||
      size > 64) {
    sdp_judge_breach (judge, "RFC 8830 section 2", "there is exactly one msid");
    return;
  }
  if (judge->msid != NULL &&
      (strcspn (judge->msid, " ") != size ||
          strncmp (judge->msid, msid, size) != 0))
    sdp_judge_breach (judge, "RFC 8830 section 2",
        "both tracks are in one MediaStream");
  judge->msid = msid;
}

static void
judge_sources (SdpJudge *judge, const SdpPair *pair)
{
  const gchar *ssrc;

  if (sdp_part_has (pair->answered, "a=inactive"))
    return;
  if (!judge->facts->is_foreign &&
      sdp_part_find (pair->answered, "a=ssrc:") == NULL)
    sdp_judge_breach (judge, "RFC 5576 section 4.1", "a source is named");
  for (guint i = 0;
       (ssrc = sdp_part_next (pair->answered, "a=ssrc:", &i)) != NULL;)
    judge_source (judge, pair, ssrc);
  if (judge->facts->is_foreign)
    return;
  judge_source_group (judge, pair);
  judge_msid (judge, pair);
}

gboolean
sdp_part_is_accepted (const SdpPart *self)
{
  const gchar *port = strchr (self->lines[0], ' ');

  return port != NULL && !g_str_has_prefix (port, " 0 ");
}

static void
judge_section (SdpJudge *judge, guint index)
{
  SdpPair pair = { &judge->offer.sections[index],
    &judge->answer.sections[index] };

  if (!sdp_part_read_media (pair.offered, &pair.offered_line) ||
      !sdp_part_read_media (pair.answered, &pair.answered_line)) {
    sdp_judge_breach (judge, "RFC 8866 section 5.14", "an m= line has formats");
    return;
  }
  judge->place = index;
  judge_m_line (judge, &pair);
  judge_mid (judge, &pair);
  if (!sdp_part_is_accepted (pair.answered))
    return;
  if (!sdp_part_is_live (pair.offered))
    sdp_judge_breach (judge, "RFC 3264 section 6",
        "what the offer rejects stays rejected");
  judge_direction (judge, &pair);
  judge_extensions (judge, &pair);
  judge_sources (judge, &pair);
  sdp_judge_formats (judge, &pair);
  sdp_judge_transport (judge, &pair);
}

void
sdp_judge_breach (SdpJudge *judge, const gchar *clause, const gchar *rule)
{
  if (judge->breaches == NULL)
    judge->breaches = g_string_new (NULL);
  if (judge->breaches->len >= BREACHES_MAX_BYTES)
    return;
  if (judge->place == SDP_JUDGE_SESSION)
    g_string_append_printf (judge->breaches, "%s: %s\n", clause, rule);
  else
    g_string_append_printf (judge->breaches, "%s: %s (m-section %u)\n", clause,
        rule, judge->place);
}

static void
judge_all (SdpJudge *judge)
{
  judge_session_lines (judge);
  if (judge->offer.n_sections != judge->answer.n_sections) {
    sdp_judge_breach (judge, "RFC 3264 section 6",
        "the answer has as many m-sections as the offer");
    return;
  }
  for (guint i = 0; i < judge->answer.n_sections; i++)
    judge_section (judge, i);
  judge->place = SDP_JUDGE_SESSION;
  sdp_judge_session (judge);
}

gchar *
sdp_check_answer (const gchar *offer, gsize offer_size, const gchar *answer,
    const SdpCheckFacts *facts)
{
  static const SdpCheckFacts none = { 0 };
  SdpJudge judge = { .facts = facts != NULL ? facts : &none,
    .place = SDP_JUDGE_SESSION };

  judge_lines (&judge, answer);
  if (sdp_view_init (&judge.offer, offer, offer_size) &&
      sdp_view_init (&judge.answer, answer, strlen (answer)))
    judge_all (&judge);
  else
    sdp_judge_breach (&judge, "the judge", "a description is within limits");
  sdp_view_clear (&judge.offer);
  if (judge.answer.lines != NULL)
    sdp_view_clear (&judge.answer);
  return judge.breaches == NULL ? NULL : g_string_free (judge.breaches, FALSE);
}
