/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An HTTP reader: see mp4reader.h. */

#include "tests/support/mp4reader.h"
#include "tests/support/whepserver.h"

#include <gst/check/gstcheck.h>
#include <string.h>
#include <sys/socket.h>

/* Of one call. */
#define READ_BYTES (64 * 1024)

void
mp4_reader_init (Mp4Reader *self, guint port, const gchar *path,
    const gchar *version, const gchar *headers, gint buffer_bytes)
{
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string ("127.0.0.1", port);
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4,
      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autofree gchar *request =
      g_strdup_printf ("GET %s HTTP/%s\r\nHost: a\r\n%s\r\n", path, version,
          headers);

  if (buffer_bytes > 0)
    g_socket_set_option (socket, SOL_SOCKET, SO_RCVBUF, buffer_bytes, NULL);
  g_socket_set_timeout (socket, WHEP_SERVER_PATIENCE_US / G_USEC_PER_SEC);
  ck_assert (g_socket_connect (socket, address, NULL, NULL));
  self->connection = g_socket_connection_factory_create_connection (socket);
  self->text = g_string_new (NULL);
  ck_assert_int_eq (g_socket_send (socket, request, strlen (request), NULL,
                        NULL),
      strlen (request));
}

void
mp4_reader_clear (Mp4Reader *self)
{
  g_object_unref (self->connection);
  g_string_free (self->text, TRUE);
}

gboolean
mp4_reader_read (Mp4Reader *self)
{
  gchar buffer[READ_BYTES];
  gssize n =
      g_socket_receive (g_socket_connection_get_socket (self->connection),
          buffer, sizeof buffer, NULL, NULL);

  ck_assert_msg (n >= 0, "timed out after: %.200s", self->text->str);
  g_string_append_len (self->text, buffer, n);
  return n > 0;
}

const gchar *
mp4_reader_body (const Mp4Reader *self)
{
  const gchar *end = strstr (self->text->str, "\r\n\r\n");

  return end == NULL ? "" : end + strlen ("\r\n\r\n");
}

void
mp4_reader_assert_reads (Mp4Reader *self, const gchar *expected)
{
  while (strlen (mp4_reader_body (self)) < strlen (expected) &&
      mp4_reader_read (self)) {
  }
  ck_assert_str_eq (mp4_reader_body (self), expected);
}
