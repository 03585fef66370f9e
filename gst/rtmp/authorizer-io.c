/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Authorization of publishers: see authorizer-io.h. */

#include "gst/rtmp/authorizer-io.h"

#include "gst/access/query.h"
#include "gst/rtmp/login.h"
#include "gst/rtmp/replaycache.h"

#include <gst/gstinfo.h>
#include <errno.h>
#include <unistd.h>

GST_DEBUG_CATEGORY_STATIC (rtmp_authorizer_debug);
#define GST_CAT_DEFAULT rtmp_authorizer_debug

struct _RtmpAuthorizer
{
  guint8 secret[RTMP_LOGIN_SECRET_BYTES];

  GMutex lock; /* of what follows, and of the keys */
  AccessAuthorizer *access;
  RtmpReplayCache *answered;
  guint64 n_challenges;
};

static gboolean
fill_secret (RtmpAuthorizer *self, GError **error)
{
  if (getentropy (self->secret, sizeof self->secret) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
      "no randomness: %s", g_strerror (errno));
  return FALSE;
}

RtmpAuthorizer *
rtmp_authorizer_new (const AccessAuthorizerParams *params, GError **error)
{
  AccessAuthorizerParams all = *params;
  RtmpAuthorizer *self = g_new0 (RtmpAuthorizer, 1);

  GST_DEBUG_CATEGORY_INIT (rtmp_authorizer_debug, "rtmpauthorizer", 0,
      "Authorization of RTMP publishers");
  g_mutex_init (&self->lock);
  self->answered = rtmp_replaycache_new (RTMP_LOGIN_FRESH_S * G_USEC_PER_SEC);
  all.action = ACCESS_ACTION_PUBLISH;
  self->access = access_authorizer_new (&all, error);
  if (self->access == NULL || !fill_secret (self, error))
    g_clear_pointer (&self, rtmp_authorizer_free);
  return self;
}

void
rtmp_authorizer_free (RtmpAuthorizer *self)
{
  if (self == NULL)
    return;
  access_authorizer_free (self->access);
  rtmp_replaycache_free (self->answered);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Returns whether the login is that of a stream or, if that is NULL, of any
 * stream of the app. */
static gboolean
knows_password (const RtmpAuthorizer *self, const AccessKeys *keys,
    const RtmpLogin *login, const gchar *app, const gchar *stream)
{
  const gchar *password;
  guint index = 0;

  while ((password = access_keys_next_password (keys, &index, app, stream,
              login->user)) != NULL) {
    if (rtmp_login_proves (login, self->secret, password))
      return TRUE;
  }
  return FALSE;
}

static gchar *
demand_login (const AccessKeys *keys, const gchar *app, const gchar *query,
    const gchar **why)
{
  g_autofree gchar *secret = access_query_secret (query);

  if (secret != NULL || !access_keys_have_login (keys, app))
    return NULL;
  *why = "has to log in";
  return g_strdup (rtmp_login_demand);
}

void
rtmp_login_state_clear (RtmpLoginState *self)
{
  g_clear_pointer (&self->challenge, g_free);
}

/* An answer can be overheard, so it is valid for a short time, and only for the
 * first connection that sends it. */
static gboolean
take_answer_locked (RtmpAuthorizer *self, RtmpLoginState *state,
    const RtmpLogin *login, gint64 now_us)
{
  gboolean is_fresh = rtmp_login_is_fresh (login, self->secret, now_us);

  if (g_strcmp0 (state->challenge, login->opaque) == 0)
    return is_fresh || state->has_published;
  if (!is_fresh ||
      !rtmp_replaycache_add (self->answered, login->opaque, now_us))
    return FALSE;
  g_free (state->challenge);
  state->challenge = g_strdup (login->opaque);
  state->has_published = FALSE;
  return TRUE;
}

static gchar *
check_connect_locked (RtmpAuthorizer *self, RtmpLoginState *state,
    const gchar *app, const gchar *query, gint64 now_us, const gchar **why)
{
  const AccessKeys *keys = access_authorizer_read_keys (self->access);
  g_auto (RtmpLogin) login = { 0 };

  /* Every publish command is rejected then. */
  if (keys == NULL)
    return NULL;
  switch (rtmp_login_read (&login, query)) {
    case RTMP_LOGIN_NONE:
      return demand_login (keys, app, query, why);
    case RTMP_LOGIN_BEGUN:
      *why = "is asked for its password";
      return rtmp_login_challenge (&login, self->secret, self->n_challenges++,
          now_us);
    case RTMP_LOGIN_ANSWERED:
      if (knows_password (self, keys, &login, app, NULL) &&
          take_answer_locked (self, state, &login, now_us))
        return NULL;
      *why = "wrong user or password, or an expired or reused answer";
      return g_strdup (rtmp_login_failed);
  }
  return NULL;
}

gchar *
rtmp_authorizer_check_connect (RtmpAuthorizer *self, RtmpLoginState *login,
    const gchar *app, const gchar *query, gint64 now_us, const gchar **why)
{
  gchar *description;

  if (!access_authorizer_has_keys (self->access))
    return NULL;
  g_mutex_lock (&self->lock);
  description = check_connect_locked (self, login, app, query, now_us, why);
  g_mutex_unlock (&self->lock);
  return description;
}

/* Returns: (nullable): why the login does not allow it to publish. */
static const gchar *
check_login_locked (RtmpAuthorizer *self, RtmpLoginState *state,
    const AccessKeys *keys, const RtmpLogin *login, const gchar *stream,
    gint64 now_us)
{
  if (!knows_password (self, keys, login, NULL, stream))
    return "this user may not publish this stream";
  if (!take_answer_locked (self, state, login, now_us))
    return "the login is too old, or was used before: connect again";
  state->has_published = TRUE;
  return NULL;
}

static const gchar *
describe (AccessVerdict verdict)
{
  switch (verdict) {
    case ACCESS_ALLOWED:
      return NULL;
    case ACCESS_SECRET_MISSING:
      return "to publish this stream, a token or a password is needed";
    case ACCESS_SECRET_WRONG:
      return "the token or password is not valid for this stream";
    case ACCESS_TOKEN_EXPIRED:
      return "the token has expired, or is not valid yet";
    case ACCESS_KEYS_UNREADABLE:
      return "publishing is not possible at the moment";
  }
  g_assert_not_reached ();
}

static const gchar *
check_keys_locked (RtmpAuthorizer *self, RtmpLoginState *state,
    const AccessRequest *request, gint64 now_us)
{
  g_autofree gchar *secret = access_query_secret (request->query);
  g_auto (RtmpLogin) login = { 0 };
  const AccessKeys *keys;

  if (!access_authorizer_has_keys (self->access) ||
      rtmp_login_read (&login, request->query) != RTMP_LOGIN_ANSWERED)
    return describe (
        access_authorizer_check_secret (self->access, request->stream, secret));
  keys = access_authorizer_read_keys (self->access);
  if (keys == NULL)
    return describe (ACCESS_KEYS_UNREADABLE);
  return check_login_locked (self, state, keys, &login, request->stream,
      now_us);
}

gchar *
rtmp_authorizer_check_publish (RtmpAuthorizer *self, RtmpLoginState *login,
    const AccessRequest *request, gint64 now_us)
{
  const gchar *why;

  if (!access_authorizer_needs_secret (self->access))
    return NULL;
  g_mutex_lock (&self->lock);
  why = check_keys_locked (self, login, request, now_us);
  g_mutex_unlock (&self->lock);
  return g_strdup (why);
}

gchar *
rtmp_authorizer_ask (RtmpAuthorizer *self, const AccessRequest *request,
    GCancellable *cancellable)
{
  return access_authorizer_ask (self->access, request, cancellable);
}
