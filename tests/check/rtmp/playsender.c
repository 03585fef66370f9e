/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whatever the socket takes at a time, a player gets replies and whole tags in
 * order. */

#include "gst/rtmp/playsender.h"
#include "tests/support/playtags.h"

#include "gst/rtmp/chunk.h"
#include "gst/rtmp/control.h"

#include <gst/check/gstcheck.h>

#define MS(n) ((n) * (gint64) 1000)
#define N_RUNS 40
#define N_TURNS 400

static const RtmpPlayLimits limits = { .bytes = 1 << 22,
  .time_us = MS (60000),
  .behind_us = MS (3000) };

typedef struct
{
  RtmpPlayLog *log;
  RtmpPlaySender sender;
  RtmpPlayBatch batch;
  RtmpChunkReader *reader; /* the player's */
  GString *heard;
} Rig;

static Rig *
rig_new (void)
{
  Rig *self = g_new0 (Rig, 1);

  self->log = rtmp_playlog_new (&limits);
  rtmp_playlog_begin (self->log);
  rtmp_playsender_init (&self->sender);
  rtmp_playsender_begin (&self->sender, 1);
  self->reader = rtmp_chunk_reader_new ();
  rtmp_chunk_reader_set_chunk_size (self->reader, RTMP_PLAYFRAME_CHUNK_BYTES);
  self->heard = g_string_new (NULL);
  return self;
}

static void
rig_free (Rig *self)
{
  rtmp_playsender_clear (&self->sender);
  rtmp_playlog_free (self->log);
  rtmp_chunk_reader_free (self->reader);
  g_string_free (self->heard, TRUE);
  g_free (self);
}

/* Takes @tag. */
static void
add (Rig *self, GBytes *tag, gint64 now_us)
{
  rtmp_playlog_add (self->log, tag, now_us);
  g_bytes_unref (tag);
}

static void
hear (Rig *self, const guint8 *data, gsize size)
{
  RtmpMessage message;

  while (rtmp_chunk_reader_read (self->reader, &data, &size, &message) ==
      RTMP_CHUNK_MESSAGE) {
    if (message.type == RTMP_MESSAGE_USER_CONTROL)
      g_string_append (self->heard, "r ");
    else
      play_tag_describe (self->heard, rtmp_message_payload (&message),
          message.size, message.type);
    rtmp_message_clear (&message);
  }
  ck_assert_uint_eq (size, 0);
}

/* The socket takes @n_max bytes. Returns FALSE if there was nothing to send. */
static gboolean
send_some (Rig *self, gsize n_max)
{
  gsize n_left;

  if (!rtmp_playsender_fill (&self->sender, self->log, &self->batch))
    return FALSE;
  ck_assert_uint_le (self->batch.n_pieces, RTMP_PLAYBATCH_MAX_PIECES);
  n_left = n_max = MIN (n_max, self->batch.n_bytes);
  for (guint i = 0; i < self->batch.n_pieces; i++) {
    gsize n_now = MIN (n_left, self->batch.pieces[i].iov_len);

    hear (self, self->batch.pieces[i].iov_base, n_now);
    n_left -= n_now;
  }
  rtmp_playsender_sent (&self->sender, &self->batch, n_max);
  return TRUE;
}

static void
reply (Rig *self)
{
  rtmp_control_write_stream_begin (self->sender.replies, 1);
}

GST_START_TEST (replies_precede_tags_and_never_cut_one)
{
  Rig *rig = rig_new ();

  add (rig, play_tag_video_header (1), 0);
  add (rig, play_tag_key (0, 2, 100000), 0);
  reply (rig);
  ck_assert (send_some (rig, 50000));
  ck_assert_str_eq (rig->heard->str, "r v1 ");
  reply (rig);
  add (rig, play_tag_video (40, 3, 100), MS (40));
  while (send_some (rig, 50000))
    continue;
  ck_assert_str_eq (rig->heard->str, "r v1 K2 r V3 ");
  ck_assert_uint_eq (rig->sender.n_finished, 3);
  rig_free (rig);
}
GST_END_TEST;

GST_START_TEST (without_a_log_a_tag_is_finished_and_none_begun)
{
  Rig *rig = rig_new ();

  add (rig, play_tag_key (0, 1, 100000), 0);
  add (rig, play_tag_video (40, 2, 100), MS (40));
  ck_assert (send_some (rig, 50000));
  ck_assert (rtmp_playsender_fill (&rig->sender, NULL, &rig->batch));
  for (guint i = 0; i < rig->batch.n_pieces; i++)
    hear (rig, rig->batch.pieces[i].iov_base, rig->batch.pieces[i].iov_len);
  rtmp_playsender_sent (&rig->sender, &rig->batch, rig->batch.n_bytes);
  ck_assert_str_eq (rig->heard->str, "K1 ");
  ck_assert (!rtmp_playsender_fill (&rig->sender, NULL, &rig->batch));
  rig_free (rig);
}
GST_END_TEST;

GST_START_TEST (a_tag_being_sent_outlives_the_log)
{
  Rig *rig = rig_new ();

  add (rig, play_tag_key (0, 1, 100000), 0);
  ck_assert (send_some (rig, 50000));
  rtmp_playlog_begin (rig->log);
  add (rig, play_tag_key (0, 2, 100), MS (10));
  while (send_some (rig, 1000))
    continue;
  ck_assert_str_eq (rig->heard->str, "K1 K2 ");
  rig_free (rig);
}
GST_END_TEST;

/* A random schedule of tags and of what the socket takes; @expected is all that
 * was added. */
static void
run (GRand *rand, Rig *rig, GString *expected)
{
  for (guint turn = 0; turn < N_TURNS; turn++) {
    guint8 n = turn % 256;
    guint32 time_ms = turn * 20;

    if (turn == 0)
      add (rig, play_tag_key (time_ms, n, 20), 0);
    else if (g_rand_int_range (rand, 0, 20) == 0)
      add (rig, play_tag_video (time_ms, n, g_rand_int_range (rand, 6, 300000)),
          MS (time_ms));
    else
      add (rig, play_tag_video (time_ms, n, g_rand_int_range (rand, 6, 3000)),
          MS (time_ms));
    g_string_append_printf (expected, turn == 0 ? "K%u " : "V%u ", n);
    while (g_rand_int_range (rand, 0, 3) != 0)
      send_some (rig, 1 << g_rand_int_range (rand, 0, 19));
  }
  while (send_some (rig, G_MAXSIZE))
    continue;
}

GST_START_TEST (each_tag_arrives_once_and_in_order_however_it_is_cut)
{
  for (guint seed = 0; seed < N_RUNS; seed++) {
    GRand *rand = g_rand_new_with_seed (seed);
    g_autoptr (GString) expected = g_string_new (NULL);
    Rig *rig = rig_new ();

    run (rand, rig, expected);
    /* Unless the log was full: then the player had to jump. */
    if (rtmp_playlog_tail (rig->log) == 0)
      ck_assert_msg (g_str_equal (rig->heard->str, expected->str), "seed %u",
          seed);
    rig_free (rig);
    g_rand_free (rand);
  }
}
GST_END_TEST;

static Suite *
playsender_suite (void)
{
  Suite *suite = suite_create ("playsender");
  TCase *tcase = tcase_create ("playsender");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, replies_precede_tags_and_never_cut_one);
  tcase_add_test (tcase, without_a_log_a_tag_is_finished_and_none_begun);
  tcase_add_test (tcase, a_tag_being_sent_outlives_the_log);
  tcase_add_test (tcase, each_tag_arrives_once_and_in_order_however_it_is_cut);
  return suite;
}

GST_CHECK_MAIN (playsender);
