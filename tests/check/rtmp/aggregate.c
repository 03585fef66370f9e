/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An aggregate is split into its messages, each with its own time. */

#include "gst/rtmp/aggregate.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define TWO_MESSAGES                                                           \
  "\x08\0\0\2\0\0\x64\0\0\0\0ab\0\0\0\x0d"                                     \
  "\x09\0\0\1\0\0\x87\0\0\0\0c\0\0\0\x0c"

/* The payload of an aggregate at 5000 ms, and how many messages it has. */
static const struct
{
  const gchar *why;
  const gchar *data;
  gsize size;
  guint n_messages;
} aggregates[] = {
#define AGGREGATE(text) text, sizeof text - 1
  { "none", AGGREGATE (""), 0 },
  { "two", AGGREGATE (TWO_MESSAGES), 2 },
  { "two, then garbage", AGGREGATE (TWO_MESSAGES "abcdefghijklmnop"), 2 },
  { "two, then a truncated header", AGGREGATE (TWO_MESSAGES "\x09\0\0"), 2 },
  { "one without a back pointer", AGGREGATE ("\x08\0\0\1\0\0\0\0\0\0\0a"), 1 },
  { "one, truncated", AGGREGATE ("\x08\0\0\2\0\0\0\0\0\0\0a"), 0 },
};

static void
take_text (RtmpAggregate *aggregate, const gchar *data, gsize size)
{
  RtmpMessage message;

  ck_assert (rtmp_message_init (&message, RTMP_MESSAGE_AGGREGATE, size));
  message.time_ms = 5000;
  memcpy (rtmp_message_payload (&message), data, size);
  rtmp_aggregate_take (aggregate, &message);
  ck_assert (message.block == NULL);
}

GST_START_TEST (complete_messages_are_returned)
{
  for (guint i = 0; i < G_N_ELEMENTS (aggregates); i++) {
    RtmpAggregate aggregate = { 0 };
    RtmpMessage message;
    guint n_messages = 0;

    take_text (&aggregate, aggregates[i].data, aggregates[i].size);
    for (; rtmp_aggregate_next (&aggregate, &message); n_messages++)
      rtmp_message_clear (&message);
    ck_assert_msg (n_messages == aggregates[i].n_messages, "%s",
        aggregates[i].why);
    ck_assert (aggregate.whole.block == NULL);
  }
}
GST_END_TEST;

GST_START_TEST (times_are_relative_to_that_of_the_aggregate)
{
  RtmpAggregate aggregate = { 0 };
  RtmpMessage message;

  take_text (&aggregate, TWO_MESSAGES, sizeof TWO_MESSAGES - 1);
  ck_assert (rtmp_aggregate_next (&aggregate, &message));
  ck_assert_uint_eq (message.type, RTMP_MESSAGE_AUDIO);
  ck_assert_uint_eq (message.time_ms, 5000);
  ck_assert_uint_eq (message.size, 2);
  rtmp_message_clear (&message);

  ck_assert (rtmp_aggregate_next (&aggregate, &message));
  ck_assert_uint_eq (message.type, RTMP_MESSAGE_VIDEO);
  ck_assert_uint_eq (message.time_ms, 5035);
  ck_assert_uint_eq (*rtmp_message_payload (&message), 'c');
  rtmp_message_clear (&message);
  rtmp_aggregate_clear (&aggregate);
}
GST_END_TEST;

static Suite *
aggregate_suite (void)
{
  Suite *suite = suite_create ("aggregate");
  TCase *tcase = tcase_create ("aggregate");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, complete_messages_are_returned);
  tcase_add_test (tcase, times_are_relative_to_that_of_the_aggregate);
  return suite;
}

GST_CHECK_MAIN (aggregate);
