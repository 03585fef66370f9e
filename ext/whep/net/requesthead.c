/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The head of a request: see requesthead.h. */

#include "ext/whep/net/requesthead.h"

#include <string.h>

/* Those of RFC 9110 and RFC 5789; addresses that lack one say 405. */
static const gchar *const methods[] = {
  "CONNECT",
  "DELETE",
  "GET",
  "HEAD",
  "OPTIONS",
  "PATCH",
  "POST",
  "PUT",
  "TRACE",
};

gsize
whep_requesthead_skip (const WhepRequestHead *self, const guint8 *data,
    gsize size)
{
  gsize n = 0;

  if (self->state != WHEP_REQUESTHEAD_BEGINS || self->method_size > 0)
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
    self->state = is_known (self->method) ? WHEP_REQUESTHEAD_GOES_ON
                                          : WHEP_REQUESTHEAD_UNKNOWN;
  else if (!g_ascii_isupper (byte) ||
      self->method_size == WHEP_REQUESTHEAD_METHOD_MAX)
    self->state = WHEP_REQUESTHEAD_UNKNOWN;
  else
    self->method[self->method_size++] = byte;
}

/* As libsoup has it: an empty line is LF or CR LF behind an LF. */
static void
take_line (WhepRequestHead *self, guint8 byte)
{
  if (byte == '\n')
    self->n_breaks++;
  else if (byte != '\r' || self->n_breaks == 0 || self->has_return)
    self->n_breaks = 0;
  self->has_return = byte == '\r';
  if (self->n_breaks == 2)
    self->state = WHEP_REQUESTHEAD_ENDS;
}

gsize
whep_requesthead_take (WhepRequestHead *self, const guint8 *data, gsize size)
{
  gsize n = 0;

  while (n < size && self->state < WHEP_REQUESTHEAD_ENDS) {
    if (self->state == WHEP_REQUESTHEAD_BEGINS)
      take_method (self, data[n++]);
    else
      take_line (self, data[n++]);
  }
  return n;
}
