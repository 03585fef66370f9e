/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sandbox: see sandbox-io.h. */

#include "gst/isolation/sandbox-io.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#if defined(HAVE_SECCOMP) && !defined(SANITIZED)
#include <seccomp.h>
#endif

/* Of 4096 × 2304 in 4:4:4 with 16 frames of reference, twice; threads reserve
 * much that they do not use. */
#define MAX_MEMORY ((rlim_t) 4 * 1024 * 1024 * 1024)

static void
limit (int resource, rlim_t most)
{
  const struct rlimit limits = { most, most };

  setrlimit (resource, &limits);
}

#if defined(HAVE_SECCOMP) && !defined(SANITIZED)
/* What memory, threads, the socket and the polls of buffer pools take; all else
 * fails. */
static const int allowed[] = { SCMP_SYS (read), SCMP_SYS (write),
  SCMP_SYS (readv), SCMP_SYS (writev), SCMP_SYS (recvfrom), SCMP_SYS (sendto),
  SCMP_SYS (recvmsg), SCMP_SYS (sendmsg), SCMP_SYS (poll), SCMP_SYS (ppoll),
  SCMP_SYS (close), SCMP_SYS (pipe2), SCMP_SYS (eventfd2),
  SCMP_SYS (socketpair), SCMP_SYS (mmap), SCMP_SYS (mmap2), SCMP_SYS (munmap),
  SCMP_SYS (mremap), SCMP_SYS (mprotect), SCMP_SYS (madvise), SCMP_SYS (brk),
  SCMP_SYS (futex), SCMP_SYS (futex_time64), SCMP_SYS (set_robust_list),
  SCMP_SYS (rseq), SCMP_SYS (set_tid_address), SCMP_SYS (exit),
  SCMP_SYS (exit_group), SCMP_SYS (rt_sigaction), SCMP_SYS (rt_sigprocmask),
  SCMP_SYS (rt_sigreturn), SCMP_SYS (sigaltstack), SCMP_SYS (sched_yield),
  SCMP_SYS (sched_getaffinity), SCMP_SYS (getpid), SCMP_SYS (gettid),
  SCMP_SYS (clock_gettime), SCMP_SYS (clock_gettime64),
  SCMP_SYS (clock_nanosleep), SCMP_SYS (nanosleep), SCMP_SYS (gettimeofday),
  SCMP_SYS (getrandom), SCMP_SYS (membarrier), SCMP_SYS (restart_syscall) };

#define ALLOW(filter, call, condition)                                         \
  (seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (call), 1, condition) == \
      0)

/* Signals to itself, threads and the flags of descriptors: no signals to others
 * (by F_SETOWN, too), and no processes of its own. */
static gboolean
allow_some (scmp_filter_ctx filter)
{
  static const int commands[] = { F_GETFD, F_SETFD, F_GETFL, F_SETFL,
    F_DUPFD_CLOEXEC };
  gboolean is_done = ALLOW (filter, tgkill, SCMP_A0 (SCMP_CMP_EQ, getpid ())) &&
      ALLOW (filter, prctl, SCMP_A0 (SCMP_CMP_EQ, PR_SET_NAME)) &&
      ALLOW (filter, clone,
          SCMP_A0 (SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) &&
      /* Then glibc uses clone(). */
      seccomp_rule_add (filter, SCMP_ACT_ERRNO (ENOSYS), SCMP_SYS (clone3),
          0) == 0;

  for (guint i = 0; is_done && i < G_N_ELEMENTS (commands); i++)
    is_done = ALLOW (filter, fcntl, SCMP_A1 (SCMP_CMP_EQ, commands[i])) &&
        ALLOW (filter, fcntl64, SCMP_A1 (SCMP_CMP_EQ, commands[i]));
  return is_done;
}

static void
filter_calls (void)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ERRNO (EPERM));
  gboolean is_whole = filter != NULL;

  for (guint i = 0; is_whole && i < G_N_ELEMENTS (allowed); i++)
    is_whole = seccomp_rule_add (filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
  is_whole = is_whole && allow_some (filter) &&
      seccomp_attr_set (filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
      seccomp_load (filter) == 0;
  if (!is_whole)
    g_printerr ("rtmp-webrtc-decoder: system calls are not filtered here\n");
  if (filter != NULL)
    seccomp_release (filter);
}
#else
G_GNUC_UNUSED static void
filter_calls (void)
{
}
#endif

/* A sanitizer needs files and a large address space. */
void
isolation_sandbox_enter (void)
{
  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  limit (RLIMIT_CORE, 0);
#ifndef SANITIZED
  limit (RLIMIT_AS, MAX_MEMORY);
  filter_calls ();
#endif
}
