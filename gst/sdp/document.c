/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A description being edited: see document.h. */

#include "gst/sdp/document.h"
#include "gst/sdp/error.h"
#include "gst/sdp/section.h"

#include <string.h>

/* Approximate size of the changed lines, and number of lines. */
#define CHUNK_BYTES 1024
#define USUAL_LINES 256

typedef struct
{
  const gchar *text; /* in the copy or in the chunk */
  const gchar *end;  /* "\r\n", "\n" or "" */
} Line;

struct _SdpDocument
{
  gchar *copy; /* of the original, split into lines */
  gsize size;
  GStringChunk *changed;
  GArray *lines; /* of Line */
};

static Line *
line_at (const SdpDocument *self, guint index)
{
  return &g_array_index (self->lines, Line, index);
}

static gboolean
reject (guint number, const gchar *what, GError **error)
{
  return sdp_error_set (SDP_ERROR_MALFORMED, error, "Line %u: %s.", number,
      what);
}

/* "m=MEDIA PORT PROTO FORMATS" (RFC 8866 section 5.14). */
static gboolean
is_media (const gchar *line)
{
  const gchar *port = strchr (line, ' ');
  const gchar *proto = port == NULL ? NULL : strchr (port + 1, ' ');

  return proto != NULL && g_ascii_isdigit (port[1]) &&
      strchr (proto + 1, ' ') != NULL;
}

/* RFC 8866 section 5: "x=value"; only CRLF and LF end a line. */
static gboolean
check_line (const gchar *line, guint number, GError **error)
{
  if (number == 1 && strcmp (line, "v=0") != 0)
    return reject (number, "a description begins with \"v=0\"", error);
  if (!g_ascii_islower (line[0]) || line[1] != '=')
    return reject (number, "a line consists of a letter, \"=\" and a value",
        error);
  if (line[0] == 'm' && !is_media (line))
    return reject (number, "m= is not MEDIA PORT PROTO FORMATS", error);
  if (strchr (line, '\r') != NULL)
    return reject (number, "a carriage return within the line", error);
  return TRUE;
}

/* Splits off the line at @text. Returns: the rest of the text. */
static gchar *
cut_line (gchar *text, Line *line)
{
  gsize size = strcspn (text, "\n");
  gboolean has_cr = size > 0 && text[size - 1] == '\r';
  gchar *rest = text + size + (text[size] == '\n');

  *line = (Line){ text, text[size] == '\0' ? "" : has_cr ? "\r\n" : "\n" };
  if (has_cr && text[size] == '\n')
    text[size - 1] = '\0';
  text[size] = '\0';
  return rest;
}

static gboolean
read_lines (SdpDocument *self, GError **error)
{
  gchar *rest = self->copy;
  Line line;

  while (*rest != '\0') {
    if (self->lines->len >= SDP_DOCUMENT_MAX_LINES)
      return reject (self->lines->len, "too many lines", error);
    rest = cut_line (rest, &line);
    g_array_append_val (self->lines, line);
    if (!check_line (line.text, self->lines->len, error))
      return FALSE;
  }
  return self->lines->len > 0 || reject (1, "it is empty", error);
}

SdpDocument *
sdp_document_new (const gchar *sdp, GError **error)
{
  g_autoptr (SdpDocument) self = NULL;
  gsize size = strlen (sdp);

  if (size > SDP_DOCUMENT_MAX_BYTES) {
    reject (1, "the description is too long", error);
    return NULL;
  }
  self = g_new0 (SdpDocument, 1);
  self->copy = g_strdup (sdp);
  self->size = size;
  self->changed = g_string_chunk_new (CHUNK_BYTES);
  self->lines = g_array_sized_new (FALSE, FALSE, sizeof (Line), USUAL_LINES);
  return read_lines (self, error) ? g_steal_pointer (&self) : NULL;
}

void
sdp_document_free (SdpDocument *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->lines);
  g_string_chunk_free (self->changed);
  g_free (self->copy);
  g_free (self);
}

gchar *
sdp_document_to_text (const SdpDocument *self)
{
  GString *text = g_string_sized_new (self->size + CHUNK_BYTES);

  for (guint i = 0; i < self->lines->len; i++) {
    g_string_append (text, line_at (self, i)->text);
    g_string_append (text, line_at (self, i)->end);
  }
  return g_string_free (text, FALSE);
}

guint
sdp_document_n_lines (const SdpDocument *self)
{
  return self->lines->len;
}

const gchar *
sdp_document_line (const SdpDocument *self, guint index)
{
  return line_at (self, index)->text;
}

gboolean
sdp_document_has_prefix (const SdpDocument *self, guint index,
    const gchar *prefix)
{
  return g_str_has_prefix (sdp_document_line (self, index), prefix);
}

void
sdp_document_remove (SdpDocument *self, guint index)
{
  g_array_remove_index (self->lines, index);
}

void
sdp_document_insert (SdpDocument *self, guint index, const gchar *text)
{
  Line line = { g_string_chunk_insert (self->changed, text), "\r\n" };

  g_array_insert_val (self->lines, index, line);
}

void
sdp_document_replace (SdpDocument *self, guint index, const gchar *format, ...)
{
  g_autofree gchar *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  line_at (self, index)->text = g_string_chunk_insert (self->changed, text);
}

guint
sdp_document_end_lines (SdpDocument *self)
{
  guint n_changed = 0;

  for (guint i = 0; i < self->lines->len; i++) {
    Line *line = line_at (self, i);

    n_changed += strcmp (line->end, "\r\n") != 0;
    line->end = "\r\n";
  }
  return n_changed;
}

guint
sdp_document_next_section (const SdpDocument *self, guint index)
{
  while (
      index < self->lines->len && !sdp_document_has_prefix (self, index, "m="))
    index++;
  return index;
}

const gchar *
sdp_document_find (const SdpDocument *self, guint start, const gchar *prefix)
{
  guint end = sdp_document_next_section (self, start + 1);

  for (guint i = start; i < end; i++) {
    if (sdp_document_has_prefix (self, i, prefix))
      return sdp_document_line (self, i) + strlen (prefix);
  }
  return NULL;
}

guint
sdp_document_section_of (const SdpDocument *self, guint index)
{
  while (index > 0 && !sdp_document_has_prefix (self, index, "m="))
    index--;
  return index;
}

gint
sdp_document_pt (const SdpDocument *self, guint index, const gchar *name)
{
  const gchar *pt = sdp_document_line (self, index) + strlen (name);
  guint64 number;
  gchar *end;

  if (!sdp_document_has_prefix (self, index, name) || !g_ascii_isdigit (*pt))
    return -1;
  number = g_ascii_strtoull (pt, &end, 10);
  return *end == ' ' && number <= SDP_PT_MAX ? (gint) number : -1;
}

gboolean
sdp_document_is_parameters_of (const SdpDocument *self, guint index,
    const gchar *encoding)
{
  gint pt = sdp_document_pt (self, index, "a=fmtp:");
  g_autofree gchar *prefix = NULL;
  const gchar *mapping;

  if (pt < 0)
    return FALSE;
  prefix = g_strdup_printf ("a=rtpmap:%d ", pt);
  mapping =
      sdp_document_find (self, sdp_document_section_of (self, index), prefix);
  return mapping != NULL &&
      g_ascii_strncasecmp (mapping, encoding, strlen (encoding)) == 0;
}

gboolean
sdp_document_find_parameter (const SdpDocument *self, guint index,
    const gchar *name, SdpParameter *found)
{
  const gchar *parameters = strchr (sdp_document_line (self, index), ' ');

  return sdp_document_has_prefix (self, index, "a=fmtp:") &&
      parameters != NULL &&
      sdp_text_find_parameter (parameters + 1, name, found);
}

static gboolean
is_of_other_format (const SdpDocument *self, guint index,
    const gboolean *is_kept)
{
  static const gchar *const names[] = { "a=rtpmap:", "a=fmtp:", "a=rtcp-fb:" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    gint pt = sdp_document_pt (self, index, names[i]);

    if (pt >= 0)
      return !is_kept[pt];
  }
  return FALSE;
}

/* Words that are not payload types are kept. */
static gchar *
without_formats (const gchar *m_line, const gboolean *is_kept)
{
  g_auto (GStrv) words = g_strsplit (m_line, " ", -1);
  GString *text = g_string_new (words[0]);

  for (guint i = 1; words[i] != NULL; i++) {
    guint64 pt;

    if (i > 2 &&
        g_ascii_string_to_unsigned (words[i], 10, 0, SDP_PT_MAX, &pt, NULL) &&
        !is_kept[pt])
      continue;
    g_string_append_printf (text, " %s", words[i]);
  }
  return g_string_free (text, FALSE);
}

gboolean
sdp_document_keep_formats (SdpDocument *self, guint m_line,
    const gboolean *is_kept)
{
  g_autofree gchar *line =
      without_formats (sdp_document_line (self, m_line), is_kept);

  if (strcmp (line, sdp_document_line (self, m_line)) == 0)
    return FALSE;
  sdp_document_replace (self, m_line, "%s", line);
  for (guint i = sdp_document_next_section (self, m_line + 1); i > m_line + 1;
       i--)
    if (is_of_other_format (self, i - 1, is_kept))
      sdp_document_remove (self, i - 1);
  return TRUE;
}
