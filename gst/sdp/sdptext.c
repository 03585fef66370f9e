/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SDP as text: see sdptext.h. */

#include "gst/sdp/sdptext.h"

#include <string.h>

/* Parameters of one format; browsers write four. */
#define MAX_PARAMETERS 32
/* Decimal digits of the largest guint. */
#define MAX_DIGITS 10

/* Splits off one line, without its LF or CRLF and any white space before that.
 */
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
sdp_text_is_token_char (gchar c)
{
  return g_ascii_isalnum (c) ||
      (c != '\0' && strchr ("!#$%&'*+-.^_`{|}~", c) != NULL);
}

gboolean
sdp_text_is_token (const gchar *word)
{
  if (*word == '\0')
    return FALSE;
  while (sdp_text_is_token_char (*word))
    word++;
  return *word == '\0';
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

/* Returns whether "name=value" of @size bytes has @name, ignoring blanks. */
static gboolean
read_parameter (const gchar *text, gsize size, const gchar *name,
    SdpParameter *found)
{
  const gchar *end = text + size;
  const gchar *equals = memchr (text, '=', size);
  gsize name_size = strlen (name);

  if (equals == NULL)
    return FALSE;
  *found = (SdpParameter){ .start = text, .size = size, .value = equals + 1 };
  text += strspn (text, " ");
  if (text + name_size > equals ||
      g_ascii_strncasecmp (text, name, name_size) != 0 ||
      text + name_size + strspn (text + name_size, " ") != equals)
    return FALSE;
  while (found->value < end && *found->value == ' ')
    found->value++;
  while (end > found->value && end[-1] == ' ')
    end--;
  found->value_size = end - found->value;
  return TRUE;
}

gboolean
sdp_text_find_parameter (const gchar *parameters, const gchar *name,
    SdpParameter *found)
{
  for (guint i = 0; i < MAX_PARAMETERS; i++) {
    gsize size = strcspn (parameters, ";");

    if (read_parameter (parameters, size, name, found))
      return TRUE;
    if (parameters[size] == '\0')
      return FALSE;
    parameters += size + 1;
  }
  return FALSE;
}

gboolean
sdp_parameter_is (const SdpParameter *self, const gchar *value)
{
  return strlen (value) == self->value_size &&
      strncmp (self->value, value, self->value_size) == 0;
}
