/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Authorization of players: see playauthorizer-io.h. */

#include "gst/rtmp/playauthorizer-io.h"

#include "gst/access/query.h"

struct _RtmpPlayAuthorizer
{
  GMutex lock; /* guards the keys */
  AccessAuthorizer *access;
};

RtmpPlayAuthorizer *
rtmp_playauthorizer_new (const AccessAuthorizerParams *params, GError **error)
{
  AccessAuthorizerParams all = *params;
  RtmpPlayAuthorizer *self = g_new0 (RtmpPlayAuthorizer, 1);

  g_mutex_init (&self->lock);
  all.action = ACCESS_ACTION_PLAY;
  self->access = access_authorizer_new (&all, error);
  if (self->access == NULL)
    g_clear_pointer (&self, rtmp_playauthorizer_free);
  return self;
}

void
rtmp_playauthorizer_free (RtmpPlayAuthorizer *self)
{
  if (self == NULL)
    return;
  access_authorizer_free (self->access);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static const gchar *
describe (AccessVerdict verdict)
{
  switch (verdict) {
    case ACCESS_ALLOWED:
      return NULL;
    case ACCESS_SECRET_MISSING:
      return "to play this stream, a token is needed";
    case ACCESS_SECRET_WRONG:
      return "the token is not valid for this stream";
    case ACCESS_TOKEN_EXPIRED:
      return "the token has expired, or is not valid yet";
    case ACCESS_KEYS_UNREADABLE:
      return "playing is not possible at the moment";
  }
  g_assert_not_reached ();
}

gchar *
rtmp_playauthorizer_check (RtmpPlayAuthorizer *self,
    const AccessRequest *request)
{
  g_autofree gchar *secret = access_query_secret (request->query);
  AccessVerdict verdict;

  g_mutex_lock (&self->lock);
  verdict =
      access_authorizer_check_secret (self->access, request->stream, secret);
  g_mutex_unlock (&self->lock);
  return g_strdup (describe (verdict));
}

gchar *
rtmp_playauthorizer_ask (RtmpPlayAuthorizer *self, const AccessRequest *request,
    GCancellable *cancellable)
{
  return access_authorizer_ask (self->access, request, cancellable);
}
