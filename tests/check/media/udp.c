/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The contents of the outbox arrive datagram by datagram, over real loopback. A
 * full kernel buffer is simulated by interposing sendmmsg(). */

#include "ext/whep/media/udp-io.h"

#include <dlfcn.h>
#include <errno.h>
#include <gio/gio.h>
#include <gst/check/gstcheck.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#define ENDLESS G_MAXUINT

/* The number of messages that the kernel accepts before it has no room. */
static guint room = ENDLESS;

int
sendmmsg (int fd, struct mmsghdr *messages, unsigned int n, int flags)
{
  static int (*real) (int, struct mmsghdr *, unsigned int, int);
  int n_sent;

  if (real == NULL)
    real = dlsym (RTLD_NEXT, "sendmmsg");
  if (room == 0) {
    errno = EAGAIN;
    return -1;
  }
  n_sent = real (fd, messages, MIN (n, room), flags);
  if (room != ENDLESS && n_sent > 0)
    room -= n_sent;
  return n_sent;
}

/* ::1 or 127.0.0.1, as the peer of @udp sees it. */
static WhepAddress
loopback (const WhepUdp *udp, gboolean is_ipv4)
{
  WhepAddress address = { .remote_port = whep_udp_port (udp) };

  address.remote_ip[15] = 1;
  if (is_ipv4) {
    memset (address.remote_ip + 10, 0xff, 2);
    address.remote_ip[12] = 127;
  }
  return address;
}

static guint
receive (WhepUdp *udp, WhepDatagram *batch)
{
  struct pollfd fd = { .fd = whep_udp_fd (udp), .events = POLLIN };

  ck_assert_int_eq (poll (&fd, 1, 10 * 1000), 1);
  return whep_udp_receive (udp, batch);
}

static void
add (WhepOutbox *out, const WhepAddress *to, gsize size, guint8 fill)
{
  memset (whep_outbox_reserve (out, size), fill, size);
  whep_outbox_commit (out, to, size);
}

static void
assert_datagram (const WhepDatagram *datagram, gsize size, guint8 fill)
{
  ck_assert_uint_eq (datagram->size, size);
  ck_assert_uint_eq (datagram->data[0], fill);
  ck_assert_uint_eq (datagram->data[size - 1], fill);
}

/* A run and a single datagram from one socket to another, and an answer. */
static void
exchange (const gchar *address, gboolean is_ipv4)
{
  WhepUdp *alice = whep_udp_new (address, 0, NULL);
  WhepUdp *bob = whep_udp_new (address, 0, NULL);
  WhepDatagram *batch = g_new (WhepDatagram, WHEP_UDP_BATCH);
  WhepOutbox *out = whep_outbox_new ();
  WhepAddress to_bob = loopback (bob, is_ipv4);
  WhepAddress to_alice;
  guint n_datagrams = 0;

  for (guint i = 0; i < 5; i++)
    add (out, &to_bob, 1200, i);
  add (out, &to_bob, 300, 5);
  add (out, &to_bob, 1000, 6);
  ck_assert (whep_udp_send (alice, out));
  whep_outbox_flush (out);

  while (n_datagrams < 7) {
    guint n_received = receive (bob, batch);

    for (guint i = 0; i < n_received; i++, n_datagrams++)
      assert_datagram (&batch[i],
          n_datagrams == 6       ? 1000
              : n_datagrams == 5 ? 300
                                 : 1200,
          n_datagrams);
  }
  ck_assert_uint_eq (batch[0].from.remote_port, whep_udp_port (alice));
  ck_assert (memcmp (batch[0].from.local_ip, to_bob.remote_ip, 16) == 0);

  to_alice = batch[0].from;
  add (out, &to_alice, 100, 7);
  ck_assert (whep_udp_send (bob, out));
  ck_assert_uint_eq (receive (alice, batch), 1);
  assert_datagram (&batch[0], 100, 7);
  ck_assert (memcmp (batch[0].from.remote_ip, to_bob.remote_ip, 16) == 0);
  ck_assert_uint_eq (whep_udp_n_refused (bob), 0);

  whep_outbox_free (out);
  g_free (batch);
  whep_udp_free (alice);
  whep_udp_free (bob);
}

GST_START_TEST (ipv4_on_a_dual_stack_socket)
{
  exchange ("::", TRUE);
}
GST_END_TEST;

GST_START_TEST (ipv6_on_a_dual_stack_socket)
{
  exchange ("::", FALSE);
}
GST_END_TEST;

GST_START_TEST (ipv4_on_its_own_socket)
{
  exchange ("127.0.0.1", TRUE);
}
GST_END_TEST;

GST_START_TEST (many_runs_take_several_system_calls)
{
  WhepUdp *alice = whep_udp_new ("127.0.0.1", 0, NULL);
  WhepUdp *bob = whep_udp_new ("127.0.0.1", 0, NULL);
  WhepDatagram *batch = g_new (WhepDatagram, WHEP_UDP_BATCH);
  WhepOutbox *out = whep_outbox_new ();
  WhepAddress to_bob = loopback (bob, TRUE);
  guint n_received = 0;

  /* Each is larger than the last, and therefore a run of its own. */
  for (guint i = 0; i < 200; i++)
    add (out, &to_bob, 100 + i, i);
  ck_assert_uint_eq (out->n_runs, 200);
  ck_assert (whep_udp_send (alice, out));
  while (n_received < 200)
    n_received += receive (bob, batch);
  ck_assert_uint_eq (n_received, 200);

  whep_outbox_free (out);
  g_free (batch);
  whep_udp_free (alice);
  whep_udp_free (bob);
}
GST_END_TEST;

GST_START_TEST (a_run_that_cannot_be_sent_does_not_affect_others)
{
  WhepUdp *alice = whep_udp_new ("127.0.0.1", 0, NULL);
  WhepUdp *bob = whep_udp_new ("127.0.0.1", 0, NULL);
  WhepDatagram *batch = g_new (WhepDatagram, WHEP_UDP_BATCH);
  WhepOutbox *out = whep_outbox_new ();
  WhepAddress to_bob = loopback (bob, TRUE);
  WhepAddress to_nobody = to_bob;

  /* From a socket bound to loopback, there is no route to a documentation
   * address. */
  memcpy (to_nobody.remote_ip + 12, "\xc0\x00\x02\x01", 4);
  add (out, &to_nobody, 100, 1);
  add (out, &to_bob, 100, 2);
  ck_assert (whep_udp_send (alice, out));
  ck_assert_uint_eq (receive (bob, batch), 1);
  assert_datagram (&batch[0], 100, 2);
  ck_assert_uint_eq (whep_udp_n_refused (alice), 1);

  whep_outbox_free (out);
  g_free (batch);
  whep_udp_free (alice);
  whep_udp_free (bob);
}
GST_END_TEST;

/* 150 runs, or segments if the kernel cannot segment, with room for some at a
 * time. More are added in between. */
static void
choke (const gsize *sizes, guint n_sizes)
{
  WhepUdp *alice = whep_udp_new ("127.0.0.1", 0, NULL);
  WhepUdp *bob = whep_udp_new ("127.0.0.1", 0, NULL);
  WhepDatagram *batch = g_new (WhepDatagram, WHEP_UDP_BATCH);
  WhepOutbox *out = whep_outbox_new ();
  WhepAddress to_bob = loopback (bob, TRUE);
  guint n_received = 0, n_refusals = 0;

  for (guint i = 0; i < 149; i++)
    add (out, &to_bob, sizes[i % n_sizes], i);
  room = 0;
  ck_assert (!whep_udp_send (alice, out));
  add (out, &to_bob, sizes[149 % n_sizes], 149);
  for (room = 7; !whep_udp_send (alice, out); room = 7)
    n_refusals++;
  room = ENDLESS;
  ck_assert_uint_ge (n_refusals, out->n_runs / 7 - 1);
  ck_assert_uint_eq (whep_udp_n_refused (alice), 0);

  while (n_received < 150) {
    guint n_datagrams = receive (bob, batch);

    for (guint i = 0; i < n_datagrams; i++, n_received++)
      assert_datagram (&batch[i], sizes[n_received % n_sizes], n_received);
  }

  /* The outbox can be used again. */
  whep_outbox_flush (out);
  add (out, &to_bob, 40, 1);
  ck_assert (whep_udp_send (alice, out));
  ck_assert_uint_eq (receive (bob, batch), 1);
  assert_datagram (&batch[0], 40, 1);

  whep_outbox_free (out);
  g_free (batch);
  whep_udp_free (alice);
  whep_udp_free (bob);
}

GST_START_TEST (without_room_the_rest_is_sent_later_and_nothing_twice)
{
  static const gsize singles[] = { 100, 101 };
  static const gsize runs[] = { 1200, 1200, 1200, 300 };

  choke (singles, G_N_ELEMENTS (singles));
  choke (runs, G_N_ELEMENTS (runs));
}
GST_END_TEST;

GST_START_TEST (a_port_in_use_and_a_bad_address_are_errors)
{
  GError *error = NULL;
  WhepUdp *alice = whep_udp_new ("::", 0, &error);

  ck_assert (alice != NULL);
  ck_assert (whep_udp_new ("::", whep_udp_port (alice), &error) == NULL);
  ck_assert (error != NULL);
  g_clear_error (&error);
  ck_assert (whep_udp_new ("nowhere", 0, &error) == NULL);
  ck_assert (error != NULL);
  g_clear_error (&error);
  whep_udp_free (alice);
}
GST_END_TEST;

GST_START_TEST (sockets_beside_each_other_share_a_port)
{
  WhepUdp *first = whep_udp_new ("127.0.0.1", 0, NULL);
  WhepUdp *second = whep_udp_new_beside (first, NULL);
  g_autoptr (GError) error = NULL;
  WhepUdp *stranger;

  ck_assert (second != NULL);
  ck_assert_uint_eq (whep_udp_port (second), whep_udp_port (first));
  stranger = whep_udp_new ("127.0.0.1", whep_udp_port (first), &error);
  ck_assert (stranger == NULL);
  ck_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE));

  whep_udp_free (first);
  whep_udp_free (second);
}
GST_END_TEST;

static Suite *
udp_suite (void)
{
  Suite *suite = suite_create ("udp");
  TCase *tcase = tcase_create ("udp");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, sockets_beside_each_other_share_a_port);
  tcase_add_test (tcase, ipv4_on_a_dual_stack_socket);
  tcase_add_test (tcase, ipv6_on_a_dual_stack_socket);
  tcase_add_test (tcase, ipv4_on_its_own_socket);
  tcase_add_test (tcase, many_runs_take_several_system_calls);
  tcase_add_test (tcase, a_run_that_cannot_be_sent_does_not_affect_others);
  tcase_add_test (tcase, without_room_the_rest_is_sent_later_and_nothing_twice);
  tcase_add_test (tcase, a_port_in_use_and_a_bad_address_are_errors);
  return suite;
}

GST_CHECK_MAIN (udp);
