/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The limits of a viewer's cost: per packet, no allocation, no lock and no
 * system call of its own; in memory, a few kilobytes. The program's calls are
 * counted by interposing the functions of the C library. */

#include "ext/whep/media/udp-io.h"
#include "tests/support/sending.h"
#include "tests/support/watchingclaims.h"

#include <dlfcn.h>
#include <gst/check/gstcheck.h>
#include <malloc.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

/* The first frames set up things that are needed only once. */
#define WARM_UP_FRAMES 10
#define N_FRAMES 300
#define N_VIEWERS 50
#define N_PACKETS 10
/* Its own struct takes 3 kB, the ciphers of OpenSSL or libipsec-mb take 4 to
 * 5. */
#define VIEWER_BYTES_MAX (13 * 1024)

static gboolean is_counting;
static guint n_allocations, n_locks, n_sends;

static void
note_allocation (void)
{
  n_allocations += is_counting;
}

#ifdef __SANITIZE_ADDRESS__
/* The sanitizer replaces malloc() itself, and reports calls. */
int
__sanitizer_install_malloc_and_free_hooks (void (
                                               *on_malloc) (const volatile void
                                                                *,
                                               size_t),
    void (*on_free) (const volatile void *));
size_t __sanitizer_get_current_allocated_bytes (void);

static void
on_malloc (const volatile void *data, size_t size)
{
  note_allocation ();
}

static void
on_free (const volatile void *data)
{
}

static gsize
n_bytes_held (void)
{
  return __sanitizer_get_current_allocated_bytes ();
}

static void
count_allocations (void)
{
  ck_assert_int_gt (__sanitizer_install_malloc_and_free_hooks (on_malloc,
                        on_free),
      0);
}
#else
void *__libc_malloc (size_t size);
void *__libc_calloc (size_t n, size_t size);
void *__libc_realloc (void *data, size_t size);
void __libc_free (void *data);

static gsize n_held;

void *
malloc (size_t size)
{
  void *data = __libc_malloc (size);

  note_allocation ();
  n_held += malloc_usable_size (data);
  return data;
}

void *
calloc (size_t n, size_t size)
{
  void *data = __libc_calloc (n, size);

  note_allocation ();
  n_held += malloc_usable_size (data);
  return data;
}

void *
realloc (void *data, size_t size)
{
  note_allocation ();
  n_held -= malloc_usable_size (data);
  data = __libc_realloc (data, size);
  n_held += malloc_usable_size (data);
  return data;
}

void
free (void *data)
{
  n_held -= malloc_usable_size (data);
  __libc_free (data);
}

static gsize
n_bytes_held (void)
{
  return n_held;
}

static void
count_allocations (void)
{
}
#endif

int
pthread_mutex_lock (pthread_mutex_t *locked)
{
  static int (*lock) (pthread_mutex_t *);

  if (lock == NULL)
    lock = dlsym (RTLD_NEXT, "pthread_mutex_lock");
  n_locks += is_counting;
  return lock (locked);
}

int
pthread_rwlock_rdlock (pthread_rwlock_t *rwlock)
{
  static int (*lock) (pthread_rwlock_t *);

  if (lock == NULL)
    lock = dlsym (RTLD_NEXT, "pthread_rwlock_rdlock");
  n_locks += is_counting;
  return lock (rwlock);
}

int
sendmmsg (int fd, struct mmsghdr *messages, unsigned int n, int flags)
{
  static int (*send_all) (int, struct mmsghdr *, unsigned int, int);

  if (send_all == NULL)
    send_all = dlsym (RTLD_NEXT, "sendmmsg");
  n_sends += is_counting;
  return send_all (fd, messages, n, flags);
}

static void
start_counting (void)
{
  n_allocations = n_locks = n_sends = 0;
  is_counting = TRUE;
}

GST_START_TEST (the_counters_count)
{
  pthread_mutex_t ours = PTHREAD_MUTEX_INITIALIZER;

  count_allocations ();
  start_counting ();
  g_free (g_malloc (8));
  pthread_mutex_lock (&ours);
  is_counting = FALSE;
  pthread_mutex_unlock (&ours);

  ck_assert_uint_eq (n_allocations, 1);
  ck_assert_uint_eq (n_locks, 1);
}
GST_END_TEST;

GST_START_TEST (a_live_packet_is_sealed_without_allocation_or_lock)
{
  const WhepAddress viewer = { .remote_ip = { 1 }, .remote_port = 1000 };
  WhepSenderPath path = { sending.srtp, &viewer, sending.out };
  guint n_bytes = 0;

  count_allocations ();
  sending_publish_live (WARM_UP_FRAMES, 1000);
  sending_pump_all ();
  n_allocations = n_locks = 0;
  for (guint i = 0; i < N_FRAMES; i++) {
    sending_publish (FALSE);
    is_counting = TRUE;
    whep_sender_pump (&sending.sender, sending.track, &sending.pacer, &path,
        sending.now_us);
    is_counting = FALSE;
    n_bytes += sending.out->size;
    whep_outbox_flush (sending.out);
  }

  ck_assert_uint_gt (n_bytes, N_FRAMES * 1000);
  ck_assert_uint_eq (n_allocations, 0);
  ck_assert_uint_eq (n_locks, 0);
}
GST_END_TEST;

GST_START_TEST (a_repair_is_sealed_without_allocation_or_lock)
{
  const WhepAddress viewer = { .remote_ip = { 1 }, .remote_port = 1000 };
  WhepSenderPath path = { sending.srtp, &viewer, sending.out };

  count_allocations ();
  sending.sender.params.media.rtx_pt = __i__ == 0 ? 0 : 109;
  sending_publish_live (WARM_UP_FRAMES, 1000);
  n_allocations = n_locks = 0;
  for (guint i = 0; i < N_FRAMES; i++) {
    guint16 lost[2];

    sending_publish_live (1, 1000);
    for (guint k = 0; k < G_N_ELEMENTS (lost); k++)
      lost[k] = sending.sender.rewrite.next_seq - 1 - k;
    is_counting = TRUE;
    whep_sender_repair (&sending.sender, sending.track, lost,
        G_N_ELEMENTS (lost), sending.now_us);
    whep_sender_pump (&sending.sender, sending.track, &sending.pacer, &path,
        sending.now_us);
    is_counting = FALSE;
    whep_outbox_flush (sending.out);
  }

  ck_assert_uint_eq (sending.sender.n_repaired, 2 * N_FRAMES);
  ck_assert_uint_eq (n_allocations, 0);
  ck_assert_uint_eq (n_locks, 0);
}
GST_END_TEST;

GST_START_TEST (a_frame_to_fifty_viewers_is_one_system_call)
{
  gboolean is_all_sent;
  WhepUdp *udp = whep_udp_new ("127.0.0.1", 0, NULL);
  WhepUdp *peers[N_VIEWERS];

  for (guint i = 0; i < N_VIEWERS; i++) {
    WhepAddress to = { .remote_ip = { [10] = 0xff, 0xff, 127, 0, 0, 1 } };

    peers[i] = whep_udp_new ("127.0.0.1", 0, NULL);
    to.remote_port = whep_udp_port (peers[i]);
    for (guint k = 0; k < N_PACKETS; k++) {
      guint8 *room = whep_outbox_reserve (sending.out, 400);

      memset (room, k, 400);
      whep_outbox_commit (sending.out, &to, 400);
    }
  }
  count_allocations ();
  start_counting ();
  is_all_sent = whep_udp_send (udp, sending.out);
  is_counting = FALSE;
  ck_assert (is_all_sent);

  ck_assert_uint_eq (n_sends, 1);
  ck_assert_uint_eq (n_allocations, 0);
  ck_assert_uint_eq (n_locks, 0);
  ck_assert_uint_eq (whep_udp_n_refused (udp), 0);
  for (guint i = 0; i < N_VIEWERS; i++)
    whep_udp_free (peers[i]);
  whep_udp_free (udp);
}
GST_END_TEST;

GST_START_TEST (a_playing_viewer_holds_a_few_kilobytes)
{
  const WatchingParams params = { .seed = 1, .path = WATCHING_CLEAN };
  Watching watching;
  gsize n_bytes;

  watching_start (&watching, &params, 0);
  watching_run_for (&watching, SECOND);
  n_bytes = n_bytes_held ();
  g_clear_pointer (&watching.viewer, whep_viewer_free);
  n_bytes -= n_bytes_held ();
  ck_assert_uint_gt (n_bytes, 0);
  ck_assert_uint_le (n_bytes, VIEWER_BYTES_MAX);
  watching_clear (&watching);
}
GST_END_TEST;

static Suite *
thrift_suite (void)
{
  Suite *suite = suite_create ("thrift");
  TCase *tests = tcase_create ("thrift");

  tcase_add_checked_fixture (tests, sending_setup, sending_teardown);
  tcase_add_test (tests, the_counters_count);
  tcase_add_test (tests, a_live_packet_is_sealed_without_allocation_or_lock);
  tcase_add_loop_test (tests, a_repair_is_sealed_without_allocation_or_lock, 0,
      2);
  tcase_add_test (tests, a_frame_to_fifty_viewers_is_one_system_call);
  tcase_add_test (tests, a_playing_viewer_holds_a_few_kilobytes);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (thrift);
