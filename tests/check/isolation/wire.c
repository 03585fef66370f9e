/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A decoder that a stream has taken over cannot send what the gateway would
 * trip over. */

#include "gst/isolation/gstwirepicture.h"
#include "gst/isolation/wire.h"

#include <gst/check/gstcheck.h>

static const struct
{
  WireHeader header;
  gboolean is_reply, is_request;
  const gchar *why;
} headers[] = {
  { { WIRE_CAPS, 10 }, FALSE, TRUE, "caps" },
  { { WIRE_CAPS, 0 }, FALSE, FALSE, "no caps" },
  { { WIRE_CAPS, WIRE_MAX_CAPS + 1 }, FALSE, FALSE, "long caps" },
  { { WIRE_FRAME, 1 }, TRUE, TRUE, "a byte" },
  { { WIRE_FRAME, 0 }, FALSE, FALSE, "no frame" },
  { { WIRE_FRAME, WIRE_MAX_FRAME + 1 }, TRUE, FALSE, "a large frame" },
  { { WIRE_FRAME, WIRE_MAX_PICTURE + 1 }, FALSE, FALSE, "a large picture" },
  { { WIRE_FRAME, G_MAXUINT32 }, FALSE, FALSE, "4 GB" },
  { { WIRE_END, 0 }, TRUE, TRUE, "the end" },
  { { WIRE_END, 1 }, FALSE, FALSE, "the end of something" },
  { { WIRE_PICTURE, sizeof (WirePicture) }, TRUE, FALSE, "a format" },
  { { WIRE_PICTURE, sizeof (WirePicture) - 1 }, FALSE, FALSE, "a short one" },
  { { WIRE_PICTURE + 1, 0 }, FALSE, FALSE, "an unknown kind" },
};

GST_START_TEST (a_header_has_the_direction_and_the_size_of_its_kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++) {
    ck_assert_msg (wire_is_reply (&headers[i].header) == headers[i].is_reply,
        "%s", headers[i].why);
    ck_assert_msg (wire_is_request (&headers[i].header) ==
            headers[i].is_request,
        "%s", headers[i].why);
  }
}
GST_END_TEST;

static WirePicture
new_picture (void)
{
  GstVideoInfo info;
  WirePicture picture;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, 1280, 720);
  info.fps_n = 30000;
  info.fps_d = 1001;
  gst_wire_picture_pack (&picture, &info);
  return picture;
}

/* As cameras on Windows have it. */
GST_START_TEST (any_frame_rate_arrives)
{
  WirePicture picture = new_picture ();
  GstVideoInfo info;

  picture.fps_n = 10000000;
  picture.fps_d = 333667;
  ck_assert (gst_wire_picture_unpack (&picture, &info));
  ck_assert_int_eq (info.fps_d, 333667);
}
GST_END_TEST;

GST_START_TEST (a_format_arrives_as_it_was_sent)
{
  WirePicture picture = new_picture ();
  GstVideoInfo info;

  ck_assert (gst_wire_picture_unpack (&picture, &info));
  ck_assert_int_eq (GST_VIDEO_INFO_FORMAT (&info), GST_VIDEO_FORMAT_I420);
  ck_assert_int_eq (info.width, 1280);
  ck_assert_int_eq (info.height, 720);
  ck_assert_int_eq (info.fps_n, 30000);
  ck_assert_int_eq (info.fps_d, 1001);
  ck_assert_uint_eq (GST_VIDEO_INFO_SIZE (&info), 1280 * 720 * 3 / 2);
}
GST_END_TEST;

/* Each of the numbers, one after the other. */
GST_START_TEST (no_number_of_a_format_may_be_out_of_range)
{
  for (guint i = 0; i < sizeof (WirePicture) / sizeof (guint32); i++) {
    WirePicture picture = new_picture ();
    GstVideoInfo info;

    ((guint32 *) &picture)[i] = G_MAXUINT32;
    ck_assert_msg (!gst_wire_picture_unpack (&picture, &info), "%u", i);
  }
}
GST_END_TEST;

GST_START_TEST (no_size_and_no_ratio_of_a_format_may_be_zero)
{
  WirePicture pictures[] = { new_picture (), new_picture (), new_picture (),
    new_picture (), new_picture () };
  GstVideoInfo info;

  pictures[0].width = 0;
  pictures[1].height = 0;
  pictures[2].par_n = 0;
  pictures[3].par_d = 0;
  pictures[4].fps_d = 0;
  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++)
    ck_assert_msg (!gst_wire_picture_unpack (&pictures[i], &info), "%u", i);
}
GST_END_TEST;

static Suite *
wire_suite (void)
{
  Suite *suite = suite_create ("wire");
  TCase *tcase = tcase_create ("wire");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_header_has_the_direction_and_the_size_of_its_kind);
  tcase_add_test (tcase, a_format_arrives_as_it_was_sent);
  tcase_add_test (tcase, any_frame_rate_arrives);
  tcase_add_test (tcase, no_number_of_a_format_may_be_out_of_range);
  tcase_add_test (tcase, no_size_and_no_ratio_of_a_format_may_be_zero);
  return suite;
}

GST_CHECK_MAIN (wire);
