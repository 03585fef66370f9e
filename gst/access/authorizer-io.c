/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Authorizes publishers or viewers: see authorizer-io.h. */

#include "gst/access/authorizer-io.h"

#include "gst/access/keysfile-io.h"

#include <gst/gstinfo.h>

GST_DEBUG_CATEGORY_STATIC (access_authorizer_debug);
#define GST_CAT_DEFAULT access_authorizer_debug

struct _AccessAuthorizer
{
  const gchar *action;  /* static */
  AccessKeysFile *keys; /* nullable */
  gchar *url;           /* nullable */
  AccessHook *hook;     /* nullable: for the same URL */
};

static gboolean
is_set (const gchar *setting)
{
  return setting != NULL && *setting != '\0';
}

static gboolean
set_up (AccessAuthorizer *self, const gchar *keys, const gchar *hook,
    GError **error)
{
  if (is_set (keys)) {
    self->keys = access_keysfile_new (keys, ACCESS_KEYS_BY_STREAM, error);
    if (self->keys == NULL)
      return FALSE;
  }
  if (is_set (hook)) {
    self->url = g_strdup (hook);
    self->hook = access_hook_new (hook, error);
    if (self->hook == NULL)
      return FALSE;
  }
  return TRUE;
}

AccessAuthorizer *
access_authorizer_new (const gchar *action, const gchar *keys,
    const gchar *hook, GError **error)
{
  AccessAuthorizer *self = g_new0 (AccessAuthorizer, 1);

  GST_DEBUG_CATEGORY_INIT (access_authorizer_debug, "accessauthorizer", 0,
      "Authorization of publishers and viewers");
  self->action = action;
  if (!set_up (self, keys, hook, error))
    g_clear_pointer (&self, access_authorizer_free);
  return self;
}

void
access_authorizer_free (AccessAuthorizer *self)
{
  if (self == NULL)
    return;
  access_hook_free (self->hook);
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
access_authorizer_has_hook (const AccessAuthorizer *self)
{
  return self->url != NULL;
}

const AccessKeys *
access_authorizer_read_keys (AccessAuthorizer *self)
{
  g_autoptr (GError) error = NULL;
  const AccessKeys *keys;

  if (self->keys == NULL)
    return NULL;
  keys = access_keysfile_read (self->keys, &error);
  if (error != NULL)
    GST_WARNING ("every request to %s is rejected: %s", self->action,
        error->message);
  return keys;
}

AccessVerdict
access_authorizer_check_secret (AccessAuthorizer *self, const gchar *stream,
    const gchar *secret)
{
  const AccessKeys *keys = access_authorizer_read_keys (self);

  if (self->keys == NULL)
    return ACCESS_ALLOWED;
  if (keys == NULL)
    return ACCESS_KEYS_UNREADABLE;
  if (secret == NULL)
    return ACCESS_SECRET_MISSING;
  return access_keys_allow (keys, stream, secret) ? ACCESS_ALLOWED
                                                  : ACCESS_SECRET_WRONG;
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
