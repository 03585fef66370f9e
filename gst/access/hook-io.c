/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks the operator's server: see hook-io.h. */

#include "gst/access/hook-io.h"
#include "gst/access/jsonobject.h"
#include "gst/access/post-io.h"

#include <gst/gstinfo.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <string.h>

GST_DEBUG_CATEGORY_STATIC (access_hook_debug);
#define GST_CAT_DEFAULT access_hook_debug

static void
add (JsonBuilder *builder, const gchar *name, const gchar *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static GBytes *
describe (const AccessRequest *request)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  const gchar *key;
  g_autofree gchar *app = access_request_split (request, &key);
  gchar *text;

  json_builder_begin_object (builder);
  add (builder, "action", request->action);
  add (builder, "app", app);
  add (builder, "key", key);
  add (builder, "query", request->query);
  add (builder, "address", request->address);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  return g_bytes_new_take (text, strlen (text));
}

/* Returns: (transfer full) (nullable): what the answer gives as its reason. */
static gchar *
dup_reason (const gchar *answer, gsize size)
{
  g_autoptr (JsonNode) root = access_json_load_object (answer, size);

  if (root == NULL)
    return NULL;
  return g_strdup (
      json_object_get_string_member_with_default (json_node_get_object (root),
          "reason", NULL));
}

/* Reads the answer, up to its limit. Returns FALSE if there is none. */
static gboolean
post (SoupMessage *message, gchar *answer, gsize *size,
    GCancellable *cancellable, GError **error)
{
  g_autoptr (SoupSession) session =
      access_post_session_new (ACCESS_HOOK_TIMEOUT_S, 1);
  g_autoptr (GInputStream) in =
      soup_session_send (session, message, cancellable, error);

  return in != NULL &&
      g_input_stream_read_all (in, answer, ACCESS_POST_MAX_ANSWER_BYTES, size,
          cancellable, error);
}

static void
init_category (void)
{
  static gsize is_ready = 0;

  if (g_once_init_enter (&is_ready)) {
    GST_DEBUG_CATEGORY_INIT (access_hook_debug, "accesshook", 0,
        "The HTTP hook that authorizes publishers and viewers");
    g_once_init_leave (&is_ready, 1);
  }
}

/* Returns: (nullable) (transfer full): NULL if @url is invalid. */
static SoupMessage *
question_new (const gchar *url, const AccessRequest *request)
{
  g_autoptr (GBytes) body = describe (request);

  return access_post_new (url, body);
}

/* Returns: (transfer full) (nullable): NULL for yes, else the reason why not.
 */
static gchar *
read_verdict (guint status, const gchar *answer, gsize size)
{
  gchar *reason = NULL;

  if (SOUP_STATUS_IS_SUCCESSFUL (status))
    return NULL;
  if (SOUP_STATUS_IS_CLIENT_ERROR (status))
    reason = dup_reason (answer, size);
  return reason != NULL
      ? reason
      : g_strdup_printf ("the authorization server rejects it: %u", status);
}

static gchar *
no_answer (const gchar *stream, const GError *error)
{
  GST_WARNING ("%s: no answer: %s", stream, error->message);
  return g_strdup ("the authorization server does not answer");
}

gchar *
access_hook_ask (const gchar *url, const AccessRequest *request,
    GCancellable *cancellable)
{
  g_autoptr (SoupMessage) message = question_new (url, request);
  g_autoptr (GError) error = NULL;
  gchar answer[ACCESS_POST_MAX_ANSWER_BYTES];
  gsize size = 0;

  init_category ();
  if (message == NULL)
    return g_strdup ("the hook's URL is invalid");
  if (!post (message, answer, &size, cancellable, &error))
    return no_answer (request->stream, error);
  GST_DEBUG ("%s: answered %u", request->stream,
      soup_message_get_status (message));
  return read_verdict (soup_message_get_status (message), answer, size);
}

static gboolean
is_http (GUri *uri)
{
  return g_str_equal (g_uri_get_scheme (uri), "http") ||
      g_str_equal (g_uri_get_scheme (uri), "https");
}

static gboolean
has_host (GUri *uri)
{
  const gchar *host = g_uri_get_host (uri);

  return host != NULL && *host != '\0';
}

gboolean
access_hook_check_url (const gchar *url, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, error);

  if (uri == NULL)
    return FALSE;
  if (!is_http (uri))
    g_set_error (error, G_URI_ERROR, G_URI_ERROR_BAD_SCHEME,
        "“%s” is neither http nor https", url);
  else if (!has_host (uri))
    g_set_error (error, G_URI_ERROR, G_URI_ERROR_BAD_HOST, "“%s” names no host",
        url);
  return is_http (uri) && has_host (uri);
}

struct _AccessHook
{
  gchar *url;
  SoupSession *session; /* of the thread that asks; NULL before it does */
};

/* A question that has not been answered. */
typedef struct
{
  gchar *stream;
  guint status; /* 0: there was no answer */
  gchar *why;   /* NULL for yes */
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_free (self->stream);
  g_free (self->why);
  g_free (self);
}

AccessHook *
access_hook_new (const gchar *url, GError **error)
{
  AccessHook *self;

  init_category ();
  if (!access_hook_check_url (url, error))
    return NULL;
  self = g_new0 (AccessHook, 1);
  self->url = g_strdup (url);
  return self;
}

void
access_hook_free (AccessHook *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->session);
  g_free (self->url);
  g_free (self);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Question *question = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  const gchar *answer;
  gsize size;

  question->status = access_post_send_finish (result, &answer, &size, &error);
  if (error != NULL) {
    question->why = no_answer (question->stream, error);
  } else {
    GST_DEBUG ("%s: answered %u", question->stream, question->status);
    question->why = read_verdict (question->status, answer, size);
  }
  g_task_return_boolean (task, TRUE);
}

void
access_hook_ask_async (AccessHook *self, const AccessRequest *request,
    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  g_autoptr (SoupMessage) message = question_new (self->url, request);
  Question *question = g_new0 (Question, 1);

  if (self->session == NULL)
    self->session = access_post_session_new (ACCESS_HOOK_TIMEOUT_S,
        ACCESS_HOOK_MAX_CONNECTIONS);
  question->stream = g_strdup (request->stream);
  g_task_set_task_data (task, question, question_free);
  access_post_send_async (self->session, message, cancellable, on_answer, task);
}

gchar *
access_hook_ask_finish (GAsyncResult *result, guint *status)
{
  Question *question = g_task_get_task_data (G_TASK (result));

  *status = question->status;
  return g_steal_pointer (&question->why);
}
