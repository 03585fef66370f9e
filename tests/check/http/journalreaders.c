/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Readers of the journal that are slow, too many or gone: in the main context
 * of the test, which decides when a client reads. */

#include "ext/whep/http/journalreaders-io.h"
#include "ext/whep/http/connections-io.h"
#include "ext/whep/http/reply-io.h"
#include "gst/net/tcplisten-io.h"
#include "tests/support/eventreader.h"
#include "tests/support/hookserver.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <string.h>
#include <sys/socket.h>

#define PATIENCE_US (20 * G_USEC_PER_SEC)
/* Of a connection, in the kernel, on each side: few events fit. */
#define BUFFER_BYTES (16 * 1024)
#define END "\r\n0\r\n\r\n"
#define ADMIN "administrator"
/* The hook allows the first, and does not answer about the second. */
#define STREAM "live/yes"
#define SLOW "live/slow"

typedef struct
{
  gchar *admins; /* path of the file of tokens */
  HookServer *hook;
  SoupServer *server;
  WhepConnections *connections;
  WhepAuthorizer *authorizer;
  WhepVisibility *visibility;
  Journal *journal;
  WhepJournalReaders *readers;
  guint port;
  guint n_begun, n_ended; /* replies */
} Rig;

/* A client, and what it has read so far. */
typedef struct
{
  GSocket *socket;
  GString *text;
} Client;

/* Nobody is disconnected for being slow, or sent a comment, while a test runs.
 */
static const WhepJournalReadersParams patient = { .tick_ms = 1,
  .stream = { .keepalive_us = 10 * PATIENCE_US,
      .patience_us = 10 * PATIENCE_US } };

static void
on_request (SoupServer *server, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer user_data)
{
  Rig *rig = user_data;

  rig->n_begun++;
  whep_journal_readers_serve (rig->readers, message);
}

/* As the server does. */
static void
on_headers (SoupServerMessage *message, Rig *rig)
{
  if (whep_reply_is_stream (message))
    whep_connections_keep (rig->connections, message);
}

static void
on_started (SoupServer *server, SoupServerMessage *message, Rig *rig)
{
  g_signal_connect (message, "wrote-headers", G_CALLBACK (on_headers), rig);
}

static void
on_ended (SoupServer *server, SoupServerMessage *message, Rig *rig)
{
  rig->n_ended++;
}

static void
listen_on_any_port (Rig *self)
{
  g_autoptr (GSocket) listener = net_tcp_listen ("0.0.0.0", 0, NULL);
  g_autoptr (GSocketAddress) address =
      g_socket_get_local_address (listener, NULL);

  ck_assert (g_socket_set_option (listener, SOL_SOCKET, SO_SNDBUF, BUFFER_BYTES,
      NULL));
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  self->connections = whep_connections_new (listener, self->server,
      WHEP_JOURNAL_READERS_MAX, PATIENCE_US);
}

static gchar *
write_file (const gchar *text)
{
  gchar *path;
  gint fd = g_file_open_tmp ("tokens-XXXXXX", &path, NULL);

  ck_assert (fd >= 0);
  g_close (fd, NULL);
  ck_assert (g_file_set_contents (path, text, -1, NULL));
  return path;
}

/* @has_hook: whether it is asked who may watch; if not, everybody may. */
static void
rig_init (Rig *self, const WhepJournalReadersParams *params, gboolean has_hook)
{
  WhepAuthorizerParams rules = { NULL };

  *self = (Rig){ .admins = write_file (ADMIN "\n"),
    .server = soup_server_new (NULL, NULL),
    .journal = journal_new () };
  rules.api_tokens = self->admins;
  if (has_hook) {
    self->hook = hook_server_new ();
    rules.hook = hook_server_url (self->hook);
  }
  self->authorizer = whep_authorizer_new (&rules, NULL);
  self->visibility = whep_visibility_new (self->authorizer);
  self->readers = whep_journal_readers_new (params, self->journal,
      self->authorizer, self->visibility);
  soup_server_add_handler (self->server, NULL, on_request, self, NULL);
  g_signal_connect (self->server, "request-started", G_CALLBACK (on_started),
      self);
  g_signal_connect (self->server, "request-finished", G_CALLBACK (on_ended),
      self);
  g_signal_connect (self->server, "request-aborted", G_CALLBACK (on_ended),
      self);
  listen_on_any_port (self);
}

static void
rig_clear (Rig *self)
{
  whep_authorizer_close (self->authorizer);
  whep_journal_readers_free (self->readers);
  whep_connections_free (self->connections);
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  whep_visibility_free (self->visibility);
  whep_authorizer_free (self->authorizer);
  journal_unref (self->journal);
  if (self->hook != NULL)
    hook_server_free (self->hook);
  g_remove (self->admins);
  g_free (self->admins);
}

/* Returns: (transfer full): the event, which the readers know of. */
static JournalEvent *
happen (Rig *self, const gchar *stream)
{
  JournalEvent *event = append_event (self->journal, "viewer-added", stream);

  whep_journal_readers_update (self->readers);
  return event;
}

/* From the address 127.0.0.@host. @token is nullable. */
static void
client_init (Client *self, Rig *rig, guint host, const gchar *token)
{
  g_autofree gchar *ip = g_strdup_printf ("127.0.0.%u", host);
  g_autoptr (GSocketAddress) ours =
      g_inet_socket_address_new_from_string (ip, 0);
  g_autoptr (GSocketAddress) theirs =
      g_inet_socket_address_new_from_string ("127.0.0.1", rig->port);
  g_autofree gchar *get = g_strconcat ("GET / HTTP/1.1\r\nHost: here\r\n",
      token == NULL ? "" : "Authorization: Bearer ", token == NULL ? "" : token,
      token == NULL ? "" : "\r\n", "\r\n", NULL);

  self->text = g_string_new (NULL);
  self->socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
      G_SOCKET_PROTOCOL_TCP, NULL);
  ck_assert (g_socket_set_option (self->socket, SOL_SOCKET, SO_RCVBUF,
      BUFFER_BYTES, NULL));
  ck_assert (g_socket_bind (self->socket, ours, FALSE, NULL));
  ck_assert (g_socket_connect (self->socket, theirs, NULL, NULL));
  g_socket_set_blocking (self->socket, FALSE);
  ck_assert_int_eq (g_socket_send (self->socket, get, strlen (get), NULL, NULL),
      strlen (get));
}

static void
client_clear (Client *self)
{
  g_object_unref (self->socket);
  g_string_free (self->text, TRUE);
}

/* Lets the server work, then reads what there is. Returns FALSE at the end. */
static gboolean
client_reads (Client *self)
{
  gchar bytes[4096];
  gssize size;

  g_main_context_iteration (NULL, FALSE);
  size = g_socket_receive (self->socket, bytes, sizeof (bytes), NULL, NULL);
  if (size > 0)
    g_string_append_len (self->text, bytes, size);
  return size != 0;
}

/* Returns: what of its text comes after @words. */
static gsize
client_reads_until (Client *self, const gchar *words, gsize from)
{
  gint64 deadline_us = g_get_monotonic_time () + PATIENCE_US;
  const gchar *found;

  while ((found = strstr (self->text->str + from, words)) == NULL) {
    ck_assert_msg (client_reads (self), "no “%s” before the end: %s", words,
        self->text->str + MAX (self->text->len, 300) - 300);
    ck_assert_msg (g_get_monotonic_time () < deadline_us, "no %s", words);
  }
  return found - self->text->str + strlen (words);
}

/* The reply has begun once the first id has arrived. */
static void
client_is_served (Client *self)
{
  client_reads_until (self, "200 OK", 0);
  client_reads_until (self, "id: ", 0);
}

static gsize
client_reads_event (Client *self, const JournalEvent *event, gsize from)
{
  g_autofree gchar *id = journal_event_dup_id (event);
  g_autofree gchar *words = g_strdup_printf ("\ndata: {\"id\":\"%s\"", id);

  return client_reads_until (self, words, from);
}

/* Nobody reads while it waits. */
static void
wait_for_ends (Rig *self, guint n)
{
  gint64 deadline_us = g_get_monotonic_time () + PATIENCE_US;

  while (self->n_ended < n) {
    g_main_context_iteration (NULL, FALSE);
    ck_assert (g_get_monotonic_time () < deadline_us);
  }
}

GST_START_TEST (an_idle_reader_is_kept_connected_by_comments)
{
  const WhepJournalReadersParams params = { .tick_ms = 1,
    .stream = { .keepalive_us = 1, .patience_us = PATIENCE_US } };
  Client client;
  gsize first;
  Rig rig;

  rig_init (&rig, &params, FALSE);
  client_init (&client, &rig, 1, NULL);
  first = client_reads_until (&client, "\n:\n\n", 0);
  client_reads_until (&client, "\n:\n\n", first);
  ck_assert_uint_eq (rig.n_ended, 0);
  client_clear (&client);
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (a_reader_that_does_not_read_is_disconnected)
{
  const WhepJournalReadersParams params = { .tick_ms = 1,
    .stream = { .keepalive_us = PATIENCE_US, .patience_us = 50 * 1000 } };
  gint64 deadline_us = g_get_monotonic_time () + PATIENCE_US;
  Client lazy;
  Rig rig;

  rig_init (&rig, &params, FALSE);
  client_init (&lazy, &rig, 1, NULL);
  while (rig.n_ended == 0) {
    journal_event_unref (happen (&rig, STREAM));
    g_main_context_iteration (NULL, FALSE);
    ck_assert (g_get_monotonic_time () < deadline_us);
  }
  client_clear (&lazy);
  rig_clear (&rig);
}
GST_END_TEST;

/* As many as the journal keeps: they wait there. */
GST_START_TEST (a_slow_reader_gets_what_it_has_not_read_yet)
{
  g_autoptr (GPtrArray) events =
      g_ptr_array_new_with_free_func ((GDestroyNotify) journal_event_unref);
  Client slow;
  gsize read = 0;
  Rig rig;

  rig_init (&rig, &patient, FALSE);
  client_init (&slow, &rig, 1, NULL);
  client_is_served (&slow);
  for (guint i = 0; i < JOURNAL_MAX_EVENTS; i++) {
    g_ptr_array_add (events, happen (&rig, STREAM));
    g_main_context_iteration (NULL, FALSE);
  }
  for (guint i = 0; i < events->len; i++)
    read = client_reads_event (&slow, g_ptr_array_index (events, i), read);
  ck_assert (strstr (slow.text->str, "event: gap") == NULL);
  client_clear (&slow);
  rig_clear (&rig);
}
GST_END_TEST;

/* No reader has a queue of its own: what the journal has forgotten is lost. */
GST_START_TEST (a_reader_that_falls_behind_learns_of_the_gap)
{
  JournalEvent *oldest = NULL, *newest = NULL;
  Client slow;
  gsize gap;
  Rig rig;

  rig_init (&rig, &patient, FALSE);
  client_init (&slow, &rig, 1, NULL);
  client_is_served (&slow);
  for (guint i = 0; i < 2 * JOURNAL_MAX_EVENTS; i++) {
    JournalEvent *event = append_event (rig.journal, "viewer-added", STREAM);

    if (i == JOURNAL_MAX_EVENTS)
      oldest = journal_event_ref (event);
    g_clear_pointer (&newest, journal_event_unref);
    newest = event;
  }
  whep_journal_readers_update (rig.readers);
  gap = client_reads_until (&slow, "\nevent: gap\ndata: {}\n\n", 0);
  client_reads_event (&slow, newest, client_reads_event (&slow, oldest, gap));
  ck_assert (strstr (slow.text->str + gap, "event: gap") == NULL);
  journal_event_unref (oldest);
  journal_event_unref (newest);
  client_clear (&slow);
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (a_slow_reader_delays_no_other)
{
  g_autoptr (JournalEvent) last = NULL;
  Client slow, quick;
  Rig rig;

  rig_init (&rig, &patient, FALSE);
  client_init (&slow, &rig, 1, NULL);
  client_is_served (&slow);
  client_init (&quick, &rig, 2, NULL);
  client_is_served (&quick);
  for (guint i = 0; i < JOURNAL_MAX_EVENTS; i++) {
    g_autoptr (JournalEvent) event = happen (&rig, STREAM);

    client_reads_event (&quick, event, 0);
    g_string_truncate (quick.text, 0);
  }
  last = happen (&rig, STREAM);
  client_reads_event (&quick, last, 0);
  ck_assert_uint_eq (rig.n_ended, 0);
  client_clear (&slow);
  client_clear (&quick);
  rig_clear (&rig);
}
GST_END_TEST;

static guint
n_guests_of (guint host)
{
  return host == 1 ? WHEP_JOURNAL_READERS_MAX_PER_CLIENT : 1;
}

/* @n clients of different addresses but the first, which has its share. */
static void
seat (Rig *rig, Client *clients, guint n, const gchar *token)
{
  guint host = 1, n_of_host = 0;

  for (guint i = 0; i < n; i++) {
    client_init (&clients[i], rig, host, token);
    client_is_served (&clients[i]);
    if (++n_of_host == n_guests_of (host)) {
      n_of_host = 0;
      host++;
    }
  }
}

static void
is_turned_away (Rig *rig, guint host, const gchar *token)
{
  Client client;

  client_init (&client, rig, host, token);
  client_reads_until (&client, "limit of event listeners", 0);
  ck_assert (strstr (client.text->str, " 503 ") != NULL);
  ck_assert (strstr (client.text->str, "\r\nRetry-After: 10\r\n") != NULL);
  client_clear (&client);
}

GST_START_TEST (an_address_has_its_share_of_the_places)
{
  Client clients[WHEP_JOURNAL_READERS_MAX_PER_CLIENT], other;
  Rig rig;

  rig_init (&rig, &patient, FALSE);
  seat (&rig, clients, G_N_ELEMENTS (clients), NULL);
  is_turned_away (&rig, 1, NULL);
  client_init (&other, &rig, 2, NULL);
  client_is_served (&other);
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    client_clear (&clients[i]);
  client_clear (&other);
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (an_administrator_takes_the_place_of_the_oldest_guest)
{
  Client guests[WHEP_JOURNAL_READERS_MAX], admin;
  Rig rig;

  rig_init (&rig, &patient, FALSE);
  seat (&rig, guests, G_N_ELEMENTS (guests), NULL);
  is_turned_away (&rig, 250, NULL);
  client_init (&admin, &rig, 250, ADMIN);
  client_is_served (&admin);
  client_reads_until (&guests[0], END, 0);
  {
    g_autoptr (JournalEvent) event = happen (&rig, STREAM);

    client_reads_event (&guests[1], event, 0);
    client_reads_event (&admin, event, 0);
  }
  for (guint i = 0; i < G_N_ELEMENTS (guests); i++)
    client_clear (&guests[i]);
  client_clear (&admin);
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (an_administrator_takes_no_place_of_another)
{
  Client admins[WHEP_JOURNAL_READERS_MAX], heir;
  Rig rig;
  guint n_ended;

  rig_init (&rig, &patient, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (admins); i++) {
    client_init (&admins[i], &rig, 1, ADMIN);
    client_is_served (&admins[i]);
  }
  is_turned_away (&rig, 2, ADMIN);
  /* One that leaves makes room. */
  n_ended = rig.n_ended;
  client_clear (&admins[0]);
  wait_for_ends (&rig, n_ended + 1);
  client_init (&heir, &rig, 2, ADMIN);
  client_is_served (&heir);
  for (guint i = 1; i < G_N_ELEMENTS (admins); i++)
    client_clear (&admins[i]);
  client_clear (&heir);
  rig_clear (&rig);
}
GST_END_TEST;

/* The hook has been asked, and does not answer. */
static void
wait_for_question (Rig *self)
{
  gint64 deadline_us = g_get_monotonic_time () + PATIENCE_US;

  while (hook_server_n_requests (self->hook) == 0) {
    g_main_context_iteration (NULL, FALSE);
    ck_assert (g_get_monotonic_time () < deadline_us);
  }
}

GST_START_TEST (a_reader_may_leave_while_the_hook_is_asked)
{
  Client client;
  Rig rig;

  rig_init (&rig, &patient, TRUE);
  client_init (&client, &rig, 1, NULL);
  client_is_served (&client);
  journal_event_unref (happen (&rig, SLOW));
  wait_for_question (&rig);
  client_clear (&client);
  wait_for_ends (&rig, 1);
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (the_server_may_end_while_the_hook_is_asked)
{
  Client client;
  Rig rig;

  rig_init (&rig, &patient, TRUE);
  client_init (&client, &rig, 1, NULL);
  client_is_served (&client);
  journal_event_unref (happen (&rig, SLOW));
  wait_for_question (&rig);
  journal_event_unref (happen (&rig, STREAM));
  rig_clear (&rig);
  client_clear (&client);
}
GST_END_TEST;

GST_START_TEST (a_decision_that_is_awaited_delays_no_other_reader)
{
  g_autoptr (JournalEvent) slow = NULL, last = NULL;
  Client guest, admin;
  Rig rig;

  rig_init (&rig, &patient, TRUE);
  client_init (&guest, &rig, 1, NULL);
  client_is_served (&guest);
  client_init (&admin, &rig, 2, ADMIN);
  client_is_served (&admin);
  slow = happen (&rig, SLOW);
  wait_for_question (&rig);
  last = happen (&rig, STREAM);
  client_reads_event (&admin, last, client_reads_event (&admin, slow, 0));
  ck_assert (strstr (guest.text->str, "data") == NULL);
  client_clear (&guest);
  client_clear (&admin);
  rig_clear (&rig);
}
GST_END_TEST;

static Suite *
journalreaders_suite (void)
{
  Suite *suite = suite_create ("journalreaders");
  TCase *tcase = tcase_create ("journalreaders");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, an_idle_reader_is_kept_connected_by_comments);
  tcase_add_test (tcase, a_reader_that_does_not_read_is_disconnected);
  tcase_add_test (tcase, a_slow_reader_gets_what_it_has_not_read_yet);
  tcase_add_test (tcase, a_reader_that_falls_behind_learns_of_the_gap);
  tcase_add_test (tcase, a_slow_reader_delays_no_other);
  tcase_add_test (tcase, an_address_has_its_share_of_the_places);
  tcase_add_test (tcase, an_administrator_takes_the_place_of_the_oldest_guest);
  tcase_add_test (tcase, an_administrator_takes_no_place_of_another);
  tcase_add_test (tcase, a_reader_may_leave_while_the_hook_is_asked);
  tcase_add_test (tcase, the_server_may_end_while_the_hook_is_asked);
  tcase_add_test (tcase, a_decision_that_is_awaited_delays_no_other_reader);
  return suite;
}

GST_CHECK_MAIN (journalreaders);
