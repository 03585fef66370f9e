/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Authorizes publishers or viewers: see authorizer-io.h. */

#include "gst/access/authorizer-io.h"

#include "gst/access/jwt.h"
#include "gst/access/jwtfile-io.h"
#include "gst/access/keysfile-io.h"

#include <gst/gstinfo.h>

GST_DEBUG_CATEGORY_STATIC (access_authorizer_debug);
#define GST_CAT_DEFAULT access_authorizer_debug

struct _AccessAuthorizer
{
  const gchar *action;  /* static */
  AccessKeysFile *keys; /* nullable */
  AccessJwtFile *jwts;  /* nullable: keys of tokens */
  gchar *url;           /* nullable */
  AccessHook *hook;     /* nullable: for the same URL */
};

static gboolean
is_set (const gchar *setting)
{
  return setting != NULL && *setting != '\0';
}

static gboolean
open_files (AccessAuthorizer *self, const AccessAuthorizerParams *params,
    GError **error)
{
  if (is_set (params->keys)) {
    self->keys =
        access_keysfile_new (params->keys, ACCESS_KEYS_BY_STREAM, error);
    if (self->keys == NULL)
      return FALSE;
  }
  if (is_set (params->jwt_keys)) {
    self->jwts = access_jwtfile_new (params->jwt_keys, error);
    if (self->jwts == NULL)
      return FALSE;
  }
  return TRUE;
}

static gboolean
set_up (AccessAuthorizer *self, const AccessAuthorizerParams *params,
    GError **error)
{
  if (!open_files (self, params, error))
    return FALSE;
  if (is_set (params->hook)) {
    self->url = g_strdup (params->hook);
    self->hook = access_hook_new (params->hook, error);
    if (self->hook == NULL)
      return FALSE;
  }
  return TRUE;
}

AccessAuthorizer *
access_authorizer_new (const AccessAuthorizerParams *params, GError **error)
{
  AccessAuthorizer *self = g_new0 (AccessAuthorizer, 1);

  GST_DEBUG_CATEGORY_INIT (access_authorizer_debug, "accessauthorizer", 0,
      "Authorization of publishers and viewers");
  self->action = params->action;
  if (!set_up (self, params, error))
    g_clear_pointer (&self, access_authorizer_free);
  return self;
}

void
access_authorizer_free (AccessAuthorizer *self)
{
  if (self == NULL)
    return;
  access_hook_free (self->hook);
  access_jwtfile_free (self->jwts);
  access_keysfile_free (self->keys);
  g_free (self->url);
  g_free (self);
}

gboolean
access_authorizer_has_keys (const AccessAuthorizer *self)
{
  return self->keys != NULL;
}

gboolean
access_authorizer_has_tokens (const AccessAuthorizer *self)
{
  return self->jwts != NULL;
}

gboolean
access_authorizer_needs_secret (const AccessAuthorizer *self)
{
  return self->keys != NULL || self->jwts != NULL;
}

gboolean
access_authorizer_has_hook (const AccessAuthorizer *self)
{
  return self->url != NULL;
}

static void
warn (const AccessAuthorizer *self, const GError *error)
{
  if (error != NULL)
    GST_WARNING ("requests to %s are rejected: %s", self->action,
        error->message);
}

const AccessKeys *
access_authorizer_read_keys (AccessAuthorizer *self)
{
  g_autoptr (GError) error = NULL;
  const AccessKeys *keys;

  if (self->keys == NULL)
    return NULL;
  keys = access_keysfile_read (self->keys, &error);
  warn (self, error);
  return keys;
}

static const AccessJwtKeys *
read_jwt_keys (AccessAuthorizer *self)
{
  g_autoptr (GError) error = NULL;
  const AccessJwtKeys *keys;

  if (self->jwts == NULL)
    return NULL;
  keys = access_jwtfile_read (self->jwts, &error);
  warn (self, error);
  return keys;
}

static void
examine_secret (AccessGrant *grant, const AccessJwtKeys *jwt_keys,
    const gchar *secret)
{
  if (grant->keys != NULL)
    access_keys_digest (secret, grant->digest);
  if (jwt_keys == NULL)
    return;
  grant->claims = access_jwt_verify (jwt_keys, secret);
  if (grant->claims != NULL)
    grant->is_current = access_claims_is_current (grant->claims,
        g_get_real_time () / G_USEC_PER_SEC);
}

void
access_authorizer_examine (AccessAuthorizer *self, const gchar *secret,
    AccessGrant *grant)
{
  const AccessJwtKeys *jwt_keys = read_jwt_keys (self);

  access_grant_clear (grant);
  *grant = (AccessGrant){
    .is_open = !access_authorizer_needs_secret (self),
    .has_secret = secret != NULL,
    .keys = access_authorizer_read_keys (self),
  };
  grant->is_unreadable = (self->keys != NULL && grant->keys == NULL) ||
      (self->jwts != NULL && jwt_keys == NULL);
  if (secret != NULL)
    examine_secret (grant, jwt_keys, secret);
}

AccessVerdict
access_authorizer_check_secret (AccessAuthorizer *self, const gchar *stream,
    const gchar *secret)
{
  AccessGrant grant = { 0 };
  AccessVerdict verdict;

  access_authorizer_examine (self, secret, &grant);
  verdict = access_grant_check (&grant, self->action, stream);
  access_grant_clear (&grant);
  return verdict;
}

gchar *
access_authorizer_ask (const AccessAuthorizer *self,
    const AccessRequest *request, GCancellable *cancellable)
{
  if (self->url == NULL)
    return NULL;
  return access_hook_ask (self->url, request, cancellable);
}

void
access_authorizer_ask_async (AccessAuthorizer *self,
    const AccessRequest *request, GCancellable *cancellable,
    GAsyncReadyCallback callback, gpointer user_data)
{
  access_hook_ask_async (self->hook, request, cancellable, callback, user_data);
}

void
access_authorizer_close (AccessAuthorizer *self)
{
  g_clear_pointer (&self->hook, access_hook_free);
}
