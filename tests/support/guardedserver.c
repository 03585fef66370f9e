/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A server that guards one of two streams: see guardedserver.h. */

#include "tests/support/guardedserver.h"
#include "tests/support/jwtsigner.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <string.h>

#define KEYS                                                                   \
  GUARDED_OPEN " right\n" GUARDED_SHUT " other\n* every\n"                     \
               "live/nothing nothing\n"

/* By asker: tokens of files, and the claims of signed ones. */
static const struct
{
  const gchar *name, *token, *claims;
} askers[] = {
  [ASKER_WITHOUT_TOKEN] = { "no token", NULL, NULL },
  [ASKER_WITH_WRONG_TOKEN] = { "a wrong token", "wrong",
      "{\"watch\":\"*\",\"admin\":true}" },
  [ASKER_WITH_EXPIRED_TOKEN] = { "an expired token", "former",
      "{\"watch\":\"*\",\"admin\":true,\"exp\":1}" },
  [ASKER_OF_NOTHING] = { "a token of another stream", "nothing",
      "{\"watch\":\"live/nothing\",\"publish\":\"*\"}" },
  [ASKER_OF_OPEN] = { "a right token", "right",
      "{\"watch\":\"" GUARDED_OPEN "\"}" },
  [ASKER_OF_ALL] = { "a token of all streams", "every", "{\"watch\":\"*\"}" },
  [ASKER_ADMIN] = { "an administrator's token", "administrator",
      "{\"admin\":true}" },
};

static gchar *
write_file (const gchar *text)
{
  gchar *path;
  gint fd = g_file_open_tmp ("keys-XXXXXX", &path, NULL);

  ck_assert (fd >= 0);
  g_close (fd, NULL);
  ck_assert (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static gchar *
allow_open (const AccessRequest *request, gpointer user_data)
{
  return g_str_equal (request->stream, GUARDED_OPEN)
      ? NULL
      : g_strdup ("not this one");
}

void
guarded_server_init (GuardedServer *self, GuardRule rule, gboolean has_admins)
{
  WhepHttpParams params = { .address = "127.0.0.1", .max_viewers = 10 };

  memset (self, 0, sizeof (*self));
  self->rule = rule;
  self->journal = journal_new ();
  params.journal = self->journal;
  self->keys = write_file (KEYS);
  self->jwt_keys = write_file (JWT_SECRET);
  self->admins = write_file ("administrator\n");
  if (has_admins)
    params.authorizer.api_tokens = self->admins;
  if (rule == BY_KEYS)
    params.authorizer.keys = self->keys;
  if (rule == BY_JWT)
    params.authorizer.jwt_keys = self->jwt_keys;
  if (rule == BY_APPLICATION)
    params.authorizer.func = allow_open;
  if (rule == BY_HOOK) {
    self->hook = hook_server_new ();
    params.authorizer.hook = hook_server_url (self->hook);
  }
  whep_server_init_as (&self->server, &params);
  whep_server_publish (&self->server, 1, GUARDED_OPEN);
  whep_server_publish (&self->server, 2, GUARDED_SHUT);
}

static void
remove_file (gchar *path)
{
  g_remove (path);
  g_free (path);
}

void
guarded_server_clear (GuardedServer *self)
{
  whep_server_clear (&self->server);
  journal_unref (self->journal);
  if (self->hook != NULL)
    hook_server_free (self->hook);
  remove_file (self->keys);
  remove_file (self->jwt_keys);
  remove_file (self->admins);
}

gchar *
guarded_server_token (const GuardedServer *self, GuardAsker asker)
{
  if (self->rule != BY_JWT || asker == ASKER_WITHOUT_TOKEN)
    return g_strdup (askers[asker].token);
  return jwt_sign_with_secret (JWT_HS256, askers[asker].claims,
      asker == ASKER_WITH_WRONG_TOKEN ? "somebody else's secret" : JWT_SECRET);
}

const gchar *
guarded_server_asker_name (GuardAsker asker)
{
  return askers[asker].name;
}

SoupMessage *
guarded_server_message (GuardedServer *self, const gchar *method,
    const gchar *path, GuardAsker asker)
{
  SoupMessage *message = whep_server_message (&self->server, method, path);
  g_autofree gchar *token = guarded_server_token (self, asker);
  g_autofree gchar *header = g_strconcat ("Bearer ", token, NULL);

  if (token != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message),
        "Authorization", header);
  return message;
}

Reply
guarded_server_ask (GuardedServer *self, const gchar *method, const gchar *path,
    GuardAsker asker)
{
  return whep_server_send (&self->server,
      guarded_server_message (self, method, path, asker));
}
