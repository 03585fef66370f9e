/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The decoder's end of the socket. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Exactly @size bytes. Return FALSE if the other end is closed. */
gboolean isolation_stream_write (gint fd, gconstpointer data, gsize size);
gboolean isolation_stream_read (gint fd, gpointer data, gsize size);

G_END_DECLS
