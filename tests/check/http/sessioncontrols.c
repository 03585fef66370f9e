/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a viewer chooses, in a query and as JSON. */

#include "ext/whep/http/sessioncontrols.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static const struct
{
  const gchar *query;
  gboolean is_valid;
  WhepFrames frames;
  gboolean has_sound;
} queries[] = {
  { NULL, TRUE, WHEP_FRAMES_ALL },
  { "", TRUE, WHEP_FRAMES_ALL },
  { "token=a", TRUE, WHEP_FRAMES_ALL },
  { "frames=all", TRUE, WHEP_FRAMES_ALL },
  { "frames=key", TRUE, WHEP_FRAMES_KEY },
  { "token=a&frames=%6bey", TRUE, WHEP_FRAMES_KEY },
  { "frames=", FALSE, WHEP_FRAMES_ALL },
  { "frames=keys", FALSE, WHEP_FRAMES_ALL },
  { "sound=true", TRUE, WHEP_FRAMES_ALL, TRUE },
  { "sound=false&frames=key", TRUE, WHEP_FRAMES_KEY, FALSE },
  { "sound=", FALSE, WHEP_FRAMES_ALL },
  { "sound=1", FALSE, WHEP_FRAMES_ALL },
};

GST_START_TEST (a_query_chooses_for_the_session)
{
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++) {
    WhepViewerControls controls = { .frames = WHEP_FRAMES_KEY };
    gboolean is_valid =
        whep_session_controls_read (queries[i].query, &controls);

    ck_assert_msg (is_valid == queries[i].is_valid, "%s", queries[i].query);
    ck_assert_msg (controls.frames == queries[i].frames, "%s",
        queries[i].query);
    ck_assert_msg (controls.has_sound == queries[i].has_sound, "%s",
        queries[i].query);
  }
}
GST_END_TEST;

static const struct
{
  const gchar *body;
  WhepProblemKind problem;
} rejected[] = {
  { "", WHEP_PROBLEM_MALFORMED_BODY },
  { "[]", WHEP_PROBLEM_MALFORMED_BODY },
  { "{", WHEP_PROBLEM_MALFORMED_BODY },
  { "{\"frames\":\"none\"}", WHEP_PROBLEM_UNUSABLE_MEMBER },
  { "{\"frames\":1}", WHEP_PROBLEM_UNUSABLE_MEMBER },
  { "{\"frames\":null}", WHEP_PROBLEM_UNUSABLE_MEMBER },
  { "{\"frames\":{}}", WHEP_PROBLEM_UNUSABLE_MEMBER },
  { "{\"sound\":\"true\"}", WHEP_PROBLEM_UNUSABLE_MEMBER },
  { "{\"sound\":1}", WHEP_PROBLEM_UNUSABLE_MEMBER },
  { "{\"sound\":true,\"frames\":\"none\"}", WHEP_PROBLEM_UNUSABLE_MEMBER },
  { "{\"frames\":\"all\",\"x\":1}", WHEP_PROBLEM_UNUSABLE_MEMBER },
};

GST_START_TEST (a_body_that_is_rejected_changes_nothing)
{
  for (guint i = 0; i < G_N_ELEMENTS (rejected); i++) {
    WhepViewerControls controls = { .frames = WHEP_FRAMES_KEY };
    WhepProblemKind problem;
    const gchar *detail = NULL;

    ck_assert_msg (!whep_session_controls_parse (rejected[i].body,
                       strlen (rejected[i].body), &controls, &problem, &detail),
        "%s", rejected[i].body);
    ck_assert_msg (problem == rejected[i].problem, "%s", rejected[i].body);
    ck_assert (detail != NULL);
    ck_assert_uint_eq (controls.frames, WHEP_FRAMES_KEY);
    ck_assert (!controls.has_sound);
  }
}
GST_END_TEST;

static void
apply (WhepViewerControls *controls, const gchar *body)
{
  WhepProblemKind problem;
  const gchar *detail;

  ck_assert (whep_session_controls_parse (body, strlen (body), controls,
      &problem, &detail));
}

GST_START_TEST (a_body_changes_what_it_names)
{
  WhepViewerControls controls = { 0 };

  apply (&controls, "{\"frames\":\"key\"}");
  ck_assert_uint_eq (controls.frames, WHEP_FRAMES_KEY);
  apply (&controls, "{}");
  ck_assert_uint_eq (controls.frames, WHEP_FRAMES_KEY);
  apply (&controls, " { \"frames\" : \"all\" } ");
  ck_assert_uint_eq (controls.frames, WHEP_FRAMES_ALL);
  apply (&controls, "{\"sound\":true}");
  ck_assert (controls.has_sound);
  apply (&controls, "{\"frames\":\"key\"}");
  ck_assert (controls.has_sound);
  apply (&controls, "{\"sound\":false}");
  ck_assert (!controls.has_sound);
}
GST_END_TEST;

static Suite *
sessioncontrols_suite (void)
{
  Suite *suite = suite_create ("sessioncontrols");
  TCase *tcase = tcase_create ("sessioncontrols");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_query_chooses_for_the_session);
  tcase_add_test (tcase, a_body_that_is_rejected_changes_nothing);
  tcase_add_test (tcase, a_body_changes_what_it_names);
  return suite;
}

GST_CHECK_MAIN (sessioncontrols);
