/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The directory that gateways share: see directory-io.h. */

#include "gst/directory/directory-io.h"
#include "gst/directory/announcer-io.h"
#include "gst/directory/answercache.h"
#include "gst/directory/backoff.h"
#include "gst/directory/commands-io.h"
#include "gst/directory/nodetable.h"

#include <gst/gstinfo.h>

#include <pthread.h>
#include <signal.h>

GST_DEBUG_CATEGORY_STATIC (directory_debug);
#define GST_CAT_DEFAULT directory_debug

struct _Directory
{
  DirectoryRedisUrl url;
  gchar *password_file; /* nullable */
  GMainContext *context;
  GMainLoop *loop;
  GCancellable *cancellable;
  GThread *thread;

  /* For the thread alone. */
  DirectoryAnnouncer *announcer;
  DirectoryAnswerCache *answers;
  DirectoryRedis *redis; /* nullable: it is away */
  GSource *timer;        /* nullable */
  DirectoryBackOff back_off;
  gboolean is_known; /* it has accepted our announcements before */
  gboolean is_away;  /* has been logged */
  gint64 settled_us; /* monotonic: when all have announced
                                 * themselves again */
  DirectoryBackOff question_back_off;
  gint64 ask_again_us;            /* monotonic: after questions were refused */
  gboolean are_questions_refused; /* has been logged */

  GMutex lock;               /* the next one */
  DirectoryNodeTable *nodes; /* nullable: this gateway is no node */
};

/* What another thread asks for. */
typedef struct
{
  Directory *owner;
  void (*func) (Directory *self, const gchar *stream);
  gchar *stream;
} Order;

/* An answer, on its way back. */
typedef struct
{
  DirectoryFoundFunc func;
  gpointer user_data;
  GDestroyNotify destroy; /* nullable */
  gchar *address;         /* nullable */
} Answer;

typedef struct
{
  Directory *owner;
  gchar *stream;
  GMainContext *context;
  Answer *answer; /* nullable: it was given */
} Question;

static void set_timer (Directory *self, gint64 wait_ms);

static void
post (GMainContext *context, GSourceFunc func, gpointer data,
    GDestroyNotify destroy)
{
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, data, destroy);
  g_source_attach (source, context);
  g_source_unref (source);
}

static void
try_again (Directory *self)
{
  self->is_away = TRUE;
  set_timer (self,
      directory_back_off_next (&self->back_off, g_random_int ()) / 1000);
}

static void
go_away (Directory *self, const gchar *why)
{
  g_clear_pointer (&self->redis, directory_redis_free);
  if (!self->is_away)
    GST_WARNING ("the directory at %s:%u is away, and is tried again: %s",
        self->url.host, self->url.port, why);
  try_again (self);
}

/* The connection is well: it is the commands that Redis does not accept. */
static void
note_refusal (Directory *self, const gchar *why)
{
  if (!self->is_away)
    GST_WARNING ("the directory at %s:%u refuses what is announced, which is "
                 "tried again: %s",
        self->url.host, self->url.port, why);
  try_again (self);
}

static void
note_return (Directory *self)
{
  directory_back_off_reset (&self->back_off);
  if (self->is_away)
    self->settled_us = g_get_monotonic_time () + DIRECTORY_SETTLE_MS * 1000;
  if (self->is_away)
    GST_WARNING ("the directory at %s:%u is back", self->url.host,
        self->url.port);
  else if (!self->is_known)
    GST_INFO ("the directory is at %s:%u", self->url.host, self->url.port);
  self->is_known = TRUE;
  self->is_away = FALSE;
}

/* Reads @n replies. @refusal: NULL, or the first error among those before;
 * owned by the caller. Returns FALSE if Redis is away. */
static gboolean
read_replies (Directory *self, guint n, gchar **refusal)
{
  for (guint i = 0; i < n; i++) {
    g_autofree gchar *why = NULL;

    switch (directory_redis_read (self->redis, NULL, &why)) {
      case DIRECTORY_REDIS_DONE:
      case DIRECTORY_REDIS_ALIEN:
        break;
      case DIRECTORY_REDIS_REFUSED:
        if (*refusal == NULL)
          *refusal = g_steal_pointer (&why);
        break;
      case DIRECTORY_REDIS_FAILED:
        go_away (self, why);
        return FALSE;
    }
  }
  return TRUE;
}

/* Returns FALSE if Redis is away. */
static gboolean
read_rooms (Directory *self, gchar **refusal)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree gchar *why = NULL;
  gsize size;
  const gchar *text;

  if (self->nodes == NULL)
    return TRUE;
  switch (directory_command_ask_for_rooms (self->redis, &bytes, &why)) {
    case DIRECTORY_REDIS_DONE:
    case DIRECTORY_REDIS_ALIEN:
      break;
    case DIRECTORY_REDIS_REFUSED:
      if (*refusal == NULL)
        *refusal = g_steal_pointer (&why);
      return TRUE;
    case DIRECTORY_REDIS_FAILED:
      go_away (self, why);
      return FALSE;
  }
  text = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
  g_mutex_lock (&self->lock);
  directory_node_table_read (self->nodes, text != NULL ? text : "",
      text != NULL ? size : 0, g_get_monotonic_time ());
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static void
refresh (Directory *self)
{
  g_autofree gchar *refusal = NULL;
  guint n_streams = directory_announcer_refresh (self->announcer, self->redis);
  guint n_loads = directory_announcer_add_load (self->announcer, self->redis);

  if (!read_replies (self, n_streams, &refusal))
    return;
  if (refusal == NULL && n_streams > 0)
    directory_announcer_note_all (self->announcer);
  if (!read_replies (self, n_loads, &refusal) || !read_rooms (self, &refusal))
    return;
  if (refusal != NULL) {
    note_refusal (self, refusal);
    return;
  }
  note_return (self);
  set_timer (self, DIRECTORY_REFRESH_MS);
}

/* Returns FALSE if there is a file that cannot be used. */
static gboolean
read_password (const Directory *self, gchar **password)
{
  gsize size;

  *password = NULL;
  if (self->password_file == NULL)
    return TRUE;
  if (!g_file_get_contents (self->password_file, password, &size, NULL))
    return FALSE;
  g_strstrip (*password);
  if (size <= DIRECTORY_PASSWORD_MAX_BYTES && **password != '\0')
    return TRUE;
  g_clear_pointer (password, g_free);
  return FALSE;
}

static void
connect_to_redis (Directory *self)
{
  g_autofree gchar *password = NULL;
  g_autofree gchar *why = NULL;

  if (!read_password (self, &password)) {
    go_away (self, "the file of its password cannot be used");
    return;
  }
  self->redis =
      directory_redis_connect (&self->url, password, self->cancellable, &why);
  if (self->redis == NULL)
    go_away (self, why);
  else
    directory_announcer_take_connection (self->announcer, self->redis);
}

static gboolean
on_timer (gpointer user_data)
{
  Directory *self = user_data;

  g_clear_pointer (&self->timer, g_source_unref);
  if (self->redis == NULL)
    connect_to_redis (self);
  if (self->redis != NULL)
    refresh (self);
  return G_SOURCE_REMOVE;
}

static void
set_timer (Directory *self, gint64 wait_ms)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  self->timer = g_timeout_source_new (wait_ms);
  g_source_set_callback (self->timer, on_timer, self, NULL);
  g_source_attach (self->timer, self->context);
}

/* If it is refused, the next refresh announces it, and says so. */
static void
take_stream (Directory *self, const gchar *stream)
{
  g_autofree gchar *refusal = NULL;
  guint n = directory_announcer_publish (self->announcer, self->redis, stream);

  if (n > 0 && read_replies (self, n, &refusal) && refusal == NULL)
    directory_announcer_note (self->announcer, stream);
}

/* If Redis is away, or refuses it, the announcement expires. */
static void
drop_stream (Directory *self, const gchar *stream)
{
  g_autofree gchar *refusal = NULL;

  read_replies (self,
      directory_announcer_unpublish (self->announcer, self->redis, stream),
      &refusal);
}

static void
withdraw_all (Directory *self)
{
  g_autofree gchar *refusal = NULL;

  if (self->redis != NULL)
    read_replies (self,
        directory_announcer_withdraw_all (self->announcer, self->redis),
        &refusal);
}

/* An announcement of our own may be there although nobody publishes the stream
 * here any more. Returns: (transfer full) (nullable): the address of another
 * one. */
static gchar *
dup_other (const Directory *self, GBytes *bytes)
{
  DirectoryAnnouncement found = { 0 };
  gchar *address = NULL;
  gsize size;
  const gchar *text = g_bytes_get_data (bytes, &size);

  if (text != NULL && directory_announcement_decode (&found, text, size) &&
      !directory_announcer_is_own (self->announcer, &found))
    address = g_steal_pointer (&found.address);
  directory_announcement_clear (&found);
  return address;
}

/* What is known stays in use, and Redis is left alone for a while. */
static void
note_refused_question (Directory *self, const gchar *why)
{
  if (!self->are_questions_refused)
    GST_WARNING ("the directory at %s:%u refuses questions, which are asked "
                 "again: %s",
        self->url.host, self->url.port, why);
  self->are_questions_refused = TRUE;
  self->ask_again_us = g_get_monotonic_time () +
      directory_back_off_next (&self->question_back_off, g_random_int ());
}

static void
note_answer (Directory *self)
{
  directory_back_off_reset (&self->question_back_off);
  if (self->are_questions_refused)
    GST_WARNING ("the directory at %s:%u answers again", self->url.host,
        self->url.port);
  self->are_questions_refused = FALSE;
}

static void
take_answer (Directory *self, const gchar *stream, GBytes *bytes)
{
  g_autofree gchar *address = bytes != NULL ? dup_other (self, bytes) : NULL;

  /* A Redis that has just come back may know nothing yet. */
  if (address == NULL && g_get_monotonic_time () < self->settled_us)
    return;
  GST_LOG ("%s: is at %s", stream, address != NULL ? address : "no other one");
  directory_answer_cache_put (self->answers, stream, address);
}

static void
look_up (Directory *self, const gchar *stream)
{
  g_autofree gchar *why = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (g_get_monotonic_time () < self->ask_again_us)
    return;
  switch (directory_command_look_up (self->redis, stream, &bytes, &why)) {
    case DIRECTORY_REDIS_DONE:
    case DIRECTORY_REDIS_ALIEN:
      note_answer (self);
      take_answer (self, stream, bytes);
      return;
    case DIRECTORY_REDIS_REFUSED:
      note_refused_question (self, why);
      return;
    case DIRECTORY_REDIS_FAILED:
      go_away (self, why);
      return;
  }
}

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  if (answer == NULL)
    return;
  if (answer->destroy != NULL)
    answer->destroy (answer->user_data);
  g_free (answer->address);
  g_free (answer);
}

static void
question_free (gpointer data)
{
  Question *question = data;

  answer_free (question->answer);
  g_main_context_unref (question->context);
  g_free (question->stream);
  g_free (question);
}

static gboolean
on_answer (gpointer data)
{
  Answer *answer = data;

  answer->func (answer->address, answer->user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
on_question (gpointer data)
{
  Question *question = data;
  Directory *self = question->owner;

  if (self->redis != NULL)
    look_up (self, question->stream);
  question->answer->address =
      g_strdup (directory_answer_cache_get (self->answers, question->stream));
  post (question->context, on_answer, g_steal_pointer (&question->answer),
      answer_free);
  return G_SOURCE_REMOVE;
}

void
directory_find (Directory *self, const gchar *stream, GMainContext *context,
    DirectoryFoundFunc func, gpointer user_data, GDestroyNotify destroy)
{
  Question *question = g_new (Question, 1);
  Answer *answer = g_new (Answer, 1);

  *answer = (Answer){ func, user_data, destroy, NULL };
  *question = (Question){ self, g_strdup (stream), g_main_context_ref (context),
    answer };
  post (self->context, on_question, question, question_free);
}

static gboolean
on_order (gpointer data)
{
  Order *order = data;

  order->func (order->owner, order->stream);
  return G_SOURCE_REMOVE;
}

static void
order_free (gpointer data)
{
  Order *order = data;

  g_free (order->stream);
  g_free (order);
}

static void
give_order (Directory *self, void (*func) (Directory *, const gchar *),
    const gchar *stream)
{
  Order *order = g_new (Order, 1);

  *order = (Order){ self, func, g_strdup (stream) };
  post (self->context, on_order, order, order_free);
}

void
directory_publish (Directory *self, const gchar *stream)
{
  give_order (self, take_stream, stream);
}

void
directory_unpublish (Directory *self, const gchar *stream)
{
  give_order (self, drop_stream, stream);
}

gchar *
directory_find_room (Directory *self)
{
  gchar *node;

  if (self->nodes == NULL)
    return NULL;
  g_mutex_lock (&self->lock);
  node = directory_node_table_take_place (self->nodes, g_get_monotonic_time ());
  g_mutex_unlock (&self->lock);
  return node;
}

static gboolean
quit (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

/* hiredis writes to sockets that the peer may have closed. */
static void
block_sigpipe (void)
{
  sigset_t signals;

  sigemptyset (&signals);
  sigaddset (&signals, SIGPIPE);
  pthread_sigmask (SIG_BLOCK, &signals, NULL);
}

static gpointer
run (gpointer user_data)
{
  Directory *self = user_data;

  block_sigpipe ();
  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  withdraw_all (self);
  g_clear_pointer (&self->redis, directory_redis_free);
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static void
free_parts (Directory *self)
{
  directory_redis_url_clear (&self->url);
  directory_announcer_free (self->announcer);
  directory_answer_cache_free (self->answers);
  directory_node_table_free (self->nodes);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_mutex_clear (&self->lock);
  g_free (self->password_file);
  g_free (self);
}

static gboolean
is_set (const gchar *text)
{
  return text != NULL && *text != '\0';
}

static void
init_back_off (DirectoryBackOff *back_off)
{
  *back_off = (DirectoryBackOff){
    .first_us = DIRECTORY_RETRY_FIRST_MS * 1000,
    .last_us = DIRECTORY_RETRY_LAST_MS * 1000,
  };
}

static void
start (Directory *self, const DirectoryParams *params)
{
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->cancellable = g_cancellable_new ();
  self->announcer = directory_announcer_new (params);
  self->answers = directory_answer_cache_new ();
  if (is_set (params->password_file))
    self->password_file = g_strdup (params->password_file);
  if (is_set (params->node))
    self->nodes = directory_node_table_new (params->node);
  init_back_off (&self->back_off);
  init_back_off (&self->question_back_off);
  set_timer (self, 0);
  self->thread = g_thread_new ("directory", run, self);
}

Directory *
directory_new (const DirectoryParams *params, const gchar **why)
{
  Directory *self = g_new0 (Directory, 1);

  GST_DEBUG_CATEGORY_INIT (directory_debug, "directory", 0,
      "The directory of streams that gateways share");
  g_mutex_init (&self->lock);
  *why = directory_redis_url_init (&self->url, params->url);
  if (*why != NULL) {
    free_parts (self);
    return NULL;
  }
  start (self, params);
  return self;
}

void
directory_free (Directory *self)
{
  if (self == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  post (self->context, quit, self->loop, NULL);
  g_thread_join (self->thread);
  free_parts (self);
}
