/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which streams a request may see in a list: see visibility-io.h. */

#include "ext/whep/http/visibility-io.h"
#include "ext/whep/http/verdictcache.h"

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
  WhepVisibleFunc func;    /* or, if the reply has begun: */
  WhepDecidedFunc decided; /* about one name */
  WhepReviewedFunc reviewed;
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

/* Takes @asker. */
static Look *
look_new (WhepVisibility *self, SoupServerMessage *message,
    const WhepAsker *asker)
{
  Look *look = g_new0 (Look, 1);

  look->owner = self;
  look->message = g_object_ref (message);
  look->asker = *asker;
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
  if (look->decided != NULL) {
    look->decided (g_hash_table_size (look->visible) > 0, look->user_data);
    return;
  }
  if (look->reviewed != NULL) {
    look->reviewed (look->visible, !look->is_undecided, look->user_data);
    return;
  }
  if (look->is_gone)
    return;
  if (look->is_undecided)
    whep_questions_reply_undecided (look->message);
  else
    look->func (look->message, look->visible, look->user_data);
}

static void ask_more (Look *look);

static void
on_answer (SoupServerMessage *message, guint status, const gchar *why,
    gboolean is_gone, gpointer user_data)
{
  Question *question = user_data;
  Look *look = question->look;
  gboolean may_see = why == NULL;

  look->n_pending--;
  look->is_gone |= is_gone;
  if (!whep_questions_is_decided (status))
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
  if (!look->is_gone && look->func != NULL)
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

/* Looks at all of @names. Returns FALSE if that is not finished yet. */
static gboolean
look_at (Look *look, const GList *names)
{
  for (; names != NULL; names = names->next)
    sort_name (look, names->data);
  access_grant_clear (&look->asker.grant);
  ask_more (look);
  if (look->n_pending > 0)
    return FALSE;
  finish (look);
  look_free (look);
  return TRUE;
}

/* Takes @asker. */
static void
find_some (WhepVisibility *self, SoupServerMessage *message, WhepAsker *asker,
    const GList *names, WhepVisibleFunc func, gpointer user_data)
{
  Look *look = look_new (self, message, asker);

  look->func = func;
  look->user_data = user_data;
  whep_authorizer_count_guess (self->authorizer, message, asker);
  if (!look_at (look, names))
    soup_server_message_pause (message);
}

void
whep_visibility_find (WhepVisibility *self, SoupServerMessage *message,
    const GList *names, WhepVisibleFunc func, gpointer user_data)
{
  WhepAsker asker;

  if (!whep_authorizer_is_guarded (self->authorizer)) {
    func (message, NULL, user_data);
  } else if (whep_authorizer_identify (self->authorizer, message, &asker)) {
    if (!asker.is_admin) {
      find_some (self, message, &asker, names, func, user_data);
    } else {
      whep_asker_clear (&asker);
      func (message, NULL, user_data);
    }
  }
}

void
whep_visibility_look (WhepVisibility *self, SoupServerMessage *message,
    WhepAsker *asker, const gchar *name, WhepDecidedFunc decided,
    gpointer user_data)
{
  GList names = { .data = (gpointer) name };
  Look *look;

  if (!whep_authorizer_is_guarded (self->authorizer)) {
    whep_asker_clear (asker);
    decided (TRUE, user_data);
    return;
  }
  look = look_new (self, message, asker);
  look->decided = decided;
  look->user_data = user_data;
  look_at (look, &names);
}

void
whep_visibility_review (WhepVisibility *self, SoupServerMessage *message,
    WhepAsker *asker, const GList *names, WhepReviewedFunc reviewed,
    gpointer user_data)
{
  Look *look;

  if (!whep_authorizer_is_guarded (self->authorizer) || asker->is_admin) {
    whep_asker_clear (asker);
    reviewed (NULL, TRUE, user_data);
    return;
  }
  look = look_new (self, message, asker);
  look->reviewed = reviewed;
  look->user_data = user_data;
  look_at (look, names);
}
