/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The viewers of one run: they join at a rate, watch together for a while, and
 * leave. */

#pragma once

#include "whepbench/options.h"
#include "whepbench/report.h"

#include <signal.h>

G_BEGIN_DECLS

typedef struct _Viewers Viewers;

/* Borrows @options; @token is nullable. */
Viewers *viewers_new (const BenchOptions *options, const gchar *token);
void viewers_free (Viewers *self);

/* Returns once all have watched for the duration, or at @is_over. */
void viewers_run (Viewers *self, const volatile sig_atomic_t *is_over);
/* Only after the run. */
void viewers_fill_report (Viewers *self, BenchReport *report);
/* Says goodbye, and deletes all sessions. */
void viewers_leave (Viewers *self);

G_END_DECLS
