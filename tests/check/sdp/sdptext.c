/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines and words of SDP, against RFC 8866. */

#include "gst/sdp/sdptext.h"

#include <gst/check/gstcheck.h>

static const struct
{
  const gchar *why, *text;
  guint n_lines;
  SdpTextResult last;
  guint number;
} texts[] = {
  { "CRLF", "v=0\r\ns=-\r\n", 2, SDP_TEXT_END, 3 },
  { "LF alone", "v=0\ns=-\n", 2, SDP_TEXT_END, 3 },
  { "no end of the last line", "v=0\r\ns=-", 2, SDP_TEXT_END, 2 },
  { "empty lines", "\r\nv=0\r\n\r\n\r\n", 1, SDP_TEXT_END, 5 },
  { "an empty value", "s=\r\n", 1, SDP_TEXT_END, 2 },
  { "nothing", "", 0, SDP_TEXT_END, 1 },
  { "blanks at the end", "v=0 \r\ns= \t \n", 2, SDP_TEXT_END, 3 },
  { "no =", "v=0\r\nhello\r\n", 1, SDP_TEXT_MALFORMED, 2 },
  { "a type that is not a letter", "v=0\r\n1=2\r\n", 1, SDP_TEXT_MALFORMED, 2 },
  { "CR inside", "v=0\r\na=b\rc\r\n", 1, SDP_TEXT_MALFORMED, 2 },
  { "one letter", "v", 0, SDP_TEXT_MALFORMED, 1 },
};

GST_START_TEST (text_is_split_into_lines)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree gchar *copy = g_strdup (texts[i].text);
    SdpTextResult result;
    guint n_lines = 0;
    SdpText text;

    sdp_text_init (&text, copy);
    while ((result = sdp_text_next (&text)) == SDP_TEXT_LINE)
      n_lines++;
    ck_assert_msg (result == texts[i].last, "%s", texts[i].why);
    ck_assert_msg (n_lines == texts[i].n_lines, "%s", texts[i].why);
    ck_assert_msg (text.number == texts[i].number, "%s: line %u", texts[i].why,
        text.number);
  }
}
GST_END_TEST;

GST_START_TEST (a_line_has_a_type_a_value_and_a_number)
{
  gchar copy[] = "v=0\r\na=mid:0\r\n";
  SdpText text;

  sdp_text_init (&text, copy);
  sdp_text_next (&text);
  ck_assert_int_eq (sdp_text_next (&text), SDP_TEXT_LINE);
  ck_assert_int_eq (text.type, 'a');
  ck_assert_str_eq (text.value, "mid:0");
  ck_assert_uint_eq (text.number, 2);
}
GST_END_TEST;

GST_START_TEST (words_are_split_off_one_by_one)
{
  gchar copy[] = "video 9 ";
  gchar *rest = copy;

  ck_assert_str_eq (sdp_text_cut (&rest, ' '), "video");
  ck_assert_str_eq (sdp_text_cut (&rest, ' '), "9");
  ck_assert_str_eq (sdp_text_cut (&rest, ' '), "");
  ck_assert (sdp_text_cut (&rest, ' ') == NULL);
}
GST_END_TEST;

GST_START_TEST (a_token_has_no_separators)
{
  ck_assert (sdp_text_is_token ("video0-_+"));
  ck_assert (!sdp_text_is_token (""));
  ck_assert (!sdp_text_is_token ("a b"));
  ck_assert (!sdp_text_is_token ("a/b"));
  ck_assert (!sdp_text_is_token ("a:b"));
  ck_assert (!sdp_text_is_token ("a\xc3\xa4"));
}
GST_END_TEST;

static const struct
{
  const gchar *word;
  guint max;
  gint64 number; /* -1: none */
} numbers[] = {
  { "0", 127, 0 },
  { "127", 127, 127 },
  { "128", 127, -1 },
  { "00", 127, -1 },
  { "007", 127, -1 },
  { "", 127, -1 },
  { "-1", 127, -1 },
  { "+1", 127, -1 },
  { " 1", 127, -1 },
  { "1x", 127, -1 },
  { "4294967295", G_MAXUINT, 4294967295 },
  { "4294967296", G_MAXUINT, -1 },
  { "99999999999999999999", G_MAXUINT, -1 },
};

GST_START_TEST (a_number_is_digits_within_its_limit)
{
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    guint number = 0;
    gboolean is_number =
        sdp_text_read_number (numbers[i].word, numbers[i].max, &number);

    ck_assert_msg (is_number == (numbers[i].number >= 0), "\"%s\"",
        numbers[i].word);
    if (is_number)
      ck_assert_uint_eq (number, numbers[i].number);
  }
}
GST_END_TEST;

static const struct
{
  const gchar *parameters, *value;
} parameters[] = {
  { "packetization-mode=1", "1" },
  { "profile-level-id=42e01f;packetization-mode=1", "1" },
  { "profile-level-id=42e01f; packetization-mode = 1 ;x", "1" },
  { "Packetization-Mode=0", "0" },
  { "x-packetization-mode=1", NULL },
  { "packetization-mode-x=1", NULL },
  { "=1;packetization-mode=", "" },
  { "packetization-mode", NULL },
  { "0-15", NULL },
  { "", NULL },
};

GST_START_TEST (a_parameter_is_found_by_its_name)
{
  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++) {
    SdpParameter found;
    gboolean is_there = sdp_text_find_parameter (parameters[i].parameters,
        "packetization-mode", &found);

    ck_assert_msg (is_there == (parameters[i].value != NULL), "\"%s\"",
        parameters[i].parameters);
    if (is_there)
      ck_assert_msg (sdp_parameter_is (&found, parameters[i].value), "\"%s\"",
          parameters[i].parameters);
  }
}
GST_END_TEST;

static Suite *
sdptext_suite (void)
{
  Suite *suite = suite_create ("sdptext");
  TCase *tcase = tcase_create ("sdptext");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, text_is_split_into_lines);
  tcase_add_test (tcase, a_line_has_a_type_a_value_and_a_number);
  tcase_add_test (tcase, words_are_split_off_one_by_one);
  tcase_add_test (tcase, a_token_has_no_separators);
  tcase_add_test (tcase, a_number_is_digits_within_its_limit);
  tcase_add_test (tcase, a_parameter_is_found_by_its_name);
  return suite;
}

GST_CHECK_MAIN (sdptext);
