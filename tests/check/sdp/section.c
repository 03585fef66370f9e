/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One m-section, line by line. */

#include "gst/sdp/section.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define SHA256                                                                 \
  "F6:26:B0:DD:0D:BF:7D:07:3C:C5:96:A6:ED:B1:69:75:89:2D:3F:DD:3B:FC:68:4E:"   \
  "28:"                                                                        \
  "FD:1C:C1:BF:58:16:AD"
#define OTHER_SHA256                                                           \
  "00:26:B0:DD:0D:BF:7D:07:3C:C5:96:A6:ED:B1:69:75:89:2D:3F:DD:3B:FC:68:4E:"   \
  "28:"                                                                        \
  "FD:1C:C1:BF:58:16:AD"
#define PLAYOUT_DELAY                                                          \
  "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"
#define CAPTURE_TIME                                                           \
  "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time"

/* A section whose lines are separated by "|"; the first is the m= line. */
typedef struct
{
  gchar *text;
  SdpSection section;
  const gchar *why; /* of the last line */
} Reader;

static void
reader_init (Reader *self, const gchar *lines)
{
  gchar *line, *rest;

  memset (self, 0, sizeof (*self));
  self->text = rest = g_strdup (lines);
  line = strsep (&rest, "|");
  self->why = sdp_section_begin (&self->section, line);
  while (self->why == NULL && (line = strsep (&rest, "|")) != NULL)
    self->why = sdp_section_read (&self->section, line);
}

static void
reader_clear (Reader *self)
{
  sdp_section_clear (&self->section);
  g_free (self->text);
}

static const SdpFormat *
format_at (const Reader *self, guint index)
{
  return &g_array_index (self->section.formats, SdpFormat, index);
}

#define VIDEO "video 9 UDP/TLS/RTP/SAVPF 96 97"

static const struct
{
  gboolean is_right;
  const gchar *lines;
} sections[] = {
  { TRUE, VIDEO },
  { TRUE, "video 0 UDP/TLS/RTP/SAVPF 96 " },
  { TRUE, "application 9 UDP/DTLS/SCTP webrtc-datachannel" },
  { FALSE, "video 9 UDP/TLS/RTP/SAVPF" },
  { FALSE, "video 9" },
  { FALSE, "" },
  { FALSE, "video 65536 UDP/TLS/RTP/SAVPF 96" },
  { FALSE, "video x UDP/TLS/RTP/SAVPF 96" },
  { FALSE, "video 9 UDP//SAVPF 96" },
  { FALSE, "video 9 UDP/TLS/RTP/SAVPF 128" },
  { FALSE, "video 9 UDP/TLS/RTP/SAVPF vp8" },
  { FALSE, "vi\"deo 9 UDP/TLS/RTP/SAVPF 96" },
  { TRUE, VIDEO "|mid:0" },
  { TRUE, VIDEO "|mid:{0f9b5a57-3a2a-4e7c-8e0a-0c1b2d3e4f50}" },
  { FALSE,
      VIDEO "|mid:0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab"
            "cdefg" },
  { FALSE, VIDEO "|mid:" },
  { FALSE, VIDEO "|mid" },
  { FALSE, VIDEO "|mid:a b" },
  { TRUE, VIDEO "|mid:0|mid:0" },
  { FALSE, VIDEO "|mid:0|mid:1" },
  { TRUE, VIDEO "|ice-ufrag:aB3+|ice-ufrag:aB3+" },
  { FALSE, VIDEO "|ice-ufrag:aB3" },
  { FALSE, VIDEO "|ice-ufrag:aB3:" },
  { FALSE, VIDEO "|ice-ufrag:aaaa|ice-ufrag:bbbb" },
  { TRUE, VIDEO "|ice-pwd:0123456789012345678901" },
  { FALSE, VIDEO "|ice-pwd:012345678901234567890" },
  { TRUE, VIDEO "|fingerprint:sha-256 " SHA256 },
  { TRUE, VIDEO "|fingerprint:SHA-256 " SHA256 },
  { TRUE, VIDEO "|fingerprint:sha-1 00:11" },
  { FALSE, VIDEO "|fingerprint:sha-256 " SHA256 ":00" },
  { FALSE, VIDEO "|fingerprint:sha-256 00:11" },
  { TRUE, VIDEO "|rtpmap:96 VP8/90000|rtpmap:96 vp8/90000/1" },
  { FALSE, VIDEO "|rtpmap:96 VP8/90000|rtpmap:96 VP9/90000" },
  { TRUE, VIDEO "|rtpmap:100 VP8/90000" },
  { FALSE, VIDEO "|rtpmap:96 VP8" },
  { FALSE, VIDEO "|rtpmap:96" },
  { FALSE, VIDEO "|rtpmap:96 VP8/0x90" },
  { FALSE, VIDEO "|rtpmap:96 VP8/90000/2/3" },
  { FALSE, VIDEO "|rtpmap:256 VP8/90000" },
  { FALSE, VIDEO "|fmtp:96" },
  { FALSE, VIDEO "|fmtp:96 a=1|fmtp:96 a=2" },
  { FALSE, VIDEO "|rtcp-fb:x nack" },
  { TRUE, VIDEO "|rtcp-fb:* nack" },
  { TRUE, VIDEO "|rtcp-fb:96 goog-remb" },
  { FALSE, VIDEO "|extmap:5" },
  { FALSE, VIDEO "|extmap:5/sideways " PLAYOUT_DELAY },
  { FALSE, VIDEO "|extmap:5 " PLAYOUT_DELAY "|extmap:5 " CAPTURE_TIME },
  { TRUE, VIDEO "|extmap:4096 " PLAYOUT_DELAY },
  { TRUE, VIDEO "|extmap:4294967295 urn:x" },
  { FALSE, VIDEO "|extmap:5& " PLAYOUT_DELAY },
  { FALSE, VIDEO "|recvonly|sendonly" },
  { TRUE, VIDEO "|recvonly|recvonly" },
  { TRUE, VIDEO "|unheard-of:x" },
  { TRUE, VIDEO "|setup:holdconn" },
  { FALSE, VIDEO "|setup" },
};

GST_START_TEST (lines_that_contradict_the_rfcs_are_rejected)
{
  for (guint i = 0; i < G_N_ELEMENTS (sections); i++) {
    Reader reader;

    reader_init (&reader, sections[i].lines);
    ck_assert_msg ((reader.why == NULL) == sections[i].is_right, "%s: %s",
        sections[i].lines, reader.why);
    reader_clear (&reader);
  }
}
GST_END_TEST;

GST_START_TEST (the_first_supported_fingerprint_counts)
{
  Reader reader;

  reader_init (&reader,
      VIDEO "|fingerprint:sha-1 00:11|fingerprint:sha-256 " SHA256
            "|fingerprint:sha-256 " OTHER_SHA256);
  ck_assert_msg (reader.why == NULL, "%s", reader.why);
  ck_assert_str_eq (reader.section.transport.fingerprint, "sha-256 " SHA256);
  reader_clear (&reader);
}
GST_END_TEST;

GST_START_TEST (a_flag_has_no_value)
{
  Reader flags, others;

  reader_init (&flags, VIDEO "|rtcp-mux|rtcp-rsize|bundle-only|ice-lite");
  ck_assert (flags.section.transport.has_rtcp_mux);
  ck_assert (flags.section.has_rtcp_rsize && flags.section.is_bundle_only);
  ck_assert (flags.section.is_ice_lite);
  reader_init (&others, VIDEO "|rtcp-mux:x|rtcp-mux-only|recvonly:|ice-lite:");
  ck_assert (!others.section.transport.has_rtcp_mux);
  ck_assert (!others.section.is_ice_lite);
  ck_assert_int_eq (others.section.direction, SDP_DIRECTION_UNSET);
  reader_clear (&flags);
  reader_clear (&others);
}
GST_END_TEST;

GST_START_TEST (formats_keep_the_order_of_the_m_line)
{
  Reader reader;

  /* Firefox writes a=fmtp before a=rtpmap. */
  reader_init (&reader,
      VIDEO "|fmtp:97 packetization-mode=1|rtpmap:97 H264/90000"
            "|rtcp-fb:* nack|rtcp-fb:97 nack pli|rtpmap:96 VP8/90000");
  ck_assert_uint_eq (reader.section.formats->len, 2);
  ck_assert_uint_eq (format_at (&reader, 0)->pt, 96);
  ck_assert_str_eq (format_at (&reader, 1)->encoding_name, "H264");
  ck_assert_uint_eq (format_at (&reader, 1)->clock_rate, 90000);
  ck_assert_str_eq (format_at (&reader, 1)->parameters, "packetization-mode=1");
  ck_assert_int_eq (format_at (&reader, 0)->feedback, SDP_NACK);
  ck_assert_int_eq (format_at (&reader, 1)->feedback, SDP_NACK | SDP_NACK_PLI);
  reader_clear (&reader);
}
GST_END_TEST;

GST_START_TEST (g711_needs_no_rtpmap)
{
  SdpSection session = { 0 };
  Reader reader;

  reader_init (&reader, "audio 9 UDP/TLS/RTP/SAVPF 8 0 9");
  sdp_section_inherit (&reader.section, &session);
  ck_assert_str_eq (format_at (&reader, 0)->encoding_name, "PCMA");
  ck_assert_str_eq (format_at (&reader, 1)->encoding_name, "PCMU");
  ck_assert (format_at (&reader, 2)->encoding_name == NULL);
  reader_clear (&reader);
}
GST_END_TEST;

GST_START_TEST (an_extension_keeps_its_direction)
{
  Reader reader;

  reader_init (&reader,
      VIDEO "|extmap:6/recvonly " PLAYOUT_DELAY "|extmap:3 " CAPTURE_TIME
            "|extmap:15 urn:x|extmap:9 " PLAYOUT_DELAY);
  ck_assert_uint_eq (reader.section.extensions[SDP_PLAYOUT_DELAY].id, 6);
  ck_assert_int_eq (reader.section.extensions[SDP_PLAYOUT_DELAY].direction,
      SDP_RECVONLY);
  ck_assert_uint_eq (reader.section.extensions[SDP_ABS_CAPTURE_TIME].id, 3);
  reader_clear (&reader);
}
GST_END_TEST;

GST_START_TEST (an_extension_id_that_no_header_can_have_is_ignored)
{
  Reader reader;

  reader_init (&reader,
      VIDEO "|extmap:15 " PLAYOUT_DELAY "|extmap:256 " CAPTURE_TIME);
  ck_assert_uint_eq (reader.section.extensions[SDP_PLAYOUT_DELAY].id, 0);
  ck_assert_uint_eq (reader.section.extensions[SDP_ABS_CAPTURE_TIME].id, 0);
  reader_clear (&reader);
}
GST_END_TEST;

GST_START_TEST (missing_attributes_are_inherited_from_the_session)
{
  SdpSection session = { .direction = SDP_SENDONLY,
    .transport = { "sess", "pwd", "sha-256 x", "actpass", TRUE } };
  Reader reader;

  reader_init (&reader, VIDEO "|ice-ufrag:mine|recvonly");
  sdp_section_inherit (&reader.section, &session);
  ck_assert_str_eq (reader.section.transport.ice_ufrag, "mine");
  ck_assert_str_eq (reader.section.transport.ice_pwd, "pwd");
  ck_assert_str_eq (reader.section.transport.fingerprint, "sha-256 x");
  ck_assert_str_eq (reader.section.transport.setup, "actpass");
  ck_assert (reader.section.transport.has_rtcp_mux);
  ck_assert (sdp_section_receives (&reader.section));
  reader_clear (&reader);
}
GST_END_TEST;

GST_START_TEST (port_0_is_live_only_with_bundle_only)
{
  Reader rejected, bundle_only;

  reader_init (&rejected, "video 0 UDP/TLS/RTP/SAVPF 96");
  reader_init (&bundle_only, "video 0 UDP/TLS/RTP/SAVPF 96|bundle-only");
  ck_assert (!sdp_section_is_live (&rejected.section));
  ck_assert (sdp_section_is_live (&bundle_only.section));
  reader_clear (&rejected);
  reader_clear (&bundle_only);
}
GST_END_TEST;

static const struct
{
  const gchar *m_line;
  gboolean is_rtp;
} protocols[] = {
  { "video 9 UDP/TLS/RTP/SAVPF 96", TRUE },
  { "audio 9 UDP/TLS/RTP/SAVP 96", TRUE },
  { "audio 9 RTP/SAVPF 96", TRUE },
  { "audio 9 RTP/AVP 0", FALSE },
  { "text 9 UDP/TLS/RTP/SAVPF 96", FALSE },
  { "application 9 UDP/DTLS/SCTP webrtc-datachannel", FALSE },
};

GST_START_TEST (only_audio_and_video_over_srtp_can_be_served)
{
  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++) {
    Reader reader;

    reader_init (&reader, protocols[i].m_line);
    ck_assert_msg (reader.why == NULL, "%s", reader.why);
    ck_assert_msg (sdp_section_is_rtp (&reader.section) == protocols[i].is_rtp,
        "%s", protocols[i].m_line);
    reader_clear (&reader);
  }
}
GST_END_TEST;

static Suite *
section_suite (void)
{
  Suite *suite = suite_create ("section");
  TCase *tcase = tcase_create ("section");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, lines_that_contradict_the_rfcs_are_rejected);
  tcase_add_test (tcase, the_first_supported_fingerprint_counts);
  tcase_add_test (tcase, a_flag_has_no_value);
  tcase_add_test (tcase, formats_keep_the_order_of_the_m_line);
  tcase_add_test (tcase, g711_needs_no_rtpmap);
  tcase_add_test (tcase, an_extension_keeps_its_direction);
  tcase_add_test (tcase, an_extension_id_that_no_header_can_have_is_ignored);
  tcase_add_test (tcase, missing_attributes_are_inherited_from_the_session);
  tcase_add_test (tcase, port_0_is_live_only_with_bundle_only);
  tcase_add_test (tcase, only_audio_and_video_over_srtp_can_be_served);
  return suite;
}

GST_CHECK_MAIN (section);
