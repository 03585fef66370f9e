/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rtmpserversrc under attack: each attacker is disconnected with a reason, none
 * costs much, and a stream that another client publishes at the same time loses
 * no frame. */

#include "gst/rtmp/amf0.h"
#include "tests/support/rtmpserver.h"
#include "tests/support/rtmptalk.h"

#include <gst/check/gstcheck.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* The capture whose stream is watched, and the number of parts it is sent
 * in. */
#define WITNESS 0
#define N_PARTS 100
/* The memory that all attackers of a test may cost: twice what a single one may
 * keep unfinished, far less than they announce. The sanitizer's malloc keeps
 * freed memory for a while. */
#ifdef __SANITIZE_ADDRESS__
#define MAX_GROWTH_BYTES (16 * RTMP_CHUNK_MAX_BUFFERED_BYTES)
#else
#define MAX_GROWTH_BYTES (2 * RTMP_CHUNK_MAX_BUFFERED_BYTES)
#endif
#define N_HALF_OPEN 1000
/* Descriptors that a test needs besides: the registry, a siege, standard
 * streams. */
#define N_OTHER_DESCRIPTORS 64
/* More than can be connected at once, including those that are closing. */
#define N_MAX_CONNECTED (64 + 64 + 64)
/* The clients that connect when there are fewer descriptors than they need. */
#define N_CROWD 4
#define N_DESCRIPTORS 3
#define N_CHANGED 40
/* The time between two bytes of a slow client: in the time that it has, it
 * sends less than a command. */
#define DRIBBLE_MS 250

/* The reasons for closing connections, as logged. */
typedef struct
{
  GMutex lock;
  GHashTable *counts;
} Reasons;

static Reasons reasons;

static void
note_reason (GstDebugCategory *category, GstDebugLevel level, const gchar *file,
    const gchar *function, gint line, GObject *object, GstDebugMessage *message,
    gpointer user_data)
{
  const gchar *why = strstr (gst_debug_message_get (message), " closed: ");
  guint n;

  if (why == NULL)
    return;
  why += strlen (" closed: ");
  g_mutex_lock (&reasons.lock);
  n = GPOINTER_TO_UINT (g_hash_table_lookup (reasons.counts, why));
  g_hash_table_replace (reasons.counts, g_strdup (why),
      GUINT_TO_POINTER (n + 1));
  g_mutex_unlock (&reasons.lock);
}

static guint
n_closed (const gchar *why)
{
  guint n;

  g_mutex_lock (&reasons.lock);
  n = GPOINTER_TO_UINT (g_hash_table_lookup (reasons.counts, why));
  g_mutex_unlock (&reasons.lock);
  return n;
}

static void
set_up (void)
{
  g_mutex_init (&reasons.lock);
  reasons.counts =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gst_debug_set_active (TRUE);
  gst_debug_remove_log_function (gst_debug_log_default);
  gst_debug_add_log_function (note_reason, NULL, NULL);
  gst_debug_set_threshold_for_name ("rtmpserversrc", GST_LEVEL_INFO);
}

static void
tear_down (void)
{
  gst_debug_remove_log_function (note_reason);
  g_hash_table_unref (reasons.counts);
  g_mutex_clear (&reasons.lock);
}

static gsize
resident_bytes (void)
{
  g_autofree gchar *text = NULL;
  g_auto (GStrv) pages = NULL;

  ck_assert (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  pages = g_strsplit (text, " ", 3);
  return g_ascii_strtoull (pages[1], NULL, 10) * sysconf (_SC_PAGESIZE);
}

/* A server, and a client that publishes all the time. */
typedef struct
{
  Server *server;
  Client witness;
  gsize resident_before;
} Siege;

static Siege
siege_new (void)
{
  Siege self = { .server = server_new () };

  g_object_set (self.server->src, "idle-timeout", 1, NULL);
  server_start (self.server);
  self.witness = client_new (self.server, WITNESS);
  client_send (&self.witness, OPENING_BYTES);
  WAIT_UNTIL (self.server, has_streams, 1);
  self.resident_before = resident_bytes ();
  return self;
}

static void
witness_goes_on (Siege *self)
{
  gsize left = self->witness.size - self->witness.n_sent;

  client_send (&self->witness,
      self->witness.n_sent + MIN (left, self->witness.size / N_PARTS));
}

static void
siege_end (Siege *self)
{
  Tags tags;

  ck_assert_uint_lt (resident_bytes (),
      self->resident_before + MAX_GROWTH_BYTES);
  client_send (&self->witness, self->witness.size);
  client_leave (&self->witness);
  WAIT_UNTIL (self->server, has_removed, self->server->streams->len);
  tags = count_tags (stream_at (self->server, 0));
  ck_assert_uint_eq (tags.n_video, captures[WITNESS].n_video);
  ck_assert_uint_eq (tags.n_audio, captures[WITNESS].n_audio);
  client_clear (&self->witness);
  server_free (self->server);
}

/* The server may close the connection in the middle of it. */
static void
client_says (Client *self, const guint8 *data, gsize size)
{
  g_output_stream_write_all (g_io_stream_get_output_stream (self->stream), data,
      size, NULL, NULL, NULL);
}

static void
begin_message (GByteArray *out, guint csid, gsize size, RtmpMessageType type)
{
  const guint8 header[] = { 1, (csid - 64) % 256, (csid - 64) / 256, 0, 0, 0,
    size >> 16, size >> 8, size, type, 1, 0, 0, 0 };

  g_byte_array_append (out, header, sizeof header);
}

static void
say_number (GByteArray *out, RtmpMessageType type, guint32 number)
{
  guint32 bytes = GUINT32_TO_BE (number);

  talk_message (out, type, (const guint8 *) &bytes, sizeof bytes);
}

static void
say_a_chunk_size_of_2_gib (GByteArray *out)
{
  say_number (out, RTMP_MESSAGE_SET_CHUNK_SIZE, 0x80000000);
}

static void
say_a_message_as_long_as_can_be (GByteArray *out)
{
  say_number (out, RTMP_MESSAGE_SET_CHUNK_SIZE, 0x7fffffff);
  begin_message (out, 64, 0xffffff, RTMP_MESSAGE_COMMAND);
}

static void
say_a_string_of_2_gib (GByteArray *out)
{
  static const guint8 command[] = { 0x0c, 0x80, 0, 0, 0, 'c', 'o', 'n' };

  talk_message (out, RTMP_MESSAGE_COMMAND, command, sizeof command);
}

static void
say_all_chunk_streams (GByteArray *out)
{
  for (guint csid = 64; csid <= 65599; csid++) {
    begin_message (out, csid, 1000, RTMP_MESSAGE_COMMAND);
    g_byte_array_set_size (out, out->len + RTMP_CHUNK_DEFAULT_BYTES);
  }
}

static void
say_publish (GByteArray *out)
{
  talk_connect (out, "live", NULL, 0);
  talk_command (out, "publish", 2, "bad");
}

/* Each message has the maximum length, and none is ever complete. */
static void
say_many_long_messages (GByteArray *out)
{
  say_publish (out);
  for (guint csid = 64; csid < 64 + 4; csid++) {
    begin_message (out, csid, 0xffffff, RTMP_MESSAGE_VIDEO);
    g_byte_array_set_size (out, out->len + RTMP_CHUNK_DEFAULT_BYTES);
  }
}

/* @opening is the beginning of each value. */
static void
say_nested (GByteArray *out, const guint8 *opening, gsize size)
{
  g_autoptr (GByteArray) command = g_byte_array_new ();

  rtmp_amf0_write_string (command, "connect");
  rtmp_amf0_write_number (command, 1);
  g_byte_array_append (command, opening + size - 1, 1);
  for (guint depth = 0; depth < 10000; depth++)
    g_byte_array_append (command, opening, size);
  talk_message (out, RTMP_MESSAGE_COMMAND, command->data, command->len);
}

static void
say_nested_objects (GByteArray *out)
{
  static const guint8 member[] = { 0, 1, 'a', 3 };

  say_nested (out, member, sizeof member);
}

static void
say_nested_arrays (GByteArray *out)
{
  static const guint8 element[] = { 0, 0, 0, 1, 0x0a };

  say_nested (out, element, sizeof element);
}

static const struct
{
  void (*say) (GByteArray *out);
  const gchar *why;
} attacks[] = {
  { say_a_chunk_size_of_2_gib, "the chunk size is out of range" },
  { say_a_message_as_long_as_can_be, "a message is too long" },
  { say_a_string_of_2_gib, "a command is malformed" },
  { say_all_chunk_streams, "too many chunk streams" },
  { say_many_long_messages, "too many bytes in unfinished messages" },
  { say_nested_objects, "connects without an app" },
  { say_nested_arrays, "connects without an app" },
};

GST_START_TEST (each_attacker_is_disconnected_with_its_reason)
{
  Siege siege = siege_new ();

  for (guint i = 0; i < G_N_ELEMENTS (attacks); i++) {
    g_autoptr (GByteArray) bytes = g_byte_array_new ();
    Client enemy = client_new (siege.server, WITNESS);
    guint n_before = n_closed (attacks[i].why);
    g_autofree gchar *said = NULL;

    talk_handshake (bytes);
    attacks[i].say (bytes);
    client_says (&enemy, bytes->data, bytes->len);
    witness_goes_on (&siege);
    said = client_listen (&enemy);
    ck_assert_msg (n_closed (attacks[i].why) == n_before + 1, "%u: %s", i,
        attacks[i].why);
    client_clear (&enemy);
  }
  siege_end (&siege);
}
GST_END_TEST;

/* A client that sends a byte, waits a while, and sends the next. */
typedef struct
{
  Client client;
  GByteArray *bytes;
  gsize n_said;
} Dribbler;

static Dribbler
dribbler_new (Server *server, gsize n_at_once)
{
  Dribbler self = {
    .client = client_new (server, WITNESS),
    .bytes = g_byte_array_new (),
    .n_said = n_at_once,
  };

  talk_handshake (self.bytes);
  say_publish (self.bytes);
  begin_message (self.bytes, 64, 0xffffff, RTMP_MESSAGE_VIDEO);
  g_byte_array_set_size (self.bytes, self.bytes->len + 4096);
  client_says (&self.client, self.bytes->data, n_at_once);
  return self;
}

static gboolean
is_hung_up_on (Dribbler *self)
{
  GSocket *socket = g_socket_connection_get_socket (self->client.connection);
  gchar said[4096];
  gssize n_read;

  /* The server's replies do not matter here. */
  while ((n_read = g_socket_receive_with_blocking (socket, said, sizeof said,
              FALSE, NULL, NULL)) > 0)
    ;
  return n_read == 0;
}

static void
dribbler_clear (Dribbler *self)
{
  client_clear (&self->client);
  g_byte_array_unref (self->bytes);
}

/* The point at which each becomes slow: in the handshake, in a command, in a
 * frame. */
static void
make_dribblers (Server *server, Dribbler dribblers[3])
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  dribblers[0] = dribbler_new (server, 1);
  talk_handshake (bytes);
  dribblers[1] = dribbler_new (server, bytes->len);
  say_publish (bytes);
  dribblers[2] = dribbler_new (server, bytes->len);
}

GST_START_TEST (a_publisher_that_never_finishes_a_message_is_disconnected)
{
  Siege siege = siege_new ();
  Dribbler dribblers[3];
  gboolean is_gone[3] = { FALSE };
  guint n_gone = 0;

  make_dribblers (siege.server, dribblers);
  for (guint turn = 0; n_gone < G_N_ELEMENTS (dribblers); turn++) {
    ck_assert_uint_lt (turn * DRIBBLE_MS, PATIENCE_US / 1000);
    /* Otherwise it would fall silent, too. */
    witness_goes_on (&siege);
    for (guint i = 0; i < G_N_ELEMENTS (dribblers); i++) {
      Dribbler *dribbler = &dribblers[i];

      if (is_gone[i])
        continue;
      client_says (&dribbler->client, dribbler->bytes->data + dribbler->n_said,
          1);
      dribbler->n_said++;
      is_gone[i] = is_hung_up_on (dribbler);
      n_gone += is_gone[i];
    }
    g_poll (NULL, 0, DRIBBLE_MS);
  }
  for (guint i = 0; i < G_N_ELEMENTS (dribblers); i++)
    dribbler_clear (&dribblers[i]);
  ck_assert_uint_eq (n_closed ("the peer took too long to publish"), 2);
  ck_assert_uint_eq (n_closed ("a message takes too long"), 1);
  siege_end (&siege);
}
GST_END_TEST;

/* If there are too few descriptors for both ends of all connections, there are
 * as many as possible: it is enough that they exceed the limit of connections.
 *
 * Returns: the number of connections. */
static guint
n_half_open_possible (void)
{
  struct rlimit limit;
  guint n = N_HALF_OPEN;

  ck_assert_int_eq (getrlimit (RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = MAX (limit.rlim_cur,
      MIN (limit.rlim_max, 2 * N_HALF_OPEN + N_OTHER_DESCRIPTORS));
  ck_assert_int_eq (setrlimit (RLIMIT_NOFILE, &limit), 0);
  if (limit.rlim_cur < 2 * N_HALF_OPEN + N_OTHER_DESCRIPTORS) {
    n = (limit.rlim_cur - N_OTHER_DESCRIPTORS) / 2 / N_PARTS * N_PARTS;
    g_print ("# %u descriptors: %u half-open connections instead of %u\n",
        (guint) limit.rlim_cur, n, N_HALF_OPEN);
  }
  ck_assert_uint_gt (n, N_MAX_CONNECTED);
  return n;
}

/* From another address of this machine. */
static Client
client_from_elsewhere (Server *server)
{
  Client self = client_new (server, WITNESS);
  g_autoptr (GSocketClient) sockets = g_socket_client_new ();
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string ("127.0.0.2", 0);

  g_clear_object (&self.connection);
  g_clear_object (&self.stream);
  g_socket_client_set_local_address (sockets, address);
  self.connection = g_socket_client_connect_to_host (sockets, "127.0.0.1",
      server->port, NULL, NULL);
  ck_assert (self.connection != NULL);
  self.stream = g_object_ref (G_IO_STREAM (self.connection));
  return self;
}

GST_START_TEST (a_thousand_half_open_connections_block_no_publisher)
{
  static Client half_open[N_HALF_OPEN];
  Siege siege;
  Client other;
  guint n = n_half_open_possible ();
  guint n_let_go = 0;

  siege = siege_new ();
  for (guint i = 0; i < n; i++) {
    half_open[i] = client_new (siege.server, WITNESS);
    /* Some send nothing, some a part of the handshake. */
    client_says (&half_open[i], (guint8 *) half_open[i].data, i % 100);
    g_clear_pointer (&half_open[i].data, g_free);
    if (i % (n / N_PARTS) == 0)
      witness_goes_on (&siege);
  }
  other = client_from_elsewhere (siege.server);
  client_rename (&other, "two");
  client_send (&other, other.size);
  client_leave (&other);
  WAIT_UNTIL (siege.server, has_removed, 1);
  ck_assert_uint_eq (count_tags (stream_at (siege.server, 1)).n_video,
      captures[WITNESS].n_video);

  for (guint i = 0; i + N_MAX_CONNECTED < n; i++) {
    g_free (client_listen (&half_open[i]));
    n_let_go++;
  }
  ck_assert_uint_ge (n_closed ("there are too many connections, and this is "
                               "the oldest"),
      n_let_go / 2);
  for (guint i = 0; i < n; i++)
    client_clear (&half_open[i]);
  client_clear (&other);
  siege_end (&siege);
}
GST_END_TEST;

static void
leave_descriptors (guint n, struct rlimit *before)
{
  gint lowest = dup (STDIN_FILENO);
  struct rlimit few;

  ck_assert_int_ge (lowest, 0);
  close (lowest);
  ck_assert_int_eq (getrlimit (RLIMIT_NOFILE, before), 0);
  few = *before;
  few.rlim_cur = lowest + n;
  ck_assert_int_eq (setrlimit (RLIMIT_NOFILE, &few), 0);
}

GST_START_TEST (connections_are_closed_when_descriptors_run_out)
{
  Siege siege = siege_new ();
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string ("127.0.0.1", siege.server->port);
  GSocket *crowd[N_CROWD];
  struct rlimit before;
  gchar byte;

  for (guint i = 0; i < N_CROWD; i++) {
    crowd[i] = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
        G_SOCKET_PROTOCOL_TCP, NULL);
    g_socket_set_timeout (crowd[i], PATIENCE_US / G_USEC_PER_SEC);
  }
  leave_descriptors (N_DESCRIPTORS, &before);
  for (guint i = 0; i < N_CROWD; i++)
    ck_assert (g_socket_connect (crowd[i], address, NULL, NULL));
  for (guint i = 0; i < N_CROWD; i++) {
    ck_assert_int_eq (g_socket_receive (crowd[i], &byte, 1, NULL, NULL), 0);
    witness_goes_on (&siege);
  }
  ck_assert_int_eq (setrlimit (RLIMIT_NOFILE, &before), 0);

  for (guint i = 0; i < N_CROWD; i++)
    g_object_unref (crowd[i]);
  siege_end (&siege);
}
GST_END_TEST;

GST_START_TEST (captures_with_a_changed_byte_harm_no_other_stream)
{
  Siege siege = siege_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < N_CHANGED; i++) {
    Client enemy = client_new (siege.server, i % G_N_ELEMENTS (captures));
    /* Every other one in the opening, where most is decided. */
    gsize end = i % 2 == 0 ? OPENING_BYTES : enemy.size;

    client_rename (&enemy, "bad");
    enemy.data[g_rand_int_range (rand, 0, end)] ^= 0xff;
    client_says (&enemy, (guint8 *) enemy.data, enemy.size);
    g_socket_shutdown (g_socket_connection_get_socket (enemy.connection), FALSE,
        TRUE, NULL);
    g_free (client_listen (&enemy));
    client_clear (&enemy);
    witness_goes_on (&siege);
  }
  siege_end (&siege);
}
GST_END_TEST;

static Suite *
rtmphostility_suite (void)
{
  Suite *suite = suite_create ("rtmphostility");
  TCase *tcase = tcase_create ("rtmphostility");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, each_attacker_is_disconnected_with_its_reason);
  tcase_add_test (tcase,
      a_publisher_that_never_finishes_a_message_is_disconnected);
  tcase_add_test (tcase, a_thousand_half_open_connections_block_no_publisher);
  tcase_add_test (tcase, connections_are_closed_when_descriptors_run_out);
  tcase_add_test (tcase, captures_with_a_changed_byte_harm_no_other_stream);
  return suite;
}

GST_CHECK_MAIN (rtmphostility);
