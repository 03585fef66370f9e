/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which clients may publish to rtmpserversrc, and what rejected ones are
 * sent. */

#include "tests/support/encoderlogin.h"
#include "tests/support/hookserver.h"
#include "tests/support/jwtsigner.h"
#include "tests/support/rtmppublish.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <string.h>

static void
send_eos (Server *server)
{
  ck_assert (gst_element_send_event (server->pipeline, gst_event_new_eos ()));
}

GST_START_TEST (a_server_that_stops_asks_capable_publishers_to_reconnect)
{
  static const struct
  {
    gdouble caps;
    void (*end) (Server *server);
    gboolean is_asked;
  } ends[] = {
    { 1, server_stop, TRUE },
    { 1, send_eos, TRUE },
    { 0, server_stop, FALSE },
    { 0, send_eos, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
    Server *server = server_new_started ();
    Client client = client_publish (server, "live", "cam", ends[i].caps);
    g_autofree gchar *said = NULL;

    WAIT_UNTIL (server, has_streams, 1);
    ends[i].end (server);
    said = client_hears_all (&client);
    ck_assert_int_eq (strstr (said, "Connect.ReconnectRequest") != NULL,
        ends[i].is_asked);
    server_free (server);
  }
}
GST_END_TEST;

GST_START_TEST (a_replaced_publisher_is_not_asked_to_reconnect)
{
  Server *server = server_new_started ();
  Client first = client_publish (server, "live", "cam", 1);
  Client second;
  g_autofree gchar *said = NULL;

  WAIT_UNTIL (server, has_streams, 1);
  second = client_publish (server, "live", "cam", 1);
  said = client_hears_all (&first);
  ck_assert (strstr (said, "Publish.Start") != NULL);
  ck_assert (strstr (said, "ReconnectRequest") == NULL);
  client_clear (&second);
  server_free (server);
}
GST_END_TEST;

/* A server with a keys file. */
typedef struct
{
  Server *server;
  gchar *path;
} Guarded;

static void
write_keys (Guarded *self, const gchar *keys)
{
  ck_assert (g_file_set_contents (self->path, keys, -1, NULL));
}

static Guarded
guarded_new (const gchar *keys)
{
  Guarded self = { .server = server_new () };
  gint fd = g_file_open_tmp ("keys-XXXXXX", &self.path, NULL);

  ck_assert_int_ge (fd, 0);
  g_close (fd, NULL);
  write_keys (&self, keys);
  g_object_set (self.server->src, "publish-keys", self.path, NULL);
  server_start (self.server);
  return self;
}

static void
guarded_free (Guarded *self)
{
  server_free (self->server);
  g_remove (self->path);
  g_free (self->path);
}

/* Whether a client that publishes this is accepted; there is one more stream
 * then. */
static void
assert_gets_in (Server *server, const gchar *app, const gchar *key)
{
  guint n_before = server->streams->len;
  Client client = client_publish (server, app, key, 0);

  WAIT_UNTIL (server, has_streams, n_before + 1);
  client_clear (&client);
  WAIT_UNTIL (server, has_removed, n_before + 1);
}

static void
assert_stays_out (Server *server, const gchar *app, const gchar *key,
    const gchar *why)
{
  guint n_before = server->streams->len;
  Client client = client_publish (server, app, key, 0);
  g_autofree gchar *said = client_hears_all (&client);

  ck_assert_msg (strstr (said, why) != NULL, "%s %s: %s", app, key, said);
  ck_assert (strstr (said, "Publish.Start") == NULL);
  ck_assert_uint_eq (server->streams->len, n_before);
}

static const struct
{
  const gchar *app, *key;
  const gchar *why; /* NULL: accepted */
} tokens[] = {
  { "live", "cam?token=sesame", NULL },
  { "live?token=sesame", "cam", NULL },
  { "live", "cam?user=anna&pass=geheim", NULL },
  { "live", "cam", "NetStream.Publish.Denied" },
  { "live", "cam?token=shut", "NetStream.Publish.Denied" },
  { "live", "other?token=sesame", "NetStream.Publish.Denied" },
  { "live", "cam?user=anna&pass=sesame", "NetStream.Publish.Denied" },
  { "live", "cam?sesame", "a token or a password is needed" },
};

GST_START_TEST (a_publisher_with_a_valid_key_is_accepted)
{
  /* The second is hashed, which rules out the login of encoders. */
  g_autofree gchar *hash =
      g_compute_checksum_for_string (G_CHECKSUM_SHA256, "anna:geheim", -1);
  g_autofree gchar *keys =
      g_strdup_printf ("live/cam sesame\nlive/cam sha256:%s\n", hash);
  Guarded guarded = guarded_new (keys);

  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++) {
    if (tokens[i].why == NULL)
      assert_gets_in (guarded.server, tokens[i].app, tokens[i].key);
    else
      assert_stays_out (guarded.server, tokens[i].app, tokens[i].key,
          tokens[i].why);
  }
  guarded_free (&guarded);
}
GST_END_TEST;

GST_START_TEST (changed_keys_apply_at_once_and_invalid_ones_admit_nobody)
{
  Guarded guarded = guarded_new ("live/cam sesame\n");

  assert_gets_in (guarded.server, "live", "cam?token=sesame");
  write_keys (&guarded, "live/cam simsim\n");
  assert_stays_out (guarded.server, "live", "cam?token=sesame", "Denied");
  assert_gets_in (guarded.server, "live", "cam?token=simsim");
  write_keys (&guarded, "live/cam");
  assert_stays_out (guarded.server, "live", "cam?token=simsim",
      "publishing is not possible at the moment");
  write_keys (&guarded, "* simsim\n");
  assert_gets_in (guarded.server, "live", "any?token=simsim");
  guarded_free (&guarded);
}
GST_END_TEST;

/* @claims: (nullable): of a token that is signed; NULL: there is none. */
static const struct
{
  const gchar *claims, *secret;
  gboolean is_allowed;
} bearers[] = {
  { "{\"publish\":\"live/cam\",\"exp\":4102444800}", JWT_SECRET, TRUE },
  { "{\"publish\":\"live/*\"}", JWT_SECRET, TRUE },
  { "{\"publish\":\"live/*\",\"exp\":1}", JWT_SECRET, FALSE },
  { "{\"publish\":\"live/other\"}", JWT_SECRET, FALSE },
  { "{\"watch\":\"*\",\"admin\":true}", JWT_SECRET, FALSE },
  { "{\"publish\":\"live/*\"}", "another-secret-of-thirty-two-bytes", FALSE },
  { NULL, NULL, FALSE },
};

GST_START_TEST (a_publisher_with_a_signed_token_is_accepted)
{
  Guarded self = { .server = server_new () };
  gint fd = g_file_open_tmp ("keys-XXXXXX", &self.path, NULL);

  ck_assert_int_ge (fd, 0);
  g_close (fd, NULL);
  write_keys (&self, JWT_SECRET);
  g_object_set (self.server->src, "publish-jwt-keys", self.path, NULL);
  server_start (self.server);
  for (guint i = 0; i < G_N_ELEMENTS (bearers); i++) {
    g_autofree gchar *token = bearers[i].claims == NULL
        ? g_strdup ("wrong")
        : jwt_sign_with_secret (JWT_HS256, bearers[i].claims,
              bearers[i].secret);
    g_autofree gchar *key = g_strconcat ("cam?token=", token, NULL);

    if (bearers[i].is_allowed)
      assert_gets_in (self.server, "live", key);
    else
      assert_stays_out (self.server, "live", key, "Denied");
  }
  guarded_free (&self);
}
GST_END_TEST;

GST_START_TEST (a_rejected_publisher_takes_over_no_name)
{
  Guarded guarded = guarded_new ("live/cam sesame\n");
  Client owner = client_publish (guarded.server, "live", "cam?token=sesame", 0);

  WAIT_UNTIL (guarded.server, has_streams, 1);
  assert_stays_out (guarded.server, "live", "cam", "Denied");
  ck_assert (!stream_at (guarded.server, 0)->is_removed);
  client_clear (&owner);
  guarded_free (&guarded);
}
GST_END_TEST;

/* Returns: (transfer full): the app of an encoder that was asked for @user's
 * password, and replies with @password. */
static gchar *
log_in (Server *server, const gchar *user, const gchar *password)
{
  g_autofree gchar *app = g_strdup_printf ("live?authmod=adobe&user=%s", user);
  Client client = client_publish (server, app, "cam", 0);
  g_autofree gchar *said = client_hears_all (&client);
  const gchar *description = strstr (said, "?reason=needauth");
  g_autofree gchar *answer = NULL;

  ck_assert_msg (description != NULL, "%s", said);
  /* The end of the object comes next. */
  *strchrnul (description, '.') = '\0';
  answer = encoder_login (description, password);
  return g_strconcat ("live?", answer, NULL);
}

GST_START_TEST (an_encoder_logs_in)
{
  Guarded guarded = guarded_new ("live/cam anna:geheim\n"
                                 "live/door bert:offen\n");
  g_autofree gchar *right = NULL;
  g_autofree gchar *elsewhere = NULL;
  g_autofree gchar *wrong = NULL;

  assert_stays_out (guarded.server, "live", "cam",
      "code=403 need auth; authmod=adobe");
  right = log_in (guarded.server, "anna", "geheim");
  assert_gets_in (guarded.server, right, "cam");
  elsewhere = log_in (guarded.server, "anna", "geheim");
  assert_stays_out (guarded.server, elsewhere, "door",
      "this user may not publish this stream");
  wrong = log_in (guarded.server, "anna", "offen");
  assert_stays_out (guarded.server, wrong, "cam", "?reason=authfailed");
  /* An app without logins does not ask for one. */
  assert_stays_out (guarded.server, "event", "cam", "Publish.Denied");
  guarded_free (&guarded);
}
GST_END_TEST;

GST_START_TEST (an_overheard_login_cannot_be_reused)
{
  Guarded guarded = guarded_new ("live/cam anna:geheim\n");
  g_autofree gchar *app = log_in (guarded.server, "anna", "geheim");
  g_autofree gchar *key = g_strconcat ("cam", strchr (app, '?'), NULL);

  assert_gets_in (guarded.server, app, "cam");
  assert_stays_out (guarded.server, app, "cam", "?reason=authfailed");
  /* Skips the challenge at connect, with a secret that is none. */
  assert_stays_out (guarded.server, "live?token=x", key, "Publish.Denied");
  guarded_free (&guarded);
}
GST_END_TEST;

/* Everything that is logged at any level, and posted on the bus. */
static GString *logged;
static GMutex log_lock;

static void
note_line (GstDebugCategory *category, GstDebugLevel level, const gchar *file,
    const gchar *function, gint line, GObject *object, GstDebugMessage *message,
    gpointer user_data)
{
  /* Formatting the text may log as well. */
  const gchar *text = gst_debug_message_get (message);

  g_mutex_lock (&log_lock);
  g_string_append_printf (logged, "%s\n", text);
  g_mutex_unlock (&log_lock);
}

static void
begin_log (void)
{
  logged = g_string_new (NULL);
  gst_debug_remove_log_function (gst_debug_log_default);
  gst_debug_add_log_function (note_line, NULL, NULL);
  gst_debug_set_threshold_from_string ("*:9", TRUE);
  gst_debug_set_active (TRUE);
}

static void
end_log (Server *server)
{
  GstBus *bus = gst_element_get_bus (server->pipeline);
  GstMessage *message;

  while ((message = gst_bus_pop (bus)) != NULL) {
    g_autofree gchar *text = NULL;

    if (gst_message_get_structure (message) != NULL)
      text = gst_structure_to_string (gst_message_get_structure (message));
    g_string_append_printf (logged, "%s\n", text != NULL ? text : "");
    gst_message_unref (message);
  }
  gst_object_unref (bus);
  gst_debug_set_active (FALSE);
  gst_debug_remove_log_function (note_line);
}

static const struct
{
  const gchar *app, *key;
  const gchar *name; /* NULL: it is rejected */
} secrets[] = {
  { "live/cam1?token=SECRET", "SECRET==", "live/cam1" },
  { "live/cam1?token=a", "b/SECRET=", "live/cam1" },
  { "live/cam1?token=SECRET", "SECRET", NULL },
  { "live/mystream?", "user=me&pass=SECRET", "live/mystream" },
  { "mystream?", "user=me&pass=SECRET", NULL },
  { "live", "user=me&pass=SECRET", NULL },
  { "live", "cam1%3Ftoken%3DSECRET", NULL },
  { "live", "cam1?token=SECRET/SECRET", "live/cam1" },
  { "live?token=SECRET/SECRET", "cam1", "live/cam1" },
  { "live/cam1?token=SECRET", "", "live/cam1" },
};

GST_START_TEST (a_secret_is_not_part_of_the_name_and_never_logged)
{
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++) {
    Server *server = server_new ();

    begin_log ();
    server_start (server);
    if (secrets[i].name != NULL) {
      assert_gets_in (server, secrets[i].app, secrets[i].key);
      ck_assert_str_eq (stream_at (server, 0)->name, secrets[i].name);
    } else {
      assert_stays_out (server, secrets[i].app, secrets[i].key,
          "Publish.BadName");
    }
    server_stop (server);
    end_log (server);
    ck_assert (strstr (logged->str, "closed: ") != NULL);
    ck_assert_msg (strstr (logged->str, "SECRET") == NULL, "%s and %s: %s",
        secrets[i].app, secrets[i].key, strstr (logged->str, "SECRET"));
    g_string_free (logged, TRUE);
    server_free (server);
  }
}
GST_END_TEST;

static gchar *
allow_all (GstElement *src, const gchar *app, const gchar *key,
    const gchar *query, const gchar *address, gpointer user_data)
{
  return NULL;
}

static gchar *
allow_door (GstElement *src, const gchar *app, const gchar *key,
    const gchar *query, const gchar *address, gpointer user_data)
{
  ck_assert_str_eq (app, "live");
  ck_assert_str_eq (query, "a=1");
  ck_assert_str_eq (address, "127.0.0.1");
  return g_str_equal (key, "door/2") ? NULL : g_strdup ("the door only");
}

GST_START_TEST (the_application_can_reject_a_publisher)
{
  Server *server = server_new_started ();

  g_signal_connect (server->src, "authorize-publish", G_CALLBACK (allow_all),
      NULL);
  g_signal_connect (server->src, "authorize-publish", G_CALLBACK (allow_door),
      NULL);
  g_signal_connect (server->src, "authorize-publish", G_CALLBACK (allow_all),
      NULL);
  assert_gets_in (server, "live", "door/2?a=1");
  assert_gets_in (server, "live/door", "2?a=1");
  assert_stays_out (server, "live", "cam?a=1", "the door only");
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (the_hook_can_reject_a_publisher)
{
  static const struct
  {
    const gchar *key, *why;
  } visits[] = {
    { "no", "not on Sundays" },
    { "rude", "rejects it: 401" },
    { "long", " lllllll" },
    { "broken", "rejects it: 500" },
  };
  HookServer *hook = hook_server_new ();
  Server *server = server_new ();
  g_autofree gchar *body = NULL;

  g_object_set (server->src, "on-publish", hook_server_url (hook), NULL);
  server_start (server);
  assert_gets_in (server, "live", "yes?a=1");
  body = hook_server_pop (hook);
  ck_assert (strstr (body, "\"query\":\"a=1\"") != NULL);
  ck_assert (strstr (body, "\"address\":\"127.0.0.1\"") != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (visits); i++)
    assert_stays_out (server, "live", visits[i].key, visits[i].why);
  server_free (server);
  hook_server_free (hook);
}
GST_END_TEST;

GST_START_TEST (a_publisher_that_awaits_the_hook_delays_no_other)
{
  HookServer *hook = hook_server_new ();
  Server *server = server_new ();
  Client slow;
  g_autofree gchar *said = NULL;

  g_object_set (server->src, "on-publish", hook_server_url (hook), NULL);
  server_start (server);
  slow = client_publish (server, "live", "slow", 0);
  g_free (hook_server_pop (hook));
  assert_gets_in (server, "live", "yes");
  /* And the element stops without the reply. */
  server_stop (server);
  said = client_hears_all (&slow);
  ck_assert (strstr (said, "Publish.Start") == NULL);
  server_free (server);
  hook_server_free (hook);
}
GST_END_TEST;

GST_START_TEST (invalid_access_settings_are_an_error_at_the_start)
{
  static const struct
  {
    const gchar *property, *value;
  } mistakes[] = {
    { "publish-keys", "/nonexistent/keys" },
    { "publish-jwt-keys", "/nonexistent/keys" },
    { "publish-jwt-keys", "/dev/null" },
    { "on-publish", "ftp://127.0.0.1/" },
    { "on-publish", "127.0.0.1:80" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++) {
    Server *server = server_new ();

    g_object_set (server->src, mistakes[i].property, mistakes[i].value, NULL);
    ck_assert_int_eq (gst_element_set_state (server->pipeline,
                          GST_STATE_PLAYING),
        GST_STATE_CHANGE_FAILURE);
    server_free (server);
  }
}
GST_END_TEST;

static Suite *
rtmpaccess_suite (void)
{
  Suite *suite = suite_create ("rtmpaccess");
  TCase *tcase = tcase_create ("rtmpaccess");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase,
      a_server_that_stops_asks_capable_publishers_to_reconnect);
  tcase_add_test (tcase, a_replaced_publisher_is_not_asked_to_reconnect);
  tcase_add_test (tcase, a_publisher_with_a_valid_key_is_accepted);
  tcase_add_test (tcase,
      changed_keys_apply_at_once_and_invalid_ones_admit_nobody);
  tcase_add_test (tcase, a_publisher_with_a_signed_token_is_accepted);
  tcase_add_test (tcase, a_rejected_publisher_takes_over_no_name);
  tcase_add_test (tcase, an_encoder_logs_in);
  tcase_add_test (tcase, an_overheard_login_cannot_be_reused);
  tcase_add_test (tcase, a_secret_is_not_part_of_the_name_and_never_logged);
  tcase_add_test (tcase, the_application_can_reject_a_publisher);
  tcase_add_test (tcase, the_hook_can_reject_a_publisher);
  tcase_add_test (tcase, a_publisher_that_awaits_the_hook_delays_no_other);
  tcase_add_test (tcase, invalid_access_settings_are_an_error_at_the_start);
  return suite;
}

GST_CHECK_MAIN (rtmpaccess);
