/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The gateway's HTTP on loopback: see whepserver.h. */

#include "tests/support/whepserver.h"
#include "ext/whep/http/problem.h"
#include "tests/support/browseroffer.h"

#include <gst/check/gstcheck.h>
#include <json-glib/json-glib.h>
#include <string.h>

void
whep_server_init_as (WhepServer *self, const WhepHttpParams *params)
{
  WhepMediaParams media_params = { .address = params->address,
    .n_threads = WHEP_SERVER_THREADS,
    .limits = whep_stream_default_limits };
  g_autoptr (GError) error = NULL;
  WhepCertificate *certificate = whep_certificate_new (&error);
  WhepHttpParams any_port = *params;

  g_assert_no_error (error);
  media_params.limits.rewind_us = params->rewind_us;
  media_params.limits.rewind_bytes =
      params->rewind_us > 0 ? WHEP_LOG_DEFAULT_BYTES : 0;
  self->n_frames = 0;
  self->media = whep_media_new (&media_params, &error);
  g_assert_no_error (error);
  any_port.port = 0;
  any_port.media_port = whep_media_port (self->media);
  self->http = whep_http_new (&any_port, self->media, certificate, &error);
  g_assert_no_error (error);
  whep_certificate_free (certificate);
  self->client = soup_session_new_with_options ("timeout",
      (guint) (WHEP_SERVER_PATIENCE_US / G_USEC_PER_SEC), NULL);
}

void
whep_server_init (WhepServer *self, guint max_viewers)
{
  const WhepHttpParams params = { .address = "127.0.0.1",
    .max_viewers = max_viewers };

  whep_server_init_as (self, &params);
}

void
whep_server_clear (WhepServer *self)
{
  g_object_unref (self->client);
  whep_http_free (self->http);
  whep_media_free (self->media);
}

void
whep_server_publish (WhepServer *self, guint64 id, const gchar *stream)
{
  whep_media_begin_track (self->media, id, stream, WHEP_VIDEO, "H264", 90000);
  whep_http_begin_track (self->http, id, stream, WHEP_VIDEO, "H264", 0x42c01f);
}

void
whep_server_push_frame_of (WhepServer *self, guint64 id, gsize size,
    gboolean is_key, gint64 media_us)
{
  WhepPacket *packet = whep_packet_new (size);

  packet->frame = ++self->n_frames;
  packet->is_marked = TRUE;
  packet->starts_key_frame = is_key;
  packet->media_us = media_us;
  whep_media_push (self->media, id, &packet, 1);
}

void
whep_server_push_frame (WhepServer *self, guint64 id, gsize size,
    gboolean is_key)
{
  whep_server_push_frame_of (self, id, size, is_key, g_get_monotonic_time ());
}

gchar *
whep_server_url (const WhepServer *self, const gchar *path)
{
  return g_strdup_printf ("http://127.0.0.1:%u%s", whep_http_port (self->http),
      path);
}

SoupMessage *
whep_server_message (WhepServer *self, const gchar *method, const gchar *path)
{
  g_autofree gchar *uri = whep_server_url (self, path);
  SoupMessage *message = soup_message_new (method, uri);

  ck_assert_msg (message != NULL, "%s", uri);
  return message;
}

Reply
whep_server_send (WhepServer *self, SoupMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = NULL;
  Reply reply = { .message = message };

  body = soup_session_send_and_read (self->client, message, NULL, &error);
  g_assert_no_error (error);
  reply.status = soup_message_get_status (message);
  reply.headers = soup_message_get_response_headers (message);
  reply.body = g_strdup_printf ("%.*s", (int) g_bytes_get_size (body),
      (const gchar *) g_bytes_get_data (body, NULL));
  return reply;
}

Reply
whep_server_ask (WhepServer *self, const gchar *method, const gchar *path)
{
  return whep_server_send (self, whep_server_message (self, method, path));
}

Reply
whep_server_ask_with (WhepServer *self, const gchar *method, const gchar *path,
    const gchar *type, const gchar *body)
{
  SoupMessage *message = whep_server_message (self, method, path);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

  soup_message_set_request_body_from_bytes (message, type, bytes);
  return whep_server_send (self, message);
}

Reply
whep_server_offer (WhepServer *self, const gchar *path, const gchar *name)
{
  g_autofree gchar *offer = browser_offer_load (name);

  return whep_server_ask_with (self, "POST", path, "application/sdp", offer);
}

void
reply_clear (Reply *self)
{
  g_object_unref (self->message);
  g_free (self->body);
}

const gchar *
reply_header (const Reply *self, const gchar *name)
{
  const gchar *value = soup_message_headers_get_one (self->headers, name);

  return value == NULL ? "" : value;
}

gchar *
reply_session_path (const Reply *self)
{
  const gchar *location = reply_header (self, "Location");
  g_autoptr (GUri) uri =
      g_uri_parse_relative (soup_message_get_uri (self->message), location,
          SOUP_HTTP_URI_FLAGS, NULL);

  ck_assert_msg (uri != NULL && *location != '\0', "%s: %s", location,
      self->body);
  return g_strdup (g_uri_get_path (uri));
}

void
reply_assert_problem (const Reply *self, guint status, const gchar *words)
{
  g_autoptr (JsonNode) root = json_from_string (self->body, NULL);
  JsonObject *problem;

  ck_assert_uint_eq (self->status, status);
  ck_assert_str_eq (reply_header (self, "Content-Type"),
      "application/problem+json");
  ck_assert_msg (root != NULL, "%s", self->body);
  problem = json_node_get_object (root);
  ck_assert_int_eq (json_object_get_int_member (problem, "status"), status);
  ck_assert_str_ne (json_object_get_string_member (problem, "title"), "");
  ck_assert (g_str_has_prefix (json_object_get_string_member (problem, "type"),
      WHEP_PROBLEM_URN));
  ck_assert_msg (strstr (json_object_get_string_member (problem, "detail"),
                     words) != NULL,
      "%s", self->body);
}
