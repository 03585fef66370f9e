/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tells ThreadSanitizer how GLib and GStreamer synchronize threads. A shared
 * library to preload into instrumented programs.
 *
 * Neither of the two is instrumented, and their mutexes, queues and reference
 * counts are futexes and atomics of their own, not pthread's: unseen, whatever
 * they guard would be reported as a race. Each function below does what the one
 * that it replaces does, and says which accesses that orders. It claims no more
 * than that one's documentation: a queue orders a push before the pop of it, a
 * reference count whatever preceded an unref before the end of the object.
 * GRecMutex, GRWLock, GPrivate and GThread are pthread's and need nothing.
 * Calls within a library do not pass by here. */

#include <dlfcn.h>
#include <gst/gst.h>
#include <pthread.h>
#include <sanitizer/tsan_interface.h>

/* A program that such a program starts is not instrumented, and has none. */
#pragma weak __tsan_acquire
#pragma weak __tsan_release
#pragma weak __tsan_mutex_pre_lock
#pragma weak __tsan_mutex_post_lock
#pragma weak __tsan_mutex_pre_unlock
#pragma weak __tsan_mutex_post_unlock
#pragma weak __tsan_mutex_destroy

/* The function that this one replaces. */
#define NEXT(name)                                                             \
  static __typeof__ (&name) next;                                              \
  if (next == NULL)                                                            \
  next = (__typeof__ (&name)) dlsym (RTLD_NEXT, #name)

/* What this thread did so far precedes what follows happens_after() of the same
 * address, in any thread. */
static void
happens_before (volatile void *address)
{
  if (__tsan_release != NULL && address != NULL)
    __tsan_release ((void *) address);
}

static void
happens_after (volatile void *address)
{
  if (__tsan_acquire != NULL && address != NULL)
    __tsan_acquire ((void *) address);
}

static void
pre_lock (GMutex *mutex, unsigned flags)
{
  if (__tsan_mutex_pre_lock != NULL)
    __tsan_mutex_pre_lock (mutex, flags);
}

static void
post_lock (GMutex *mutex, unsigned flags)
{
  if (__tsan_mutex_post_lock != NULL)
    __tsan_mutex_post_lock (mutex, flags, 0);
}

static void
pre_unlock (GMutex *mutex)
{
  if (__tsan_mutex_pre_unlock != NULL)
    __tsan_mutex_pre_unlock (mutex, 0);
}

static void
post_unlock (GMutex *mutex)
{
  if (__tsan_mutex_post_unlock != NULL)
    __tsan_mutex_post_unlock (mutex, 0);
}

void
g_mutex_lock (GMutex *mutex)
{
  NEXT (g_mutex_lock);

  pre_lock (mutex, 0);
  next (mutex);
  post_lock (mutex, 0);
}

gboolean
g_mutex_trylock (GMutex *mutex)
{
  NEXT (g_mutex_trylock);
  gboolean is_locked;

  pre_lock (mutex, __tsan_mutex_try_lock);
  is_locked = next (mutex);
  post_lock (mutex,
      __tsan_mutex_try_lock | (is_locked ? 0 : __tsan_mutex_try_lock_failed));
  return is_locked;
}

void
g_mutex_unlock (GMutex *mutex)
{
  NEXT (g_mutex_unlock);

  pre_unlock (mutex);
  next (mutex);
  post_unlock (mutex);
}

void
g_mutex_clear (GMutex *mutex)
{
  NEXT (g_mutex_clear);

  if (__tsan_mutex_destroy != NULL)
    __tsan_mutex_destroy (mutex, 0);
  next (mutex);
}

/* The mutex orders, not the signal. */
void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  NEXT (g_cond_wait);

  pre_unlock (mutex);
  post_unlock (mutex);
  next (cond, mutex);
  pre_lock (mutex, 0);
  post_lock (mutex, 0);
}

gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  NEXT (g_cond_wait_until);
  gboolean is_signalled;

  pre_unlock (mutex);
  post_unlock (mutex);
  is_signalled = next (cond, mutex, end_time);
  pre_lock (mutex, 0);
  post_lock (mutex, 0);
  return is_signalled;
}

/* Macros, too, which only spare the call. */
#undef g_once_init_enter
#undef g_once_init_leave

gboolean
g_once_init_enter (volatile void *location)
{
  NEXT (g_once_init_enter);
  gboolean is_first = next (location);

  happens_after (location);
  return is_first;
}

void
g_once_init_leave (volatile void *location, gsize result)
{
  NEXT (g_once_init_leave);

  happens_before (location);
  next (location, result);
}

void
g_async_queue_push (GAsyncQueue *queue, gpointer data)
{
  NEXT (g_async_queue_push);

  happens_before (data);
  next (queue, data);
}

gpointer
g_async_queue_pop (GAsyncQueue *queue)
{
  NEXT (g_async_queue_pop);
  gpointer data = next (queue);

  happens_after (data);
  return data;
}

gpointer
g_async_queue_timeout_pop (GAsyncQueue *queue, guint64 timeout)
{
  NEXT (g_async_queue_timeout_pop);
  gpointer data = next (queue, timeout);

  happens_after (data);
  return data;
}

typedef struct
{
  GFunc func;
  gpointer user_data;
} Job;

static void
run_job (gpointer data, gpointer user_data)
{
  Job *self = user_data;

  happens_after (data);
  self->func (data, self->user_data);
  happens_before (self->user_data);
}

/* A pool's job stays: pools are few. */
GThreadPool *
g_thread_pool_new (GFunc func, gpointer user_data, gint max_threads,
    gboolean exclusive, GError **error)
{
  NEXT (g_thread_pool_new);
  Job *job = g_new0 (Job, 1);

  job->func = func;
  job->user_data = user_data;
  return next (run_job, job, max_threads, exclusive, error);
}

GThreadPool *
g_thread_pool_new_full (GFunc func, gpointer user_data,
    GDestroyNotify item_free, gint max_threads, gboolean exclusive,
    GError **error)
{
  NEXT (g_thread_pool_new_full);
  Job *job = g_new0 (Job, 1);

  job->func = func;
  job->user_data = user_data;
  return next (run_job, job, item_free, max_threads, exclusive, error);
}

/* With @is_waiting, all jobs are done then. */
void
g_thread_pool_free (GThreadPool *pool, gboolean is_immediate,
    gboolean is_waiting)
{
  NEXT (g_thread_pool_free);
  Job *job = pool->user_data;
  gpointer user_data = pool->func == run_job ? job->user_data : NULL;

  next (pool, is_immediate, is_waiting);
  if (is_waiting)
    happens_after (user_data);
}

gboolean
g_thread_pool_push (GThreadPool *pool, gpointer data, GError **error)
{
  NEXT (g_thread_pool_push);

  happens_before (data);
  return next (pool, data, error);
}

/* A main context wakes its thread by a file, which orders, but not while that
 * thread is awake anyway or does not run the loop yet. ThreadSanitizer does not
 * see this lock, so that it orders nothing else: a source's turn begins once it
 * is attached whole. */
static GMutex attaching;

static void
lock_unseen (void)
{
  NEXT (g_mutex_lock);

  next (&attaching);
}

static void
unlock_unseen (void)
{
  NEXT (g_mutex_unlock);

  next (&attaching);
}

guint
g_source_attach (GSource *source, GMainContext *context)
{
  NEXT (g_source_attach);
  guint id;

  lock_unseen ();
  id = next (source, context);
  happens_before (source);
  unlock_unseen ();
  return id;
}

typedef struct
{
  GSource *source;
  GSourceFunc func;
  gpointer data;
  GDestroyNotify notify; /* nullable */
} Turn;

static gboolean
take_turn (gpointer user_data)
{
  Turn *self = user_data;

  lock_unseen ();
  unlock_unseen ();
  happens_after (self->source);
  return self->func (self->data);
}

static void
end_turns (gpointer user_data)
{
  Turn *self = user_data;

  happens_after (self->source);
  if (self->notify != NULL)
    self->notify (self->data);
  g_free (self);
}

/* Those of other kinds have functions of other kinds. */
static gboolean
has_plain_function (const GSource *source)
{
  return source->source_funcs == &g_idle_funcs ||
      source->source_funcs == &g_timeout_funcs;
}

void
g_source_set_callback (GSource *source, GSourceFunc func, gpointer data,
    GDestroyNotify notify)
{
  NEXT (g_source_set_callback);
  Turn *turn;

  if (!has_plain_function (source)) {
    next (source, func, data, notify);
    return;
  }
  turn = g_new (Turn, 1);
  *turn = (Turn){ source, func, data, notify };
  next (source, take_turn, turn, end_turns);
}

/* The list has a lock of its own, in a bit. */
void
g_datalist_id_set_data_full (GData **datalist, GQuark key_id, gpointer data,
    GDestroyNotify destroy_func)
{
  NEXT (g_datalist_id_set_data_full);

  happens_after (datalist);
  next (datalist, key_id, data, destroy_func);
  happens_before (datalist);
}

/* Each text is made once and kept, by whichever thread needs it first. */
const gchar *
g_strerror (gint number)
{
  NEXT (g_strerror);
  const gchar *text = next (number);

  happens_before ((gpointer) text);
  happens_after ((gpointer) text);
  return text;
}

/* GLib copies the texts of quarks into blocks that all threads share. */
static pthread_mutex_t quarks = PTHREAD_MUTEX_INITIALIZER;

const gchar *
g_intern_string (const gchar *text)
{
  NEXT (g_intern_string);
  const gchar *interned;

  pthread_mutex_lock (&quarks);
  interned = next (text);
  pthread_mutex_unlock (&quarks);
  return interned;
}

const gchar *
g_intern_static_string (const gchar *text)
{
  NEXT (g_intern_static_string);
  const gchar *interned;

  pthread_mutex_lock (&quarks);
  interned = next (text);
  pthread_mutex_unlock (&quarks);
  return interned;
}

GQuark
g_quark_from_string (const gchar *text)
{
  NEXT (g_quark_from_string);
  GQuark quark;

  pthread_mutex_lock (&quarks);
  quark = next (text);
  pthread_mutex_unlock (&quarks);
  return quark;
}

GQuark
g_quark_from_static_string (const gchar *text)
{
  NEXT (g_quark_from_static_string);
  GQuark quark;

  pthread_mutex_lock (&quarks);
  quark = next (text);
  pthread_mutex_unlock (&quarks);
  return quark;
}

/* The thread that posted a message may drop its reference after the one that
 * received it, and does so within GStreamer. So no message that was received is
 * ever freed. */
static GstMessage *
keep (GstMessage *message)
{
  return message == NULL ? NULL : gst_message_ref (message);
}

GstMessage *
gst_bus_timed_pop_filtered (GstBus *bus, GstClockTime timeout,
    GstMessageType types)
{
  NEXT (gst_bus_timed_pop_filtered);

  return keep (next (bus, timeout, types));
}

GstMessage *
gst_bus_pop_filtered (GstBus *bus, GstMessageType types)
{
  NEXT (gst_bus_pop_filtered);

  return keep (next (bus, types));
}

typedef struct
{
  GstBusFunc func;
  gpointer user_data;
} Watch;

static gboolean
keep_watching (GstBus *bus, GstMessage *message, gpointer user_data)
{
  Watch *self = user_data;

  return self->func (bus, keep (message), self->user_data);
}

/* A watch stays: programs have one. */
guint
gst_bus_add_watch (GstBus *bus, GstBusFunc func, gpointer user_data)
{
  NEXT (gst_bus_add_watch);
  Watch *watch = g_new0 (Watch, 1);

  watch->func = func;
  watch->user_data = user_data;
  return next (bus, keep_watching, watch);
}

/* Only the last one frees; which that is, is known too late. */
void
g_object_unref (gpointer object)
{
  NEXT (g_object_unref);

  happens_before (object);
  happens_after (object);
  next (object);
}

void
g_main_context_unref (GMainContext *context)
{
  NEXT (g_main_context_unref);

  happens_before (context);
  happens_after (context);
  next (context);
}

void
gst_mini_object_unref (GstMiniObject *object)
{
  NEXT (gst_mini_object_unref);

  happens_before (object);
  happens_after (object);
  next (object);
}

void
g_atomic_rc_box_release_full (gpointer box, GDestroyNotify clear)
{
  NEXT (g_atomic_rc_box_release_full);

  happens_before (box);
  happens_after (box);
  next (box, clear);
}

void
g_bytes_unref (GBytes *bytes)
{
  NEXT (g_bytes_unref);

  happens_before (bytes);
  happens_after (bytes);
  next (bytes);
}
