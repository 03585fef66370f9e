/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A cursor begins with the init segment and the newest key frame, follows, and
 * jumps. */

#include "ext/whep/mp4/fragmentcursor.h"
#include "tests/support/fragments.h"

#include <gst/check/gstcheck.h>

#define MS(n) ((n) * (gint64) 1000)

typedef struct
{
  WhepFragmentLog *log;
  WhepFragmentCursor cursor;
} Rig;

static void
rig_init (Rig *self)
{
  const WhepFragmentLimits limits = { 1 << 20, MS (60000), MS (1000) };

  *self = (Rig){ .log = whep_fragment_log_new (&limits) };
}

static void
rig_clear (Rig *self)
{
  whep_fragment_cursor_clear (&self->cursor);
  whep_fragment_log_free (self->log);
}

/* i: an init segment, K: a key frame, anything else: another frame. */
static void
add (Rig *self, const gchar *words, gint64 now_us)
{
  g_auto (GStrv) list = g_strsplit (words, " ", -1);

  for (guint i = 0; list[i] != NULL; i++) {
    WhepChunk *chunk = fragment_of (list[i]);

    if (list[i][0] == 'i')
      whep_fragment_log_set_init (self->log, chunk);
    else
      whep_fragment_log_add (self->log, chunk, list[i][0] == 'K', now_us);
    whep_chunk_unref (chunk);
  }
}

static void
assert_takes (Rig *self, guint n_max, const gchar *expected)
{
  g_autoptr (GString) found = g_string_new (NULL);
  WhepChunk *next;

  for (guint i = 0; i < n_max; i++) {
    g_autofree gchar *word = NULL;

    next = whep_fragment_cursor_next (&self->cursor, self->log);
    if (next == NULL)
      break;
    word = fragment_dup_word (next);
    g_string_append_printf (found, "%s%s", i > 0 ? " " : "", word);
  }
  ck_assert_str_eq (found->str, expected);
}

GST_START_TEST (a_reader_begins_with_init_and_the_newest_key_frame)
{
  Rig rig;

  rig_init (&rig);
  add (&rig, "i1 K1 d2 K3 d4", 0);
  assert_takes (&rig, 100, "i1 K3 d4");
  add (&rig, "d5 K6", MS (1));
  assert_takes (&rig, 100, "d5 K6");
  ck_assert_uint_eq (rig.cursor.n_jumps, 0);
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (a_reader_that_comes_first_waits_for_a_key_frame)
{
  Rig rig;

  rig_init (&rig);
  assert_takes (&rig, 100, "");
  add (&rig, "i1 d1", 0);
  assert_takes (&rig, 100, "");
  add (&rig, "K2", 0);
  assert_takes (&rig, 100, "i1 K2");
  ck_assert_uint_eq (rig.cursor.n_jumps, 0);
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (new_parameters_come_before_the_frames_that_need_them)
{
  Rig rig;

  rig_init (&rig);
  add (&rig, "i1 K1 d2 i2 K3 d4", 0);
  assert_takes (&rig, 3, "i2 K3 d4");
  rig.cursor.place = 0;
  whep_fragment_cursor_clear (&rig.cursor);
  assert_takes (&rig, 100, "i1 K1 d2 i2 K3 d4");
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (a_reader_that_is_behind_jumps_to_a_key_frame_ahead)
{
  Rig rig;

  rig_init (&rig);
  add (&rig, "i1 K1 d2", 0);
  assert_takes (&rig, 2, "i1 K1");
  ck_assert (!whep_fragment_cursor_jump (&rig.cursor, rig.log));
  add (&rig, "d3 K4 d5", 0);
  ck_assert (whep_fragment_cursor_jump (&rig.cursor, rig.log));
  assert_takes (&rig, 100, "K4 d5");
  ck_assert (!whep_fragment_cursor_jump (&rig.cursor, rig.log));
  ck_assert_uint_eq (rig.cursor.n_jumps, 1);
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (a_place_that_is_dropped_becomes_the_newest_key_frame)
{
  Rig rig;

  rig_init (&rig);
  add (&rig, "i1 K1 d2", 0);
  assert_takes (&rig, 2, "i1 K1");
  add (&rig, "d3 i2 K4 d5", MS (5000));
  add (&rig, "d6", MS (7000));
  assert_takes (&rig, 100, "i2 K4 d5 d6");
  ck_assert_uint_eq (rig.cursor.n_jumps, 1);
  rig_clear (&rig);
}
GST_END_TEST;

static Suite *
fragmentcursor_suite (void)
{
  Suite *suite = suite_create ("fragmentcursor");
  TCase *tcase = tcase_create ("fragmentcursor");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_reader_begins_with_init_and_the_newest_key_frame);
  tcase_add_test (tcase, a_reader_that_comes_first_waits_for_a_key_frame);
  tcase_add_test (tcase, new_parameters_come_before_the_frames_that_need_them);
  tcase_add_test (tcase, a_reader_that_is_behind_jumps_to_a_key_frame_ahead);
  tcase_add_test (tcase, a_place_that_is_dropped_becomes_the_newest_key_frame);
  return suite;
}

GST_CHECK_MAIN (fragmentcursor);
