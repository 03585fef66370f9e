/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When a decoder that has died is started again. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Before the first restart, unless a test has no time; each one in a row waits
 * twice as long. A stream of the same hostile frames kills it each time. */
#define RESTART_FIRST_US G_USEC_PER_SEC
/* Then the stream is given up: after 1 + 2 + 4 + 8 + 16 s. */
#define RESTART_MAX 5
/* A decoder that has lived as long is one that works. */
#define RESTART_FORGIVEN_US (60 * G_USEC_PER_SEC)

/* To be embedded; all else zero at first. */
typedef struct
{
  gint64 first_us;
  guint n_deaths; /* in a row */
  gint64 retry_us;
} Restart;

/* The decoder, which was started at @since_us, has died.
 * Returns FALSE if it is not to be started again. */
gboolean restart_note_death (Restart *self, gint64 since_us, gint64 now_us);
/* Returns whether it may be started. */
gboolean restart_is_due (const Restart *self, gint64 now_us);

G_END_DECLS
