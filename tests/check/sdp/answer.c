/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Answers to real offers, and to modified ones. */

#include "tests/support/answering.h"
#include "tests/support/browseroffer.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define BUNDLE BROWSER_OFFER_SESSION "a=group:BUNDLE 0 1\r\n"
#define TRANSPORT BROWSER_OFFER_TRANSPORT
#define VIDEO BROWSER_OFFER_VIDEO
#define AUDIO BROWSER_OFFER_AUDIO

#define CONSTRAINED_BASELINE 0x42c01f
#define MAIN 0x4d4028
#define HIGH 0x640028

static const gchar *const no_address[] = { NULL };

static SdpAnswerParams
params_with (guint32 profile_level_id)
{
  const SdpCheckFacts facts = { "H264", "OPUS", profile_level_id };

  return answering_params (&facts);
}

static SdpAnswer *
answer (const gchar *text, const SdpAnswerParams *params, GError **error)
{
  g_autoptr (SdpOffer) offer = sdp_offer_parse (text, strlen (text), error);

  return offer == NULL ? NULL : sdp_answer_new (offer, params, error);
}

/* Answers an offer, and has the answer checked. */
static SdpAnswer *
right_answer (const gchar *text, const SdpAnswerParams *params)
{
  const SdpCheckFacts facts = { params->video.encoding_name,
    params->audio.encoding_name, params->video.profile_level_id };
  g_autoptr (GError) error = NULL;
  g_autofree gchar *broken = NULL;
  SdpAnswer *given = answer (text, params, &error);

  ck_assert_msg (given != NULL, "%s", error ? error->message : "");
  broken = sdp_check_answer (text, strlen (text), given->text, &facts);
  ck_assert_msg (broken == NULL, "%s\n%s", broken, given->text);
  return given;
}

static gboolean
has_line (const SdpAnswer *self, const gchar *line)
{
  g_auto (GStrv) lines = g_strsplit (self->text, "\r\n", -1);

  return g_strv_contains ((const gchar *const *) lines, line);
}

static const struct
{
  const gchar *browser;
  guint32 source;
  guint8 pt;
  const gchar *profile_level_id;
  guint8 playout_delay_id, audio_pt;
} choices[] = {
  { "chromium-156-linux", 0, 108, "42e01f", 5, 111 },
  { "chromium-156-linux", CONSTRAINED_BASELINE, 108, "42e01f", 5, 111 },
  { "chromium-156-linux", 0x42001e, 102, "42001f", 5, 111 },
  { "chromium-156-linux", MAIN, 116, "4d001f", 5, 111 },
  { "chromium-156-linux", HIGH, 116, "4d001f", 5, 111 },
  { "chromium-156-linux", 0xf4001f, 41, "f4001f", 5, 111 },
  { "chromium-102-webengine", HIGH, 123, "4d001f", 5, 111 },
  { "chromium-87-webengine", HIGH, 125, "42e01f", 5, 111 },
  { "chrome-windows-2026-07", HIGH, 119, "64001f", 5, 111 },
  { "chrome-windows-2026-07", CONSTRAINED_BASELINE, 109, "42e01f", 5, 111 },
  { "chrome-android-2020", HIGH, 108, "640015", 12, 111 },
  { "chrome-android-2020", MAIN, 106, "4d0015", 12, 111 },
  { "firefox-153-linux", CONSTRAINED_BASELINE, 126, "42e01f", 6, 109 },
  { "firefox-153-linux", 0x42001e, 105, "42001f", 6, 109 },
  { "firefox-153-linux", HIGH, 126, "42e01f", 6, 109 },
  { "safari-26.5.2-macos", HIGH, 96, "640c1f", 5, 111 },
  { "safari-26.5.2-macos", MAIN, 96, "640c1f", 5, 111 },
  { "safari-26.5.2-macos", 0, 98, "42e01f", 5, 111 },
  { "safari-macos-2020", CONSTRAINED_BASELINE, 98, "42e01f", 12, 111 },
};

GST_START_TEST (each_browser_gets_the_payload_type_nearest_to_the_stream)
{
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++) {
    g_autofree gchar *text = browser_offer_load (choices[i].browser);
    SdpAnswerParams params = params_with (choices[i].source);
    g_autoptr (SdpAnswer) given = right_answer (text, &params);
    g_autofree gchar *fmtp =
        g_strdup_printf ("a=fmtp:%u "
                         "level-asymmetry-allowed=1;packetization-mode=1;"
                         "profile-level-id=%s",
            choices[i].pt, choices[i].profile_level_id);

    ck_assert_msg (given->video.pt == choices[i].pt, "%s %06x: %u",
        choices[i].browser, choices[i].source, given->video.pt);
    ck_assert_msg (has_line (given, fmtp), "%s", fmtp);
    ck_assert_uint_eq (given->video.playout_delay_id,
        choices[i].playout_delay_id);
    ck_assert_uint_eq (given->audio.pt, choices[i].audio_pt);
    ck_assert_uint_eq (given->audio.playout_delay_id, 0);
  }
}
GST_END_TEST;

GST_START_TEST (the_negotiated_values_are_returned)
{
  g_autofree gchar *text = browser_offer_load ("firefox-153-linux");
  SdpAnswerParams params = params_with (0);
  g_autoptr (SdpAnswer) given = right_answer (text, &params);

  ck_assert (given->video.is_accepted && given->audio.is_accepted);
  ck_assert_str_eq (given->video.mid, "0");
  ck_assert_str_eq (given->audio.mid, "1");
  ck_assert_str_eq (given->video.encoding_name, "H264");
  ck_assert_str_eq (given->audio.encoding_name, "OPUS");
  ck_assert_uint_eq (given->video.clock_rate, 90000);
  ck_assert_uint_eq (given->audio.clock_rate, 48000);
  ck_assert_uint_eq (given->video.abs_capture_time_id, 0);
  ck_assert (!given->video.has_rcvr_rtt);
}
GST_END_TEST;

GST_START_TEST (rcvr_rtt_and_abs_capture_time_are_answered_if_offered)
{
  static const gchar offer[] = BUNDLE TRANSPORT VIDEO
      "a=rtcp-xr:rcvr-rtt=all voip-metrics\r\n"
      "a=extmap:7 http://www.webrtc.org/experiments/rtp-hdrext/"
      "abs-capture-time\r\n" AUDIO;
  SdpAnswerParams params = params_with (0);
  g_autoptr (SdpAnswer) given = right_answer (offer, &params);

  ck_assert (given->video.has_rcvr_rtt);
  ck_assert (!given->audio.has_rcvr_rtt);
  ck_assert_uint_eq (given->video.abs_capture_time_id, 7);
  ck_assert_uint_eq (given->audio.abs_capture_time_id, 0);
}
GST_END_TEST;

GST_START_TEST (a_codec_that_the_browser_lacks_is_named)
{
  g_autofree gchar *text = browser_offer_load ("chromium-156-linux");
  SdpAnswerParams params = params_with (0);
  g_autoptr (GError) error = NULL;

  params.video.encoding_name = "H265";
  ck_assert (answer (text, &params, &error) == NULL);
  ck_assert (g_error_matches (error, SDP_ERROR, SDP_ERROR_NO_VIDEO_CODEC));
  ck_assert_msg (strstr (error->message, "H.265") != NULL, "%s",
      error->message);
}
GST_END_TEST;

GST_START_TEST (an_offer_with_h265_gets_h265)
{
  g_autofree gchar *text = browser_offer_load ("safari-26.5.2-macos");
  SdpAnswerParams params = params_with (0);
  g_autoptr (SdpAnswer) given = NULL;

  params.video.encoding_name = "H265";
  given = right_answer (text, &params);
  ck_assert_msg (strstr (given->text, "a=rtpmap:35 H265/90000\r\n") != NULL,
      "%s", given->text);
}
GST_END_TEST;

static const gchar *const chromium_lines[] = {
  "o=- 42 1 IN IP4 127.0.0.1",
  "a=group:BUNDLE 0 1",
  "a=extmap-allow-mixed",
  "a=ice-lite",
  "m=video 8080 UDP/TLS/RTP/SAVPF 108 109",
  "a=rtpmap:109 rtx/90000",
  "a=fmtp:109 apt=108",
  "a=ssrc-group:FID 286331153 858993459",
  "a=ssrc:858993459 cname:gateway",
  "a=rtcp-xr:rcvr-rtt=all",
  "m=audio 8080 UDP/TLS/RTP/SAVPF 111",
  "c=IN IP4 192.168.1.2",
  "a=candidate:1 1 udp 2130706431 192.168.1.2 8080 typ host",
  "a=candidate:2 1 udp 2130706175 fd00::1 8080 typ host",
  "a=end-of-candidates",
  "a=ice-ufrag:ouruf",
  "a=ice-pwd:our0123456789abcdefghijk",
  ("a=fingerprint:sha-256 AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:"
   "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99"),
  "a=setup:passive",
  "a=sendonly",
  "a=rtcp-mux",
  "a=rtcp-rsize",
  "a=rtpmap:108 H264/90000",
  "a=rtcp-fb:108 nack",
  "a=rtcp-fb:108 nack pli",
  "a=rtcp-fb:108 ccm fir",
  "a=rtpmap:111 opus/48000/2",
  "a=fmtp:111 minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1",
  "a=msid:stream video",
  "a=msid:stream audio",
  "a=ssrc:286331153 cname:gateway",
  "a=ssrc:572662306 msid:stream audio",
};

GST_START_TEST (an_answer_has_everything_that_chromium_needs)
{
  g_autofree gchar *text = browser_offer_load ("chromium-156-linux");
  SdpAnswerParams params = params_with (0);
  g_autoptr (SdpAnswer) given = right_answer (text, &params);

  for (guint i = 0; i < G_N_ELEMENTS (chromium_lines); i++)
    ck_assert_msg (has_line (given, chromium_lines[i]), "%s\n%s",
        chromium_lines[i], given->text);
  ck_assert (strstr (given->text, "transport-cc") == NULL);
  ck_assert (strstr (given->text, "goog-remb") == NULL);
  /* Only in the audio section: where there is RTX, a rule removes it. */
  ck_assert (
      strstr (given->text, "sdes:mid") > strstr (given->text, "m=audio"));
  ck_assert (strstr (given->text, "sprop-parameter-sets") == NULL);
}
GST_END_TEST;

GST_START_TEST (an_extension_that_firefox_receives_is_answered_sendonly)
{
  g_autofree gchar *text = browser_offer_load ("firefox-153-linux");
  SdpAnswerParams params = params_with (0);
  g_autoptr (SdpAnswer) given = right_answer (text, &params);

  ck_assert (has_line (given,
      "a=extmap:6/sendonly "
      "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"));
}
GST_END_TEST;

GST_START_TEST (a_data_channel_is_rejected_and_not_bundled)
{
  g_autofree gchar *text = browser_offer_load ("safari-26.5.2-macos");
  SdpAnswerParams params = params_with (0);
  g_autoptr (SdpAnswer) given = right_answer (text, &params);

  ck_assert (has_line (given, "a=group:BUNDLE 0 1"));
  ck_assert (
      has_line (given, "m=application 0 UDP/DTLS/SCTP webrtc-datachannel"));
}
GST_END_TEST;

GST_START_TEST (without_addresses_there_are_no_candidates)
{
  SdpAnswerParams params = params_with (0);
  g_autoptr (SdpAnswer) given = NULL;

  params.addresses = no_address;
  given = right_answer (BUNDLE TRANSPORT VIDEO AUDIO, &params);
  ck_assert (has_line (given, "m=video 9 UDP/TLS/RTP/SAVPF 108"));
  ck_assert (strstr (given->text, "a=candidate:") == NULL);
}
GST_END_TEST;

static const struct
{
  const gchar *why, *text;
  gboolean has_video, has_audio;
} parts[] = {
  { "both", BUNDLE TRANSPORT VIDEO AUDIO, TRUE, TRUE },
  { "audio first", BUNDLE TRANSPORT AUDIO VIDEO, TRUE, TRUE },
  { "video alone", BUNDLE TRANSPORT VIDEO, TRUE, FALSE },
  { "audio alone", BUNDLE TRANSPORT AUDIO, FALSE, TRUE },
  { "no group", BROWSER_OFFER_SESSION TRANSPORT VIDEO, TRUE, FALSE },
  { "audio outside the group",
      BROWSER_OFFER_SESSION "a=group:BUNDLE 0\r\n" TRANSPORT VIDEO AUDIO, TRUE,
      FALSE },
  { "a second video",
      BROWSER_OFFER_SESSION "a=group:BUNDLE 0 1 2\r\n" TRANSPORT VIDEO AUDIO
                            "m=video 9 UDP/TLS/RTP/SAVPF 108\r\na=mid:2\r\n"
                            "a=recvonly\r\na=rtcp-mux\r\n"
                            "a=rtpmap:108 H264/90000\r\n"
                            "a=fmtp:108 packetization-mode=1\r\n",
      TRUE, TRUE },
  { "a camera to send precedes the video to receive",
      BROWSER_OFFER_SESSION
      "a=group:BUNDLE 2 0\r\n" TRANSPORT "m=video 9 UDP/TLS/RTP/SAVPF "
      "108\r\na=mid:2\r\na=sendonly\r\na=rtcp-mux\r\n" VIDEO,
      TRUE, FALSE },
  { "bundle-only audio",
      BUNDLE VIDEO TRANSPORT
      "m=audio 0 UDP/TLS/RTP/SAVPF 0\r\na=mid:1\r\na=bundle-only\r\n",
      TRUE, FALSE /* the stream's audio is Opus */ },
  { "bundle-only video",
      BROWSER_OFFER_SESSION
      "a=group:BUNDLE 1 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF "
      "0\r\na=mid:1\r\na=rtcp-mux\r\n"
      "a=sendonly\r\n" TRANSPORT
      "m=video 0 UDP/TLS/RTP/SAVPF 108\r\na=mid:0\r\na=bundle-only\r\n"
      "a=rtpmap:108 H264/90000\r\n"
      "a=fmtp:108 packetization-mode=1\r\n",
      TRUE, FALSE },
  { "rejected audio",
      BUNDLE TRANSPORT VIDEO "m=audio 0 UDP/TLS/RTP/SAVPF 0\r\na=mid:1\r\n",
      TRUE, FALSE },
  { "rejected video",
      BUNDLE TRANSPORT "m=video 0 UDP/TLS/RTP/SAVPF 108\r\na=mid:0\r\n" AUDIO,
      FALSE, TRUE },
};

GST_START_TEST (usable_m_sections_are_served_and_the_others_rejected)
{
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    SdpAnswerParams params = params_with (0);
    g_autoptr (SdpAnswer) given = right_answer (parts[i].text, &params);

    ck_assert_msg (given->video.is_accepted == parts[i].has_video, "%s",
        parts[i].why);
    ck_assert_msg (given->audio.is_accepted == parts[i].has_audio, "%s",
        parts[i].why);
  }
}
GST_END_TEST;

GST_START_TEST (the_bundle_keeps_the_order_of_the_offer)
{
  SdpAnswerParams params = params_with (0);
  g_autoptr (SdpAnswer) given = right_answer (BROWSER_OFFER_SESSION
      "a=group:BUNDLE 1 0\r\n" TRANSPORT VIDEO AUDIO,
      &params);

  ck_assert (has_line (given, "a=group:BUNDLE 1 0"));
}
GST_END_TEST;

static const struct
{
  const gchar *encoding_name;
  guint8 pt;
  guint clock_rate;
} audio_sources[] = {
  { NULL, 111, 48000 },
  { "OPUS", 111, 48000 },
  { "PCMU", 0, 8000 },
  { "PCMA", 8, 8000 },
};

GST_START_TEST (audio_is_answered_with_the_streams_codec)
{
  for (guint i = 0; i < G_N_ELEMENTS (audio_sources); i++) {
    g_autofree gchar *text = browser_offer_load ("chromium-156-linux");
    SdpAnswerParams params = params_with (0);
    g_autoptr (SdpAnswer) given = NULL;

    params.audio.encoding_name = audio_sources[i].encoding_name;
    given = right_answer (text, &params);
    ck_assert_uint_eq (given->audio.pt, audio_sources[i].pt);
    ck_assert_uint_eq (given->audio.clock_rate, audio_sources[i].clock_rate);
  }
}
GST_END_TEST;

GST_START_TEST (fec_is_answered_only_if_it_is_offered)
{
  SdpAnswerParams params = params_with (0);
  g_autoptr (SdpAnswer) given =
      right_answer (BUNDLE TRANSPORT VIDEO AUDIO, &params);

  ck_assert (
      has_line (given, "a=fmtp:111 minptime=10;stereo=1;sprop-stereo=1"));
}
GST_END_TEST;

#define BAD_VIDEO(lines)                                                       \
  BUNDLE TRANSPORT "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n"             \
                   "a=rtcp-mux\r\na=rtpmap:96 " lines AUDIO

static const struct
{
  SdpError code;
  const gchar *words, *text;
} errors[] = {
  { SDP_ERROR_NO_VIDEO_CODEC, "This browser offers no H.264",
      BAD_VIDEO ("VP8/90000\r\n") },
  { SDP_ERROR_NO_VIDEO_CODEC, "This browser offers no H.264",
      BAD_VIDEO ("H264/90000\r\na=fmtp:96 profile-level-id=oops;"
                 "packetization-mode=1\r\n") },
  { SDP_ERROR_PACKETIZATION_MODE, "packetization mode 0 only",
      BAD_VIDEO ("H264/90000\r\n") },
  { SDP_ERROR_PACKETIZATION_MODE, "packetization mode 0 only",
      BAD_VIDEO ("H264/90000\r\na=fmtp:96 profile-level-id=42e01f\r\n") },
  /* Of two m-sections, the better match gives the reason. */
  { SDP_ERROR_PACKETIZATION_MODE, "packetization mode 0 only",
      BROWSER_OFFER_SESSION
      "a=group:BUNDLE 0 1\r\n" TRANSPORT
      "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=rtcp-mux\r\n"
      "a=rtpmap:96 H264/90000\r\n"
      "m=video 9 UDP/TLS/RTP/SAVPF 97\r\na=mid:1\r\na=rtcp-mux\r\n"
      "a=rtpmap:97 VP8/90000\r\n" },
  { SDP_ERROR_NO_AUDIO_CODEC, "no audio codec",
      BUNDLE TRANSPORT "m=audio 9 UDP/TLS/RTP/SAVPF 9\r\na=mid:1\r\n"
                       "a=rtcp-mux\r\n" },
  { SDP_ERROR_DIRECTION, "a=recvonly",
      BUNDLE TRANSPORT "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n"
                       "a=sendonly\r\na=rtcp-mux\r\n" },
  { SDP_ERROR_DIRECTION, "a=recvonly",
      BUNDLE TRANSPORT "a=inactive\r\n"
                       "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n"
                       "a=rtcp-mux\r\n" },
};

GST_START_TEST (an_offer_that_cannot_be_served_gets_a_reason)
{
  for (guint i = 0; i < G_N_ELEMENTS (errors); i++) {
    SdpAnswerParams params = params_with (0);
    g_autoptr (GError) error = NULL;

    ck_assert (answer (errors[i].text, &params, &error) == NULL);
    ck_assert_msg (g_error_matches (error, SDP_ERROR, errors[i].code),
        "row %u: %s", i, error->message);
    ck_assert_msg (strstr (error->message, errors[i].words) != NULL,
        "row %u: %s", i, error->message);
  }
}
GST_END_TEST;

GST_START_TEST (a_new_firefox_without_h264_gets_advice)
{
  g_autofree gchar *text = browser_offer_load ("firefox-153-no-h264");
  SdpAnswerParams params = params_with (0);
  g_autoptr (GError) error = NULL;

  params.video.encoding_name = NULL;
  ck_assert (answer (text, &params, &error) == NULL);
  ck_assert (g_error_matches (error, SDP_ERROR, SDP_ERROR_NO_VIDEO_CODEC));
  ck_assert (g_str_has_prefix (error->message, "This browser offers no H.264"));
  ck_assert (strstr (error->message, "reload") != NULL);
}
GST_END_TEST;

static const struct
{
  const gchar *what, *with, *rule;
} forgeries[] = {
  { "a=sendonly", "a=sendrecv", "is sendonly" },
  { "a=setup:passive", "a=setup:active", "passive" },
  { "a=mid:1", "a=mid:2", "mid" },
  { "SAVPF 108", "SAVPF 96", "what it did in the offer" },
  { "SAVPF 108", "SAVPF 66", "every format was offered" },
  { "a=extmap:5 ", "a=extmap:6 ", "every extension" },
  { "profile-level-id=42e01f", "profile-level-id=42e034",
      "is the offered one" },
  { "packetization-mode=1", "packetization-mode=0", "configuration" },
  { "a=rtcp-fb:108 nack pli", "a=rtcp-fb:108 ack", "every feedback" },
  { "a=group:BUNDLE 0 1", "a=group:BUNDLE 0", "group" },
  { "a=group:BUNDLE 0 1", "a=group:BUNDLE 1 0", "first eligible m-section" },
  { "a=group:BUNDLE 0 1\r\n", "", "are bundled" },
  { "m=audio 8080", "m=audio 0", "group" },
  { "a=rtcp-mux\r\n", "", "rtcp-mux" },
  { "a=ice-lite\r\n", "", "ICE-lite" },
  { "a=end-of-candidates\r\n", "", "complete" },
  { "1 udp ", "2 udp ", "component 1" },
  { "a=msid:stream audio", "a=msid:other audio", "MediaStream" },
  { "a=msid:stream audio\r\n", "", "exactly one msid" },
  { "apt=108", "apt=108&", "configuration" },
  { "apt=108", "apt=107", "is for an answered one" },
  { "SAVPF 108 109", "SAVPF 108", "a format of the m= line" },
  { "rtx/90000", "rtx/48000", "what it did in the offer" },
  { "a=ssrc-group:FID 286331153 858993459\r\n", "", "source of their own" },
  { "a=ssrc-group:FID 286331153 858993459", "a=ssrc-group:FID 1 1", "differ" },
  { "a=ssrc:858993459 cname:gateway\r\n", "", "has a cname" },
  { "a=ssrc:572662306 cname:", "a=ssrc:286331153 cname:", "one medium" },
  { "a=ssrc:286331153 cname", "a=ssrc:0 cname", "has an SSRC" },
  { "a=ice-ufrag:ouruf", "a=ice-ufrag:our", "ice-chars" },
  { "a=ice-pwd:our", "a=ice-pwd:our ", "ice-chars" },
  { "a=ice-ufrag:ouruf", "a=ice-ufrag:other", "one transport" },
  { "a=fingerprint:sha-256 AA:", "a=fingerprint:sha-256 aa:", "hex digits" },
  { "a=rtcp-mux", "a=bundle-only\r\na=rtcp-mux", "no bundle-only" },
  { "c=IN IP4 192.168.1.2\r\n", "", "c= follows m=" },
  { "192.168.1.2 8080 typ", "gateway.lan 8080 typ", "literal address" },
  { " 8080 typ host", " 0 typ host", "port and a priority" },
  { "a=ice-options:trickle", "a=ice-options:renomination", "ICE option" },
  { "a=ice-lite\r\n", "a=ice-lite\r\na=group:LS 0 1\r\n", "lip sync" },
  { "a=ice-lite\r\n", "b=AS:1\r\na=ice-lite\r\n", "in this order" },
  { "o=- 42 1 IN", "o=- 42 IN", "six words" },
  { "t=0 0", "t=0 1", "t=0 0" },
  { "a=extmap:9 urn:ietf:params:rtp-hdrext:sdes:mid\r\n", "", "sdes:mid" },
  { "m=audio", "m=video", "keep their order" },
  { "UDP/TLS/RTP/SAVPF 108", "UDP/TLS/RTP/SAVP 108", "the protocol" },
  { "a=fmtp:111 ", "a=fmtp:112 ", "a format of the m= line" },
  { "t=0 0\r\n", "\r\n", "a line" },
  { "a=sendonly\r\n", "a=sendonly\n", "a line" },
};

static gchar *
replace_first (const gchar *text, const gchar *what, const gchar *with)
{
  g_auto (GStrv) halves = g_strsplit (text, what, 2);

  ck_assert_msg (halves[1] != NULL, "%s", what);
  return g_strconcat (halves[0], with, halves[1], NULL);
}

GST_START_TEST (the_checker_detects_each_violation)
{
  const SdpCheckFacts facts = { "H264", "OPUS", 0 };
  g_autofree gchar *text = browser_offer_load ("chromium-156-linux");
  SdpAnswerParams params = params_with (0);
  g_autoptr (SdpAnswer) given = right_answer (text, &params);

  for (guint i = 0; i < G_N_ELEMENTS (forgeries); i++) {
    g_autofree gchar *forged =
        replace_first (given->text, forgeries[i].what, forgeries[i].with);
    g_autofree gchar *broken =
        sdp_check_answer (text, strlen (text), forged, &facts);

    ck_assert_msg (broken != NULL, "%s", forgeries[i].what);
    ck_assert_msg (strstr (broken, forgeries[i].rule) != NULL, "%s: %s",
        forgeries[i].what, broken);
  }
}
GST_END_TEST;

static Suite *
answer_suite (void)
{
  Suite *suite = suite_create ("answer");
  TCase *tcase = tcase_create ("answer");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase,
      each_browser_gets_the_payload_type_nearest_to_the_stream);
  tcase_add_test (tcase, the_negotiated_values_are_returned);
  tcase_add_test (tcase, an_answer_has_everything_that_chromium_needs);
  tcase_add_test (tcase, rcvr_rtt_and_abs_capture_time_are_answered_if_offered);
  tcase_add_test (tcase, a_codec_that_the_browser_lacks_is_named);
  tcase_add_test (tcase, an_offer_with_h265_gets_h265);
  tcase_add_test (tcase,
      an_extension_that_firefox_receives_is_answered_sendonly);
  tcase_add_test (tcase, a_data_channel_is_rejected_and_not_bundled);
  tcase_add_test (tcase, without_addresses_there_are_no_candidates);
  tcase_add_test (tcase, usable_m_sections_are_served_and_the_others_rejected);
  tcase_add_test (tcase, the_bundle_keeps_the_order_of_the_offer);
  tcase_add_test (tcase, audio_is_answered_with_the_streams_codec);
  tcase_add_test (tcase, fec_is_answered_only_if_it_is_offered);
  tcase_add_test (tcase, an_offer_that_cannot_be_served_gets_a_reason);
  tcase_add_test (tcase, a_new_firefox_without_h264_gets_advice);
  tcase_add_test (tcase, the_checker_detects_each_violation);
  return suite;
}

GST_CHECK_MAIN (answer);
