/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The head of a request: see requesthead.h. */

#include "ext/whep/http/requesthead.h"

#include <string.h>

/* The methods of RFC 9110 and RFC 5789, and QUERY of
 * draft-ietf-httpbis-safe-method-w-body; a resource that does not support one
 * answers 405. */
static const gchar *const methods[] = {
  "CONNECT",
  "DELETE",
  "GET",
  "HEAD",
  "OPTIONS",
  "PATCH",
  "POST",
  "PUT",
  "QUERY",
  "TRACE",
};

gsize
whep_requesthead_skip (const WhepRequestHead *self, const guint8 *data,
    gsize size)
{
  gsize n = 0;

  if (self->state != WHEP_REQUESTHEAD_BEGINS || self->line_size > 0)
    return 0;
  while (n < size && (data[n] == '\r' || data[n] == '\n'))
    n++;
  return n;
}

static gboolean
is_known (const gchar *method)
{
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_str_equal (methods[i], method))
      return TRUE;
  return FALSE;
}

static void
take_method (WhepRequestHead *self, guint8 byte)
{
  if (byte == ' ')
    self->state = is_known (self->line) ? WHEP_REQUESTHEAD_GOES_ON
                                        : WHEP_REQUESTHEAD_NO_METHOD;
  else if (!g_ascii_isupper (byte) ||
      self->line_size == WHEP_REQUESTHEAD_METHOD_MAX)
    self->state = WHEP_REQUESTHEAD_NO_METHOD;
}

/* Returns: (nullable): the line's value, if it has that name. */
static gchar *
value_of (WhepRequestHead *self, const gchar *name)
{
  gsize size = strlen (name);

  if (g_ascii_strncasecmp (self->line, name, size) != 0)
    return NULL;
  return g_strstrip (self->line + size);
}

static gboolean
is_number (const gchar *value)
{
  return *value != '\0' && strspn (value, "0123456789") == strlen (value);
}

/* Whether libsoup parses the line as we do. RFC 9112 section 5.2 requires a
 * server to reject folded lines. */
static gboolean
is_line_clear (WhepRequestHead *self)
{
  const gchar *length, *encoding;
  gboolean is_cut = self->line_size > WHEP_REQUESTHEAD_LINE_MAX;

  if (self->line[0] == ' ' || self->line[0] == '\t')
    return FALSE;
  length = value_of (self, "Content-Length:");
  if (length != NULL)
    return !is_cut && is_number (length);
  encoding = value_of (self, "Transfer-Encoding:");
  return encoding == NULL ||
      (!is_cut && g_ascii_strcasecmp (encoding, "chunked") == 0);
}

/* As in libsoup, the head ends with LF or CR LF after an LF. */
static void
end_line (WhepRequestHead *self)
{
  gboolean is_empty =
      self->line_size == 0 || (self->line_size == 1 && self->line[0] == '\r');

  if (is_empty)
    self->state = WHEP_REQUESTHEAD_ENDS;
  else if (self->n_lines > 0 && !is_line_clear (self))
    self->state = WHEP_REQUESTHEAD_MALFORMED;
  self->n_lines++;
  self->line_size = 0;
  memset (self->line, 0, sizeof (self->line));
}

static void
take_byte (WhepRequestHead *self, guint8 byte)
{
  if (self->state == WHEP_REQUESTHEAD_BEGINS)
    take_method (self, byte);
  else if (byte == '\0') /* libsoup would remove it */
    self->state = WHEP_REQUESTHEAD_MALFORMED;
  else if (byte == '\n') {
    end_line (self);
    return;
  }
  if (self->line_size < WHEP_REQUESTHEAD_LINE_MAX)
    self->line[self->line_size] = byte;
  self->line_size++;
}

gsize
whep_requesthead_take (WhepRequestHead *self, const guint8 *data, gsize size)
{
  gsize n = 0;

  while (n < size && self->state < WHEP_REQUESTHEAD_ENDS)
    take_byte (self, data[n++]);
  return n;
}
