/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Authorization of HTTP requests: see authorizer-io.h. */

#include "ext/whep/http/authorizer-io.h"
#include "ext/whep/category.h"
#include "ext/whep/http/ratelimit.h"
#include "ext/whep/http/reply-io.h"
#include "ext/whep/http/request-io.h"
#include "gst/access/keysfile-io.h"
#include "gst/access/query.h"

#include <string.h>

WHEP_CATEGORY ("whepauthorizer", "Authorization of viewers and administrators");

#define SCHEME "Bearer "
/* When a client should retry after the hook did not answer. */
#define UNDECIDED_RETRY_S 5
#define GUESS_RETRY_S (WHEP_AUTHORIZER_GUESS_US / G_USEC_PER_SEC)
/* Every administrator's token is for everything. */
#define EVERYTHING "*"

struct _WhepAuthorizer
{
  AccessAuthorizer *access; /* the file and the hook */
  AccessKeysFile *admins;   /* nullable */
  WhepAuthorizeFunc func;
  gpointer func_data;
  WhepQuestions *questions;
  WhepRateLimit *guesses;
};

/* A request that waits for the hook. */
typedef struct
{
  WhepAuthorizer *authorizer;
  gchar *stream;
  gboolean has_token;
  WhepAuthorizedFunc authorized;
  gpointer user_data;
} Wait;

static gboolean
open_files (WhepAuthorizer *self, const WhepAuthorizerParams *params,
    GError **error)
{
  self->access =
      access_authorizer_new ("watch", params->keys, params->hook, error);
  if (self->access == NULL)
    return FALSE;
  if (params->api_tokens == NULL || *params->api_tokens == '\0')
    return TRUE;
  self->admins =
      access_keysfile_new (params->api_tokens, ACCESS_KEYS_ALONE, error);
  return self->admins != NULL;
}

WhepAuthorizer *
whep_authorizer_new (const WhepAuthorizerParams *params, GError **error)
{
  WhepAuthorizer *self = g_new0 (WhepAuthorizer, 1);

  self->func = params->func;
  self->func_data = params->func_data;
  self->guesses =
      whep_rate_limit_new (WHEP_AUTHORIZER_GUESSES, WHEP_AUTHORIZER_GUESS_US);
  if (open_files (self, params, error))
    self->questions = whep_questions_new (self->access);
  else
    g_clear_pointer (&self, whep_authorizer_free);
  return self;
}

void
whep_authorizer_free (WhepAuthorizer *self)
{
  if (self == NULL)
    return;
  whep_questions_free (self->questions);
  whep_rate_limit_free (self->guesses);
  access_keysfile_free (self->admins);
  access_authorizer_free (self->access);
  g_free (self);
}

void
whep_authorizer_close (WhepAuthorizer *self)
{
  whep_questions_close (self->questions);
  access_authorizer_close (self->access);
}

/* Returns: (nullable) (transfer full): the token of the header. */
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

void
whep_asker_init (WhepAsker *self, SoupServerMessage *message)
{
  const gchar *address = soup_server_message_get_remote_host (message);

  self->query = dup_query (message);
  self->token = access_query_get (self->query, "token");
  self->address = address == NULL ? "" : address;
}

void
whep_asker_clear (WhepAsker *self)
{
  g_clear_pointer (&self->query, g_free);
  g_clear_pointer (&self->token, g_free);
}

/* RFC 6750 section 3: without a token in the request, no error is named. */
static void
reject_token (SoupServerMessage *message, gboolean has_token,
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
reject_request (SoupServerMessage *message, const gchar *stream,
    const gchar *why)
{
  GST_INFO ("%s: viewer rejected: %s", stream, why);
  whep_reply_problem (message, WHEP_PROBLEM_NOT_ALLOWED, why);
}

static void
count_guess (WhepAuthorizer *self, SoupServerMessage *message)
{
  gchar client[NET_CLIENT_MAX + 1];

  whep_request_client (message, client);
  whep_rate_limit_take (self->guesses, client, g_get_monotonic_time ());
}

/* Replies and returns FALSE if the client has sent too many wrong tokens: then
 * not even a right one is looked at. */
static gboolean
may_guess (WhepAuthorizer *self, SoupServerMessage *message,
    const WhepAsker *asker)
{
  gchar client[NET_CLIENT_MAX + 1];

  if (asker->token == NULL)
    return TRUE;
  whep_request_client (message, client);
  if (whep_rate_limit_has_token (self->guesses, client,
          g_get_monotonic_time ()))
    return TRUE;
  GST_INFO ("%s has sent too many wrong tokens", client);
  whep_reply_later (message, WHEP_PROBLEM_TOO_MANY_REQUESTS, GUESS_RETRY_S,
      "Too many wrong tokens came from your address. Try again in a moment.");
  return FALSE;
}

gboolean
whep_authorizer_has_admins (const WhepAuthorizer *self)
{
  return self->admins != NULL;
}

static gboolean
is_admin (WhepAuthorizer *self, const WhepAsker *asker)
{
  g_autoptr (GError) error = NULL;
  const AccessKeys *tokens;

  if (self->admins == NULL || asker->token == NULL)
    return FALSE;
  tokens = access_keysfile_read (self->admins, &error);
  if (error != NULL)
    GST_WARNING ("nobody may administer: %s", error->message);
  return tokens != NULL && access_keys_allow (tokens, EVERYTHING, asker->token);
}

gboolean
whep_authorizer_is_admin (WhepAuthorizer *self, SoupServerMessage *message)
{
  WhepAsker asker;
  gboolean result;

  whep_asker_init (&asker, message);
  result = is_admin (self, &asker);
  whep_asker_clear (&asker);
  return result;
}

gboolean
whep_authorizer_is_guarded (const WhepAuthorizer *self)
{
  return access_authorizer_has_keys (self->access) ||
      access_authorizer_has_hook (self->access) || self->func != NULL;
}

static gboolean
check_admin (WhepAuthorizer *self, SoupServerMessage *message,
    const WhepAsker *asker)
{
  gboolean has_token = asker->token != NULL;

  if (!may_guess (self, message, asker))
    return FALSE;
  if (is_admin (self, asker))
    return TRUE;
  if (has_token)
    count_guess (self, message);
  reject_token (message, has_token,
      has_token ? "This is not an administrator's token."
                : "An administrator's token is needed.");
  return FALSE;
}

gboolean
whep_authorizer_check_admin (WhepAuthorizer *self, SoupServerMessage *message)
{
  WhepAsker asker;
  gboolean result;

  whep_asker_init (&asker, message);
  result = check_admin (self, message, &asker);
  whep_asker_clear (&asker);
  return result;
}

gboolean
whep_authorizer_check_guess (WhepAuthorizer *self, SoupServerMessage *message,
    const WhepAsker *asker)
{
  const AccessKeys *keys = access_authorizer_read_keys (self->access);

  if (!may_guess (self, message, asker))
    return FALSE;
  if (asker->token != NULL && keys != NULL &&
      !access_keys_have_secret (keys, asker->token))
    count_guess (self, message);
  return TRUE;
}

void
whep_authorizer_reject_look (SoupServerMessage *message, const gchar *detail)
{
  WhepAsker asker;

  whep_asker_init (&asker, message);
  reject_token (message, asker.token != NULL, detail);
  whep_asker_clear (&asker);
}

static AccessRequest
request_of (const WhepAsker *asker, const gchar *action, const gchar *stream)
{
  return (AccessRequest){
    .action = action,
    .stream = stream,
    .query = asker->query,
    .address = asker->address,
  };
}

/* Returns: (transfer full) (nullable): NULL if the application allows it. */
static gchar *
ask_application (WhepAuthorizer *self, const AccessRequest *request)
{
  return self->func == NULL ? NULL : self->func (request, self->func_data);
}

gboolean
whep_authorizer_allows (WhepAuthorizer *self, const WhepAsker *asker,
    const gchar *stream)
{
  AccessRequest request = request_of (asker, ACCESS_ACTION_LIST, stream);
  g_autofree gchar *why = NULL;

  if (access_authorizer_check_secret (self->access, stream, asker->token) !=
      ACCESS_ALLOWED)
    return FALSE;
  why = ask_application (self, &request);
  return why == NULL;
}

WhepQuestions *
whep_authorizer_questions (WhepAuthorizer *self)
{
  return access_authorizer_has_hook (self->access) ? self->questions : NULL;
}

static gboolean
check_token (WhepAuthorizer *self, SoupServerMessage *message,
    const WhepAsker *asker, const gchar *stream)
{
  gboolean has_token = asker->token != NULL;
  AccessVerdict verdict;

  if (!may_guess (self, message, asker))
    return FALSE;
  verdict = access_authorizer_check_secret (self->access, stream, asker->token);
  if (verdict == ACCESS_ALLOWED)
    return TRUE;
  if (has_token)
    count_guess (self, message);
  GST_INFO ("%s: viewer rejected: %s", stream,
      has_token ? "wrong token" : "no token");
  reject_token (message, has_token,
      has_token ? "The token is not valid for this stream."
                : "A token is needed to watch this stream.");
  return FALSE;
}

static gboolean
check_application (WhepAuthorizer *self, SoupServerMessage *message,
    const AccessRequest *request)
{
  g_autofree gchar *why = ask_application (self, request);

  if (why == NULL)
    return TRUE;
  reject_request (message, request->stream, why);
  return FALSE;
}

static void
wait_free (Wait *wait)
{
  g_free (wait->stream);
  g_free (wait);
}

/* A server error is not a decision. */
static void
follow (const Wait *wait, SoupServerMessage *message, guint status,
    const gchar *why)
{
  if (why == NULL) {
    wait->authorized (message, wait->stream, wait->user_data);
    return;
  }
  if (status == 0 || SOUP_STATUS_IS_SERVER_ERROR (status)) {
    whep_reply_later (message, WHEP_PROBLEM_UNDECIDED, UNDECIDED_RETRY_S,
        "Permission to watch cannot be checked at the moment.");
    return;
  }
  if (wait->has_token)
    count_guess (wait->authorizer, message);
  if (status == SOUP_STATUS_UNAUTHORIZED)
    reject_token (message, wait->has_token, why);
  else
    reject_request (message, wait->stream, why);
}

static void
on_answer (SoupServerMessage *message, guint status, const gchar *why,
    gboolean is_gone, gpointer user_data)
{
  Wait *wait = user_data;

  if (!is_gone) {
    follow (wait, message, status, why);
    soup_server_message_unpause (message);
  }
  wait_free (wait);
}

static void
ask_hook (WhepAuthorizer *self, SoupServerMessage *message,
    const AccessRequest *request, const Wait *params)
{
  Wait *wait;

  if (!whep_questions_have_room (self->questions, 1)) {
    whep_reply_later (message, WHEP_PROBLEM_UNDECIDED, UNDECIDED_RETRY_S,
        "Too many requests are waiting for authorization.");
    return;
  }
  wait = g_new (Wait, 1);
  *wait = *params;
  wait->stream = g_strdup (request->stream);
  soup_server_message_pause (message);
  whep_questions_ask (self->questions, message, request, on_answer, wait);
}

void
whep_authorizer_check (WhepAuthorizer *self, SoupServerMessage *message,
    const gchar *stream, WhepAuthorizedFunc authorized, gpointer user_data)
{
  AccessRequest request;
  WhepAsker asker;

  whep_asker_init (&asker, message);
  request = request_of (&asker, ACCESS_ACTION_WATCH, stream);
  if (is_admin (self, &asker)) {
    authorized (message, stream, user_data);
  } else if (check_token (self, message, &asker, stream) &&
      check_application (self, message, &request)) {
    const Wait wait = {
      .authorizer = self,
      .has_token = asker.token != NULL,
      .authorized = authorized,
      .user_data = user_data,
    };

    if (access_authorizer_has_hook (self->access))
      ask_hook (self, message, &request, &wait);
    else
      authorized (message, stream, user_data);
  }
  whep_asker_clear (&asker);
}
