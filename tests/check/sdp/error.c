/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errors: stable names, and titles for people. */

#include "gst/sdp/error.h"

#include <gst/check/gstcheck.h>
#include <string.h>

/* Programs compare these names: rows are added, but never changed. */
static const struct
{
  SdpError code;
  const gchar *type;
} types[] = {
  { SDP_ERROR_MALFORMED, "malformed-offer" },
  { SDP_ERROR_NO_MEDIA, "no-media" },
  { SDP_ERROR_DIRECTION, "direction" },
  { SDP_ERROR_NO_VIDEO_CODEC, "no-video-codec" },
  { SDP_ERROR_NO_AUDIO_CODEC, "no-audio-codec" },
  { SDP_ERROR_PACKETIZATION_MODE, "packetization-mode" },
  { SDP_ERROR_NO_BUNDLE, "no-bundle" },
  { SDP_ERROR_NO_RTCP_MUX, "no-rtcp-mux" },
  { SDP_ERROR_NO_ICE, "no-ice" },
  { SDP_ERROR_ICE_LITE, "ice-lite" },
  { SDP_ERROR_NO_FINGERPRINT, "no-fingerprint" },
  { SDP_ERROR_SETUP, "setup" },
};

GST_START_TEST (each_error_has_a_stable_name)
{
  ck_assert_uint_eq (G_N_ELEMENTS (types), SDP_N_ERRORS);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    ck_assert_str_eq (sdp_error_type (types[i].code)->type, types[i].type);
}
GST_END_TEST;

GST_START_TEST (each_error_has_a_title_of_one_line)
{
  for (guint i = 0; i < SDP_N_ERRORS; i++) {
    const gchar *title = sdp_error_type (i)->title;

    ck_assert (g_ascii_isupper (title[0]));
    ck_assert_uint_le (strlen (title), 60);
    ck_assert (!g_str_has_suffix (title, "."));
  }
}
GST_END_TEST;

GST_START_TEST (an_error_has_a_message)
{
  g_autoptr (GError) error = NULL;

  ck_assert (!sdp_error_set (SDP_ERROR_SETUP, &error, "Line %u.", 7));
  ck_assert (g_error_matches (error, SDP_ERROR, SDP_ERROR_SETUP));
  ck_assert_str_eq (error->message, "Line 7.");
  ck_assert (!sdp_error_set (SDP_ERROR_SETUP, NULL, "Line %u.", 7));
}
GST_END_TEST;

static Suite *
error_suite (void)
{
  Suite *suite = suite_create ("error");
  TCase *tcase = tcase_create ("error");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_error_has_a_stable_name);
  tcase_add_test (tcase, each_error_has_a_title_of_one_line);
  tcase_add_test (tcase, an_error_has_a_message);
  return suite;
}

GST_CHECK_MAIN (error);
