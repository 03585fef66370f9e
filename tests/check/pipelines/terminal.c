/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A person at a terminal, who types when nobody expects it. */

#include "pipelines/terminal-io.h"

#include <gst/check/gstcheck.h>
#include <glib-unix.h>
#include <poll.h>
#include <pty.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* Of any one step; the machine may be busy. */
#define PATIENCE_S 30
#define N_ROUNDS 100
#define CONTROL_D "\4"

/* The terminal on stdin and stdout, whose other end the person has. */
typedef struct
{
  gint person;
  guint shown; /* the watch for what is */
  GMainLoop *loop;
  Terminal *terminal;
  GPtrArray *lines;
  const gchar *types_meanwhile; /* while the next line is obeyed */
  gboolean has_end;
} Desk;

static void
person_types (Desk *self, const gchar *keys)
{
  ck_assert_int_eq (write (self->person, keys, strlen (keys)), strlen (keys));
}

/* Until the kernel has brought it over. */
static void
wait_for_keys (void)
{
  struct pollfd keys = { STDIN_FILENO, POLLIN, 0 };

  ck_assert_int_eq (poll (&keys, 1, PATIENCE_S * 1000), 1);
}

static void
on_line (const gchar *line, gpointer user_data)
{
  Desk *self = user_data;
  const gchar *keys = g_steal_pointer (&self->types_meanwhile);

  if (line == NULL) {
    self->has_end = TRUE;
    g_main_loop_quit (self->loop);
    return;
  }
  g_ptr_array_add (self->lines, g_strdup (line));
  if (keys == NULL)
    return;
  person_types (self, keys);
  wait_for_keys ();
}

static const gchar *
complete_nothing (const gchar *prefix, guint index)
{
  return NULL;
}

/* Nobody reads what the terminal shows, but it must have room for that. */
static gboolean
on_shown (gint fd, GIOCondition condition, gpointer user_data)
{
  gchar shown[4096];

  return read (fd, shown, sizeof shown) > 0;
}

static gboolean
on_no_end (gpointer user_data)
{
  ck_abort_msg ("the end never came");
  return G_SOURCE_REMOVE;
}

/* What is typed before there is a prompt is given as @typed_ahead. */
static void
desk_init (Desk *self, const gchar *typed_ahead)
{
  gint terminal;

  *self = (Desk){
    .loop = g_main_loop_new (NULL, FALSE),
    .lines = g_ptr_array_new_with_free_func (g_free),
  };
  ck_assert_int_eq (openpty (&self->person, &terminal, NULL, NULL, NULL), 0);
  ck_assert_int_eq (dup2 (terminal, STDIN_FILENO), STDIN_FILENO);
  ck_assert_int_eq (dup2 (terminal, STDOUT_FILENO), STDOUT_FILENO);
  close (terminal);
  g_setenv ("TERM", "xterm", TRUE);
  if (typed_ahead != NULL) {
    person_types (self, typed_ahead);
    wait_for_keys ();
  }
  self->shown = g_unix_fd_add (self->person, G_IO_IN, on_shown, self);
  self->terminal = terminal_new (FALSE, complete_nothing, on_line, self);
  ck_assert (terminal_has_prompt (self->terminal));
}

/* Until the end of input, which must come. */
static void
desk_run (Desk *self)
{
  guint limit = g_timeout_add_seconds (PATIENCE_S, on_no_end, NULL);

  g_main_loop_run (self->loop);
  g_source_remove (limit);
  ck_assert (self->has_end);
}

static gboolean
is_in_line_mode (void)
{
  struct termios mode;

  ck_assert_int_eq (tcgetattr (STDIN_FILENO, &mode), 0);
  return (mode.c_lflag & ICANON) != 0 && (mode.c_lflag & ECHO) != 0;
}

static void
desk_free (Desk *self)
{
  terminal_free (self->terminal);
  g_ptr_array_unref (self->lines);
  g_main_loop_unref (self->loop);
}

static void
desk_clear (Desk *self)
{
  desk_free (self);
  ck_assert (is_in_line_mode ());
  close (self->person);
}

static const gchar *
line_at (Desk *self, guint index)
{
  ck_assert_uint_lt (index, self->lines->len);
  return g_ptr_array_index (self->lines, index);
}

GST_START_TEST (control_d_counts_while_a_line_is_obeyed)
{
  Desk router;

  desk_init (&router, NULL);
  router.types_meanwhile = CONTROL_D;
  person_types (&router, "status\n");
  desk_run (&router);
  ck_assert_uint_eq (router.lines->len, 1);
  ck_assert_str_eq (line_at (&router, 0), "status");
  desk_clear (&router);
}
GST_END_TEST;

static const gchar *const next_lines[] = {
  "pause\nplay\n" CONTROL_D, "pausf\177e\nplay\n" CONTROL_D,
  "pauX\10se\nplay\n" CONTROL_D,
  "ause\001p\nplay\n" CONTROL_D, /* p at the start of the line */
};

GST_START_TEST (what_is_typed_while_a_line_is_obeyed_is_the_next)
{
  Desk router;

  desk_init (&router, NULL);
  router.types_meanwhile = next_lines[__i__];
  person_types (&router, "status\n");
  desk_run (&router);
  ck_assert_uint_eq (router.lines->len, 3);
  ck_assert_str_eq (line_at (&router, 1), "pause");
  ck_assert_str_eq (line_at (&router, 2), "play");
  desk_clear (&router);
}
GST_END_TEST;

GST_START_TEST (what_is_typed_before_the_prompt_counts)
{
  Desk router;

  desk_init (&router, "status\n\npause\n" CONTROL_D);
  desk_run (&router);
  ck_assert_uint_eq (router.lines->len, 3);
  ck_assert_str_eq (line_at (&router, 0), "status");
  ck_assert_str_eq (line_at (&router, 1), "");
  ck_assert_str_eq (line_at (&router, 2), "pause");
  desk_clear (&router);
}
GST_END_TEST;

GST_START_TEST (control_d_in_a_line_before_the_prompt_ends_nothing)
{
  Desk router;

  desk_init (&router, "pause\nsta" CONTROL_D "tus\npla" CONTROL_D);
  person_types (&router, "y\n" CONTROL_D);
  desk_run (&router);
  ck_assert_uint_eq (router.lines->len, 3);
  ck_assert_str_eq (line_at (&router, 0), "pause");
  ck_assert_str_eq (line_at (&router, 1), "status");
  ck_assert_str_eq (line_at (&router, 2), "play");
  desk_clear (&router);
}
GST_END_TEST;

GST_START_TEST (a_terminal_that_is_closed_is_an_end)
{
  Desk router;

  desk_init (&router, NULL);
  g_source_remove (router.shown);
  close (router.person);
  desk_run (&router);
  ck_assert_uint_eq (router.lines->len, 0);
  desk_free (&router);
}
GST_END_TEST;

GST_START_TEST (a_line_may_be_begun_before_the_prompt_and_ended_after)
{
  Desk router;

  desk_init (&router, "status\npau");
  person_types (&router, "se\n" CONTROL_D);
  desk_run (&router);
  ck_assert_uint_eq (router.lines->len, 2);
  ck_assert_str_eq (line_at (&router, 0), "status");
  ck_assert_str_eq (line_at (&router, 1), "pause");
  desk_clear (&router);
}
GST_END_TEST;

/* More lines at once than a terminal holds in line mode. */
GST_START_TEST (what_is_pasted_arrives_line_by_line)
{
  g_autoptr (GString) text = g_string_new (NULL);
  Desk router;

  desk_init (&router, NULL);
  for (guint i = 0; i < N_ROUNDS; i++)
    g_string_append_printf (text, "set sink name a%u\n", i);
  g_string_append (text, CONTROL_D);
  router.types_meanwhile = text->str;
  person_types (&router, "status\n");
  desk_run (&router);
  ck_assert_uint_eq (router.lines->len, 1 + N_ROUNDS);
  for (guint i = 0; i < N_ROUNDS; i++) {
    g_autofree gchar *line = g_strdup_printf ("set sink name a%u", i);

    ck_assert_str_eq (line_at (&router, 1 + i), line);
  }
  desk_clear (&router);
}
GST_END_TEST;

GST_START_TEST (a_line_longer_than_line_mode_takes_is_pasted_whole)
{
  g_autofree gchar *word = g_strnfill (3900, 'x');
  g_autofree gchar *line = g_strconcat ("set a b ", word, NULL);
  g_autofree gchar *typed = g_strconcat (line, "\n" CONTROL_D, NULL);
  Desk router;

  desk_init (&router, NULL);
  router.types_meanwhile = typed;
  person_types (&router, "status\n");
  desk_run (&router);
  ck_assert_uint_eq (router.lines->len, 2);
  ck_assert_str_eq (line_at (&router, 1), line);
  desk_clear (&router);
}
GST_END_TEST;

GST_START_TEST (control_d_in_a_line_and_control_space_end_nothing)
{
  Desk router;

  desk_init (&router, NULL);
  person_types (&router, "sta" CONTROL_D "tus\n");
  ck_assert_int_eq (write (router.person, "\0", 1), 1);
  person_types (&router, "play\n" CONTROL_D);
  desk_run (&router);
  ck_assert_uint_eq (router.lines->len, 2);
  ck_assert_str_eq (line_at (&router, 0), "status");
  ck_assert_str_eq (line_at (&router, 1), "play");
  desk_clear (&router);
}
GST_END_TEST;

static Suite *
terminal_suite (void)
{
  Suite *suite = suite_create ("terminal");
  TCase *tcase = tcase_create ("terminal");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, control_d_counts_while_a_line_is_obeyed);
  tcase_add_loop_test (tcase, what_is_typed_while_a_line_is_obeyed_is_the_next,
      0, G_N_ELEMENTS (next_lines));
  tcase_add_test (tcase, what_is_typed_before_the_prompt_counts);
  tcase_add_test (tcase, a_line_may_be_begun_before_the_prompt_and_ended_after);
  tcase_add_test (tcase, control_d_in_a_line_before_the_prompt_ends_nothing);
  tcase_add_test (tcase, a_terminal_that_is_closed_is_an_end);
  tcase_add_test (tcase, what_is_pasted_arrives_line_by_line);
  tcase_add_test (tcase, a_line_longer_than_line_mode_takes_is_pasted_whole);
  tcase_add_test (tcase, control_d_in_a_line_and_control_space_end_nothing);
  return suite;
}

GST_CHECK_MAIN (terminal);
