/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which streams a request may see in a list: see visibility-io.h. */

#include "ext/whep/http/visibility-io.h"
#include "ext/whep/http/reply-io.h"
#include "ext/whep/http/verdictcache.h"

/* When a client should retry after the hook did not answer. */
#define UNDECIDED_RETRY_S 5
/* Lists leave half of the questions to viewers. */
#define ROOM_FOR_VIEWERS (WHEP_QUESTIONS_MAX / 2)

struct _WhepVisibility
{
  WhepAuthorizer *authorizer;
  WhepVerdictCache *verdicts;
};

/* A request for a list. */
typedef struct
{
  WhepVisibility *owner;
  SoupServerMessage *message;
  WhepAsker asker;
  gchar *asker_key;    /* for the cache */
  GHashTable *visible; /* owned names */
  GQueue unknown;      /* owned names that the hook must be asked about */
  guint n_pending;     /* questions */
  gboolean is_undecided;
  gboolean is_gone;
  WhepVisibleFunc func;
  gpointer user_data;
} Look;

/* A question about one stream. */
typedef struct
{
  Look *look;
  gchar *name;
} Question;

WhepVisibility *
whep_visibility_new (WhepAuthorizer *authorizer)
{
  WhepVisibility *self = g_new0 (WhepVisibility, 1);

  self->authorizer = authorizer;
  self->verdicts = whep_verdict_cache_new ();
  return self;
}

void
whep_visibility_free (WhepVisibility *self)
{
  if (self == NULL)
    return;
  whep_verdict_cache_free (self->verdicts);
  g_free (self);
}

static Look *
look_new (WhepVisibility *self, SoupServerMessage *message)
{
  Look *look = g_new0 (Look, 1);

  look->owner = self;
  look->message = g_object_ref (message);
  whep_asker_init (&look->asker, message);
  look->asker_key =
      g_strconcat (look->asker.address, "\n", look->asker.query, NULL);
  look->visible = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_queue_init (&look->unknown);
  return look;
}

static void
look_free (Look *look)
{
  g_queue_clear_full (&look->unknown, g_free);
  g_hash_table_unref (look->visible);
  g_free (look->asker_key);
  whep_asker_clear (&look->asker);
  g_object_unref (look->message);
  g_free (look);
}

/* What the file, the application and the cache say; the rest is unknown. */
static void
sort_name (Look *look, const gchar *name)
{
  WhepVisibility *self = look->owner;
  gboolean may_see;

  if (!whep_authorizer_allows (self->authorizer, &look->asker, name))
    return;
  if (whep_authorizer_questions (self->authorizer) == NULL)
    g_hash_table_add (look->visible, g_strdup (name));
  else if (!whep_verdict_cache_find (self->verdicts, look->asker_key, name,
               g_get_monotonic_time (), &may_see))
    g_queue_push_tail (&look->unknown, g_strdup (name));
  else if (may_see)
    g_hash_table_add (look->visible, g_strdup (name));
}

static void
finish (Look *look)
{
  if (look->is_gone)
    return;
  if (look->is_undecided)
    whep_reply_later (look->message, WHEP_PROBLEM_UNDECIDED, UNDECIDED_RETRY_S,
        "Permission to watch cannot be checked at the moment.");
  else
    look->func (look->message, look->visible, look->user_data);
}

static void ask_more (Look *look);

/* A server error is not a decision. */
static void
on_answer (SoupServerMessage *message, guint status, const gchar *why,
    gboolean is_gone, gpointer user_data)
{
  Question *question = user_data;
  Look *look = question->look;
  gboolean may_see = why == NULL;

  look->n_pending--;
  look->is_gone |= is_gone;
  if (!may_see && (status == 0 || SOUP_STATUS_IS_SERVER_ERROR (status)))
    look->is_undecided = TRUE;
  else
    whep_verdict_cache_add (look->owner->verdicts, look->asker_key,
        question->name, g_get_monotonic_time (), may_see);
  if (may_see)
    g_hash_table_add (look->visible, g_steal_pointer (&question->name));
  g_free (question->name);
  g_free (question);

  ask_more (look);
  if (look->n_pending > 0)
    return;
  finish (look);
  if (!look->is_gone)
    soup_server_message_unpause (message);
  look_free (look);
}

static void
ask (Look *look, WhepQuestions *questions, gchar *name)
{
  const AccessRequest request = {
    .action = ACCESS_ACTION_LIST,
    .stream = name,
    .query = look->asker.query,
    .address = look->asker.address,
  };
  Question *question = g_new (Question, 1);

  question->look = look;
  question->name = name;
  look->n_pending++;
  whep_questions_ask (questions, look->message, &request, on_answer, question);
}

static void
ask_more (Look *look)
{
  WhepQuestions *questions =
      whep_authorizer_questions (look->owner->authorizer);

  while (!look->is_gone && !look->is_undecided &&
      look->n_pending < WHEP_VISIBILITY_AT_ONCE &&
      !g_queue_is_empty (&look->unknown)) {
    if (whep_questions_have_room (questions, ROOM_FOR_VIEWERS + 1))
      ask (look, questions, g_queue_pop_head (&look->unknown));
    else
      look->is_undecided = TRUE;
  }
}

static void
find_some (WhepVisibility *self, SoupServerMessage *message, const GList *names,
    WhepVisibleFunc func, gpointer user_data)
{
  Look *look = look_new (self, message);

  look->func = func;
  look->user_data = user_data;
  if (!whep_authorizer_check_guess (self->authorizer, message, &look->asker)) {
    look_free (look);
    return;
  }
  for (; names != NULL; names = names->next)
    sort_name (look, names->data);
  ask_more (look);
  if (look->n_pending > 0) {
    soup_server_message_pause (message);
  } else {
    finish (look);
    look_free (look);
  }
}

void
whep_visibility_find (WhepVisibility *self, SoupServerMessage *message,
    const GList *names, WhepVisibleFunc func, gpointer user_data)
{
  if (!whep_authorizer_is_guarded (self->authorizer) ||
      whep_authorizer_is_admin (self->authorizer, message))
    func (message, NULL, user_data);
  else
    find_some (self, message, names, func, user_data);
}
