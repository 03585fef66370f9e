/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A process's resource usage, as in proc(5). */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 cpu_us; /* user and system */
  guint n_threads;
  guint n_fds;
  guint64 rss_kb;
  guint64 pss_kb;
  guint64 private_kb;
} Usage;

/* Ends the program if there is no process @pid. */
Usage usage_read (gint pid);

/* CPU time of the threads of @pid whose names begin with one of @prefixes,
 * which NULL terminates. */
gint64 usage_threads_cpu_ns (gint pid, const gchar *const *prefixes);

/* The share of the time since the last call that the machine was busy, in
 * percent of all cores. */
gdouble usage_machine_percent (void);

G_END_DECLS
