/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The figures of a process that Prometheus' client libraries report. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gdouble cpu_s; /* of all threads, user and system */
  guint64 virtual_bytes;
  guint64 resident_bytes;
  guint64 n_fds;
  guint64 max_fds;
  gdouble start_s; /* since 1970 */
} WhepProcess;

G_END_DECLS
