/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The head of a request, as far as it must be known before libsoup reads it,
 * which keeps for good each method that it has ever heard of, and the path of
 * each request whose length it can't tell, however long they are. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The longest method that there is: CONNECT, OPTIONS. */
#define WHEP_REQUESTHEAD_METHOD_MAX 7
/* Of a line, what has to be known: a name, spaces, a number of 19 digits. */
#define WHEP_REQUESTHEAD_LINE_MAX 63

typedef enum
{
  WHEP_REQUESTHEAD_BEGINS,    /* at most the method has come */
  WHEP_REQUESTHEAD_GOES_ON,   /* the method is one that is known */
  WHEP_REQUESTHEAD_ENDS,      /* what follows is a body, of a known length */
  WHEP_REQUESTHEAD_NO_METHOD, /* there is none such: nothing may be read */
  WHEP_REQUESTHEAD_MALFORMED, /* the same of its lines */
} WhepRequestHeadState;

/* Zeroed, it waits for a request. */
typedef struct
{
  WhepRequestHeadState state;
  gchar line[WHEP_REQUESTHEAD_LINE_MAX + 1]; /* how it begins, so far */
  gsize line_size;                           /* of the whole */
  guint n_lines;                             /* that are complete */
} WhepRequestHead;

/* Returns: how many of @size bytes are empty lines before the request, to be
 * passed over (RFC 9112 section 2.2). */
gsize whep_requesthead_skip (const WhepRequestHead *self, const guint8 *data,
    gsize size);

/* Takes bytes that follow those before, up to the end of the head.
 *
 * Returns: how many; as many as there are unless the head ends or is none. */
gsize whep_requesthead_take (WhepRequestHead *self, const guint8 *data,
    gsize size);

G_END_DECLS
