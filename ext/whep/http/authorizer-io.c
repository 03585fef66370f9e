/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Authorization of viewers: see authorizer-io.h. */

#include "ext/whep/http/authorizer-io.h"
#include "ext/whep/category.h"
#include "ext/whep/http/reply-io.h"
#include "gst/access/query.h"

#include <string.h>

WHEP_CATEGORY ("whepauthorizer", "Authorization of WHEP viewers");

#define SCHEME "Bearer "
/* How soon a client should try again after the server did not answer. */
#define UNDECIDED_RETRY_S 5

struct _WhepAuthorizer
{
  AccessAuthorizer *access; /* by its file and its server */
  WhepAuthorizeFunc func;
  gpointer func_data;
  GQueue asking; /* of Ask */
  gboolean is_closed;
};

/* A request that waits for the server's decision. */
typedef struct
{
  WhepAuthorizer *authorizer;
  GList link;
  SoupServerMessage *message;
  gchar *stream;
  gboolean has_token;
  GCancellable *cancellable;
  GSource *timer;
  gboolean is_gone; /* its connection has ended */
  WhepAuthorizedFunc authorized;
  gpointer authorized_data;
} Ask;

WhepAuthorizer *
whep_authorizer_new (const WhepAuthorizerParams *params, GError **error)
{
  WhepAuthorizer *self = g_new0 (WhepAuthorizer, 1);

  g_queue_init (&self->asking);
  self->func = params->func;
  self->func_data = params->func_data;
  self->access =
      access_authorizer_new ("watch", params->keys, params->hook, error);
  if (self->access == NULL)
    g_clear_pointer (&self, whep_authorizer_free);
  return self;
}

void
whep_authorizer_free (WhepAuthorizer *self)
{
  if (self == NULL)
    return;
  g_assert (g_queue_is_empty (&self->asking));
  access_authorizer_free (self->access);
  g_free (self);
}

/* Returns: (nullable) (transfer full): that of the header. */
static gchar *
dup_bearer (SoupServerMessage *message)
{
  const gchar *header =
      soup_message_headers_get_one (soup_server_message_get_request_headers (
                                        message),
          "Authorization");

  if (header == NULL ||
      g_ascii_strncasecmp (header, SCHEME, strlen (SCHEME)) != 0)
    return NULL;
  return g_strstrip (g_strdup (header + strlen (SCHEME)));
}

/* Returns: (transfer full): the query, with the header's token as if it had
 * been given there, so that the hook and the application find it in one
 * place. */
static gchar *
dup_query (SoupServerMessage *message)
{
  const gchar *query = g_uri_get_query (soup_server_message_get_uri (message));
  g_autofree gchar *bearer = dup_bearer (message);
  g_autofree gchar *escaped = NULL;

  if (query == NULL)
    query = "";
  if (bearer == NULL)
    return g_strdup (query);
  escaped = g_uri_escape_string (bearer, NULL, FALSE);
  return g_strconcat ("token=", escaped, *query == '\0' ? "" : "&", query,
      NULL);
}

/* RFC 6750 section 3: a request without a token isn't told of an error. */
static void
refuse_token (SoupServerMessage *message, gboolean has_token,
    const gchar *detail)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (
                                    message),
      "WWW-Authenticate",
      has_token ? "Bearer error=\"invalid_token\"" : "Bearer");
  whep_reply_problem (message,
      has_token ? WHEP_PROBLEM_TOKEN_REFUSED : WHEP_PROBLEM_TOKEN_NEEDED,
      detail);
}

static void
refuse_request (SoupServerMessage *message, const gchar *stream,
    const gchar *why)
{
  GST_INFO ("%s: a viewer is rejected: %s", stream, why);
  whep_reply_problem (message, WHEP_PROBLEM_NOT_ALLOWED, why);
}

static gboolean
check_token (WhepAuthorizer *self, SoupServerMessage *message,
    const AccessRequest *request, const gchar *token)
{
  AccessVerdict verdict =
      access_authorizer_check_secret (self->access, request->stream, token);

  if (verdict == ACCESS_ALLOWED)
    return TRUE;
  GST_INFO ("%s: a viewer has %s", request->stream,
      token == NULL ? "no token" : "the token is not valid for this stream");
  refuse_token (message, token != NULL,
      token != NULL ? "The token is not valid for this stream."
                    : "A token is needed to watch this stream.");
  return FALSE;
}

static gboolean
check_application (WhepAuthorizer *self, SoupServerMessage *message,
    const AccessRequest *request)
{
  g_autofree gchar *why =
      self->func == NULL ? NULL : self->func (request, self->func_data);

  if (why == NULL)
    return TRUE;
  refuse_request (message, request->stream, why);
  return FALSE;
}

static void
on_disconnected (SoupServerMessage *message, Ask *ask)
{
  ask->is_gone = TRUE;
  g_cancellable_cancel (ask->cancellable);
}

static gboolean
on_late (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static Ask *
ask_new (WhepAuthorizer *self, SoupServerMessage *message, const gchar *stream,
    gboolean has_token)
{
  Ask *ask = g_new0 (Ask, 1);

  ask->authorizer = self;
  ask->link.data = ask;
  ask->message = g_object_ref (message);
  ask->stream = g_strdup (stream);
  ask->has_token = has_token;
  ask->cancellable = g_cancellable_new ();
  ask->timer = g_timeout_source_new_seconds (ACCESS_HOOK_TIMEOUT_S);
  g_source_set_callback (ask->timer, on_late, ask->cancellable, NULL);
  g_source_attach (ask->timer, g_main_context_get_thread_default ());
  g_signal_connect (message, "disconnected", G_CALLBACK (on_disconnected), ask);
  g_queue_push_tail_link (&self->asking, &ask->link);
  return ask;
}

static void
ask_free (Ask *ask)
{
  g_queue_unlink (&ask->authorizer->asking, &ask->link);
  g_signal_handlers_disconnect_by_data (ask->message, ask);
  g_source_destroy (ask->timer);
  g_source_unref (ask->timer);
  g_object_unref (ask->cancellable);
  g_object_unref (ask->message);
  g_free (ask->stream);
  g_free (ask);
}

/* @status: of the server's answer; 0: there was none. A server that failed has
 * not decided.
 * @why: (nullable): NULL for yes. */
static void
follow (Ask *ask, guint status, const gchar *why)
{
  if (why == NULL)
    ask->authorized (ask->message, ask->stream, ask->authorized_data);
  else if (status == 0 || SOUP_STATUS_IS_SERVER_ERROR (status))
    whep_reply_later (ask->message, WHEP_PROBLEM_UNDECIDED, UNDECIDED_RETRY_S,
        "Permission to watch cannot be checked at the moment.");
  else if (status == SOUP_STATUS_UNAUTHORIZED)
    refuse_token (ask->message, ask->has_token, why);
  else
    refuse_request (ask->message, ask->stream, why);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Ask *ask = user_data;
  guint status;
  g_autofree gchar *why = access_hook_ask_finish (result, &status);

  if (!ask->is_gone) {
    follow (ask, status, why);
    soup_server_message_unpause (ask->message);
  }
  ask_free (ask);
}

static void
ask_server (WhepAuthorizer *self, SoupServerMessage *message,
    const AccessRequest *request, gboolean has_token,
    WhepAuthorizedFunc authorized, gpointer user_data)
{
  Ask *ask;

  if (self->is_closed || self->asking.length >= WHEP_AUTHORIZER_MAX_ASKING) {
    whep_reply_later (message, WHEP_PROBLEM_UNDECIDED, UNDECIDED_RETRY_S,
        "Too many requests are waiting for authorization.");
    return;
  }
  ask = ask_new (self, message, request->stream, has_token);
  ask->authorized = authorized;
  ask->authorized_data = user_data;
  soup_server_message_pause (message);
  access_authorizer_ask_async (self->access, request, ask->cancellable,
      on_answer, ask);
}

static void
cancel (gpointer ask, gpointer user_data)
{
  g_cancellable_cancel (((Ask *) ask)->cancellable);
}

void
whep_authorizer_close (WhepAuthorizer *self)
{
  self->is_closed = TRUE;
  g_queue_foreach (&self->asking, cancel, NULL);
  while (!g_queue_is_empty (&self->asking))
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  access_authorizer_close (self->access);
}

void
whep_authorizer_check (WhepAuthorizer *self, SoupServerMessage *message,
    const gchar *stream, WhepAuthorizedFunc authorized, gpointer user_data)
{
  const gchar *address = soup_server_message_get_remote_host (message);
  g_autofree gchar *query = dup_query (message);
  g_autofree gchar *token = access_query_get (query, "token");
  const AccessRequest request = {
    .action = "watch",
    .stream = stream,
    .query = query,
    .address = address == NULL ? "" : address,
  };

  if (!check_token (self, message, &request, token) ||
      !check_application (self, message, &request))
    return;
  if (!access_authorizer_has_hook (self->access))
    authorized (message, stream, user_data);
  else
    ask_server (self, message, &request, token != NULL, authorized, user_data);
}
