/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which events listeners subscribe to, and which they get. */

#include "ext/whep/http/sse.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define ALL (WHEP_SSE_ACTIVE | WHEP_SSE_INACTIVE | WHEP_SSE_VIEWERCOUNT)
#define ACTIVE "event: active\ndata: {}\n\n"
#define INACTIVE "event: inactive\ndata: {}\n\n"
#define RECONNECT "event: reconnect\ndata: {}\n\n"
#define VIEWERS(n) "event: viewercount\ndata: {\"viewercount\":" n "}\n\n"

static const struct
{
  const gchar *json;
  gboolean is_list;
  WhepSseTypes types;
} lists[] = {
  { "[\"active\",\"inactive\",\"viewercount\"]", TRUE, ALL },
  { " [ \"viewercount\" ] ", TRUE, WHEP_SSE_VIEWERCOUNT },
  { "[\"reconnect\"]", TRUE, WHEP_SSE_RECONNECT },
  { "[]", TRUE, 0 },
  { "[\"layers\",\"active\",\"scte35\"]", TRUE, WHEP_SSE_ACTIVE },
  { "[1,null,true,\"active\"]", TRUE, WHEP_SSE_ACTIVE },
  { "", FALSE, 0 },
  { " ", FALSE, 0 },
  { "active", FALSE, 0 },
  { "\"active\"", FALSE, 0 },
  { "{\"active\":1}", FALSE, 0 },
  { "[\"active\"", FALSE, 0 },
  { "[{},[\"inactive\"],\"active\"]", FALSE, 0 },
  { "1[\"active\"]", FALSE, 0 },
  { "[\"active\"][]", FALSE, 0 },
};

GST_START_TEST (a_list_names_the_requested_events)
{
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++) {
    /* Without a terminating NUL, as from the network. */
    gsize size = strlen (lists[i].json);
    g_autofree gchar *bytes = g_memdup2 (lists[i].json, size);
    WhepSseTypes types;

    ck_assert_msg (whep_sse_read_types (bytes, size, &types) ==
            lists[i].is_list,
        "%s", lists[i].json);
    ck_assert_msg (types == lists[i].types, "%s: %u", lists[i].json, types);
  }
}
GST_END_TEST;

GST_START_TEST (a_list_that_is_too_long_or_too_deep_is_rejected)
{
  gsize size = 64 * 1024;
  g_autofree gchar *deep = g_strnfill (size, '[');
  WhepSseTypes types;

  ck_assert (!whep_sse_read_types (deep, size, &types));
  ck_assert (!whep_sse_read_types (deep, WHEP_SSE_MAX_BYTES, &types));
}
GST_END_TEST;

typedef struct
{
  gboolean is_active;
  guint n_viewers;
  const gchar *text;
  gboolean must_reconnect;
} Step;

static void
assert_steps (WhepSseTypes types, const Step *steps, guint n_steps)
{
  WhepSseState state = { .types = types };

  for (guint i = 0; i < n_steps; i++) {
    const WhepSseNews news = {
      .is_active = steps[i].is_active,
      .n_viewers = steps[i].n_viewers,
      .must_reconnect = steps[i].must_reconnect,
    };
    g_autofree gchar *text = whep_sse_next (&state, &news);

    ck_assert_msg (g_strcmp0 (text, steps[i].text) == 0, "step %u: %s", i,
        text);
  }
}

GST_START_TEST (a_listener_gets_each_change_once)
{
  static const Step steps[] = {
    { TRUE, 1, ACTIVE VIEWERS ("1") },
    { TRUE, 1, NULL },
    { TRUE, 3, VIEWERS ("3") },
    { FALSE, 3, INACTIVE },
    { FALSE, 0, VIEWERS ("0") },
    { TRUE, 0, ACTIVE },
  };

  assert_steps (ALL, steps, G_N_ELEMENTS (steps));
}
GST_END_TEST;

GST_START_TEST (a_listener_without_a_publisher_does_not_get_inactive_first)
{
  static const Step steps[] = {
    { FALSE, 2, VIEWERS ("2") },
    { TRUE, 2, ACTIVE },
    { FALSE, 2, INACTIVE },
  };

  assert_steps (ALL, steps, G_N_ELEMENTS (steps));
}
GST_END_TEST;

GST_START_TEST (a_listener_only_gets_the_requested_events)
{
  static const Step steps[] = {
    { TRUE, 1, NULL },
    { FALSE, 2, INACTIVE },
    { TRUE, 3, NULL },
    { FALSE, 4, INACTIVE },
  };

  assert_steps (WHEP_SSE_INACTIVE, steps, G_N_ELEMENTS (steps));
}
GST_END_TEST;

GST_START_TEST (a_listener_is_asked_to_reconnect_once)
{
  static const Step steps[] = {
    { TRUE, 1, NULL, FALSE },
    { TRUE, 1, RECONNECT, TRUE },
    { TRUE, 1, NULL, TRUE },
  };
  static const Step others[] = {
    { TRUE, 1, VIEWERS ("1"), TRUE },
    { TRUE, 1, NULL, TRUE },
  };

  assert_steps (WHEP_SSE_RECONNECT, steps, G_N_ELEMENTS (steps));
  assert_steps (WHEP_SSE_VIEWERCOUNT, others, G_N_ELEMENTS (others));
}
GST_END_TEST;

static Suite *
sse_suite (void)
{
  Suite *suite = suite_create ("sse");
  TCase *tcase = tcase_create ("sse");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_list_names_the_requested_events);
  tcase_add_test (tcase, a_list_that_is_too_long_or_too_deep_is_rejected);
  tcase_add_test (tcase, a_listener_gets_each_change_once);
  tcase_add_test (tcase,
      a_listener_without_a_publisher_does_not_get_inactive_first);
  tcase_add_test (tcase, a_listener_only_gets_the_requested_events);
  tcase_add_test (tcase, a_listener_is_asked_to_reconnect_once);
  return suite;
}

GST_CHECK_MAIN (sse);
