/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A link that is longer, worse or narrower than a cable, between this network
 * namespace and another one:
 *
 *     link NAMESPACE NAME DELAY_MS LOSS_PERCENT RATE_MBIT
 *
 * A TUN device NAME is made in both. What enters one leaves the other: all
 * packets DELAY_MS later, LOSS_PERCENT of them never, and no more than
 * RATE_MBIT (0: any) a second, each way; what would wait for longer than
 * QUEUE_US is dropped. Losses are the same in each run. "ready" is printed when
 * both devices are there; they are removed when the program ends. */

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#define MTU 1500
/* The buffer of a home's router. */
#define QUEUE_US 100000
#define SEED 20261130

typedef struct
{
  gint64 due_us;
  gsize size;
  guint8 data[];
} Packet;

typedef struct
{
  gint64 delay_us;
  gdouble loss;
  gdouble us_per_byte;
} Link;

typedef struct
{
  gint from;
  gint to;
  GQueue queue;      /* of Packet, in the order of their times */
  gint64 is_free_us; /* when the last packet has been sent */
  GRand *rand;
} Way;

static gint
open_tun (const gchar *name)
{
  struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
  gint fd = open ("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

  g_strlcpy (request.ifr_name, name, sizeof (request.ifr_name));
  if (fd < 0 || ioctl (fd, TUNSETIFF, &request) != 0)
    g_error ("%s: %s", name, g_strerror (errno));
  return fd;
}

static gint
open_tun_inside (const gchar *namespace, const gchar *name)
{
  g_autofree gchar *path = g_build_filename ("/run/netns", namespace, NULL);
  gint outside = open ("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  gint inside = open (path, O_RDONLY | O_CLOEXEC);
  gint tun;

  if (outside < 0 || inside < 0 || setns (inside, CLONE_NEWNET) != 0)
    g_error ("%s: %s", path, g_strerror (errno));
  tun = open_tun (name);
  if (setns (outside, CLONE_NEWNET) != 0)
    g_error ("%s", g_strerror (errno));
  close (inside);
  close (outside);
  return tun;
}

static void
take (Way *self, const Link *link, const guint8 *data, gsize size,
    gint64 now_us)
{
  gint64 sent_us = MAX (now_us, self->is_free_us) + size * link->us_per_byte;
  Packet *packet;

  if (g_rand_double (self->rand) < link->loss || sent_us - now_us > QUEUE_US)
    return;
  self->is_free_us = sent_us;
  packet = g_malloc (sizeof (Packet) + size);
  packet->due_us = sent_us + link->delay_us;
  packet->size = size;
  memcpy (packet->data, data, size);
  g_queue_push_tail (&self->queue, packet);
}

static void
receive (Way *self, const Link *link)
{
  guint8 data[MTU];
  gssize n;

  while ((n = read (self->from, data, sizeof (data))) > 0)
    take (self, link, data, n, g_get_monotonic_time ());
}

/* Returns: when the next one is due, in µs. */
static gint64
forward (Way *self, gint64 now_us)
{
  Packet *packet;

  while ((packet = g_queue_peek_head (&self->queue)) != NULL &&
      packet->due_us <= now_us) {
    /* A device that is down loses it. */
    if (write (self->to, packet->data, packet->size) < 0 && errno != EIO)
      g_warning ("write: %s", g_strerror (errno));
    g_free (g_queue_pop_head (&self->queue));
  }
  return packet == NULL ? G_MAXINT64 : packet->due_us;
}

static void
way_init (Way *self, gint from, gint to, guint32 seed)
{
  *self = (Way){ .from = from, .to = to, .rand = g_rand_new_with_seed (seed) };
  g_queue_init (&self->queue);
}

static G_NORETURN void
run (Way ways[2], const Link *link)
{
  struct pollfd fds[2] = {
    { .fd = ways[0].from, .events = POLLIN },
    { .fd = ways[1].from, .events = POLLIN },
  };

  for (;;) {
    gint64 now_us = g_get_monotonic_time ();
    gint64 due_us =
        MIN (forward (&ways[0], now_us), forward (&ways[1], now_us));
    gint64 wait_us = CLAMP (due_us - now_us, 0, G_USEC_PER_SEC);
    struct timespec wait = { wait_us / G_USEC_PER_SEC,
      wait_us % G_USEC_PER_SEC * 1000 };

    if (ppoll (fds, G_N_ELEMENTS (fds), &wait, NULL) < 0 && errno != EINTR)
      g_error ("ppoll: %s", g_strerror (errno));
    receive (&ways[0], link);
    receive (&ways[1], link);
  }
}

int
main (int argc, char **argv)
{
  gdouble mbit;
  Way ways[2];
  gint outer, inner;
  Link link;

  if (argc != 6) {
    g_printerr ("usage: %s NAMESPACE NAME DELAY_MS LOSS_PERCENT RATE_MBIT\n",
        argv[0]);
    return EXIT_FAILURE;
  }
  mbit = g_ascii_strtod (argv[5], NULL);
  link.delay_us = 1000 * g_ascii_strtod (argv[3], NULL);
  link.loss = g_ascii_strtod (argv[4], NULL) / 100;
  link.us_per_byte = mbit > 0 ? 8 / mbit : 0;
  outer = open_tun (argv[2]);
  inner = open_tun_inside (argv[1], argv[2]);
  way_init (&ways[0], outer, inner, SEED);
  way_init (&ways[1], inner, outer, SEED + 1);
  /* No delay of timers, which is 50 µs by default. */
  prctl (PR_SET_TIMERSLACK, 1);
  g_print ("ready\n");
  run (ways, &link);
}
