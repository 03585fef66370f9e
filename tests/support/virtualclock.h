/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The time of day, as a number that the test sets.
 *
 * OpenSSL 3.0 calls gettimeofday() for its DTLS timers. A program that links
 * this file replaces that function, so that those timers run in virtual time,
 * too; until the first call of virtual_clock_set() it returns the real time. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @wall_us: microseconds since 1970. */
void virtual_clock_set (gint64 wall_us);

G_END_DECLS
