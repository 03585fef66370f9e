/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When a pull that has ended is tried again. Pure. */

#pragma once

#include "gst/directory/backoff.h"

G_BEGIN_DECLS

/* An origin that restarts is away for about a second, and an attempt costs one
 * connection: viewers are waiting. */
#define PULL_RETRY_FIRST_US (100 * 1000)
#define PULL_RETRY_LAST_US (1000 * 1000)
/* A pull has succeeded if it brought data for so long: a publisher that fails
 * again and again does not make all edges connect ten times a second. */
#define PULL_RETRY_STEADY_US (2 * G_USEC_PER_SEC)

/* Starts zeroed. */
typedef struct
{
  DirectoryBackOff wait;
  gboolean has_had_data; /* in any attempt so far */
} PullRetry;

/* @data_us: for how long the attempt has brought data; 0 if it has not. Returns
 * how long to wait before the next one. A pull that never brought any may be
 * given up, so it waits for the longest time. */
gint64 pull_retry_next (PullRetry *self, gint64 data_us, guint32 random);

G_END_DECLS
