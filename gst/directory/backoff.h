/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long to wait before something that has failed is tried again: twice as
 * long after each failure, up to a limit. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 first_us, last_us;
  gint64 wait_us; /* 0: nothing has failed */
} DirectoryBackOff;

/* To be called after a failure. Returns how long to wait: half of it, at least,
 * is fixed, the rest is up to @random, so that all who wait for the same server
 * do not reach it at the same moment. */
gint64 directory_back_off_next (DirectoryBackOff *self, guint32 random);
/* It has succeeded. */
void directory_back_off_reset (DirectoryBackOff *self);

G_END_DECLS
