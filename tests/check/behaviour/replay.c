/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A session understands the captured bytes of real publishers, however TCP
 * splits them. */

#include "tests/support/rtmpowner.h"

#include <gst/check/gstcheck.h>
#include <string.h>

/* From tests/support/captures: about five seconds each. */
static const struct
{
  const gchar *file;
  guint n_video;
  guint n_audio;
} captures[] = {
  { "ffmpeg.bin", 152, 218 },
  { "gst-rtmp2sink.bin", 152, 217 },
  { "gst-rtmpsink-librtmp.bin", 152, 217 },
  { "obs-publish.bin", 167, 256 },
  { "obs-publish-zerolatency.bin", 152, 236 },
};

static gchar *
load (const gchar *file, gsize *size)
{
  g_autofree gchar *path =
      g_build_filename (g_getenv ("SUPPORT_DIR"), "captures", file, NULL);
  gchar *data = NULL;

  ck_assert (g_file_get_contents (path, &data, size, NULL));
  return data;
}

static void
assert_whole (Owner *owner, guint capture, const gchar *how)
{
  const gchar *file = captures[capture].file;

  ck_assert_msg (owner->n_publishes == 1, "%s %s", file, how);
  ck_assert_str_eq (rtmp_session_name (owner->session), "live/cam");
  ck_assert_msg (owner->n_messages[RTMP_MESSAGE_VIDEO] ==
          captures[capture].n_video,
      "%s %s: %u", file, how, owner->n_messages[RTMP_MESSAGE_VIDEO]);
  ck_assert_msg (owner->n_messages[RTMP_MESSAGE_AUDIO] ==
          captures[capture].n_audio,
      "%s %s: %u", file, how, owner->n_messages[RTMP_MESSAGE_AUDIO]);
  ck_assert_msg (owner->n_messages[RTMP_MESSAGE_DATA] >= 1, "%s", file);
  ck_assert_msg (owner->n_unpublishes == 1, "%s %s", file, how);
  ck_assert_msg (owner->last_ms > 4500 && owner->last_ms < 6000,
      "%s %s ends at %u ms", file, how, owner->last_ms);

  rtmp_session_end (owner->session, rtmp_session_why_at_end (owner->session));
  ck_assert_int_eq (rtmp_session_state (owner->session), RTMP_SESSION_CLOSED);
  ck_assert_str_eq (rtmp_session_why (owner->session),
      "the peer closed the connection");
}

GST_START_TEST (captures_replay_whole)
{
  for (guint i = 0; i < G_N_ELEMENTS (captures); i++) {
    gsize size;
    g_autofree gchar *data = load (captures[i].file, &size);
    Owner owner = owner_new ();

    owner_receive (&owner, (guint8 *) data, size);
    assert_whole (&owner, i, "whole");
    owner_free (&owner);
  }
}
GST_END_TEST;

GST_START_TEST (captures_replay_byte_by_byte)
{
  for (guint i = 0; i < G_N_ELEMENTS (captures); i++) {
    gsize size;
    g_autofree gchar *data = load (captures[i].file, &size);
    Owner owner = owner_new ();

    for (gsize n = 0; n < size; n++)
      owner_receive (&owner, (guint8 *) data + n, 1);
    assert_whole (&owner, i, "in bytes");
    owner_free (&owner);
  }
}
GST_END_TEST;

GST_START_TEST (captures_replay_in_pieces)
{
  for (guint seed = 0; seed < 40; seed++) {
    guint i = seed % G_N_ELEMENTS (captures);
    g_autofree gchar *how = g_strdup_printf ("cut by seed %u", seed);
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
    guint max_piece = 1 << g_rand_int_range (rand, 1, 17);
    gsize size, n_done = 0;
    g_autofree gchar *data = load (captures[i].file, &size);
    Owner owner = owner_new ();

    while (n_done < size) {
      gsize piece = g_rand_int_range (rand, 1, max_piece + 1);

      piece = MIN (piece, size - n_done);
      owner_receive (&owner, (guint8 *) data + n_done, piece);
      n_done += piece;
    }
    assert_whole (&owner, i, how);
    owner_free (&owner);
  }
}
GST_END_TEST;

/* Returns the reason if the connection ended after @n bytes. */
static const gchar *
why_at (Owner *owner, const gchar *file, gsize n)
{
  const gchar *why = rtmp_session_why (owner->session);

  /* Even a successful assertion makes a system call, which is too much for each
   * byte. */
  if (why != NULL)
    ck_abort_msg ("%s up to %" G_GSIZE_FORMAT ": %s", file, n, why);
  why = rtmp_session_why_at_end (owner->session);
  if (!g_str_has_prefix (why, "the peer "))
    ck_abort_msg ("%s up to %" G_GSIZE_FORMAT ": %s", file, n, why);
  return why;
}

/* After each byte, the reason for an end there is checked. */
GST_START_TEST (every_prefix_of_a_capture_has_a_clean_end)
{
  for (guint i = 0; i < G_N_ELEMENTS (captures); i++) {
    const gchar *file = captures[i].file;
    gsize size;
    g_autofree gchar *data = load (file, &size);
    Owner owner = owner_new ();

    for (gsize n = 0; n < size; n++) {
      why_at (&owner, file, n);
      owner_receive (&owner, (guint8 *) data + n, 1);
    }
    why_at (&owner, file, size);
    owner_free (&owner);
  }
}
GST_END_TEST;

/* Checks that it does end like that, and frees everything: at every byte of the
 * handshake, of the commands and of the end, and at multiples of a prime in
 * between, because each costs all the bytes before it. */
GST_START_TEST (a_connection_may_be_cut_anywhere)
{
  const gsize head = 5000, tail = 400, stride = 2003;

  for (guint i = 0; i < G_N_ELEMENTS (captures); i++) {
    gsize size;
    g_autofree gchar *data = load (captures[i].file, &size);

    for (gsize n = 0; n <= size; n++) {
      Owner owner;
      const gchar *why;

      if (n >= head && n + tail <= size && n % stride != 0)
        continue;
      owner = owner_new ();
      owner_receive (&owner, (guint8 *) data, n);
      why = why_at (&owner, captures[i].file, n);
      rtmp_session_end (owner.session, why);
      if (rtmp_session_state (owner.session) != RTMP_SESSION_CLOSED ||
          strcmp (rtmp_session_why (owner.session), why) != 0)
        ck_abort_msg ("%s up to %" G_GSIZE_FORMAT, captures[i].file, n);
      owner_free (&owner);
    }
  }
}
GST_END_TEST;

/* A session that reads a capture with some of its bytes changed. */
typedef struct
{
  const gchar *file;
  const guint8 *data;
  gsize size;
  Owner owner;
  Owner twin; /* reads it as it is */
  guint n_flips;
  guint n_closed;
} Flipper;

static gboolean
is_as_if_nothing_happened (const Flipper *self)
{
  return rtmp_session_state (self->owner.session) != RTMP_SESSION_CLOSED &&
      self->owner.n_all_messages == self->twin.n_all_messages &&
      self->owner.n_publishes == self->twin.n_publishes;
}

/* Reads [@begin, @end) with the first byte changed. If that had any effect, the
 * next byte is changed in a new session. */
static void
flipper_flip (Flipper *self, gsize begin, gsize end)
{
  const gchar *why;
  guint8 byte = ~self->data[begin];

  owner_receive (&self->owner, &byte, 1);
  owner_receive (&self->owner, self->data + begin + 1, end - begin - 1);
  owner_receive (&self->twin, self->data + begin, end - begin);
  self->n_flips++;
  if (is_as_if_nothing_happened (self))
    return;

  self->n_closed +=
      rtmp_session_state (self->owner.session) == RTMP_SESSION_CLOSED;
  rtmp_session_end (self->owner.session,
      rtmp_session_why_at_end (self->owner.session));
  why = rtmp_session_why (self->owner.session);
  if (why == NULL || *why == '\0')
    ck_abort_msg ("%s, byte %" G_GSIZE_FORMAT, self->file, begin);
  owner_free (&self->owner);
  self->owner = owner_new ();
  owner_receive (&self->owner, self->data, end);
}

/* Changes every @stride-th byte, from @first on. */
static void
flipper_pass (Flipper *self, gsize first, gsize stride)
{
  self->owner = owner_new ();
  owner_receive (&self->owner, self->data, first);
  self->twin = owner_new ();
  owner_receive (&self->twin, self->data, first);
  for (gsize begin = first; begin < self->size; begin += stride)
    flipper_flip (self, begin, MIN (begin + stride, self->size));
  owner_free (&self->owner);
  owner_free (&self->twin);
}

/* No two bytes that are changed in one pass are in the same small message, and
 * the effect of one shows before the next. */
#define FLIP_STRIDE 2000
/* With a sanitizer, all of them would take minutes, so only a few are
 * changed. */
#ifdef __SANITIZE_ADDRESS__
#define FLIP_STEP 499
#else
#define FLIP_STEP 1
#endif

GST_START_TEST (every_byte_may_be_another)
{
  for (guint i = 0; i < G_N_ELEMENTS (captures); i++) {
    gsize size;
    g_autofree gchar *data = load (captures[i].file, &size);
    Flipper flipper = {
      .file = captures[i].file,
      .data = (guint8 *) data,
      .size = size,
    };

    for (gsize first = 0; first < FLIP_STRIDE; first += FLIP_STEP)
      flipper_pass (&flipper, first, FLIP_STRIDE);
    ck_assert_uint_ge (flipper.n_flips, size / FLIP_STEP);
    ck_assert_uint_gt (flipper.n_closed, 0);
  }
}
GST_END_TEST;

static Suite *
replay_suite (void)
{
  Suite *suite = suite_create ("replay");
  TCase *tcase = tcase_create ("replay");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, captures_replay_whole);
  tcase_add_test (tcase, captures_replay_byte_by_byte);
  tcase_add_test (tcase, captures_replay_in_pieces);
  tcase_add_test (tcase, every_prefix_of_a_capture_has_a_clean_end);
  tcase_add_test (tcase, a_connection_may_be_cut_anywhere);
  tcase_add_test (tcase, every_byte_may_be_another);
  return suite;
}

GST_CHECK_MAIN (replay);
