/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The network between a viewer and its peer: see lossylink.h. */

#include "tests/support/lossylink.h"
#include "tests/support/sealed.h"

#include <string.h>

#define MAX_ASKS 3
#define ASK_EACH_US (20 * 1000)

typedef struct
{
  gint64 due_us;
  gsize size;
  guint8 data[];
} Uplink;

void
lossy_link_cut (LossyLink *self)
{
  g_queue_clear_full (&self->uplink, g_free);
  self->n_losses = 0;
}

static void
lose (LossyLink *self, const guint8 *rtp)
{
  self->n_lost++;
  for (guint i = 0; i < WHEP_N_TRACKS; i++)
    if ((rtp[1] & 0x7f) == self->pts[i] && self->n_losses < LOSSY_LINK_MAX_LOST)
      self->losses[self->n_losses++] =
          (LossyLinkLoss){ .kind = i, .seq = rtp[2] << 8 | rtp[3] };
}

/* RFC 7983, RFC 5761 section 4 */
static gboolean
is_rtp (const guint8 *data)
{
  return data[0] >> 6 == 2 && (data[1] < 192 || data[1] > 223);
}

static gboolean
is_lost (LossyLink *self, const guint8 *data)
{
  return is_rtp (data) &&
      (guint) g_rand_int_range (self->rand, 0, 1000) < self->loss_permille;
}

static void
carry_down (LossyLink *self, const WhepOutbox *out, Peer *peer,
    WhepOutbox *said, gint64 now_us)
{
  for (guint i = 0; i < out->n_runs; i++) {
    const WhepRun *run = &out->runs[i];

    for (gsize at = 0; at < run->size; at += run->segment_size) {
      const guint8 *data = out->bytes + run->offset + at;

      if (is_lost (self, data))
        lose (self, data);
      else
        peer_receive (peer, data, MIN (run->segment_size, run->size - at),
            &self->server, now_us, said);
    }
  }
}

static void
carry_up (LossyLink *self, const WhepOutbox *said, gint64 now_us)
{
  for (guint i = 0; i < said->n_runs; i++) {
    const WhepRun *run = &said->runs[i];

    for (gsize at = 0; at < run->size; at += run->segment_size) {
      gsize size = MIN (run->segment_size, run->size - at);
      Uplink *uplink = g_malloc (sizeof (Uplink) + size);

      uplink->due_us = now_us + self->round_trip_us;
      uplink->size = size;
      memcpy (uplink->data, said->bytes + run->offset + at, size);
      g_queue_push_tail (&self->uplink, uplink);
    }
  }
}

void
lossy_link_carry (LossyLink *self, WhepOutbox *out, Peer *peer,
    WhepOutbox *said, gint64 now_us)
{
  carry_down (self, out, peer, said, now_us);
  whep_outbox_flush (out);
  carry_up (self, said, now_us);
  whep_outbox_flush (said);
}

void
lossy_link_receive (LossyLink *self, WhepViewer *viewer, gint64 now_us,
    WhepOutbox *out)
{
  Uplink *uplink;

  while ((uplink = g_queue_peek_head (&self->uplink)) != NULL &&
      uplink->due_us <= now_us) {
    g_queue_pop_head (&self->uplink);
    whep_viewer_receive (viewer, uplink->data, uplink->size, &self->peer,
        now_us, out);
    g_free (uplink);
  }
}

void
lossy_link_nack (Peer *peer, WhepTrackKind kind, const guint16 *seqs,
    guint n_seqs, WhepOutbox *said)
{
  for (guint i = 0; i < n_seqs; i++)
    sealed_ask (kind, seqs[i]);
  if (n_seqs > 0)
    peer_nacks (peer, kind, seqs, n_seqs, said);
}

void
lossy_link_ask (LossyLink *self, Peer *peer, gint64 now_us, WhepOutbox *said)
{
  guint16 seqs[WHEP_N_TRACKS][FEEDBACK_MAX_SEQS];
  guint n_seqs[WHEP_N_TRACKS] = { 0 };
  guint n_kept = 0;

  if (self->n_losses == 0 || now_us < self->ask_us)
    return;
  self->ask_us = now_us + MAX (ASK_EACH_US, self->round_trip_us);
  for (guint i = 0; i < self->n_losses; i++) {
    LossyLinkLoss *loss = &self->losses[i];

    if (n_seqs[loss->kind] < FEEDBACK_MAX_SEQS) {
      seqs[loss->kind][n_seqs[loss->kind]++] = loss->seq;
      loss->n_asks++;
    }
    if (loss->n_asks < MAX_ASKS)
      self->losses[n_kept++] = *loss;
  }
  self->n_losses = n_kept;
  for (guint i = 0; i < WHEP_N_TRACKS; i++)
    lossy_link_nack (peer, i, seqs[i], n_seqs[i], said);
}

gint64
lossy_link_deadline_us (const LossyLink *self)
{
  const Uplink *uplink = g_queue_peek_head ((GQueue *) &self->uplink);
  gint64 deadline_us = uplink == NULL ? G_MAXINT64 : uplink->due_us;

  return self->n_losses == 0 ? deadline_us : MIN (deadline_us, self->ask_us);
}
