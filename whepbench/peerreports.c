/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reports of a sender, and about it: see peerreports.h. */

#include "whepbench/peerreports.h"

/* RFC 3550 appendix A.3 */
static void
fill_losses (Reception *reception, FeedbackBlock *block)
{
  guint64 n_expected = reception_n_expected (reception);
  gint64 n_expected_now = n_expected - reception->n_expected_before;
  gint64 n_received_now = reception->n_received - reception->n_received_before;
  gint64 n_lost_now = n_expected_now - n_received_now;

  reception->n_expected_before = n_expected;
  reception->n_received_before = reception->n_received;
  block->n_lost = (gint64) n_expected - (gint64) reception->n_received;
  if (n_expected_now > 0 && n_lost_now > 0)
    block->fraction_lost = MIN (n_lost_now * 256 / n_expected_now, 255);
}

FeedbackBlock
peer_reports_answer (const PeerReports *self, Reception *reception,
    guint32 ssrc, gint64 now_us)
{
  FeedbackBlock block = { .ssrc = ssrc };

  fill_losses (reception, &block);
  block.highest_seq = reception->highest_seq - 65536;
  block.jitter = reception->jitter_q4 >> 4;
  if (self->n_reports > 0) {
    block.last_sr = self->last.ntp_time >> 16;
    block.delay_since_sr =
        (now_us - self->last_received_us) * 65536 / G_USEC_PER_SEC;
  }
  return block;
}
