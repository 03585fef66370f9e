/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The Sender Reports of one track, and what the receiver reports in return (RFC
 * 3550 section 6.4). */

#pragma once

#include "whepbench/feedback.h"
#include "whepbench/reception.h"

G_BEGIN_DECLS

typedef struct
{
  guint n_reports;
  SenderReport last;
  gint64 last_received_us;
} PeerReports;

/* The report about @reception, for the interval since the last call. */
FeedbackBlock peer_reports_answer (const PeerReports *self,
    Reception *reception, guint32 ssrc, gint64 now_us);

G_END_DECLS
