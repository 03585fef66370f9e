/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The questions that the hook has not answered yet: see questions-io.h. */

#include "ext/whep/http/questions-io.h"
#include "ext/whep/http/reply-io.h"

/* When a client should retry after the hook did not answer. */
#define UNDECIDED_RETRY_S 5

struct _WhepQuestions
{
  AccessAuthorizer *access;
  GQueue pending; /* of Question */
  gboolean is_closed;
};

typedef struct
{
  WhepQuestions *owner;
  GList link;
  SoupServerMessage *message;
  GCancellable *cancellable;
  GSource *timer;
  gboolean is_gone;
  WhepAnswerFunc func;
  gpointer user_data;
} Question;

WhepQuestions *
whep_questions_new (AccessAuthorizer *access)
{
  WhepQuestions *self = g_new0 (WhepQuestions, 1);

  self->access = access;
  g_queue_init (&self->pending);
  return self;
}

void
whep_questions_free (WhepQuestions *self)
{
  if (self == NULL)
    return;
  g_assert (g_queue_is_empty (&self->pending));
  g_free (self);
}

static void
cancel (gpointer question, gpointer user_data)
{
  g_cancellable_cancel (((Question *) question)->cancellable);
}

void
whep_questions_close (WhepQuestions *self)
{
  self->is_closed = TRUE;
  g_queue_foreach (&self->pending, cancel, NULL);
  while (!g_queue_is_empty (&self->pending))
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
}

gboolean
whep_questions_have_room (const WhepQuestions *self, guint n)
{
  return !self->is_closed &&
      self->pending.length + (guint64) n <= WHEP_QUESTIONS_MAX;
}

gboolean
whep_questions_is_decided (guint status)
{
  return status != 0 && !SOUP_STATUS_IS_SERVER_ERROR (status);
}

void
whep_questions_reply_full (SoupServerMessage *message)
{
  whep_reply_later (message, WHEP_PROBLEM_UNDECIDED, UNDECIDED_RETRY_S,
      "Too many requests are waiting for authorization.");
}

void
whep_questions_reply_undecided (SoupServerMessage *message)
{
  whep_reply_later (message, WHEP_PROBLEM_UNDECIDED, UNDECIDED_RETRY_S,
      "Permission to watch cannot be checked at the moment.");
}

static void
on_disconnected (SoupServerMessage *message, Question *question)
{
  question->is_gone = TRUE;
  g_cancellable_cancel (question->cancellable);
}

static gboolean
on_late (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static Question *
question_new (WhepQuestions *self, SoupServerMessage *message)
{
  Question *question = g_new0 (Question, 1);

  question->owner = self;
  question->link.data = question;
  question->message = g_object_ref (message);
  question->cancellable = g_cancellable_new ();
  question->timer = g_timeout_source_new_seconds (ACCESS_HOOK_TIMEOUT_S);
  g_source_set_callback (question->timer, on_late, question->cancellable, NULL);
  g_source_attach (question->timer, g_main_context_get_thread_default ());
  g_signal_connect (message, "disconnected", G_CALLBACK (on_disconnected),
      question);
  g_queue_push_tail_link (&self->pending, &question->link);
  return question;
}

static void
question_free (Question *question)
{
  g_queue_unlink (&question->owner->pending, &question->link);
  g_signal_handlers_disconnect_by_data (question->message, question);
  g_source_destroy (question->timer);
  g_source_unref (question->timer);
  g_object_unref (question->cancellable);
  g_object_unref (question->message);
  g_free (question);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;
  guint status;
  g_autofree gchar *why = access_hook_ask_finish (result, &status);

  question->func (question->message, status, why, question->is_gone,
      question->user_data);
  question_free (question);
}

void
whep_questions_ask (WhepQuestions *self, SoupServerMessage *message,
    const AccessRequest *request, WhepAnswerFunc func, gpointer user_data)
{
  Question *question;

  g_assert (whep_questions_have_room (self, 1));
  question = question_new (self, message);
  question->func = func;
  question->user_data = user_data;
  access_authorizer_ask_async (self->access, request, question->cancellable,
      on_answer, question);
}
