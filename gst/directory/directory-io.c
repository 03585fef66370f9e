/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The directory that gateways share: see directory-io.h. */

#include "gst/directory/directory-io.h"
#include "gst/directory/answercache.h"
#include "gst/directory/backoff.h"
#include "gst/directory/commands-io.h"

#include <gst/gstinfo.h>

#include <pthread.h>
#include <signal.h>
#include <string.h>

GST_DEBUG_CATEGORY_STATIC (directory_debug);
#define GST_CAT_DEFAULT directory_debug

struct _Directory
{
  DirectoryRedisUrl url;
  gchar *password_file; /* nullable */
  gchar *set_address;   /* nullable */
  DirectoryParams params;
  gchar id[DIRECTORY_ID_DIGITS + 1];
  GMainContext *context;
  GMainLoop *loop;
  GCancellable *cancellable;
  GThread *thread;

  /* For the thread alone. */
  GHashTable *streams; /* name → whether it was announced (GINT) */
  DirectoryAnswerCache *answers;
  DirectoryRedis *redis; /* nullable: it is away */
  gchar *local_ip;       /* nullable; of the connection */
  gchar *own;            /* nullable: our announcement */
  GSource *timer;        /* nullable */
  DirectoryBackOff back_off;
  gboolean is_away;  /* has been logged */
  gint64 settled_us; /* monotonic: when all have announced themselves again */
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

/* Of 64 bits: two gateways do not draw the same. */
static void
make_id (gchar *id)
{
  g_snprintf (id, DIRECTORY_ID_DIGITS + 1, "%08x%08x", g_random_int (),
      g_random_int ());
}

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
go_away (Directory *self, const gchar *why)
{
  g_clear_pointer (&self->redis, directory_redis_free);
  if (!self->is_away)
    GST_WARNING ("the directory at %s:%u is away, and is tried again: %s",
        self->url.host, self->url.port, why);
  self->is_away = TRUE;
  set_timer (self,
      directory_back_off_next (&self->back_off, g_random_int ()) / 1000);
}

/* Reads @n replies. Returns FALSE if Redis is away. */
static gboolean
read_replies (Directory *self, guint n)
{
  for (guint i = 0; i < n; i++) {
    g_autofree gchar *why = NULL;

    if (directory_redis_read (self->redis, NULL, &why) !=
        DIRECTORY_REDIS_FAILED)
      continue;
    go_away (self, why);
    return FALSE;
  }
  return TRUE;
}

/* Returns: (transfer full) (nullable): where streams can be pulled from us. */
static gchar *
dup_address (const Directory *self)
{
  guint port;

  if (self->set_address != NULL)
    return g_strdup (self->set_address);
  port = self->params.port (self->params.user_data);
  return port != 0 && self->local_ip != NULL
      ? g_strdup_printf ("rtmp://%s:%u", self->local_ip, port)
      : NULL;
}

/* The port is not known before the RTMP server runs. */
static gboolean
has_own (Directory *self)
{
  g_autofree gchar *address = NULL;

  if (self->own == NULL && (address = dup_address (self)) != NULL)
    self->own = directory_announcement_encode (self->id, address);
  return self->own != NULL;
}

/* Returns how many commands it has added. */
static guint
add_streams (Directory *self)
{
  GHashTableIter iter;
  gpointer stream, is_announced;
  guint n = 0;

  if (!has_own (self))
    return 0;
  g_hash_table_iter_init (&iter, self->streams);
  for (; g_hash_table_iter_next (&iter, &stream, &is_announced); n++)
    directory_command_add (self->redis,
        GPOINTER_TO_INT (is_announced) ? DIRECTORY_COMMAND_REFRESH
                                       : DIRECTORY_COMMAND_CLAIM,
        stream, self->own);
  return n;
}

static void
note_announced (Directory *self)
{
  GHashTableIter iter;

  g_hash_table_iter_init (&iter, self->streams);
  while (g_hash_table_iter_next (&iter, NULL, NULL))
    g_hash_table_iter_replace (&iter, GINT_TO_POINTER (TRUE));
}

static guint
add_load (Directory *self)
{
  g_autofree gchar *address = dup_address (self);
  g_autofree gchar *text = NULL;
  DirectoryLoad load = { 0 };

  if (!self->params.load (&load, self->params.user_data))
    return 0;
  text = directory_announcement_encode_load (self->id, address, &load);
  directory_command_add_load (self->redis, self->id, text);
  return 1;
}

/* Returns FALSE if Redis is away. */
static gboolean
refresh (Directory *self)
{
  guint n_streams = add_streams (self);

  if (!read_replies (self, n_streams + add_load (self)))
    return FALSE;
  if (n_streams > 0)
    note_announced (self);
  set_timer (self, DIRECTORY_REFRESH_MS);
  return TRUE;
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
note_return (Directory *self)
{
  directory_back_off_reset (&self->back_off);
  if (self->is_away)
    self->settled_us = g_get_monotonic_time () + DIRECTORY_SETTLE_MS * 1000;
  if (self->is_away)
    GST_WARNING ("the directory at %s:%u is back", self->url.host,
        self->url.port);
  else
    GST_INFO ("the directory is at %s:%u", self->url.host, self->url.port);
  self->is_away = FALSE;
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
  if (self->redis == NULL) {
    go_away (self, why);
    return;
  }
  g_free (self->local_ip);
  self->local_ip = directory_redis_dup_local_ip (self->redis);
  g_clear_pointer (&self->own, g_free);
  /* One that lets nobody write is as good as away. */
  if (refresh (self))
    note_return (self);
}

static gboolean
on_timer (gpointer user_data)
{
  Directory *self = user_data;

  g_clear_pointer (&self->timer, g_source_unref);
  if (self->redis == NULL)
    connect_to_redis (self);
  else
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

static void
take_stream (Directory *self, const gchar *stream)
{
  g_hash_table_insert (self->streams, g_strdup (stream),
      GINT_TO_POINTER (FALSE));
  if (self->redis == NULL || !has_own (self))
    return;
  directory_command_add (self->redis, DIRECTORY_COMMAND_CLAIM, stream,
      self->own);
  if (read_replies (self, 1))
    g_hash_table_insert (self->streams, g_strdup (stream),
        GINT_TO_POINTER (TRUE));
}

/* If Redis is away, the announcement expires. */
static void
drop_stream (Directory *self, const gchar *stream)
{
  if (!g_hash_table_remove (self->streams, stream) || self->redis == NULL ||
      self->own == NULL)
    return;
  directory_command_add (self->redis, DIRECTORY_COMMAND_WITHDRAW, stream,
      self->own);
  read_replies (self, 1);
}

static void
withdraw_all (Directory *self)
{
  GHashTableIter iter;
  gpointer stream;
  guint n = 1;

  if (self->redis == NULL)
    return;
  directory_command_add_load (self->redis, self->id, NULL);
  g_hash_table_iter_init (&iter, self->streams);
  for (; self->own != NULL && g_hash_table_iter_next (&iter, &stream, NULL);
       n++)
    directory_command_add (self->redis, DIRECTORY_COMMAND_WITHDRAW, stream,
        self->own);
  read_replies (self, n);
}

/* An announcement of our own may be there although nobody publishes the stream
 * here any more, or as what another gateway at our address has left behind.
 * Returns: (transfer full) (nullable): the address of another one. */
static gchar *
dup_other (const Directory *self, GBytes *bytes)
{
  g_autofree gchar *own_address = dup_address (self);
  DirectoryAnnouncement found = { 0 };
  gchar *address = NULL;
  gsize size;
  const gchar *text = g_bytes_get_data (bytes, &size);

  if (text != NULL && directory_announcement_decode (&found, text, size)) {
    if (strcmp (found.gateway, self->id) != 0 &&
        g_strcmp0 (found.address, own_address) != 0)
      address = g_steal_pointer (&found.address);
  }
  directory_announcement_clear (&found);
  return address;
}

static void
look_up (Directory *self, const gchar *stream)
{
  g_autofree gchar *address = NULL;
  g_autofree gchar *why = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (directory_command_look_up (self->redis, stream, &bytes, &why) ==
      DIRECTORY_REDIS_FAILED) {
    go_away (self, why);
    return;
  }
  if (bytes != NULL)
    address = dup_other (self, bytes);
  /* A Redis that has just come back may know nothing yet. */
  if (address == NULL && g_get_monotonic_time () < self->settled_us)
    return;
  GST_LOG ("%s: is at %s", stream, address != NULL ? address : "no other one");
  directory_answer_cache_put (self->answers, stream, address);
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
  g_clear_pointer (&self->streams, g_hash_table_unref);
  directory_answer_cache_free (self->answers);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self->password_file);
  g_free (self->set_address);
  g_free (self->local_ip);
  g_free (self->own);
  g_free (self);
}

static gchar *
dup_unless_empty (const gchar *text)
{
  return text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

static void
start (Directory *self)
{
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->cancellable = g_cancellable_new ();
  self->streams = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->answers = directory_answer_cache_new ();
  self->back_off.first_us = DIRECTORY_RETRY_FIRST_MS * 1000;
  self->back_off.last_us = DIRECTORY_RETRY_LAST_MS * 1000;
  set_timer (self, 0);
  self->thread = g_thread_new ("directory", run, self);
}

Directory *
directory_new (const DirectoryParams *params, const gchar **why)
{
  Directory *self = g_new0 (Directory, 1);

  GST_DEBUG_CATEGORY_INIT (directory_debug, "directory", 0,
      "The directory of streams that gateways share");
  *why = directory_redis_url_init (&self->url, params->url);
  if (*why != NULL) {
    free_parts (self);
    return NULL;
  }
  self->params = *params;
  self->password_file = dup_unless_empty (params->password_file);
  self->set_address = dup_unless_empty (params->address);
  make_id (self->id);
  start (self);
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
