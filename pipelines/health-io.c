/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rtmp-webrtc-health: whether the gateway on this machine serves, for a
 * container's health check.
 *
 *     rtmp-webrtc-health [PORT]     (default: $HTTP_PORT, or else 8080)
 *
 * The status is 0 if GET /healthz?live is answered with 200: a gateway that is
 * full or drained is well. */

#include <gio/gio.h>
#include <string.h>

#define REQUEST "GET /healthz?live HTTP/1.0\r\nHost: localhost\r\n\r\n"
/* For each step; a container's check is given 3 s for all. */
#define PATIENCE_S 2
/* "HTTP/1.x 200" */
#define STATUS_BYTES 12

static guint16
read_port (const gchar *text)
{
  guint64 port;

  if (text == NULL || *text == '\0' ||
      !g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &port, NULL))
    return 8080;
  return port;
}

static gboolean
is_well (guint16 port, GError **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  gchar status[STATUS_BYTES + 1] = "";
  GIOStream *stream;

  g_socket_client_set_timeout (client, PATIENCE_S);
  g_socket_client_set_enable_proxy (client, FALSE);
  connection =
      g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, error);
  if (connection == NULL)
    return FALSE;
  stream = G_IO_STREAM (connection);
  if (!g_output_stream_write_all (g_io_stream_get_output_stream (stream),
          REQUEST, strlen (REQUEST), NULL, NULL, error) ||
      !g_input_stream_read_all (g_io_stream_get_input_stream (stream), status,
          STATUS_BYTES, NULL, NULL, error))
    return FALSE;
  if (g_str_has_prefix (status, "HTTP/1.") && g_str_has_suffix (status, " 200"))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "answered \"%s\"", status);
  return FALSE;
}

int
main (int argc, char **argv)
{
  guint16 port = read_port (argc > 1 ? argv[1] : g_getenv ("HTTP_PORT"));
  g_autoptr (GError) error = NULL;

  if (is_well (port, &error))
    return 0;
  g_printerr ("port %u: %s\n", port, error->message);
  return 1;
}
