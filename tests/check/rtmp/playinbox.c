/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An inbox wakes its reader when that is worth it, and loses nothing but tags.
 */

#include "gst/rtmp/playinbox-io.h"
#include "tests/support/playtags.h"

#include <gst/check/gstcheck.h>
#include <poll.h>

static RtmpPlayInbox *
new_inbox (void)
{
  RtmpPlayInbox *inbox = rtmp_playinbox_new (NULL);

  ck_assert (inbox != NULL);
  return inbox;
}

static gboolean
is_woken (RtmpPlayInbox *inbox)
{
  struct pollfd fd = { .fd = rtmp_playinbox_fd (inbox), .events = POLLIN };

  return poll (&fd, 1, 0) == 1;
}

static void
post_tag (RtmpPlayInbox *inbox, guint number, GBytes *tag)
{
  rtmp_playinbox_post (inbox,
      &(RtmpPlayPost){ .kind = RTMP_PLAYPOST_TAG,
          .number = number,
          .tag = g_bytes_ref (tag) });
}

/* Takes all posts and describes them: a letter and a number each. */
static void
assert_takes (RtmpPlayInbox *inbox, const gchar *expected)
{
  static const gchar letters[] = {
    [RTMP_PLAYPOST_BEGIN] = 'b',
    [RTMP_PLAYPOST_TAG] = 't',
    [RTMP_PLAYPOST_GAP] = 'g',
    [RTMP_PLAYPOST_END] = 'e',
    [RTMP_PLAYPOST_PLAYER] = 'p',
    [RTMP_PLAYPOST_FINISH] = 'f',
  };
  g_autoptr (GString) found = g_string_new (NULL);
  GArray *posts = rtmp_playinbox_take (inbox);

  for (guint i = 0; i < posts->len; i++) {
    RtmpPlayPost *post = &g_array_index (posts, RtmpPlayPost, i);

    g_string_append_printf (found, "%c%u ", letters[post->kind], post->number);
    rtmp_playpost_clear (post);
  }
  ck_assert_str_eq (found->str, expected);
  ck_assert (!is_woken (inbox));
}

GST_START_TEST (without_players_tags_wake_nobody_for_a_while)
{
  RtmpPlayInbox *inbox = new_inbox ();
  g_autoptr (GBytes) tag = play_tag_audio (0, 1);
  GArray *posts;

  for (guint i = 1; i < RTMP_PLAYINBOX_LAZY_POSTS; i++)
    post_tag (inbox, 1, tag);
  ck_assert (!is_woken (inbox));
  post_tag (inbox, 1, tag);
  ck_assert (is_woken (inbox));
  posts = rtmp_playinbox_take (inbox);
  ck_assert_uint_eq (posts->len, RTMP_PLAYINBOX_LAZY_POSTS);
  for (guint i = 0; i < posts->len; i++)
    rtmp_playpost_clear (&g_array_index (posts, RtmpPlayPost, i));
  rtmp_playinbox_post (inbox,
      &(RtmpPlayPost){ .kind = RTMP_PLAYPOST_END, .number = 2 });
  ck_assert (is_woken (inbox));
  assert_takes (inbox, "e2 ");
  rtmp_playinbox_free (inbox);
}
GST_END_TEST;

GST_START_TEST (with_players_each_tag_wakes_the_reader)
{
  RtmpPlayInbox *inbox = new_inbox ();
  g_autoptr (GBytes) tag = play_tag_audio (0, 1);

  rtmp_playinbox_set_lazy (inbox, FALSE);
  for (guint i = 0; i < 3; i++) {
    post_tag (inbox, i, tag);
    ck_assert (is_woken (inbox));
  }
  assert_takes (inbox, "t0 t1 t2 ");
  assert_takes (inbox, "");
  rtmp_playinbox_free (inbox);
}
GST_END_TEST;

GST_START_TEST (what_is_too_much_becomes_one_gap)
{
  RtmpPlayInbox *inbox = new_inbox ();
  g_autoptr (GBytes) big = play_tag_key (0, 1, RTMP_MESSAGE_MAX_BYTES);
  g_autoptr (GBytes) small = play_tag_audio (0, 1);

  for (guint i = 0; i < 20; i++)
    post_tag (inbox, 1, big);
  post_tag (inbox, 2, big);
  rtmp_playinbox_post (inbox,
      &(RtmpPlayPost){ .kind = RTMP_PLAYPOST_END, .number = 1 });
  assert_takes (inbox, "t1 t1 t1 g1 g2 e1 ");
  post_tag (inbox, 2, small);
  assert_takes (inbox, "t2 ");
  rtmp_playinbox_free (inbox);
}
GST_END_TEST;

GST_START_TEST (what_nobody_takes_is_freed)
{
  RtmpPlayInbox *inbox = new_inbox ();
  g_autoptr (GBytes) tag = play_tag_audio (0, 1);

  rtmp_playinbox_post (inbox,
      &(RtmpPlayPost){ .kind = RTMP_PLAYPOST_BEGIN,
          .text = g_strdup ("live/cam") });
  post_tag (inbox, 1, tag);
  rtmp_playinbox_free (inbox);
}
GST_END_TEST;

static Suite *
playinbox_suite (void)
{
  Suite *suite = suite_create ("playinbox");
  TCase *tcase = tcase_create ("playinbox");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, without_players_tags_wake_nobody_for_a_while);
  tcase_add_test (tcase, with_players_each_tag_wakes_the_reader);
  tcase_add_test (tcase, what_is_too_much_becomes_one_gap);
  tcase_add_test (tcase, what_nobody_takes_is_freed);
  return suite;
}

GST_CHECK_MAIN (playinbox);
