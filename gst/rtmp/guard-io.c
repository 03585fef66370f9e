/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who may publish: see guard-io.h. */

#include "gst/rtmp/guard-io.h"

#include "gst/access/keysfile-io.h"
#include "gst/access/query.h"
#include "gst/rtmp/login.h"
#include "gst/rtmp/replaycache.h"

#include <gst/gstinfo.h>
#include <errno.h>
#include <unistd.h>

GST_DEBUG_CATEGORY_STATIC (rtmp_guard_debug);
#define GST_CAT_DEFAULT rtmp_guard_debug

struct _RtmpGuard
{
  gchar *url; /* nullable */
  guint8 secret[RTMP_LOGIN_SECRET_BYTES];

  GMutex lock;          /* what follows, and the keys that it returns */
  AccessKeysFile *keys; /* nullable */
  RtmpReplayCache *answered;
  guint64 n_challenges;
};

static gboolean
fill_secret (RtmpGuard *self, GError **error)
{
  if (getentropy (self->secret, sizeof self->secret) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
      "no randomness: %s", g_strerror (errno));
  return FALSE;
}

static gboolean
set_up (RtmpGuard *self, const gchar *path, const gchar *url, GError **error)
{
  if (url != NULL && *url != '\0') {
    if (!access_hook_check_url (url, error))
      return FALSE;
    self->url = g_strdup (url);
  }
  if (path == NULL || *path == '\0')
    return TRUE;
  self->keys = access_keysfile_new (path, error);
  return self->keys != NULL;
}

RtmpGuard *
rtmp_guard_new (const gchar *path, const gchar *url, GError **error)
{
  RtmpGuard *self = g_new0 (RtmpGuard, 1);

  GST_DEBUG_CATEGORY_INIT (rtmp_guard_debug, "rtmpguard", 0,
      "Who may publish by RTMP");
  g_mutex_init (&self->lock);
  self->answered = rtmp_replaycache_new (RTMP_LOGIN_FRESH_S * G_USEC_PER_SEC);
  if (!fill_secret (self, error) || !set_up (self, path, url, error))
    g_clear_pointer (&self, rtmp_guard_free);
  return self;
}

void
rtmp_guard_free (RtmpGuard *self)
{
  if (self == NULL)
    return;
  access_keysfile_free (self->keys);
  rtmp_replaycache_free (self->answered);
  g_mutex_clear (&self->lock);
  g_free (self->url);
  g_free (self);
}

static const AccessKeys *
read_keys_locked (RtmpGuard *self)
{
  g_autoptr (GError) error = NULL;
  const AccessKeys *keys = access_keysfile_read (self->keys, &error);

  if (error != NULL)
    GST_WARNING ("nobody may publish: %s", error->message);
  return keys;
}

/* Whether the login is that of a stream or, if that is NULL, of any stream of
 * the app. */
static gboolean
knows_password (const RtmpGuard *self, const AccessKeys *keys,
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
rtmp_guard_login_clear (RtmpGuardLogin *self)
{
  g_clear_pointer (&self->challenge, g_free);
}

/* An answer can be overheard, so it is good for a while, and for the connection
 * alone that was the first to give it. */
static gboolean
take_answer_locked (RtmpGuard *self, RtmpGuardLogin *state,
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
greet_locked (RtmpGuard *self, RtmpGuardLogin *state, const gchar *app,
    const gchar *query, gint64 now_us, const gchar **why)
{
  const AccessKeys *keys = read_keys_locked (self);
  g_auto (RtmpLogin) login = { 0 };

  /* Nobody is going to publish, then. */
  if (keys == NULL)
    return NULL;
  switch (rtmp_login_read (&login, query)) {
    case RTMP_LOGIN_NONE:
      return demand_login (keys, app, query, why);
    case RTMP_LOGIN_BEGUN:
      *why = "was asked for its password";
      return rtmp_login_challenge (&login, self->secret, self->n_challenges++,
          now_us);
    case RTMP_LOGIN_ANSWERED:
      if (knows_password (self, keys, &login, app, NULL) &&
          take_answer_locked (self, state, &login, now_us))
        return NULL;
      *why = "wrong user or password, or an answer that is old or used";
      return g_strdup (rtmp_login_failed);
  }
  return NULL;
}

gchar *
rtmp_guard_greet (RtmpGuard *self, RtmpGuardLogin *login, const gchar *app,
    const gchar *query, gint64 now_us, const gchar **why)
{
  gchar *description;

  if (self->keys == NULL)
    return NULL;
  g_mutex_lock (&self->lock);
  description = greet_locked (self, login, app, query, now_us, why);
  g_mutex_unlock (&self->lock);
  return description;
}

/* Returns: (nullable): why the login doesn't let it publish. */
static const gchar *
check_login_locked (RtmpGuard *self, RtmpGuardLogin *state,
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
check_keys_locked (RtmpGuard *self, RtmpGuardLogin *state,
    const AccessRequest *request, gint64 now_us)
{
  const AccessKeys *keys = read_keys_locked (self);
  g_autofree gchar *secret = access_query_secret (request->query);
  g_auto (RtmpLogin) login = { 0 };

  if (keys == NULL)
    return "nobody may publish now";
  if (rtmp_login_read (&login, request->query) == RTMP_LOGIN_ANSWERED)
    return check_login_locked (self, state, keys, &login, request->stream,
        now_us);
  if (secret == NULL)
    return "to publish this stream, a token or a password is needed";
  return access_keys_allow (keys, request->stream, secret)
      ? NULL
      : "the token or password is not this stream's";
}

gchar *
rtmp_guard_check_keys (RtmpGuard *self, RtmpGuardLogin *login,
    const AccessRequest *request, gint64 now_us)
{
  const gchar *why;

  if (self->keys == NULL)
    return NULL;
  g_mutex_lock (&self->lock);
  why = check_keys_locked (self, login, request, now_us);
  g_mutex_unlock (&self->lock);
  return g_strdup (why);
}

gchar *
rtmp_guard_ask (RtmpGuard *self, const AccessRequest *request,
    GCancellable *cancellable)
{
  if (self->url == NULL)
    return NULL;
  return access_hook_ask (self->url, request, cancellable);
}
