/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The decoder's end of the socket: see stream-io.h. */

#include "gst/isolation/stream-io.h"

#include <errno.h>
#include <sys/socket.h>

gboolean
isolation_stream_write (gint fd, gconstpointer data, gsize size)
{
  const guint8 *at = data;

  while (size > 0) {
    gssize n = send (fd, at, size, MSG_NOSIGNAL);

    if (n > 0) {
      at += n;
      size -= n;
    } else if (n == 0 || errno != EINTR) {
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
isolation_stream_read (gint fd, gpointer data, gsize size)
{
  guint8 *at = data;

  while (size > 0) {
    gssize n = recv (fd, at, size, 0);

    if (n > 0) {
      at += n;
      size -= n;
    } else if (n == 0 || errno != EINTR) {
      return FALSE;
    }
  }
  return TRUE;
}
