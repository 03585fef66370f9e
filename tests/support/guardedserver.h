/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A server with a journal and two streams, of which a right token opens one, by
 * each of the rules that there are; and the tokens of those who ask. */

#pragma once

#include "tests/support/hookserver.h"
#include "tests/support/whepserver.h"

G_BEGIN_DECLS

/* The hook allows streams with the key "yes", and rejects "no" and "rude". */
#define GUARDED_OPEN "live/yes"
#define GUARDED_SHUT "live/no"
/* Does not exist. */
#define GUARDED_NONE "live/rude"

typedef enum
{
  BY_KEYS,
  BY_JWT,
  BY_HOOK,
  BY_APPLICATION,
  OPEN_TO_ALL,
} GuardRule;
/* Of those that reject anybody. */
#define GUARD_N_RULES OPEN_TO_ALL

typedef enum
{
  ASKER_WITHOUT_TOKEN,
  ASKER_WITH_WRONG_TOKEN,
  ASKER_WITH_EXPIRED_TOKEN, /* where tokens expire; else another wrong one */
  ASKER_OF_NOTHING,         /* its right token is for no stream that exists */
  ASKER_OF_OPEN,            /* a right token for GUARDED_OPEN */
  ASKER_OF_ALL,             /* a right token for every stream */
  ASKER_ADMIN,
} GuardAsker;
#define GUARD_N_ASKERS (ASKER_ADMIN + 1)

typedef struct
{
  WhepServer server;
  GuardRule rule;
  Journal *journal;
  HookServer *hook; /* nullable */
  gchar *keys, *jwt_keys, *admins;
} GuardedServer;

/* @has_admins: whether there is a file of administrators' tokens. */
void guarded_server_init (GuardedServer *self, GuardRule rule,
    gboolean has_admins);
void guarded_server_clear (GuardedServer *self);

/* Returns: (nullable) (transfer full) */
gchar *guarded_server_token (const GuardedServer *self, GuardAsker asker);
const gchar *guarded_server_asker_name (GuardAsker asker);

/* With the token, if there is one, as a bearer's. */
SoupMessage *guarded_server_message (GuardedServer *self, const gchar *method,
    const gchar *path, GuardAsker asker);
Reply guarded_server_ask (GuardedServer *self, const gchar *method,
    const gchar *path, GuardAsker asker);

G_END_DECLS
