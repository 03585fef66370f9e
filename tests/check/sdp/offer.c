/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Offers are parsed, and unusable ones rejected with a reason. */

#include "tests/support/browseroffer.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define BUNDLE BROWSER_OFFER_SESSION "a=group:BUNDLE 0 1\r\n"
#define TRANSPORT BROWSER_OFFER_TRANSPORT
#define VIDEO BROWSER_OFFER_VIDEO
#define AUDIO BROWSER_OFFER_AUDIO
#define DATA                                                                   \
  "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\n" TRANSPORT

static SdpOffer *
parse (const gchar *text, GError **error)
{
  return sdp_offer_parse (text, strlen (text), error);
}

static const struct
{
  const gchar *name, *ufrag, *fingerprint_start;
  guint n_sections;
} browsers[] = {
  { "chrome-android-2020", "Wafl", "sha-256 49:3C:", 3 },
  { "chrome-windows-2026-07", "SVBd", "sha-256 7A:DF:", 2 },
  { "chromium-102-webengine", "GGTz", "sha-256 68:BF:", 2 },
  { "chromium-156-linux", "MR/T", "sha-256 49:7A:", 2 },
  { "chromium-87-webengine", "8/0F", "sha-256 0D:86:", 2 },
  { "firefox-153-linux", "da72489b", "sha-256 F6:26:", 2 },
  { "firefox-153-no-h264", "c0efc4a0", "sha-256 5B:0A:", 2 },
  { "safari-26.5.2-macos", "A4sp", "sha-256 6E:52:", 3 },
  { "safari-macos-2020", "tPim", "sha-256 F8:18:", 3 },
};

GST_START_TEST (real_offers_are_parsed)
{
  for (guint i = 0; i < G_N_ELEMENTS (browsers); i++) {
    g_autofree gchar *text = browser_offer_load (browsers[i].name);
    g_autoptr (GError) error = NULL;
    g_autoptr (SdpOffer) offer = parse (text, &error);

    ck_assert_msg (offer != NULL, "%s: %s", browsers[i].name,
        error ? error->message : "");
    ck_assert_uint_eq (sdp_offer_n_sections (offer), browsers[i].n_sections);
    ck_assert_uint_eq (sdp_offer_bundle (offer)->len, browsers[i].n_sections);
    ck_assert_str_eq (sdp_offer_ice_ufrag (offer), browsers[i].ufrag);
    ck_assert_msg (g_str_has_prefix (sdp_offer_fingerprint (offer),
                       browsers[i].fingerprint_start),
        "%s", browsers[i].name);
  }
}
GST_END_TEST;

static const struct
{
  const gchar *why, *text;
} usable[] = {
  { "transport in each m-section", BUNDLE VIDEO TRANSPORT AUDIO TRANSPORT },
  { "transport in the session", BUNDLE TRANSPORT VIDEO AUDIO },
  { "transport in the first of the bundle", BUNDLE VIDEO TRANSPORT AUDIO },
  { "a data channel comes first in the bundle",
      BROWSER_OFFER_SESSION "a=group:BUNDLE 2 0 1\r\n" DATA VIDEO AUDIO },
  { "video alone, bundled with itself",
      BROWSER_OFFER_SESSION "a=group:BUNDLE 0\r\n" VIDEO TRANSPORT },
  { "audio alone, no group", BROWSER_OFFER_SESSION AUDIO TRANSPORT },
  { "a group with an unknown mid",
      BROWSER_OFFER_SESSION "a=group:BUNDLE 0 7 1\r\n" VIDEO TRANSPORT AUDIO },
  { "an m-section outside the group needs no transport",
      BROWSER_OFFER_SESSION "a=group:BUNDLE 0\r\n" VIDEO TRANSPORT AUDIO
                            "a=setup:passive\r\n" },
  { "LF alone",
      "v=0\nm=audio 9 UDP/TLS/RTP/SAVPF 0\na=ice-ufrag:abcd\n"
      "a=ice-pwd:0123456789abcdefghijkl\na=rtcp-mux\n"
      "a=fingerprint:sha-256 F6:26:B0:DD:0D:BF:7D:07:3C:C5:96:A6:ED:"
      "B1:69:75:89:2D:3F:DD:3B:FC:68:4E:28:FD:1C:C1:BF:58:16:AD\n" },
};

GST_START_TEST (the_transport_is_found_in_several_places)
{
  for (guint i = 0; i < G_N_ELEMENTS (usable); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (SdpOffer) offer = parse (usable[i].text, &error);

    ck_assert_msg (offer != NULL, "%s: %s", usable[i].why,
        error ? error->message : "");
    ck_assert_msg (strcmp (sdp_offer_ice_ufrag (offer), "abcd") == 0, "%s",
        usable[i].why);
    ck_assert_msg (g_str_has_prefix (sdp_offer_fingerprint (offer),
                       "sha-256 F6:26:"),
        "%s", usable[i].why);
  }
}
GST_END_TEST;

static const struct
{
  SdpError code;
  const gchar *words; /* part of the message */
  const gchar *text;
} errors[] = {
  { SDP_ERROR_MALFORMED, "line 1", "" },
  { SDP_ERROR_MALFORMED, "line 1", "<html>" },
  { SDP_ERROR_MALFORMED, "line 1: SDP begins with v=0", "o=- 1 2 IN\r\n" },
  { SDP_ERROR_MALFORMED, "line 1: SDP begins with v=0", "v=1\r\n" },
  { SDP_ERROR_MALFORMED, "no m= line", BROWSER_OFFER_SESSION },
  { SDP_ERROR_MALFORMED, "line 5: not of the form",
      BROWSER_OFFER_SESSION "hello\r\n" },
  { SDP_ERROR_MALFORMED, "line 13: a=mid",
      BROWSER_OFFER_SESSION VIDEO "m=audio 9 RTP/AVP 0\r\na=mid:a b\r\n" },
  { SDP_ERROR_MALFORMED, "two m-sections with the mid \"0\"",
      BUNDLE TRANSPORT VIDEO VIDEO },
  { SDP_ERROR_NO_BUNDLE, "BUNDLE",
      BROWSER_OFFER_SESSION TRANSPORT VIDEO AUDIO },
  { SDP_ERROR_NO_ICE, "a=ice-ufrag", BUNDLE VIDEO AUDIO },
  { SDP_ERROR_NO_ICE, "a=ice-pwd", BUNDLE "a=ice-ufrag:abcd\r\n" VIDEO AUDIO },
  { SDP_ERROR_NO_FINGERPRINT, "a=fingerprint",
      BUNDLE "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijkl\r\n"
             "a=fingerprint:sha-1 00:11\r\n" VIDEO AUDIO },
  { SDP_ERROR_NO_RTCP_MUX, "a=rtcp-mux",
      BROWSER_OFFER_SESSION TRANSPORT "m=audio 9 RTP/SAVPF 0\r\n" },
  { SDP_ERROR_ICE_LITE, "a=ice-lite",
      BUNDLE TRANSPORT "a=ice-lite\r\n" VIDEO AUDIO },
  { SDP_ERROR_SETUP, "a=setup",
      BUNDLE "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijkl\r\n"
             "a=fingerprint:sha-256 F6:26:B0:DD:0D:BF:7D:07:3C:C5:96:A6:ED:B1:"
             "69:75:89:2D:3F:DD:3B:FC:68:4E:28:FD:1C:C1:BF:58:16:AD\r\n"
             "a=setup:passive\r\n" VIDEO AUDIO },
  { SDP_ERROR_NO_MEDIA, "no audio or video over DTLS-SRTP",
      BROWSER_OFFER_SESSION TRANSPORT "m=audio 9 RTP/AVP 0\r\n" },
  { SDP_ERROR_NO_MEDIA, "no audio or video over DTLS-SRTP",
      BROWSER_OFFER_SESSION DATA },
};

GST_START_TEST (unusable_offers_are_rejected_with_a_reason)
{
  for (guint i = 0; i < G_N_ELEMENTS (errors); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (SdpOffer) offer = parse (errors[i].text, &error);

    ck_assert_msg (offer == NULL, "row %u", i);
    ck_assert_msg (g_error_matches (error, SDP_ERROR, errors[i].code),
        "row %u: %s", i, error->message);
    ck_assert_msg (strstr (error->message, errors[i].words) != NULL,
        "row %u: %s", i, error->message);
  }
}
GST_END_TEST;

GST_START_TEST (a_nul_and_too_many_bytes_are_rejected)
{
  g_autofree gchar *large = g_malloc (SDP_OFFER_MAX_BYTES + 1);
  g_autoptr (GError) error = NULL;

  ck_assert (sdp_offer_parse ("v=0\0\r\n", 6, NULL) == NULL);
  memset (large, '\n', SDP_OFFER_MAX_BYTES + 1);
  ck_assert (sdp_offer_parse (large, SDP_OFFER_MAX_BYTES + 1, &error) == NULL);
  ck_assert (g_error_matches (error, SDP_ERROR, SDP_ERROR_MALFORMED));
}
GST_END_TEST;

GST_START_TEST (m_sections_are_limited_in_number)
{
  GString *text = g_string_new (BROWSER_OFFER_SESSION TRANSPORT);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i <= SDP_OFFER_MAX_SECTIONS; i++)
    g_string_append (text, "m=audio 9 RTP/SAVPF 0\r\n");
  ck_assert (parse (text->str, &error) == NULL);
  ck_assert (strstr (error->message, "too many m= lines") != NULL);
  g_string_free (text, TRUE);
}
GST_END_TEST;

static Suite *
offer_suite (void)
{
  Suite *suite = suite_create ("offer");
  TCase *tcase = tcase_create ("offer");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, real_offers_are_parsed);
  tcase_add_test (tcase, the_transport_is_found_in_several_places);
  tcase_add_test (tcase, unusable_offers_are_rejected_with_a_reason);
  tcase_add_test (tcase, a_nul_and_too_many_bytes_are_rejected);
  tcase_add_test (tcase, m_sections_are_limited_in_number);
  return suite;
}

GST_CHECK_MAIN (offer);
