/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection goes from state to state, and ends once. */

#include "gst/rtmp/sessionstate.h"

#include <gst/check/gstcheck.h>

#define N_STATES (RTMP_SESSION_CLOSED + 1)

/* The states that can follow each state. */
static const gchar *const ways[N_STATES] = {
  [RTMP_SESSION_HANDSHAKING] = "connecting closed ",
  [RTMP_SESSION_CONNECTING] = "connect pending closed ",
  [RTMP_SESSION_CONNECT_PENDING] = "connected closed ",
  [RTMP_SESSION_CONNECTED] = "publish pending play pending playing closed ",
  [RTMP_SESSION_PUBLISH_PENDING] = "publishing closed ",
  [RTMP_SESSION_PUBLISHING] = "connected closed ",
  [RTMP_SESSION_PLAY_PENDING] = "playing closed ",
  [RTMP_SESSION_PLAYING] = "connected closed ",
  [RTMP_SESSION_CLOSED] = "",
};

GST_START_TEST (each_state_leads_only_to_its_successors)
{
  for (guint from = 0; from < N_STATES; from++) {
    g_autoptr (GString) found = g_string_new (NULL);

    for (guint to = 0; to < N_STATES; to++) {
      if (rtmp_sessionstate_may_follow (from, to))
        g_string_append_printf (found, "%s ", rtmp_sessionstate_name (to));
    }
    ck_assert_str_eq (found->str, ways[from]);
  }
}
GST_END_TEST;

static Suite *
sessionstate_suite (void)
{
  Suite *suite = suite_create ("sessionstate");
  TCase *tcase = tcase_create ("sessionstate");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_state_leads_only_to_its_successors);
  return suite;
}

GST_CHECK_MAIN (sessionstate);
