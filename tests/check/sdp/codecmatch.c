/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* In real offers, each track gets the format that it needs, or a reason. */

#include "gst/sdp/codecmatch.h"
#include "tests/support/browseroffer.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static SdpOffer *
load_offer (const gchar *browser)
{
  g_autofree gchar *text = browser_offer_load (browser);
  SdpOffer *offer = sdp_offer_parse (text, strlen (text), NULL);

  ck_assert (offer != NULL);
  return offer;
}

static SdpCodecMatch
video_of (const SdpOffer *offer, const SdpSource *source)
{
  SdpCodecMatch match;

  sdp_codec_match_init (&match, "video", source, "H264", offer);
  return match;
}

static const struct
{
  const gchar *browser;
  guint8 pt, rtx_pt;
} retransmissions[] = {
  { "chromium-156-linux", 108, 109 },
  { "firefox-153-linux", 126, 127 },
  { "safari-26.5.2-macos", 98, 99 },
};

GST_START_TEST (the_rtx_format_is_the_one_whose_apt_names_the_video)
{
  for (guint i = 0; i < G_N_ELEMENTS (retransmissions); i++) {
    g_autoptr (SdpOffer) offer = load_offer (retransmissions[i].browser);
    SdpSource source = { "H264", 0x42c01f, 1, 2 };
    SdpCodecMatch match = video_of (offer, &source);

    ck_assert_int_eq (match.outcome, SDP_SERVED);
    ck_assert_uint_eq (match.format->pt, retransmissions[i].pt);
    ck_assert_uint_eq (match.rtx->pt, retransmissions[i].rtx_pt);

    source.rtx_ssrc = 0;
    match = video_of (offer, &source);
    ck_assert (match.rtx == NULL);
  }
}
GST_END_TEST;

static const struct
{
  const gchar *apt;
  gboolean is_rtx;
} associations[] = {
  { "apt=108", TRUE },
  { "rtx-time=200; apt=108", TRUE },
  { "apt=108&", FALSE },
  { "apt=108 ", TRUE },
  { "apt=0108", FALSE },
  { "apt= +108", FALSE },
  { "apt=4294967404", FALSE },
  { "apt=", FALSE },
  { "apt", FALSE },
};

GST_START_TEST (an_apt_must_be_exactly_the_payload_type)
{
  for (guint i = 0; i < G_N_ELEMENTS (associations); i++) {
    g_autofree gchar *text =
        g_strdup_printf (BROWSER_OFFER_SESSION BROWSER_OFFER_TRANSPORT
            "m=video 9 UDP/TLS/RTP/SAVPF 108 109\r\n"
            "a=mid:0\r\na=rtcp-mux\r\n"
            "a=rtpmap:108 H264/90000\r\n"
            "a=fmtp:108 packetization-mode=1\r\n"
            "a=rtcp-fb:108 nack\r\n"
            "a=rtpmap:109 rtx/90000\r\n"
            "a=fmtp:109 %s\r\n",
            associations[i].apt);
    g_autoptr (SdpOffer) offer = sdp_offer_parse (text, strlen (text), NULL);
    SdpSource source = { "H264", 0, 1, 2 };
    SdpCodecMatch match = video_of (offer, &source);

    ck_assert_msg ((match.rtx != NULL) == associations[i].is_rtx, "%s",
        associations[i].apt);
  }
}
GST_END_TEST;

static const struct
{
  const gchar *encoding_name, *browser;
  guint8 pt;
} video_sources[] = {
  { "VP8", "chromium-156-linux", 96 },
  { "VP9", "chromium-156-linux", 98 },
  { "AV1", "chromium-156-linux", 45 },
  { "VP8", "firefox-153-linux", 120 },
  { "VP9", "firefox-153-linux", 121 },
  { "AV1", "firefox-153-linux", 99 },
  { "H265", "safari-26.5.2-macos", 35 },
};

GST_START_TEST (video_is_matched_by_the_streams_codec)
{
  for (guint i = 0; i < G_N_ELEMENTS (video_sources); i++) {
    g_autoptr (SdpOffer) offer = load_offer (video_sources[i].browser);
    SdpSource source = { video_sources[i].encoding_name, 0, 1, 2 };
    SdpCodecMatch match = video_of (offer, &source);

    ck_assert_msg (match.outcome == SDP_SERVED &&
            match.format->pt == video_sources[i].pt,
        "%s of %s", video_sources[i].encoding_name, video_sources[i].browser);
    ck_assert_str_eq (match.codec->encoding_name,
        video_sources[i].encoding_name);
  }
}
GST_END_TEST;

GST_START_TEST (a_missing_codec_has_a_name)
{
  g_autoptr (SdpOffer) offer = load_offer ("chromium-156-linux");
  SdpSource source = { "H265", 0, 1, 2 };
  SdpCodecMatch match = video_of (offer, &source);

  ck_assert_int_eq (match.outcome, SDP_NO_CODEC);
  ck_assert_str_eq (sdp_codec_match_codec_name (&match), "H.265");
  source.encoding_name = "MPEG4";
  match = video_of (offer, &source);
  ck_assert_int_eq (match.outcome, SDP_NO_CODEC);
  ck_assert_str_eq (sdp_codec_match_codec_name (&match), "such");
}
GST_END_TEST;

static Suite *
codecmatch_suite (void)
{
  Suite *suite = suite_create ("codecmatch");
  TCase *tcase = tcase_create ("codecmatch");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_rtx_format_is_the_one_whose_apt_names_the_video);
  tcase_add_test (tcase, an_apt_must_be_exactly_the_payload_type);
  tcase_add_test (tcase, video_is_matched_by_the_streams_codec);
  tcase_add_test (tcase, a_missing_codec_has_a_name);
  return suite;
}

GST_CHECK_MAIN (codecmatch);
