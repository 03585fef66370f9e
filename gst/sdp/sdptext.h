/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SDP as text: lines and the words in them (RFC 8866 sections 5 and 9). The
 * text is split in place, so the results are valid as long as the text. Pure.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SDP_TEXT_LINE,
  SDP_TEXT_END,
  SDP_TEXT_MALFORMED, /* @number is the line */
} SdpTextResult;

/* Iterates over the lines; all fields are read-only. */
typedef struct
{
  gchar *rest;
  guint number; /* of the line, from 1 */
  gchar type;
  gchar *value; /* what follows "x=" */
} SdpText;

/* @text is NUL-terminated and is split in place while iterating. */
void sdp_text_init (SdpText *self, gchar *text);
/* Advances to the next line; empty ones are skipped. */
SdpTextResult sdp_text_next (SdpText *self);

/* Splits the next word off @rest, which becomes NULL after the last one.
 * Returns: (nullable): the word, or NULL if @rest is. */
gchar *sdp_text_cut (gchar **rest, gchar separator);

/* RFC 8866's token: may be written into any line. */
gboolean sdp_text_is_token (const gchar *word);
gboolean sdp_text_is_token_char (gchar c);
/* Parses RFC 8866's integer, without leading zeroes, up to @max. */
gboolean sdp_text_read_number (const gchar *word, guint max, guint *number);
/* "name=value" among the parameters of a=fmtp (RFC 8866 section 6.15), in
 * place. */
typedef struct
{
  const gchar *start; /* of the whole, up to the semicolon */
  gsize size;
  const gchar *value; /* without the blanks around it */
  gsize value_size;
} SdpParameter;

gboolean sdp_text_find_parameter (const gchar *parameters, const gchar *name,
    SdpParameter *found);
gboolean sdp_parameter_is (const SdpParameter *self, const gchar *value);

G_END_DECLS
