/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Authorization of HTTP requests: see authorizer-io.h. */

#include "ext/whep/http/authorizer-io.h"
#include "ext/whep/category.h"
#include "ext/whep/http/ratelimit.h"
#include "ext/whep/http/reply-io.h"
#include "ext/whep/http/request-io.h"
#include "gst/access/keysfile-io.h"

WHEP_CATEGORY ("whepauthorizer", "Authorization of viewers and administrators");

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
  const AccessAuthorizerParams access = {
    .action = ACCESS_ACTION_WATCH,
    .keys = params->keys,
    .jwt_keys = params->jwt_keys,
    .hook = params->hook,
  };

  self->access = access_authorizer_new (&access, error);
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
  return self->admins != NULL || access_authorizer_has_tokens (self->access);
}

static gboolean
has_admin_token (WhepAuthorizer *self, const WhepAsker *asker)
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

static void
examine (WhepAuthorizer *self, WhepAsker *asker)
{
  access_authorizer_examine (self->access, asker->token, &asker->grant);
  asker->is_admin =
      has_admin_token (self, asker) || access_grant_is_admin (&asker->grant);
}

void
whep_authorizer_examine (WhepAuthorizer *self, SoupServerMessage *message,
    WhepAsker *asker)
{
  whep_asker_init (asker, message);
  examine (self, asker);
}

gboolean
whep_authorizer_identify (WhepAuthorizer *self, SoupServerMessage *message,
    WhepAsker *asker)
{
  whep_asker_init (asker, message);
  if (!may_guess (self, message, asker)) {
    whep_asker_clear (asker);
    return FALSE;
  }
  examine (self, asker);
  return TRUE;
}

gboolean
whep_authorizer_is_guarded (const WhepAuthorizer *self)
{
  return access_authorizer_needs_secret (self->access) ||
      access_authorizer_has_hook (self->access) || self->func != NULL;
}

gboolean
whep_authorizer_check_admin (WhepAuthorizer *self, SoupServerMessage *message)
{
  WhepAsker asker;
  gboolean has_token, is_admin;

  if (!whep_authorizer_identify (self, message, &asker))
    return FALSE;
  has_token = asker.token != NULL;
  is_admin = asker.is_admin;
  whep_asker_clear (&asker);
  if (is_admin)
    return TRUE;
  if (has_token)
    count_guess (self, message);
  reject_token (message, has_token,
      has_token ? "This is not an administrator's token."
                : "An administrator's token is needed.");
  return FALSE;
}

/* If everybody may watch, a token can only be meant as an administrator's. */
static gboolean
is_guess (const WhepAuthorizer *self, const WhepAsker *asker)
{
  if (asker->is_admin)
    return FALSE;
  if (whep_authorizer_is_guarded (self))
    return access_grant_is_guess (&asker->grant);
  return self->admins != NULL && asker->token != NULL;
}

void
whep_authorizer_count_guess (WhepAuthorizer *self, SoupServerMessage *message,
    const WhepAsker *asker)
{
  if (is_guess (self, asker))
    count_guess (self, message);
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

  if (access_grant_check (&asker->grant, ACCESS_ACTION_LIST, stream) !=
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

static const gchar *
describe (AccessVerdict verdict)
{
  switch (verdict) {
    case ACCESS_ALLOWED:
      return NULL;
    case ACCESS_SECRET_MISSING:
      return "A token is needed to watch this stream.";
    case ACCESS_TOKEN_EXPIRED:
      return "The token has expired, or is not valid yet.";
    case ACCESS_SECRET_WRONG:
    case ACCESS_KEYS_UNREADABLE:
      return "The token is not valid for this stream.";
  }
  g_assert_not_reached ();
}

static gboolean
check_token (WhepAuthorizer *self, SoupServerMessage *message,
    const WhepAsker *asker, const gchar *stream)
{
  AccessVerdict verdict =
      access_grant_check (&asker->grant, ACCESS_ACTION_WATCH, stream);

  if (verdict == ACCESS_ALLOWED)
    return TRUE;
  whep_authorizer_count_guess (self, message, asker);
  GST_INFO ("%s: viewer rejected: %s", stream, describe (verdict));
  reject_token (message, asker->token != NULL, describe (verdict));
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

static void
follow (const Wait *wait, SoupServerMessage *message, guint status,
    const gchar *why)
{
  if (why == NULL) {
    wait->authorized (message, wait->stream, wait->user_data);
    return;
  }
  if (!whep_questions_is_decided (status)) {
    whep_questions_reply_undecided (message);
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

  /* What has been authorized may pause the message once more. */
  if (!is_gone) {
    soup_server_message_unpause (message);
    follow (wait, message, status, why);
  }
  wait_free (wait);
}

static void
ask_hook (WhepAuthorizer *self, SoupServerMessage *message,
    const AccessRequest *request, const Wait *params)
{
  Wait *wait;

  if (!whep_questions_have_room (self->questions, 1)) {
    whep_questions_reply_full (message);
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

  if (!whep_authorizer_identify (self, message, &asker))
    return;
  request = request_of (&asker, ACCESS_ACTION_WATCH, stream);
  if (asker.is_admin) {
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
