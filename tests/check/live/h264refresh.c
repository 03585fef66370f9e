/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams without IDR frames are distinguished from those with long GOPs. */

#include "gst/live/h264refresh.h"

#include <gst/check/gstcheck.h>

#define FRAME_US 33333
#define SECONDS(n) ((guint64) (n) *G_USEC_PER_SEC)
#define NEVER G_MAXUINT

/* Frames by letter: K is IDR, R a recovery point without an intra frame, O one
 * with, I an intra frame without a recovery point, p none of these. */
static H264Frame
frame_of (gchar letter)
{
  H264Frame frame = { .is_reference = TRUE };

  frame.is_key = letter == 'K';
  frame.is_recovery_point = letter == 'R' || letter == 'O';
  frame.is_intra = letter == 'K' || letter == 'O' || letter == 'I';
  return frame;
}

/* Each letter stands for a second and is the type of its first frame. Returns
 * the second in which the stream is found to lack IDR frames. */
static guint
second_of_decision (const gchar *seconds)
{
  H264Refresh refresh = { 0 };

  for (guint second = 0; seconds[second] != '\0'; second++) {
    for (guint i = 0; i < 30; i++) {
      H264Frame frame = frame_of (i == 0 ? seconds[second] : 'p');

      if (h264_refresh_note (&refresh, &frame, SECONDS (second) + i * FRAME_US))
        return second;
    }
  }
  return NEVER;
}

#define SIXTY "Kppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp"

static const struct
{
  const gchar *why;
  const gchar *seconds;
  guint decision;
} streams[] = {
  { "GOPs of a second", "KKKKKKKKKKKKKKKKKKKK", NEVER },
  { "GOPs of a minute", SIXTY SIXTY SIXTY, NEVER },
  { "one GOP without end", SIXTY "pppppppppppppppppppp", NEVER },
  { "GOPs of a minute with a scene change at the start", "KIIpppp" SIXTY SIXTY,
      NEVER },
  { "intra refresh", "KRRRRR", 1 },
  { "intra refresh, slow", "KppppppppRpppppppp", 9 },
  { "intra refresh whose beginning was missed", "pppR", 3 },
  { "open GOPs of a second", "KOOOOOOOOO", 4 },
  { "open GOPs of 4 s", "KpppOpppOpppO", 8 },
  { "open GOPs of 12 s", "KpppppppppppOppppppppppp", 12 },
  { "open GOPs whose beginning was missed", "ppOp", 2 },
  { "IDR frames among recovery points", "KOOOKOOOKOOOKOOO", NEVER },
  { "intra frames without recovery points", "KpIpIpIpIpIpIpIp", 10 },
  { "the same, whose beginning was missed", "ppIpIpIp", 4 },
  { "an intra frame, then IDR frames", "pIKpKpKpKp", NEVER },
};

GST_START_TEST (only_streams_without_idr_frames_are_detected)
{
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++) {
    guint second = second_of_decision (streams[i].seconds);

    ck_assert_msg (second == streams[i].decision, "%s: in second %u",
        streams[i].why, second);
  }
}
GST_END_TEST;

GST_START_TEST (times_that_go_back_have_no_effect)
{
  H264Refresh refresh = { 0 };
  H264Frame key = frame_of ('K'), intra = frame_of ('I');

  ck_assert (!h264_refresh_note (&refresh, &key, SECONDS (100)));
  for (guint i = 0; i < 10; i++)
    ck_assert (!h264_refresh_note (&refresh, &intra, SECONDS (50)));
}
GST_END_TEST;

static Suite *
h264refresh_suite (void)
{
  Suite *suite = suite_create ("h264refresh");
  TCase *tcase = tcase_create ("h264refresh");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, only_streams_without_idr_frames_are_detected);
  tcase_add_test (tcase, times_that_go_back_have_no_effect);
  return suite;
}

GST_CHECK_MAIN (h264refresh);
