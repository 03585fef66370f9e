/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A description as the judge reads it: see sdpview.h. */

#include "whepbench/sdpview.h"

#include <string.h>

/* Of an offer, about. */
#define USUAL_LINES 256

/* The text after @prefix, or NULL; faster than g_str_has_prefix(), because this
 * is called a thousand times for each answer. */
static const gchar *
after (const gchar *line, const gchar *prefix)
{
  while (*prefix != '\0') {
    if (*line++ != *prefix++)
      return NULL;
  }
  return line;
}

static gboolean
add_line (SdpView *self, gchar *line)
{
  if (self->lines->len >= SDP_VIEW_MAX_LINES)
    return FALSE;
  g_ptr_array_add (self->lines, line);
  return TRUE;
}

static gboolean
cut_lines (SdpView *self)
{
  gchar *rest = self->text, *line;

  while ((line = strsep (&rest, "\n")) != NULL) {
    gsize size = strlen (line);

    while (size > 0 && strchr (" \t\r", line[size - 1]) != NULL)
      line[--size] = '\0';
    if (size > 0 && !add_line (self, line))
      return FALSE;
  }
  g_ptr_array_add (self->lines, NULL);
  return TRUE;
}

static gboolean
find_sections (SdpView *self)
{
  SdpPart *part = &self->session;

  part->lines = (gchar **) self->lines->pdata;
  for (guint i = 0; i + 1 < self->lines->len; i++) {
    if (after (self->lines->pdata[i], "m=") != NULL) {
      if (self->n_sections >= SDP_VIEW_MAX_SECTIONS)
        return FALSE;
      part = &self->sections[self->n_sections++];
      *part = (SdpPart){ (gchar **) self->lines->pdata + i };
    }
    part->n_lines++;
  }
  return TRUE;
}

void
sdp_view_clear (SdpView *self)
{
  for (guint i = 0; i < self->n_sections; i++)
    g_free (self->sections[i].formats);
  g_ptr_array_unref (self->lines);
  g_free (self->text);
}

const gchar *
sdp_part_next (const SdpPart *self, const gchar *prefix, guint *at)
{
  while (*at < self->n_lines) {
    const gchar *value = after (self->lines[(*at)++], prefix);

    if (value != NULL)
      return value;
  }
  return NULL;
}

const gchar *
sdp_part_find (const SdpPart *self, const gchar *prefix)
{
  guint at = 0;

  return sdp_part_next (self, prefix, &at);
}

guint
sdp_part_count (const SdpPart *self, const gchar *prefix)
{
  guint n = 0;

  for (guint i = 0; i < self->n_lines; i++)
    n += after (self->lines[i], prefix) != NULL;
  return n;
}

gboolean
sdp_part_has (const SdpPart *self, const gchar *line)
{
  for (guint i = 0; i < self->n_lines; i++) {
    if (strcmp (self->lines[i], line) == 0)
      return TRUE;
  }
  return FALSE;
}

/* Decimal, without leading zeroes. Returns -1 for none. */
static gint
pt_from (const gchar *text, gsize size)
{
  gint pt = 0;

  if (size == 0 || size > 3 || (text[0] == '0' && size > 1))
    return -1;
  for (gsize i = 0; i < size; i++) {
    if (!g_ascii_isdigit (text[i]))
      return -1;
    pt = pt * 10 + (text[i] - '0');
  }
  return pt < SDP_VIEW_N_PTS ? pt : -1;
}

const gchar *
sdp_part_rtpmap (const SdpPart *self, const gchar *pt)
{
  gint number = pt_from (pt, strlen (pt));

  return number < 0 ? NULL : self->formats->rtpmap[number];
}

const gchar *
sdp_part_fmtp (const SdpPart *self, const gchar *pt)
{
  gint number = pt_from (pt, strlen (pt));

  return number < 0 ? NULL : self->formats->fmtp[number];
}

/* Keeps "PT rest" of an attribute, the first one of each. */
static void
keep_format (const gchar **table, const gchar *value)
{
  gsize size = value == NULL ? 0 : strcspn (value, " ");
  gint pt = value == NULL ? -1 : pt_from (value, size);

  if (pt >= 0 && value[size] == ' ' && table[pt] == NULL)
    table[pt] = value + size + 1;
}

static void
find_formats (SdpPart *self)
{
  self->formats = g_new0 (SdpFormats, 1);
  for (guint i = 1; i < self->n_lines; i++) {
    keep_format (self->formats->rtpmap, after (self->lines[i], "a=rtpmap:"));
    keep_format (self->formats->fmtp, after (self->lines[i], "a=fmtp:"));
  }
}

gboolean
sdp_view_init (SdpView *self, const gchar *text, gsize size)
{
  gboolean is_read;

  self->n_sections = 0;
  self->session = (SdpPart){ NULL };
  self->text = g_strndup (text, size);
  self->lines = g_ptr_array_sized_new (USUAL_LINES);
  is_read = cut_lines (self) && find_sections (self);
  for (guint i = 0; i < self->n_sections; i++)
    find_formats (&self->sections[i]);
  return is_read;
}

gboolean
sdp_part_read_media (const SdpPart *self, SdpMediaLine *media)
{
  gchar *rest = media->text;
  const gchar *word;

  media->n_formats = 0;
  if (g_strlcpy (media->text, self->lines[0] + 2, sizeof (media->text)) >=
      sizeof (media->text))
    return FALSE;
  media->media = strsep (&rest, " ");
  media->port = strsep (&rest, " ");
  media->proto = strsep (&rest, " ");
  while ((word = strsep (&rest, " ")) != NULL) {
    if (*word == '\0' || media->n_formats >= SDP_VIEW_MAX_FORMATS)
      return FALSE;
    media->formats[media->n_formats++] = word;
  }
  return media->n_formats > 0;
}

gboolean
sdp_part_is_live (const SdpPart *self)
{
  const gchar *port = strchr (self->lines[0], ' ');

  return port == NULL || after (port, " 0 ") == NULL ||
      sdp_part_has (self, "a=bundle-only");
}

const SdpPart *
sdp_view_find_mid (const SdpView *self, const gchar *mid, gsize size)
{
  for (guint i = 0; i < self->n_sections; i++) {
    const gchar *own = sdp_part_find (&self->sections[i], "a=mid:");

    if (own != NULL && strlen (own) == size && strncmp (own, mid, size) == 0)
      return &self->sections[i];
  }
  return NULL;
}

gboolean
sdp_words_have (const gchar *words, const gchar *word, gsize size)
{
  while (words != NULL && *words != '\0') {
    gsize n = strcspn (words, " ");

    if (n == size && strncmp (words, word, n) == 0)
      return TRUE;
    words += n;
    words += strspn (words, " ");
  }
  return FALSE;
}

gboolean
sdp_part_read_parameter (const SdpPart *self, const gchar *pt,
    const gchar *name, gchar *value, gsize size)
{
  const gchar *rest = sdp_part_fmtp (self, pt);
  gsize name_size = strlen (name);

  while (rest != NULL && *rest != '\0') {
    gsize n = strcspn (rest, ";");
    gsize at = strspn (rest, " ");

    if (at + name_size < n &&
        g_ascii_strncasecmp (rest + at, name, name_size) == 0) {
      const gchar *start = rest + at + name_size;

      start += strspn (start, " ");
      if (*start == '=') {
        g_strlcpy (value, start + 1, MIN (size, (gsize) (rest + n - start)));
        g_strstrip (value);
        return TRUE;
      }
    }
    rest += n + (rest[n] == ';');
  }
  return FALSE;
}
