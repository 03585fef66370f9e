/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A bounded queue never grows, and is not refilled once it was full. */

#include "gst/record/queue.h"

#include <gst/check/gstcheck.h>

#define LIMIT_BYTES 10000
#define PIECE_BYTES 3000

static gboolean
push (RecordQueue *queue, gsize n_head, gsize n_body)
{
  RecordPiece piece = { .head = g_bytes_new_take (g_malloc0 (n_head), n_head) };

  if (n_body > 0)
    piece.body = g_bytes_new_take (g_malloc0 (n_body), n_body);
  return record_queue_push (queue, &piece);
}

GST_START_TEST (pieces_come_out_in_order)
{
  RecordQueue queue;
  GArray *pieces;

  record_queue_init (&queue, LIMIT_BYTES);
  for (gsize n = 1; n <= 3; n++)
    ck_assert (push (&queue, n, 10 * n));
  pieces = record_queue_take (&queue);
  ck_assert_uint_eq (pieces->len, 3);
  for (guint i = 0; i < 3; i++)
    ck_assert_uint_eq (record_piece_size (
                           &g_array_index (pieces, RecordPiece, i)),
        11 * (i + 1));
  g_array_unref (pieces);
  pieces = record_queue_take (&queue);
  ck_assert_uint_eq (pieces->len, 0);
  g_array_unref (pieces);
  record_queue_clear (&queue);
}
GST_END_TEST;

GST_START_TEST (a_queue_that_was_full_takes_nothing_more)
{
  RecordQueue queue;

  record_queue_init (&queue, LIMIT_BYTES);
  for (guint i = 0; i < LIMIT_BYTES / PIECE_BYTES; i++)
    ck_assert (push (&queue, 100, PIECE_BYTES - 100));
  ck_assert (!push (&queue, 100, PIECE_BYTES));
  ck_assert (queue.has_overflowed);
  ck_assert_uint_le (queue.n_bytes, LIMIT_BYTES);
  ck_assert (!push (&queue, 1, 0));
  g_array_unref (record_queue_take (&queue));
  ck_assert (!push (&queue, 1, 0));
  record_queue_clear (&queue);
}
GST_END_TEST;

GST_START_TEST (many_tiny_pieces_are_limited_too)
{
  RecordQueue queue;
  guint n = 0;

  record_queue_init (&queue, LIMIT_BYTES);
  while (push (&queue, 1, 0))
    n++;
  ck_assert_uint_lt (n, LIMIT_BYTES / 64);
  record_queue_clear (&queue);
}
GST_END_TEST;

static Suite *
queue_suite (void)
{
  Suite *suite = suite_create ("queue");
  TCase *tcase = tcase_create ("queue");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, pieces_come_out_in_order);
  tcase_add_test (tcase, a_queue_that_was_full_takes_nothing_more);
  tcase_add_test (tcase, many_tiny_pieces_are_limited_too);
  return suite;
}

GST_CHECK_MAIN (queue);
