/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SDP as text: see sdptext.h. */

#include "gst/sdp/sdptext.h"

#include <string.h>

/* Parameters of one format; browsers write four. */
#define MAX_PARAMETERS 32
/* Decimal digits of the largest guint. */
#define MAX_DIGITS 10

/* Takes one line off the text, without its LF or CRLF and what a careless hand
 * left before that. */
static gchar *
cut_line (SdpText *self)
{
  gchar *line = sdp_text_cut (&self->rest, '\n');
  gsize size = strlen (line);

  self->number++;
  if (size > 0 && line[size - 1] == '\r')
    line[--size] = '\0';
  while (size > 0 && (line[size - 1] == ' ' || line[size - 1] == '\t'))
    line[--size] = '\0';
  return line;
}

static gboolean
has_control (const gchar *line)
{
  for (; *line != '\0'; line++) {
    if (g_ascii_iscntrl (*line))
      return TRUE;
  }
  return FALSE;
}

void
sdp_text_init (SdpText *self, gchar *text)
{
  *self = (SdpText){ .rest = text };
}

SdpTextResult
sdp_text_next (SdpText *self)
{
  gchar *line = NULL;

  while (self->rest != NULL && (line == NULL || *line == '\0'))
    line = cut_line (self);
  if (line == NULL || *line == '\0')
    return SDP_TEXT_END;
  if (!g_ascii_islower (line[0]) || line[1] != '=' || has_control (line))
    return SDP_TEXT_MALFORMED;

  self->type = line[0];
  self->value = line + 2;
  return SDP_TEXT_LINE;
}

gchar *
sdp_text_cut (gchar **rest, gchar separator)
{
  gchar *word = *rest;
  gchar *end;

  if (word == NULL)
    return NULL;
  end = strchr (word, separator);
  *rest = end != NULL ? end + 1 : NULL;
  if (end != NULL)
    *end = '\0';
  return word;
}

gboolean
sdp_text_is_token (const gchar *word)
{
  if (*word == '\0')
    return FALSE;
  for (; *word != '\0'; word++) {
    if (!g_ascii_isalnum (*word) && strchr ("!#$%&'*+-.^_`{|}~", *word) == NULL)
      return FALSE;
  }
  return TRUE;
}

gboolean
sdp_text_read_number (const gchar *word, guint max, guint *number)
{
  guint64 sum = 0;
  guint n_digits = 0;

  for (; g_ascii_isdigit (word[n_digits]); n_digits++) {
    if (n_digits >= MAX_DIGITS)
      return FALSE;
    sum = sum * 10 + (word[n_digits] - '0');
  }
  if (word[0] == '0' && n_digits > 1)
    return FALSE;
  if (n_digits == 0 || word[n_digits] != '\0' || sum > max)
    return FALSE;
  *number = sum;
  return TRUE;
}

gchar *
sdp_text_dup_parameter (const gchar *parameters, const gchar *name)
{
  g_auto (GStrv) words = g_strsplit (parameters, ";", MAX_PARAMETERS);

  for (guint i = 0; words[i] != NULL; i++) {
    gchar *value = strchr (words[i], '=');

    if (value == NULL)
      continue;
    *value = '\0';
    if (g_ascii_strcasecmp (g_strstrip (words[i]), name) == 0)
      return g_strdup (g_strstrip (value + 1));
  }
  return NULL;
}
