/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The head of a request, as far as it must be known before libsoup reads it: it
 * keeps each method that it has ever heard of, however long, for good. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The longest method that there is: CONNECT, OPTIONS. */
#define WHEP_REQUESTHEAD_METHOD_MAX 7

typedef enum
{
  WHEP_REQUESTHEAD_BEGINS,  /* at most the method has come */
  WHEP_REQUESTHEAD_GOES_ON, /* the method is one that is known */
  WHEP_REQUESTHEAD_ENDS,    /* what follows is a body */
  WHEP_REQUESTHEAD_UNKNOWN, /* no such method: nothing of it may be read */
} WhepRequestHeadState;

/* Zeroed, it waits for a request. */
typedef struct
{
  WhepRequestHeadState state;
  gchar method[WHEP_REQUESTHEAD_METHOD_MAX + 1]; /* so far */
  guint method_size;
  guint n_breaks;      /* LFs in a row, a CR before each aside */
  gboolean has_return; /* the last byte was a CR */
} WhepRequestHead;

/* Returns: how many of @size bytes are empty lines before the request, to be
 * passed over (RFC 9112 section 2.2). */
gsize whep_requesthead_skip (const WhepRequestHead *self, const guint8 *data,
    gsize size);

/* Takes bytes that follow those before, up to the end of the head.
 *
 * Returns: how many; as many as there are unless the head ends or its method is
 * unknown. */
gsize whep_requesthead_take (WhepRequestHead *self, const guint8 *data,
    gsize size);

G_END_DECLS
