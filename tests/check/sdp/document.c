/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A draft gives back what it was given, but for what was changed. */

#include "gst/sdp/document.h"
#include "gst/sdp/error.h"
#include "gst/sdp/section.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define TEXT                                                                   \
  "v=0\r\ns=-\r\na=setup:active\r\n"                                           \
  "m=audio 9 X 0\r\na=mid:0\r\n"                                               \
  "m=video 9 X 96 97\r\na=rtpmap:96 VP8/90000\r\na=fmtp:96 x=1\r\n"            \
  "a=rtpmap:97 VP9/90000\r\na=rtcp-fb:97 nack\r\na=rtcp-fb:* nack\r\n"

static SdpDocument *
draft_of (const gchar *text)
{
  g_autoptr (GError) error = NULL;
  SdpDocument *draft = sdp_document_new (text, &error);

  g_assert_no_error (error);
  return draft;
}

static void
assert_text (const SdpDocument *draft, const gchar *expected)
{
  g_autofree gchar *text = sdp_document_to_text (draft);

  ck_assert_str_eq (text, expected);
}

static const gchar *const texts[] = { TEXT, "v=0", "v=0\n", "v=0\r\ns=-\na=b",
  "v=0\r\na=\xc3\xa4 \t\r\n" };

GST_START_TEST (what_nobody_changes_comes_out_as_it_went_in)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (SdpDocument) draft = draft_of (texts[i]);

    assert_text (draft, texts[i]);
  }
}
GST_END_TEST;

GST_START_TEST (lines_can_be_changed_put_in_and_taken_out)
{
  g_autoptr (SdpDocument) draft = draft_of ("v=0\ns=-\nt=0 0");

  sdp_document_replace (draft, 1, "s=%u", 7);
  sdp_document_insert (draft, 3, "a=b");
  sdp_document_remove (draft, 0);
  assert_text (draft, "s=7\nt=0 0a=b\r\n");
  ck_assert_uint_eq (sdp_document_end_lines (draft), 2);
  assert_text (draft, "s=7\r\nt=0 0\r\na=b\r\n");
  ck_assert_uint_eq (sdp_document_end_lines (draft), 0);
}
GST_END_TEST;

GST_START_TEST (a_section_goes_from_its_m_line_to_the_next)
{
  g_autoptr (SdpDocument) draft = draft_of (TEXT);

  ck_assert_uint_eq (sdp_document_next_section (draft, 0), 3);
  ck_assert_uint_eq (sdp_document_next_section (draft, 4), 5);
  ck_assert_uint_eq (sdp_document_next_section (draft, 6), 11);
  ck_assert_uint_eq (sdp_document_section_of (draft, 2), 0);
  ck_assert_uint_eq (sdp_document_section_of (draft, 4), 3);
  ck_assert_str_eq (sdp_document_find (draft, 0, "a=setup:"), "active");
  ck_assert (sdp_document_find (draft, 3, "a=setup:") == NULL);
  ck_assert_str_eq (sdp_document_find (draft, 3, "a=mid:"), "0");
}
GST_END_TEST;

GST_START_TEST (formats_are_known_by_their_own_section)
{
  g_autoptr (SdpDocument) draft = draft_of (TEXT);

  ck_assert_int_eq (sdp_document_pt (draft, 7, "a=fmtp:"), 96);
  ck_assert_int_eq (sdp_document_pt (draft, 7, "a=rtpmap:"), -1);
  ck_assert_int_eq (sdp_document_pt (draft, 10, "a=rtcp-fb:"), -1);
  ck_assert (sdp_document_is_parameters_of (draft, 7, "vp8/90000"));
  ck_assert (!sdp_document_is_parameters_of (draft, 7, "VP9/90000"));
  ck_assert (!sdp_document_is_parameters_of (draft, 6, "VP8/90000"));
}
GST_END_TEST;

GST_START_TEST (a_format_goes_with_all_that_is_said_of_it)
{
  g_autoptr (SdpDocument) draft = draft_of (TEXT);
  gboolean is_kept[SDP_PT_MAX + 1] = { FALSE };

  is_kept[0] = is_kept[96] = TRUE;
  ck_assert (!sdp_document_keep_formats (draft, 3, is_kept));
  ck_assert (sdp_document_keep_formats (draft, 5, is_kept));
  assert_text (draft,
      "v=0\r\ns=-\r\na=setup:active\r\n"
      "m=audio 9 X 0\r\na=mid:0\r\n"
      "m=video 9 X 96\r\na=rtpmap:96 VP8/90000\r\na=fmtp:96 x=1\r\n"
      "a=rtcp-fb:* nack\r\n");
}
GST_END_TEST;

GST_START_TEST (there_is_a_limit_to_lines_and_bytes)
{
  g_autofree gchar *large = g_strnfill (SDP_DOCUMENT_MAX_BYTES + 1, 'v');
  GString *many = g_string_new ("v=0\n");
  g_autoptr (GError) bytes = NULL, lines = NULL;

  ck_assert (sdp_document_new (large, &bytes) == NULL);
  ck_assert (g_error_matches (bytes, SDP_ERROR, SDP_ERROR_MALFORMED));
  for (guint i = 0; i < SDP_DOCUMENT_MAX_LINES; i++)
    g_string_append (many, "a=b\n");
  ck_assert (sdp_document_new (many->str, &lines) == NULL);
  ck_assert (strstr (lines->message, "Line 8192: too many lines") != NULL);
  g_string_free (many, TRUE);
}
GST_END_TEST;

static Suite *
document_suite (void)
{
  Suite *suite = suite_create ("document");
  TCase *tcase = tcase_create ("draft");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, what_nobody_changes_comes_out_as_it_went_in);
  tcase_add_test (tcase, lines_can_be_changed_put_in_and_taken_out);
  tcase_add_test (tcase, a_section_goes_from_its_m_line_to_the_next);
  tcase_add_test (tcase, formats_are_known_by_their_own_section);
  tcase_add_test (tcase, a_format_goes_with_all_that_is_said_of_it);
  tcase_add_test (tcase, there_is_a_limit_to_lines_and_bytes);
  return suite;
}

GST_CHECK_MAIN (document);
