/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks the head of a request before libsoup reads it, because libsoup
 * permanently stores every method that it has ever seen, and the path of every
 * request whose length it cannot determine, however long they are. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The longest methods are CONNECT and OPTIONS. */
#define WHEP_REQUESTHEAD_METHOD_MAX 7
/* The part of a line that has to be parsed: a name, spaces, a number of 19
 * digits. */
#define WHEP_REQUESTHEAD_LINE_MAX 63

typedef enum
{
  WHEP_REQUESTHEAD_BEGINS,    /* within the method, or before it */
  WHEP_REQUESTHEAD_GOES_ON,   /* the method is known */
  WHEP_REQUESTHEAD_ENDS,      /* a body of known length follows */
  WHEP_REQUESTHEAD_NO_METHOD, /* unknown method: stop reading */
  WHEP_REQUESTHEAD_MALFORMED, /* malformed line: likewise */
} WhepRequestHeadState;

/* Initialised with zeroes. */
typedef struct
{
  WhepRequestHeadState state;
  gchar line[WHEP_REQUESTHEAD_LINE_MAX + 1]; /* the beginning of the line */
  gsize line_size;                           /* of the whole line so far */
  guint n_lines;                             /* completed lines */
} WhepRequestHead;

/* Returns: how many of the @size bytes belong to empty lines before the
 * request, which are ignored (RFC 9112 section 2.2). */
gsize whep_requesthead_skip (const WhepRequestHead *self, const guint8 *data,
    gsize size);

/* Parses the next bytes, up to the end of the head.
 *
 * Returns: the number of bytes parsed, which is @size unless the head ends or
 * is invalid. */
gsize whep_requesthead_take (WhepRequestHead *self, const guint8 *data,
    gsize size);

G_END_DECLS
