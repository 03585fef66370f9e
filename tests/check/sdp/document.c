/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A document keeps the original text, except for what is changed. */

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
document_of (const gchar *text)
{
  g_autoptr (GError) error = NULL;
  SdpDocument *document = sdp_document_new (text, &error);

  g_assert_no_error (error);
  return document;
}

static void
assert_text (const SdpDocument *document, const gchar *expected)
{
  g_autofree gchar *text = sdp_document_to_text (document);

  ck_assert_str_eq (text, expected);
}

static const gchar *const texts[] = { TEXT, "v=0", "v=0\n", "v=0\r\ns=-\na=b",
  "v=0\r\na=\xc3\xa4 \t\r\n" };

GST_START_TEST (unchanged_text_is_kept_byte_for_byte)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (SdpDocument) document = document_of (texts[i]);

    assert_text (document, texts[i]);
  }
}
GST_END_TEST;

GST_START_TEST (lines_can_be_replaced_inserted_and_removed)
{
  g_autoptr (SdpDocument) document = document_of ("v=0\ns=-\nt=0 0");

  sdp_document_replace (document, 1, "s=%u", 7);
  sdp_document_insert (document, 3, "a=b");
  sdp_document_remove (document, 0);
  assert_text (document, "s=7\nt=0 0a=b\r\n");
  ck_assert_uint_eq (sdp_document_end_lines (document), 2);
  assert_text (document, "s=7\r\nt=0 0\r\na=b\r\n");
  ck_assert_uint_eq (sdp_document_end_lines (document), 0);
}
GST_END_TEST;

GST_START_TEST (a_section_goes_from_its_m_line_to_the_next)
{
  g_autoptr (SdpDocument) document = document_of (TEXT);

  ck_assert_uint_eq (sdp_document_next_section (document, 0), 3);
  ck_assert_uint_eq (sdp_document_next_section (document, 4), 5);
  ck_assert_uint_eq (sdp_document_next_section (document, 6), 11);
  ck_assert_uint_eq (sdp_document_section_of (document, 2), 0);
  ck_assert_uint_eq (sdp_document_section_of (document, 4), 3);
  ck_assert_str_eq (sdp_document_find (document, 0, "a=setup:"), "active");
  ck_assert (sdp_document_find (document, 3, "a=setup:") == NULL);
  ck_assert_str_eq (sdp_document_find (document, 3, "a=mid:"), "0");
}
GST_END_TEST;

GST_START_TEST (formats_belong_to_their_section)
{
  g_autoptr (SdpDocument) document = document_of (TEXT);

  ck_assert_int_eq (sdp_document_pt (document, 7, "a=fmtp:"), 96);
  ck_assert_int_eq (sdp_document_pt (document, 7, "a=rtpmap:"), -1);
  ck_assert_int_eq (sdp_document_pt (document, 10, "a=rtcp-fb:"), -1);
  ck_assert (sdp_document_is_parameters_of (document, 7, "vp8/90000"));
  ck_assert (!sdp_document_is_parameters_of (document, 7, "VP9/90000"));
  ck_assert (!sdp_document_is_parameters_of (document, 6, "VP8/90000"));
}
GST_END_TEST;

GST_START_TEST (a_format_is_removed_with_its_attributes)
{
  g_autoptr (SdpDocument) document = document_of (TEXT);
  gboolean is_kept[SDP_PT_MAX + 1] = { FALSE };

  is_kept[0] = is_kept[96] = TRUE;
  ck_assert (!sdp_document_keep_formats (document, 3, is_kept));
  ck_assert (sdp_document_keep_formats (document, 5, is_kept));
  assert_text (document,
      "v=0\r\ns=-\r\na=setup:active\r\n"
      "m=audio 9 X 0\r\na=mid:0\r\n"
      "m=video 9 X 96\r\na=rtpmap:96 VP8/90000\r\na=fmtp:96 x=1\r\n"
      "a=rtcp-fb:* nack\r\n");
}
GST_END_TEST;

GST_START_TEST (lines_and_bytes_are_limited)
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
  TCase *tcase = tcase_create ("document");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, unchanged_text_is_kept_byte_for_byte);
  tcase_add_test (tcase, lines_can_be_replaced_inserted_and_removed);
  tcase_add_test (tcase, a_section_goes_from_its_m_line_to_the_next);
  tcase_add_test (tcase, formats_belong_to_their_section);
  tcase_add_test (tcase, a_format_is_removed_with_its_attributes);
  tcase_add_test (tcase, lines_and_bytes_are_limited);
  return suite;
}

GST_CHECK_MAIN (document);
