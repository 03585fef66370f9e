/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Somebody else's server is asked who may publish: see hook-io.h. */

#include "gst/access/hook-io.h"

#include <gst/gstinfo.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <string.h>

GST_DEBUG_CATEGORY_STATIC (access_hook_debug);
#define GST_CAT_DEFAULT access_hook_debug

/* Of an answer: more than any reason is long. */
#define MAX_ANSWER_BYTES 4096

gchar *
access_visit_split (const AccessVisit *self, const gchar **key)
{
  gsize app_size = strcspn (self->stream, "/");

  *key = self->stream + app_size + (self->stream[app_size] == '/');
  return g_strndup (self->stream, app_size);
}

static void
add (JsonBuilder *builder, const gchar *name, const gchar *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static GBytes *
describe (const AccessVisit *visit)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  const gchar *key;
  g_autofree gchar *app = access_visit_split (visit, &key);
  gchar *text;

  json_builder_begin_object (builder);
  add (builder, "action", visit->action);
  add (builder, "app", app);
  add (builder, "key", key);
  add (builder, "query", visit->query);
  add (builder, "address", visit->address);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  return g_bytes_new_take (text, strlen (text));
}

/* Returns: (transfer full) (nullable): what the answer gives as its reason. */
static gchar *
dup_reason (const gchar *answer, gsize size)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;

  if (!json_parser_load_from_data (parser, answer, size, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  return g_strdup (
      json_object_get_string_member_with_default (json_node_get_object (root),
          "reason", NULL));
}

/* Reads the answer, or as much of it as may be long. Returns FALSE if none
 * came. */
static gboolean
post (SoupMessage *message, gchar *answer, gsize *size,
    GCancellable *cancellable, GError **error)
{
  g_autoptr (SoupSession) session =
      soup_session_new_with_options ("timeout", ACCESS_HOOK_TIMEOUT_S, NULL);
  g_autoptr (GInputStream) in =
      soup_session_send (session, message, cancellable, error);

  return in != NULL &&
      g_input_stream_read_all (in, answer, MAX_ANSWER_BYTES, size, cancellable,
          error);
}

gchar *
access_hook_ask (const gchar *url, const AccessVisit *visit,
    GCancellable *cancellable)
{
  g_autoptr (SoupMessage) message = soup_message_new ("POST", url);
  g_autoptr (GBytes) body = describe (visit);
  g_autoptr (GError) error = NULL;
  gchar answer[MAX_ANSWER_BYTES];
  gchar *reason = NULL;
  gsize size = 0;

  GST_DEBUG_CATEGORY_INIT (access_hook_debug, "accesshook", 0,
      "HTTP hook that says who may publish");
  if (message == NULL)
    return g_strdup ("nobody can be asked: the hook's URL is none");
  /* Or a secret would go to whom the answer names. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_set_request_body_from_bytes (message, "application/json", body);
  if (!post (message, answer, &size, cancellable, &error)) {
    GST_WARNING ("%s: no answer: %s", visit->stream, error->message);
    return g_strdup ("the server that decides does not answer");
  }
  GST_DEBUG ("%s: answered %u", visit->stream,
      soup_message_get_status (message));
  if (SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (message)))
    return NULL;
  if (SOUP_STATUS_IS_CLIENT_ERROR (soup_message_get_status (message)))
    reason = dup_reason (answer, size);
  return reason != NULL
      ? reason
      : g_strdup_printf ("the server that decides says no: %u",
            soup_message_get_status (message));
}
