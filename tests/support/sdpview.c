/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A description as a judge reads it: see sdpview.h. */

#include "tests/support/sdpview.h"

#include <string.h>

/* What follows @prefix, or NULL; faster than g_str_has_prefix(), and this is
 * asked a thousand times for each answer. */
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
      part->lines = (gchar **) self->lines->pdata + i;
    }
    part->n_lines++;
  }
  return TRUE;
}

gboolean
sdp_view_init (SdpView *self, const gchar *text, gsize size)
{
  memset (self, 0, sizeof (*self));
  self->text = g_strndup (text, size);
  self->lines = g_ptr_array_new ();
  return cut_lines (self) && find_sections (self);
}

void
sdp_view_clear (SdpView *self)
{
  g_ptr_array_unref (self->lines);
  g_free (self->text);
}

const gchar *
sdp_part_find_nth (const SdpPart *self, const gchar *prefix, guint index)
{
  const gchar *value;

  for (guint i = 0; i < self->n_lines; i++) {
    value = after (self->lines[i], prefix);
    if (value != NULL && index-- == 0)
      return value;
  }
  return NULL;
}

const gchar *
sdp_part_find (const SdpPart *self, const gchar *prefix)
{
  return sdp_part_find_nth (self, prefix, 0);
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

const gchar *
sdp_part_find_of (const SdpPart *self, const gchar *name, const gchar *pt)
{
  for (guint i = 0; i < self->n_lines; i++) {
    const gchar *value = after (self->lines[i], "a=");

    value = value == NULL ? NULL : after (value, name);
    if (value == NULL || *value != ':')
      continue;
    value = after (value + 1, pt);
    if (value != NULL && *value == ' ')
      return value + 1;
  }
  return NULL;
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
  const gchar *rest = sdp_part_find_of (self, "fmtp", pt);
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
