/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures over HTTP: what clients get, whatever the application answers. */

#include "tests/support/hookserver.h"
#include "tests/support/whepserver.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <string.h>

#define PATH "/snapshot/live/cam.jpg"
#define JPEG "not quite a JPEG"
/* As many as may wait at a time, and others. */
#define N_WAITING 64
#define N_FLOOD 100

typedef struct
{
  WhepServer server;
  /* The answer that is given to each request. */
  WhepSnapshotAnswer answer;
  gboolean is_silent;  /* gives none */
  gint n_asked;        /* atomic */
  const gchar *stream; /* interned: of the last request */
  guint width;         /* likewise */
  GMutex lock;         /* of the queue */
  GQueue requests;     /* that have no answer */
} Camera;

/* A copy, which the reply takes. */
static void
give (Camera *self, WhepSnapshotRequest *request)
{
  WhepSnapshotAnswer answer = {
    .jpeg = self->answer.jpeg != NULL ? g_bytes_ref (self->answer.jpeg) : NULL,
    .etag = g_strdup (self->answer.etag),
    .problem = self->answer.problem,
    .why = g_strdup (self->answer.why),
  };

  whep_snapshot_request_answer (request, &answer);
}

static void
on_request (const gchar *stream, guint width, WhepSnapshotRequest *request,
    gpointer user_data)
{
  Camera *self = user_data;

  self->stream = g_intern_string (stream);
  self->width = width;
  g_atomic_int_inc (&self->n_asked);
  if (!self->is_silent) {
    give (self, request);
    return;
  }
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->requests, request);
  g_mutex_unlock (&self->lock);
}

static void
camera_init (Camera *self, WhepHttpParams params)
{
  *self = (Camera){ 0 };
  g_mutex_init (&self->lock);
  g_queue_init (&self->requests);
  params.address = "127.0.0.1";
  params.max_viewers = 10;
  params.snapshot_func = on_request;
  params.snapshot_data = self;
  whep_server_init_as (&self->server, &params);
}

static void
camera_show (Camera *self, const gchar *etag)
{
  self->answer.jpeg = g_bytes_new_static (JPEG, strlen (JPEG));
  self->answer.etag = (gchar *) etag;
}

/* The requests that are left are answered when nobody waits any more. */
static void
camera_clear (Camera *self)
{
  WhepSnapshotRequest *request;

  if (self->server.http != NULL)
    whep_server_clear (&self->server);
  while ((request = g_queue_pop_head (&self->requests)) != NULL)
    give (self, request);
  g_clear_pointer (&self->answer.jpeg, g_bytes_unref);
  g_mutex_clear (&self->lock);
}

static Reply
ask_again (Camera *self, const gchar *tags)
{
  SoupMessage *message =
      whep_server_message (&self->server, "GET", PATH "?width=320");

  soup_message_headers_replace (soup_message_get_request_headers (message),
      "If-None-Match", tags);
  return whep_server_send (&self->server, message);
}

GST_START_TEST (a_picture_has_a_tag_and_is_sent_once)
{
  g_auto (Reply) first = { 0 };
  g_auto (Reply) same = { 0 };
  g_auto (Reply) weak = { 0 };
  g_auto (Reply) other = { 0 };
  Camera camera;

  camera_init (&camera, (WhepHttpParams){ 0 });
  camera_show (&camera, "abc1");
  first = whep_server_ask (&camera.server, "GET", PATH "?width=320");
  ck_assert_uint_eq (first.status, 200);
  ck_assert_str_eq (first.body, JPEG);
  ck_assert_str_eq (reply_header (&first, "Content-Type"), "image/jpeg");
  ck_assert_str_eq (reply_header (&first, "ETag"), "\"abc1\"");
  ck_assert_str_eq (reply_header (&first, "Cache-Control"), "no-cache");
  ck_assert_uint_eq (camera.width, 320);
  ck_assert_str_eq (camera.stream, "live/cam");

  same = ask_again (&camera, "\"x\", \"abc1\"");
  ck_assert_uint_eq (same.status, 304);
  ck_assert_str_eq (same.body, "");
  ck_assert_str_eq (reply_header (&same, "ETag"), "\"abc1\"");
  weak = ask_again (&camera, "W/\"abc1\"");
  ck_assert_uint_eq (weak.status, 304);
  camera.answer.etag = (gchar *) "abc2";
  other = ask_again (&camera, "\"abc1\"");
  ck_assert_uint_eq (other.status, 200);
  ck_assert_str_eq (other.body, JPEG);
  camera_clear (&camera);
}
GST_END_TEST;

GST_START_TEST (head_is_get_without_the_picture)
{
  g_auto (Reply) reply = { 0 };
  Camera camera;

  camera_init (&camera, (WhepHttpParams){ 0 });
  camera_show (&camera, "abc1");
  reply = whep_server_ask (&camera.server, "HEAD", PATH);
  ck_assert_uint_eq (reply.status, 200);
  ck_assert_str_eq (reply.body, "");
  ck_assert_str_eq (reply_header (&reply, "ETag"), "\"abc1\"");
  ck_assert_str_eq (reply_header (&reply, "Content-Type"), "image/jpeg");
  ck_assert_uint_eq (camera.width, 0);
  camera_clear (&camera);
}
GST_END_TEST;

static const struct
{
  const gchar *query;
  guint status, width;
} widths[] = {
  { "", 200, 0 },
  { "?", 200, 0 },
  { "?token=a&width=1", 200, 1 },
  { "?width=65535", 200, 65535 },
  { "?width=65536", 400, 0 },
  { "?width=0", 400, 0 },
  { "?width=-1", 400, 0 },
  { "?width=", 400, 0 },
  { "?width=320px", 400, 0 },
  { "?width=18446744073709551617", 400, 0 },
};

GST_START_TEST (a_width_is_a_number_of_pixels)
{
  Camera camera;

  camera_init (&camera, (WhepHttpParams){ 0 });
  camera_show (&camera, "a");
  for (guint i = 0; i < G_N_ELEMENTS (widths); i++) {
    g_autofree gchar *path = g_strconcat (PATH, widths[i].query, NULL);
    g_auto (Reply) reply = whep_server_ask (&camera.server, "GET", path);

    ck_assert_msg (reply.status == widths[i].status, "%s", path);
    if (reply.status == 200)
      ck_assert_uint_eq (camera.width, widths[i].width);
  }
  camera_clear (&camera);
}
GST_END_TEST;

static const struct
{
  WhepProblemKind problem;
  guint status;
  const gchar *retry_after;
} problems[] = {
  { WHEP_PROBLEM_NO_SNAPSHOT, 404, "2" },
  { WHEP_PROBLEM_NO_DECODER, 501, "" },
  { WHEP_PROBLEM_TOO_MANY_SNAPSHOTS, 503, "2" },
};

GST_START_TEST (what_is_wrong_is_said_in_words)
{
  Camera camera;

  camera_init (&camera, (WhepHttpParams){ 0 });
  camera.answer.why = (gchar *) "The lens is dirty.";
  for (guint i = 0; i < G_N_ELEMENTS (problems); i++) {
    g_auto (Reply) reply = { 0 };

    camera.answer.problem = problems[i].problem;
    reply = whep_server_ask (&camera.server, "GET", PATH);
    reply_assert_problem (&reply, problems[i].status, "The lens is dirty.");
    ck_assert_str_eq (reply_header (&reply, "Retry-After"),
        problems[i].retry_after);
  }
  camera_clear (&camera);
}
GST_END_TEST;

GST_START_TEST (a_server_without_pictures_says_so)
{
  g_auto (Reply) reply = { 0 };
  WhepServer server;

  whep_server_init (&server, 10);
  reply = whep_server_ask (&server, "GET", PATH);
  reply_assert_problem (&reply, 404, "makes no pictures");
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (only_reading_is_supported)
{
  g_auto (Reply) post = { 0 };
  g_auto (Reply) options = { 0 };
  Camera camera;

  camera_init (&camera, (WhepHttpParams){ 0 });
  post = whep_server_ask (&camera.server, "POST", PATH);
  reply_assert_problem (&post, 405, "does not support");
  options = whep_server_ask (&camera.server, "OPTIONS", PATH);
  ck_assert_uint_eq (options.status, 204);
  ck_assert_str_eq (reply_header (&options, "Allow"), "GET, HEAD, OPTIONS");
  ck_assert_int_eq (camera.n_asked, 0);
  camera_clear (&camera);
}
GST_END_TEST;

GST_START_TEST (a_picture_needs_the_rights_of_watching)
{
  g_autofree gchar *keys = NULL;
  g_auto (Reply) rejected = { 0 };
  g_auto (Reply) allowed = { 0 };
  Camera camera;
  gint fd = g_file_open_tmp ("keys-XXXXXX", &keys, NULL);

  ck_assert (fd >= 0);
  g_close (fd, NULL);
  ck_assert (g_file_set_contents (keys, "live/cam right\n", -1, NULL));
  camera_init (&camera, (WhepHttpParams){ .authorizer = { .keys = keys } });
  camera_show (&camera, "a");
  rejected = whep_server_ask (&camera.server, "GET", PATH "?token=wrong");
  reply_assert_problem (&rejected, 401, "not valid");
  ck_assert_int_eq (camera.n_asked, 0);
  allowed = whep_server_ask (&camera.server, "GET", PATH "?token=right");
  ck_assert_uint_eq (allowed.status, 200);
  camera_clear (&camera);
  g_remove (keys);
}
GST_END_TEST;

/* The hook allows streams with the key "yes" alone, later. */
GST_START_TEST (a_picture_waits_for_the_hook)
{
  HookServer *hook = hook_server_new ();
  g_auto (Reply) rejected = { 0 };
  g_auto (Reply) allowed = { 0 };
  Camera camera;

  camera_init (&camera,
      (WhepHttpParams){ .authorizer = { .hook = hook_server_url (hook) } });
  camera_show (&camera, "a");
  rejected = whep_server_ask (&camera.server, "GET", "/snapshot/live/no.jpg");
  ck_assert_uint_eq (rejected.status, 403);
  ck_assert_int_eq (camera.n_asked, 0);
  allowed = whep_server_ask (&camera.server, "GET", "/snapshot/live/yes.jpg");
  ck_assert_uint_eq (allowed.status, 200);
  ck_assert_str_eq (allowed.body, JPEG);
  camera_clear (&camera);
  hook_server_free (hook);
}
GST_END_TEST;

typedef struct
{
  guint n_replies, n_busy;
} Flood;

static void
on_reply (GObject *session, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GBytes) body =
      soup_session_send_and_read_finish (SOUP_SESSION (session), result, NULL);
  Flood *flood = user_data;

  flood->n_replies++;
  if (body != NULL &&
      g_strstr_len (g_bytes_get_data (body, NULL), g_bytes_get_size (body),
          "too-many-snapshots") != NULL)
    flood->n_busy++;
}

/* Those that wait are replied to when the server stops. */
GST_START_TEST (requests_that_wait_are_limited_and_delay_no_other)
{
  g_autoptr (SoupSession) crowd = soup_session_new_with_options ("max-conns",
      N_FLOOD, "max-conns-per-host", N_FLOOD, NULL);
  Flood flood = { 0 };
  Camera camera;

  camera_init (&camera, (WhepHttpParams){ 0 });
  camera.is_silent = TRUE;
  for (guint i = 0; i < N_FLOOD; i++) {
    g_autofree gchar *url = whep_server_url (&camera.server, PATH);
    g_autoptr (SoupMessage) message = soup_message_new ("GET", url);

    soup_session_send_and_read_async (crowd, message, G_PRIORITY_DEFAULT, NULL,
        on_reply, &flood);
  }
  while (flood.n_busy < N_FLOOD - N_WAITING)
    g_main_context_iteration (NULL, TRUE);
  ck_assert_uint_eq (flood.n_replies, flood.n_busy);
  {
    g_auto (Reply) other = whep_server_ask (&camera.server, "GET", "/healthz");

    ck_assert_uint_eq (other.status, 200);
  }
  whep_server_clear (&camera.server);
  camera.server.http = NULL;
  while (flood.n_replies < N_FLOOD)
    g_main_context_iteration (NULL, TRUE);
  camera_clear (&camera);
}
GST_END_TEST;

/* The answer comes after the client has left. */
GST_START_TEST (a_client_that_leaves_frees_its_place)
{
  Camera camera;

  camera_init (&camera, (WhepHttpParams){ 0 });
  camera.is_silent = TRUE;
  for (guint i = 0; i < 3; i++) {
    g_autoptr (GSocketClient) client = g_socket_client_new ();
    g_autoptr (GSocketConnection) connection =
        g_socket_client_connect_to_host (client, "127.0.0.1",
            whep_http_port (camera.server.http), NULL, NULL);
    const gchar *request = "GET " PATH " HTTP/1.1\r\nHost: a\r\n\r\n";

    ck_assert (connection != NULL);
    ck_assert (g_output_stream_write_all (g_io_stream_get_output_stream (
                                              G_IO_STREAM (connection)),
        request, strlen (request), NULL, NULL, NULL));
    while (g_atomic_int_get (&camera.n_asked) != (gint) i + 1)
      g_thread_yield ();
  }
  g_mutex_lock (&camera.lock);
  while (!g_queue_is_empty (&camera.requests))
    give (&camera, g_queue_pop_head (&camera.requests));
  g_mutex_unlock (&camera.lock);
  {
    g_auto (Reply) other = whep_server_ask (&camera.server, "GET", "/healthz");

    ck_assert_uint_eq (other.status, 200);
  }
  camera_clear (&camera);
}
GST_END_TEST;

static Suite *
whepsnapshots_suite (void)
{
  Suite *suite = suite_create ("whepsnapshots");
  TCase *tcase = tcase_create ("whepsnapshots");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_picture_has_a_tag_and_is_sent_once);
  tcase_add_test (tcase, head_is_get_without_the_picture);
  tcase_add_test (tcase, a_width_is_a_number_of_pixels);
  tcase_add_test (tcase, what_is_wrong_is_said_in_words);
  tcase_add_test (tcase, a_server_without_pictures_says_so);
  tcase_add_test (tcase, only_reading_is_supported);
  tcase_add_test (tcase, a_picture_needs_the_rights_of_watching);
  tcase_add_test (tcase, a_picture_waits_for_the_hook);
  tcase_add_test (tcase, requests_that_wait_are_limited_and_delay_no_other);
  tcase_add_test (tcase, a_client_that_leaves_frees_its_place);
  return suite;
}

GST_CHECK_MAIN (whepsnapshots);
