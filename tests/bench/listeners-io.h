/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many TCP connections that one thread of their own reads and whose bytes it
 * drops in the kernel, so that reading costs as little as possible. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LISTENERS_MAX 1000

typedef struct
{
  guint64 n_bytes; /* of all listeners */
  guint n_starved; /* have received nothing since the last count */
  guint n_closed;  /* by the other side */
} ListenersCounts;

typedef struct _Listeners Listeners;

Listeners *listeners_new (void);
/* Closes all connections. */
void listeners_free (Listeners *self);
/* Takes @fd, a connected socket. */
void listeners_add (Listeners *self, int fd);
ListenersCounts listeners_count (Listeners *self);

G_END_DECLS
