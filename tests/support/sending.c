/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A viewer's sender in virtual time: see sending.h. */

#include "tests/support/sending.h"

#include <gst/check/gstcheck.h>

static const WhepAddress VIEWER = { .remote_ip = { 1 }, .remote_port = 1000 };

Sending sending;

static guint16
read_u16 (const guint8 *data)
{
  return data[0] << 8 | data[1];
}

static guint32
read_u32 (const guint8 *data)
{
  return (guint32) read_u16 (data) << 16 | read_u16 (data + 2);
}

void
sending_begin_publisher (guint32 first_rtp_time)
{
  whep_stream_begin_track (sending.stream, WHEP_VIDEO, 1, "H264", 90000);
  sending.publisher_time = first_rtp_time;
}

void
sending_begin_viewer (guint8 playout_delay_id)
{
  WhepSenderParams params = {
    .media = { .is_accepted = TRUE,
        .encoding_name = "H264",
        .pt = 108,
        .clock_rate = 90000,
        .playout_delay_id = playout_delay_id },
    .ssrc = 0x1234,
    .first_seq = SENDING_FIRST_SEQ,
    .first_rtp_time = 777,
  };

  whep_sender_init (&sending.sender, WHEP_VIDEO, &params, sending.now_us);
  whep_pacer_init (&sending.pacer, sending.now_us);
}

void
sending_setup (void)
{
  WhepSrtpKey key = { { 1 }, { 2 } };

  sending.stream = whep_stream_new ("live/cam", &whep_stream_default_limits, 0);
  sending.track = &sending.stream->tracks[WHEP_VIDEO];
  sending.out = whep_outbox_new ();
  sending.srtp = whep_srtp_new (WHEP_SRTP_AEAD_AES_128_GCM, &key);
  sending.sent = g_array_new (FALSE, FALSE, sizeof (Sent));
  sending.now_us = 1000000;
  sending.packets_per_frame = 2;
  sending.n_frames = 0;
  sending.n_traced = 0;
  sending_begin_publisher (4000000000u);
  sending_begin_viewer (SENDING_PLAYOUT_DELAY_ID);
}

void
sending_teardown (void)
{
  g_array_unref (sending.sent);
  whep_srtp_free (sending.srtp);
  whep_outbox_free (sending.out);
  whep_stream_free (sending.stream);
}

void
sending_publish (gboolean is_key)
{
  sending.now_us += SENDING_FRAME_US;
  for (guint i = 0; i < sending.packets_per_frame; i++) {
    WhepPacket *packet = whep_packet_new (SENDING_PAYLOAD_BYTES);

    packet->media_us = sending.now_us;
    packet->came_us = sending.now_us;
    packet->rtp_time = sending.publisher_time;
    packet->frame = sending.n_frames;
    packet->is_marked = i == sending.packets_per_frame - 1;
    packet->starts_key_frame = is_key && i == 0;
    packet->is_droppable = !is_key && sending.n_frames % 2 == 1;
    whep_log_add (sending.track->log, packet);
  }
  sending.publisher_time += SENDING_FRAME_TIME;
  sending.n_frames++;
}

/* The only extension of the fixture's viewers. */
static guint16
read_max_delay (const guint8 *rtp)
{
  return rtp[0] & 0x10 ? read_u16 (rtp + 18) & 0xfff : 0;
}

static void
read_outbox (void)
{
  for (guint i = 0; i < sending.out->n_runs; i++) {
    const WhepRun *run = &sending.out->runs[i];

    for (gsize at = 0; at < run->size; at += run->segment_size) {
      const guint8 *rtp = sending.out->bytes + run->offset + at;
      Sent one = { read_u16 (rtp + 2), read_u32 (rtp + 4), rtp[1] >> 7,
        rtp[1] & 0x7f, read_u32 (rtp + 8),
        MIN (run->segment_size, run->size - at), read_max_delay (rtp) };

      g_array_append_val (sending.sent, one);
    }
  }
  sending.n_traced += sending.out->n_traces;
  whep_outbox_flush (sending.out);
}

void
sending_pump (void)
{
  WhepSenderPath path = { sending.srtp, &VIEWER, sending.out };

  while (!whep_sender_pump (&sending.sender, sending.track, &sending.pacer,
      &path, sending.now_us))
    read_outbox ();
  read_outbox ();
}

/* Advances the time until the pacer has released all packets. */
void
sending_pump_all (void)
{
  sending_pump ();
  for (guint i = 0; sending.sender.is_paced; i++) {
    ck_assert_uint_lt (i, 10000);
    sending.now_us = whep_pacer_deadline_us (&sending.pacer);
    sending_pump ();
  }
}

void
sending_publish_live (guint n, guint gop)
{
  for (guint i = 0; i < n; i++) {
    sending_publish (i % gop == 0);
    sending_pump_all ();
  }
}

const Sent *
sending_at (guint index)
{
  ck_assert_uint_lt (index, sending.sent->len);
  return &g_array_index (sending.sent, Sent, index);
}

void
sending_assert_same (const Sent *a, const Sent *b)
{
  ck_assert_uint_eq (a->seq, b->seq);
  ck_assert_uint_eq (a->rtp_time, b->rtp_time);
  ck_assert_int_eq (a->is_marked, b->is_marked);
  ck_assert_uint_eq (a->pt, b->pt);
  ck_assert_uint_eq (a->ssrc, b->ssrc);
  ck_assert_uint_eq (a->size, b->size);
  ck_assert_uint_eq (a->max_delay, b->max_delay);
}

void
sending_assert_order (void)
{
  for (guint i = 1; i < sending.sent->len; i++) {
    gint32 step = sending_at (i)->rtp_time - sending_at (i - 1)->rtp_time;

    ck_assert_uint_eq (sending_at (i)->pt, 108);
    ck_assert_uint_eq (sending_at (i)->ssrc, 0x1234);
    ck_assert_uint_eq (sending_at (i)->seq,
        (guint16) (sending_at (i - 1)->seq + 1));
    if (sending_at (i - 1)->is_marked)
      ck_assert_msg (step > 0, "packet %u: time step %d", i, step);
    else
      ck_assert_int_eq (step, 0);
  }
}
