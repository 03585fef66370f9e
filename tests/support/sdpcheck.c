/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A judge of answers: see sdpcheck.h. */

#include "tests/support/sdpcheck.h"

#include <stdlib.h>
#include <string.h>

/* A description as lists of lines: [0] is the session, the rest m-sections. */
typedef struct
{
  GPtrArray *parts; /* of GPtrArray of gchar* */
  GPtrArray *lines;
} Description;

/* One pair of m-sections under judgement. */
typedef struct
{
  const Description *offer;
  const GPtrArray *offered; /* lines of the m-section */
  const GPtrArray *answered;
} Pair;

static void
add_line (Description *self, gchar *line)
{
  g_ptr_array_add (self->lines, line);
  if (g_str_has_prefix (line, "m=") || self->parts->len == 0)
    g_ptr_array_add (self->parts, g_ptr_array_new ());
  g_ptr_array_add (self->parts->pdata[self->parts->len - 1], line);
}

static void
description_init (Description *self, const gchar *text, gsize size)
{
  g_autofree gchar *copy = g_strndup (text, size);
  g_auto (GStrv) lines = g_strsplit (copy, "\n", -1);

  self->parts =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  self->lines = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; lines[i] != NULL; i++) {
    gsize n = strlen (lines[i]);

    if (n > 0 && lines[i][n - 1] == '\r')
      lines[i][--n] = '\0';
    if (n > 0)
      add_line (self, g_strdup (lines[i]));
  }
}

static void
description_clear (Description *self)
{
  g_ptr_array_unref (self->parts);
  g_ptr_array_unref (self->lines);
}

/* What follows the prefix in the first such line. */
static const gchar *
find (const GPtrArray *lines, const gchar *prefix)
{
  for (guint i = 0; i < lines->len; i++) {
    if (g_str_has_prefix (lines->pdata[i], prefix))
      return (const gchar *) lines->pdata[i] + strlen (prefix);
  }
  return NULL;
}

static gboolean
has (const GPtrArray *lines, const gchar *line)
{
  for (guint i = 0; i < lines->len; i++) {
    if (strcmp (lines->pdata[i], line) == 0)
      return TRUE;
  }
  return FALSE;
}

static guint
count (const GPtrArray *lines, const gchar *prefix)
{
  guint n = 0;

  for (guint i = 0; i < lines->len; i++)
    n += g_str_has_prefix (lines->pdata[i], prefix);
  return n;
}

/* The words of "m=video 9 PROTO 96 97": [1] is the port, from [3] formats. */
static gchar **
m_words (const GPtrArray *lines)
{
  return g_strsplit ((const gchar *) lines->pdata[0] + 2, " ", -1);
}

static gboolean
is_accepted (const GPtrArray *lines)
{
  g_auto (GStrv) words = m_words (lines);

  return strcmp (words[1], "0") != 0;
}

static const GPtrArray *
session (const Description *self)
{
  return self->parts->pdata[0];
}

/* The lines of the m-section with the mid. */
static const GPtrArray *
find_mid (const Description *self, const gchar *mid)
{
  for (guint i = 1; i < self->parts->len; i++) {
    if (g_strcmp0 (find (self->parts->pdata[i], "a=mid:"), mid) == 0)
      return self->parts->pdata[i];
  }
  return NULL;
}

/* Every line of the raw answer ends in CRLF and is of the form x=value. */
static const gchar *
check_lines (const gchar *answer)
{
  g_auto (GStrv) lines = g_strsplit (answer, "\r\n", -1);
  guint n = g_strv_length (lines);

  if (n < 5 || *lines[n - 1] != '\0')
    return "the answer ends in CRLF";
  for (guint i = 0; i + 1 < n; i++) {
    if (!g_ascii_islower (lines[i][0]) || lines[i][1] != '=')
      return "a line is x=value";
    if (strpbrk (lines[i], "\r\n\t") != NULL)
      return "a line holds no control character";
  }
  if (strcmp (lines[0], "v=0") != 0 || lines[1][0] != 'o' ||
      lines[2][0] != 's' || lines[3][0] != 't')
    return "v=, o=, s=, t= come first";
  return NULL;
}

static const gchar *
check_m_line (const Pair *pair)
{
  g_auto (GStrv) offered = m_words (pair->offered);
  g_auto (GStrv) answered = m_words (pair->answered);

  if (g_strv_length (answered) < 4)
    return "an m= line has a format";
  if (strcmp (offered[0], answered[0]) != 0)
    return "media stay in their order";
  if (strcmp (offered[2], answered[2]) != 0)
    return "the protocol is the offered one";
  for (guint i = 3; answered[i] != NULL; i++) {
    if (!g_strv_contains ((const gchar *const *) offered + 3, answered[i]))
      return "every format was offered";
  }
  if (g_strcmp0 (find (pair->offered, "a=mid:"),
          find (pair->answered, "a=mid:")) != 0)
    return "the mid is the offered one";
  return NULL;
}

static const gchar *
direction_of (const GPtrArray *lines)
{
  static const gchar *const names[] = { "sendrecv", "sendonly", "recvonly",
    "inactive" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree gchar *line = g_strconcat ("a=", names[i], NULL);

    if (has (lines, line))
      return names[i];
  }
  return NULL;
}

static const gchar *
check_direction (const Pair *pair)
{
  const gchar *offered = direction_of (pair->offered);

  if (offered == NULL)
    offered = direction_of (session (pair->offer));
  if (offered != NULL && strcmp (offered, "sendrecv") != 0 &&
      strcmp (offered, "recvonly") != 0)
    return "we send only to who would receive";
  if (g_strcmp0 (direction_of (pair->answered), "sendonly") != 0)
    return "what is accepted is sendonly";
  return NULL;
}

/* A transport attribute may stand in the section, the session, or another
 * section of the BUNDLE group. */
static const gchar *
find_transport (const Pair *pair, const gchar *prefix)
{
  const gchar *group = find (session (pair->offer), "a=group:BUNDLE ");
  const gchar *value = find (pair->offered, prefix);
  g_auto (GStrv) mids = NULL;

  if (value == NULL)
    value = find (session (pair->offer), prefix);
  if (value != NULL || group == NULL)
    return value;
  mids = g_strsplit (group, " ", -1);
  for (guint i = 0; mids[i] != NULL && value == NULL; i++) {
    const GPtrArray *lines = find_mid (pair->offer, mids[i]);

    value = lines != NULL ? find (lines, prefix) : NULL;
  }
  return value;
}

static const gchar *
check_transport (const Pair *pair)
{
  static const gchar *const once[] = { "a=ice-ufrag:", "a=ice-pwd:",
    "a=fingerprint:", "a=rtcp-mux" };
  const gchar *setup = find_transport (pair, "a=setup:");

  for (guint i = 0; i < G_N_ELEMENTS (once); i++) {
    if (count (pair->answered, once[i]) != 1)
      return "ufrag, pwd, fingerprint and rtcp-mux are there once";
    if (find_transport (pair, once[i]) == NULL)
      return "ufrag, pwd, fingerprint and rtcp-mux were offered";
  }
  if (!has (pair->answered, "a=setup:passive"))
    return "we are passive";
  if (setup != NULL && strcmp (setup, "actpass") != 0 &&
      strcmp (setup, "active") != 0)
    return "the other end can be active";
  if (has (pair->answered, "a=rtcp-xr:rcvr-rtt=all") &&
      find_transport (pair, "a=rtcp-xr:") == NULL)
    return "rtcp-xr was offered";
  if (has (pair->answered, "a=rtcp-rsize") &&
      find_transport (pair, "a=rtcp-rsize") == NULL)
    return "rtcp-rsize was offered";
  return NULL;
}

/* The a=rtpmap of a payload type, or its static meaning (RFC 3551). */
static const gchar *
find_mapping (const GPtrArray *lines, const gchar *pt)
{
  g_autofree gchar *prefix = g_strdup_printf ("a=rtpmap:%s ", pt);
  const gchar *mapping = find (lines, prefix);

  if (mapping != NULL)
    return mapping;
  return strcmp (pt, "0") == 0 ? "PCMU/8000"
      : strcmp (pt, "8") == 0  ? "PCMA/8000"
                               : NULL;
}

static gboolean
is_same_mapping (const gchar *a, const gchar *b)
{
  g_autofree gchar *longer_a = g_strconcat (a, "/1", NULL);
  g_autofree gchar *longer_b = g_strconcat (b, "/1", NULL);

  return g_ascii_strcasecmp (a, b) == 0 ||
      g_ascii_strcasecmp (longer_a, b) == 0 ||
      g_ascii_strcasecmp (a, longer_b) == 0;
}

/* Returns: (nullable) (transfer full): the value of name= in a=fmtp. */
static gchar *
dup_parameter (const GPtrArray *lines, const gchar *pt, const gchar *name)
{
  g_autofree gchar *prefix = g_strdup_printf ("a=fmtp:%s ", pt);
  const gchar *parameters = find (lines, prefix);
  g_auto (GStrv) words = g_strsplit (parameters ? parameters : "", ";", -1);

  for (guint i = 0; words[i] != NULL; i++) {
    g_auto (GStrv) pair = g_strsplit (words[i], "=", 2);

    if (g_strv_length (pair) == 2 &&
        g_ascii_strcasecmp (g_strstrip (pair[0]), name) == 0)
      return g_strdup (g_strstrip (pair[1]));
  }
  return NULL;
}

static gboolean
is_same_parameter (const Pair *pair, const gchar *pt, const gchar *name)
{
  g_autofree gchar *offered = dup_parameter (pair->offered, pt, name);
  g_autofree gchar *answered = dup_parameter (pair->answered, pt, name);

  return g_strcmp0 (offered, answered) == 0;
}

static const gchar *
check_format (const Pair *pair, const gchar *pt)
{
  const gchar *offered = find_mapping (pair->offered, pt);
  const gchar *answered = find_mapping (pair->answered, pt);

  if (offered == NULL || answered == NULL ||
      !is_same_mapping (offered, answered))
    return "a payload type means what was offered";
  if (g_ascii_strcasecmp (offered, "H264/90000") == 0 &&
      (!is_same_parameter (pair, pt, "packetization-mode") ||
          !is_same_parameter (pair, pt, "profile-level-id")))
    return "H.264 is answered as offered";
  return NULL;
}

/* RFC 4588 section 8.1; what is retransmitted comes first. */
static const gchar *
check_retransmission (const Pair *pair, const gchar *first, const gchar *pt)
{
  g_autofree gchar *apt = dup_parameter (pair->answered, pt, "apt");

  return is_same_parameter (pair, pt, "apt") && g_strcmp0 (apt, first) == 0
      ? NULL
      : "a retransmission is of what was offered and answered";
}

static const gchar *
check_formats (const Pair *pair)
{
  g_auto (GStrv) words = m_words (pair->answered);
  const gchar *broken = NULL;

  for (guint i = 3; words[i] != NULL && broken == NULL; i++) {
    const gchar *mapping = find_mapping (pair->answered, words[i]);

    broken = check_format (pair, words[i]);
    if (broken == NULL && g_ascii_strncasecmp (mapping, "rtx/", 4) == 0)
      broken = check_retransmission (pair, words[3], words[i]);
  }
  return broken;
}

/* "a=rtcp-fb:108 nack": the same, or one for all payload types, was offered. */
static const gchar *
check_feedback (const Pair *pair, const gchar *line)
{
  g_autofree gchar *for_all =
      g_strconcat ("a=rtcp-fb:*", strchr (line, ' '), NULL);

  if (has (pair->offered, line) || has (pair->offered, for_all))
    return NULL;
  return "every feedback was offered";
}

/* The offered line of the extension, which may be the session's. */
static const gchar *
find_extension (const GPtrArray *lines, guint id, const gchar *uri)
{
  for (guint i = 0; i < lines->len; i++) {
    const gchar *value = lines->pdata[i];
    g_auto (GStrv) words = g_strsplit (value, " ", 3);

    if (g_str_has_prefix (value, "a=extmap:") && words[1] != NULL &&
        strcmp (words[1], uri) == 0 && atoi (words[0] + 9) == (gint) id)
      return lines->pdata[i];
  }
  return NULL;
}

static const gchar *
check_extension (const Pair *pair, const gchar *line)
{
  guint id = atoi (line + strlen ("a=extmap:"));
  const gchar *uri = strchr (line, ' ') + 1;
  const gchar *offered = find_extension (pair->offered, id, uri);
  g_autofree gchar *plain = g_strdup_printf ("a=extmap:%u ", id);
  g_autofree gchar *directed = g_strdup_printf ("a=extmap:%u/", id);

  if (offered == NULL)
    offered = find_extension (session (pair->offer), id, uri);
  if (offered == NULL)
    return "every extension was offered under its id";
  if (count (pair->answered, plain) + count (pair->answered, directed) != 1)
    return "an extension's id is used once";
  if (strstr (offered, "/sendonly ") || strstr (offered, "/inactive "))
    return "an extension is sent only to who would receive it";
  if (strstr (offered, "/recvonly ") && !strstr (line, "/sendonly "))
    return "an extension's direction is mirrored";
  return NULL;
}

static const gchar *
check_attributes (const Pair *pair)
{
  const gchar *broken = NULL;

  for (guint i = 1; i < pair->answered->len && broken == NULL; i++) {
    const gchar *line = pair->answered->pdata[i];
    if (g_str_has_prefix (line, "a=rtcp-fb:"))
      broken = check_feedback (pair, line);
    else if (g_str_has_prefix (line, "a=extmap:"))
      broken = check_extension (pair, line);
    else if (strcmp (line, "a=extmap-allow-mixed") == 0)
      broken = has (pair->offered, line)
          ? NULL
          : "allow-mixed is answered where it was offered";
  }
  return broken;
}

static const gchar *
check_pair_of_sources (const Pair *pair)
{
  const gchar *group = find (pair->answered, "a=ssrc-group:FID ");
  const gchar *second = group == NULL ? NULL : strchr (group, ' ');

  if (group != NULL &&
      (second == NULL ||
          strtoul (group, NULL, 10) == strtoul (second, NULL, 10)))
    return "retransmissions have a source of their own";
  return NULL;
}

static const gchar *
check_sources (const Pair *pair)
{
  const gchar *ssrc = find (pair->answered, "a=ssrc:");

  if (count (pair->answered, "a=msid:") != 1)
    return "there is one msid";
  if (ssrc == NULL || strtoul (ssrc, NULL, 10) == 0 ||
      strstr (ssrc, " cname:") == NULL)
    return "the first a=ssrc has a cname";
  return check_pair_of_sources (pair);
}

static const gchar *
check_accepted (const Pair *pair)
{
  const gchar *broken;

  if (!is_accepted (pair->offered) && !has (pair->offered, "a=bundle-only"))
    return "what the offer refuses stays refused";
  broken = check_direction (pair);
  if (broken == NULL)
    broken = check_transport (pair);
  if (broken == NULL)
    broken = check_formats (pair);
  if (broken == NULL)
    broken = check_attributes (pair);
  return broken != NULL ? broken : check_sources (pair);
}

static const gchar *
check_section (const Pair *pair)
{
  const gchar *broken = check_m_line (pair);

  if (broken != NULL)
    return broken;
  if (is_accepted (pair->answered))
    return check_accepted (pair);
  if (find (pair->answered, "a=candidate:"))
    return "what is refused has no candidates";
  return NULL;
}

static const gchar *
check_candidate (const gchar *candidate)
{
  g_auto (GStrv) words = g_strsplit (candidate, " ", -1);

  if (g_strv_length (words) < 8 || strcmp (words[1], "1") != 0 ||
      g_ascii_strcasecmp (words[2], "udp") != 0 ||
      strcmp (words[6], "typ") != 0 || strcmp (words[7], "host") != 0)
    return "a candidate is a UDP host's, component 1";
  if (atoi (words[5]) <= 0 || strtoul (words[3], NULL, 10) == 0)
    return "a candidate has a port and a priority";
  return NULL;
}

/* The section whose transport counts: it holds the candidates. */
static const gchar *
check_tag (const GPtrArray *lines)
{
  const gchar *broken = NULL;

  if (!has (lines, "a=end-of-candidates"))
    return "the candidates of the first m-section are complete";
  for (guint i = 0; i < lines->len && broken == NULL; i++) {
    if (g_str_has_prefix (lines->pdata[i], "a=candidate:"))
      broken = check_candidate (lines->pdata[i]);
  }
  return broken;
}

/* The answered group is the offered one in its order, less what is refused. */
static const gchar *
check_group (const Description *offer, const Description *answer)
{
  const gchar *offered = find (session (offer), "a=group:BUNDLE ");
  const gchar *answered = find (session (answer), "a=group:BUNDLE ");
  g_auto (GStrv) all = g_strsplit (offered ? offered : "", " ", -1);
  g_auto (GStrv) kept = g_strsplit (answered ? answered : "", " ", -1);
  guint n_accepted = 0, at = 0;

  if (answered == NULL)
    return NULL;
  for (guint i = 1; i < answer->parts->len; i++)
    n_accepted += is_accepted (answer->parts->pdata[i]);
  if (g_strv_length (kept) != n_accepted)
    return "the group holds each accepted m-section once";
  for (guint i = 0; kept[i] != NULL; i++) {
    const GPtrArray *lines = find_mid (answer, kept[i]);

    while (all[at] != NULL && strcmp (all[at], kept[i]) != 0)
      at++;
    if (all[at] == NULL || lines == NULL || !is_accepted (lines))
      return "the group is a part of the offered one";
  }
  return check_tag (find_mid (answer, kept[0]));
}

/* Without a group there is one transport, so one m-section. */
static const gchar *
check_session (const Description *offer, const Description *answer)
{
  guint n_accepted = 0;

  for (guint i = 1; i < answer->parts->len; i++)
    n_accepted += is_accepted (answer->parts->pdata[i]);
  if (n_accepted == 0)
    return "something is accepted";
  if (n_accepted > 1 && find (session (answer), "a=group:BUNDLE ") == NULL)
    return "two m-sections are bundled";
  if (!has (session (answer), "a=ice-lite"))
    return "we are ICE-lite";
  if (has (session (answer), "a=extmap-allow-mixed") &&
      !has (session (offer), "a=extmap-allow-mixed"))
    return "allow-mixed is answered where it was offered";
  return check_group (offer, answer);
}

/* One video and one audio at most, in one MediaStream. */
static const gchar *
check_tracks (const Description *answer)
{
  g_autoptr (GHashTable) media =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree gchar *stream = NULL;

  for (guint i = 1; i < answer->parts->len; i++) {
    const GPtrArray *lines = answer->parts->pdata[i];
    g_auto (GStrv) words = m_words (lines);
    const gchar *msid = find (lines, "a=msid:");
    g_autofree gchar *id = NULL;

    if (!is_accepted (lines))
      continue;
    if (!g_hash_table_add (media, g_strdup (words[0])))
      return "one track of a kind";
    id = g_strndup (msid, strcspn (msid, " "));
    if (stream != NULL && strcmp (stream, id) != 0)
      return "both tracks are in one MediaStream";
    g_free (stream);
    stream = g_steal_pointer (&id);
  }
  return NULL;
}

static const gchar *
check_sections (const Description *offer, const Description *answer)
{
  const gchar *broken = NULL;

  if (offer->parts->len != answer->parts->len)
    return "the answer has as many m-sections as the offer";
  for (guint i = 1; i < offer->parts->len && broken == NULL; i++) {
    Pair pair = { offer, offer->parts->pdata[i], answer->parts->pdata[i] };

    broken = check_section (&pair);
  }
  return broken;
}

gchar *
sdp_check_answer (const gchar *offer, gsize offer_size, const gchar *answer)
{
  const gchar *broken = check_lines (answer);
  Description a, b;

  if (broken != NULL)
    return g_strdup (broken);
  description_init (&a, offer, offer_size);
  description_init (&b, answer, strlen (answer));
  broken = check_sections (&a, &b);
  if (broken == NULL)
    broken = check_tracks (&b);
  if (broken == NULL)
    broken = check_session (&a, &b);
  description_clear (&a);
  description_clear (&b);
  return g_strdup (broken);
}
