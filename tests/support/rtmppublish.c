/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A publisher by hand. */

#include "tests/support/rtmppublish.h"

#include "tests/support/rtmptalk.h"

#include <gst/check/gstcheck.h>

Client
client_publish (Server *server, const gchar *app, const gchar *key,
    gdouble caps)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Client client = client_new (server, 0);

  talk_handshake (bytes);
  talk_connect (bytes, app, NULL, caps);
  talk_command (bytes, "publish", 2, key);
  ck_assert (g_output_stream_write_all (g_io_stream_get_output_stream (
                                            G_IO_STREAM (client.connection)),
      bytes->data, bytes->len, NULL, NULL, NULL));
  return client;
}

gchar *
client_hears_all (Client *self)
{
  g_autofree gchar *said = client_listen (self);
  g_auto (GStrv) chunks = g_strsplit (said, "\xc3", -1);

  client_clear (self);
  return g_strjoinv (NULL, chunks);
}
