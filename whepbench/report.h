/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What whepbench has found, as a table and as JSON. */

#pragma once

#include "whepbench/crowd-io.h"
#include "whepbench/tally.h"

G_BEGIN_DECLS

typedef struct
{
  const gchar *const *urls;
  guint n_viewers;
  gdouble rate; /* joins a second, as asked for */
  gdouble seconds;
  guint n_answered;
  guint n_key_frames; /* viewers with a complete one, or without video */
  guint n_failed;
  CrowdCounts counts;
  guint64 n_resent;   /* packets by RFC 4588 */
  gdouble mbit_per_s; /* of payload, once all had joined */
  guint64 n_frames;
  Latencies *answers;    /* from the POST */
  Latencies *packets;    /* the same, to the first packet */
  Latencies *key_frames; /* the same, to the first complete key frame */
  Latencies *gaps;       /* the longest of each viewer */
  Latencies *rates;      /* thousandths of frames a second */
  Tally *faults;
  Tally *breaches;
} BenchReport;

void bench_report_init (BenchReport *self);
void bench_report_clear (BenchReport *self);

/* Every viewer got a picture and kept it; if @is_strict, no answer broke a
 * rule. */
gboolean bench_report_is_good (const BenchReport *self, gboolean is_strict);

/* Both (transfer full), and end in a newline. */
gchar *bench_report_to_json (const BenchReport *self);
gchar *bench_report_to_text (const BenchReport *self);

G_END_DECLS
