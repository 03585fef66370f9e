/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Applications hear of rtmpserversrc's streaming threads, and choose where and
 * how these run. */

#include "tests/support/rtmpserver.h"

#include <gst/check/gstcheck.h>
#include <string.h>
#include <sys/resource.h>

#define N_ROUNDS 10
#define N_PUBLISHERS 4
/* Any thread may become nicer. */
#define NICE 7

/* GStreamer's own pool, which counts the threads that are asked for. */
#define TEST_TYPE_POOL (test_pool_get_type ())
G_DECLARE_FINAL_TYPE (TestPool, test_pool, TEST, POOL, GstTaskPool)

struct _TestPool
{
  GstTaskPool parent;
  gint n_asked; /* atomic */
  gboolean is_exhausted;
};

G_DEFINE_TYPE (TestPool, test_pool, GST_TYPE_TASK_POOL)

static gpointer
test_pool_push (GstTaskPool *pool, GstTaskPoolFunction func, gpointer user_data,
    GError **error)
{
  TestPool *self = TEST_POOL (pool);

  g_atomic_int_inc (&self->n_asked);
  if (!self->is_exhausted)
    return GST_TASK_POOL_CLASS (test_pool_parent_class)
        ->push (pool, func, user_data, error);
  g_set_error (error, G_THREAD_ERROR, G_THREAD_ERROR_AGAIN, "no more threads");
  /* A GstTask that could not start keeps a reference to both of them. */
  gst_object_unref (user_data);
  gst_object_unref (pool);
  return NULL;
}

static void
test_pool_class_init (TestPoolClass *klass)
{
  GST_TASK_POOL_CLASS (klass)->push = test_pool_push;
}

static void
test_pool_init (TestPool *self)
{
}

static GstTaskPool *
pool_new (gboolean is_exhausted)
{
  TestPool *pool = g_object_new (TEST_TYPE_POOL, NULL);

  pool->is_exhausted = is_exhausted;
  gst_task_pool_prepare (GST_TASK_POOL (pool), NULL);
  return gst_object_ref_sink (pool);
}

static void
pool_clear (GstTaskPool *pool, guint n_asked)
{
  ck_assert_uint_eq (g_atomic_int_get (&TEST_POOL (pool)->n_asked), n_asked);
  gst_task_pool_cleanup (pool);
  gst_object_unref (pool);
}

/* What a sync handler has seen. */
typedef struct
{
  GstTaskPool *pool; /* nullable: set at CREATE */
  GMutex lock;       /* guards what follows */
  GString *seen;     /* a letter each: Create, Enter, Leave */
  GHashTable *tasks; /* to the thread of each; NULL before and after it */
} Status;

static void
note_locked (Status *self, GstMessage *message)
{
  GstTask *task =
      g_value_get_object (gst_message_get_stream_status_object (message));
  gboolean is_new = !g_hash_table_contains (self->tasks, task);
  GThread *thread = g_hash_table_lookup (self->tasks, task);
  GstStreamStatusType type;
  GstElement *owner;

  gst_message_parse_stream_status (message, &type, &owner);
  ck_assert_ptr_eq (owner, GST_MESSAGE_SRC (message));
  ck_assert (GST_IS_TASK (task));
  if (type == GST_STREAM_STATUS_TYPE_CREATE) {
    ck_assert (is_new);
    if (self->pool != NULL)
      gst_task_set_pool (task, self->pool);
    g_hash_table_insert (self->tasks, gst_object_ref (task), NULL);
    g_string_append_c (self->seen, 'C');
  } else if (type == GST_STREAM_STATUS_TYPE_ENTER) {
    ck_assert (!is_new && thread == NULL);
    ck_assert_int_eq (setpriority (PRIO_PROCESS, 0, NICE), 0);
    g_hash_table_insert (self->tasks, gst_object_ref (task), g_thread_self ());
    g_string_append_c (self->seen, 'E');
  } else {
    ck_assert_int_eq (type, GST_STREAM_STATUS_TYPE_LEAVE);
    ck_assert_ptr_eq (thread, g_thread_self ());
    g_hash_table_insert (self->tasks, gst_object_ref (task), NULL);
    g_string_append_c (self->seen, 'L');
  }
}

static GstBusSyncReply
on_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  Status *self = user_data;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_STREAM_STATUS) {
    g_mutex_lock (&self->lock);
    note_locked (self, message);
    g_mutex_unlock (&self->lock);
  }
  return GST_BUS_PASS;
}

static guint
n_seen_locked (const Status *self, gchar letter)
{
  guint n = 0;

  for (gsize i = 0; i < self->seen->len; i++)
    n += self->seen->str[i] == letter;
  return n;
}

/* Whether the thread has posted ENTER, and not LEAVE yet. */
static gboolean
is_within (Status *self, GThread *thread)
{
  GHashTableIter iter;
  gpointer value;
  gboolean is_there = FALSE;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->tasks);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    is_there |= value == thread;
  g_mutex_unlock (&self->lock);
  return is_there;
}

static GstPadProbeReturn
on_data (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  ck_assert (is_within (user_data, g_thread_self ()));
  ck_assert_int_eq (getpriority (PRIO_PROCESS, 0), NICE);
  return GST_PAD_PROBE_OK;
}

static void
on_pad_added (GstElement *src, GstPad *pad, Status *self)
{
  ck_assert (is_within (self, g_thread_self ()));
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_data, self, NULL);
}

static void
status_open (Status *self, Server *server, GstTaskPool *pool)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (server->pipeline);

  self->pool = pool;
  g_mutex_init (&self->lock);
  self->seen = g_string_new (NULL);
  self->tasks = g_hash_table_new_full (NULL, NULL, gst_object_unref, NULL);
  gst_bus_set_sync_handler (bus, on_message, self, NULL);
}

static void
status_clear (Status *self)
{
  g_hash_table_unref (self->tasks);
  g_string_free (self->seen, TRUE);
  g_mutex_clear (&self->lock);
}

static void
client_publishes_all (Server *server, const gchar *name, guint n_before)
{
  Client client = client_new (server, 0);

  client_rename (&client, name);
  client_send (&client, client.size);
  client_leave (&client);
  WAIT_UNTIL (server, has_removed, n_before + 1);
  ck_assert_uint_eq (count_tags (stream_at (server, n_before)).n_video,
      captures[0].n_video);
  client_clear (&client);
}

GST_START_TEST (a_sync_handler_sets_the_priority_of_the_streaming_thread)
{
  Server *server = server_new ();
  Status status = { 0 };

  status_open (&status, server, NULL);
  g_signal_connect (server->src, "pad-added", G_CALLBACK (on_pad_added),
      &status);
  server_start (server);
  client_publishes_all (server, "one", 0);
  client_publishes_all (server, "two", 1);
  server_stop (server);
  ck_assert_uint_eq (status.seen->len, 6);
  ck_assert_uint_eq (n_seen_locked (&status, 'L'), 2);
  server_free (server);
  status_clear (&status);
}
GST_END_TEST;

GST_START_TEST (each_streaming_thread_has_left_when_the_element_has_stopped)
{
  for (guint i = 0; i < N_ROUNDS; i++) {
    Server *server = server_new ();
    Status status = { 0 };
    Client clients[N_PUBLISHERS];

    status_open (&status, server, NULL);
    server_start (server);
    for (guint j = 0; j < N_PUBLISHERS; j++) {
      g_autofree gchar *name = g_strdup_printf ("n%02u", j);

      clients[j] = client_new (server, 0);
      client_rename (&clients[j], name);
      client_send (&clients[j], OPENING_BYTES);
    }
    /* Some of them are still about to begin in every other round. */
    WAIT_UNTIL (server, has_streams, i % 2 == 0 ? N_PUBLISHERS : 1);
    server_stop (server);
    ck_assert_uint_eq (n_seen_locked (&status, 'E'),
        n_seen_locked (&status, 'C'));
    ck_assert_uint_eq (n_seen_locked (&status, 'L'),
        n_seen_locked (&status, 'C'));
    ck_assert_uint_ge (n_seen_locked (&status, 'C'), server->streams->len);
    for (guint j = 0; j < N_PUBLISHERS; j++)
      client_clear (&clients[j]);
    server_free (server);
    status_clear (&status);
  }
}
GST_END_TEST;

/* Or else the code that connects could fill the bus. */
GST_START_TEST (a_rejected_publisher_has_no_streaming_thread)
{
  Server *server = server_new ();
  Status status = { 0 };
  Client first, second;
  g_autofree gchar *said = NULL;

  gst_util_set_object_arg (G_OBJECT (server->src), "takeover", "reject");
  status_open (&status, server, NULL);
  server_start (server);
  first = client_new (server, 0);
  client_send (&first, OPENING_BYTES);
  WAIT_UNTIL (server, has_streams, 1);
  second = client_new (server, 0);
  client_send (&second, OPENING_BYTES);
  said = client_listen (&second);
  ck_assert (strstr (said, "NetStream.Publish.BadName") != NULL);
  server_stop (server);
  ck_assert_str_eq (status.seen->str, "CEL");
  client_clear (&second);
  client_clear (&first);
  server_free (server);
  status_clear (&status);
}
GST_END_TEST;

GST_START_TEST (the_streaming_thread_comes_from_the_pool_of_the_application)
{
  GstTaskPool *pool = pool_new (FALSE);
  Server *server = server_new ();
  Status status = { 0 };

  status_open (&status, server, pool);
  server_start (server);
  client_publishes_all (server, "one", 0);
  server_stop (server);
  ck_assert_str_eq (status.seen->str, "CEL");
  server_free (server);
  status_clear (&status);
  pool_clear (pool, 1);
}
GST_END_TEST;

GST_START_TEST (a_publisher_streams_although_the_pool_has_no_thread)
{
  GstTaskPool *pool = pool_new (TRUE);
  Server *server = server_new ();
  Status status = { 0 };

  status_open (&status, server, pool);
  server_start (server);
  /* GStreamer's own warning. */
  _gst_check_expecting_log = TRUE;
  client_publishes_all (server, "one", 0);
  _gst_check_expecting_log = FALSE;
  server_stop (server);
  ck_assert_str_eq (status.seen->str, "C");
  server_free (server);
  status_clear (&status);
  pool_clear (pool, 1);
}
GST_END_TEST;

static Suite *
streamstatus_suite (void)
{
  Suite *suite = suite_create ("streamstatus");
  TCase *tcase = tcase_create ("streamstatus");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase,
      a_sync_handler_sets_the_priority_of_the_streaming_thread);
  tcase_add_test (tcase,
      each_streaming_thread_has_left_when_the_element_has_stopped);
  tcase_add_test (tcase, a_rejected_publisher_has_no_streaming_thread);
  tcase_add_test (tcase,
      the_streaming_thread_comes_from_the_pool_of_the_application);
  tcase_add_test (tcase, a_publisher_streams_although_the_pool_has_no_thread);
  return suite;
}

GST_CHECK_MAIN (streamstatus);
