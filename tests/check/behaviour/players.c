/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each known player with each stream: it is answered according to the RFCs, or
 * rejected for a valid reason. The offers in the folder "made" are written from
 * what is known of the players; the others are captured. */

#include "tests/support/answering.h"
#include "tests/support/browseroffer.h"

#include <gst/check/gstcheck.h>
#include <string.h>

/* The streams' video, with a letter for the table below. */
static const struct
{
  gchar letter;
  const gchar *encoding_name;
  guint32 profile_level_id;
} videos[] = {
  { 'b', "H264", 0x42c01f },
  { 'm', "H264", 0x4d4028 },
  { 'h', "H264", 0x640028 },
  { '5', "H265", 0 },
  { '8', "VP8", 0 },
  { '9', "VP9", 0 },
  { '1', "AV1", 0 },
};

/* Likewise, their audio. */
static const struct
{
  gchar letter;
  const gchar *encoding_name;
} audios[] = {
  { 'o', "OPUS" },
  { 'a', "PCMA" },
  { 'u', "PCMU" },
};

/* What each player is served, and why not the rest. A stream whose video is
 * served plays without its audio, but not the other way round, except for
 * players that do not want video. */
static const struct
{
  const gchar *name, *videos, *audios, *rejection;
} players[] = {
  { "chrome-android-2020", "bmh89", "oau", "no-video-codec" },
  { "chrome-windows-2026-07", "bmh891", "oau", "no-video-codec" },
  { "chromium-102-webengine", "bmh891", "oau", "no-video-codec" },
  { "chromium-156-linux", "bmh891", "oau", "no-video-codec" },
  { "chromium-87-webengine", "bmh89", "oau", "no-video-codec" },
  { "firefox-153-linux", "bmh891", "oau", "no-video-codec" },
  { "firefox-153-no-h264", "891", "oau", "no-video-codec" },
  { "safari-26.5.2-macos", "bmh589", "oau", "no-video-codec" },
  { "safari-macos-2020", "bmh8", "oau", "no-video-codec" },
  { "made/aiortc", "bmh8", "oau", "no-video-codec" },
  { "made/chrome-audio-first", "bmh891", "oau", "no-video-codec" },
  { "made/chrome-audio-only", "", "oau", "no-audio-codec" },
  { "made/chrome-data-first-two-videos", "bmh891", "oau", "no-video-codec" },
  { "made/chrome-data-only", "", "", "no-media" },
  { "made/chrome-lf-and-blanks", "bmh891", "oau", "no-video-codec" },
  { "made/chrome-long-mids", "bmh891", "oau", "no-video-codec" },
  { "made/chrome-macos-2020", "bmh8", "oau", "no-video-codec" },
  { "made/chrome-plan-b", "bmh891", "oau", "no-video-codec" },
  { "made/chrome-reserved-ids", "bmh891", "oau", "no-video-codec" },
  { "made/chrome-simulcast-sendrecv", "bmh891", "oau", "no-video-codec" },
  { "made/chrome-two-byte-ids", "bmh891", "oau", "no-video-codec" },
  { "made/chrome-video-only", "bmh891", "", "no-video-codec" },
  { "made/chrome-windows-hevc", "bmh5891", "oau", "no-video-codec" },
  { "made/chromium-no-h264", "891", "oau", "no-video-codec" },
  { "made/firefox-46", "bmh8", "oau", "no-video-codec" },
  { "made/firefox-android-136", "bmh89", "oau", "no-video-codec" },
  { "made/firefox-android-74", "89", "oau", "no-video-codec" },
  { "made/firefox-bundle-only", "bmh89", "oau", "no-video-codec" },
  { "made/firefox-mode-0", "89", "oau", "packetization-mode" },
  { "made/firefox-talkback-bundle-only", "bmh89", "", "no-video-codec" },
  { "made/ice-lite", "", "", "ice-lite" },
  { "made/libdatachannel", "bmh", "o", "no-video-codec" },
  { "made/mixed-case", "bmh", "o", "no-video-codec" },
  { "made/no-ice", "", "", "no-ice" },
  { "made/no-rtcp-mux", "", "", "no-rtcp-mux" },
  { "made/pion", "bmh8", "oau", "no-video-codec" },
  { "made/publisher-sendonly", "", "", "direction" },
  { "made/safari-audio-first-2025", "bmh58", "oau", "no-video-codec" },
  { "made/safari-ios-2025", "bmh5891", "oau", "no-video-codec" },
  { "made/sdes-srtp", "", "", "no-fingerprint" },
  { "made/setup-passive", "", "", "setup" },
  { "made/sha-1-only", "", "", "no-fingerprint" },
  { "made/sip-phone", "", "", "no-media" },
  { "made/webrtcbin", "bmh", "o", "no-video-codec" },
  { "made/webrtcbin-no-bundle", "", "", "no-bundle" },
};

static void
assert_play (guint player, const gchar *text, guint video, guint audio)
{
  const SdpCheckFacts facts = { videos[video].encoding_name,
    audios[audio].encoding_name, videos[video].profile_level_id };
  const gchar *name = players[player].name;
  gboolean has_video =
      strchr (players[player].videos, videos[video].letter) != NULL;
  gboolean has_audio =
      strchr (players[player].audios, audios[audio].letter) != NULL;
  gboolean is_audio_only = strcmp (name, "made/chrome-audio-only") == 0;
  g_auto (Answering) answering = { 0 };

  answering_init (&answering, text, strlen (text), &facts);
  ck_assert_msg (answering.breaches == NULL, "%s, %s %06x, %s: %s\n%s", name,
      facts.video, facts.profile_level_id, facts.audio, answering.breaches,
      answering.answer != NULL ? answering.answer->text : "");
  if (answering.answer == NULL) {
    ck_assert_msg (!has_video && !(is_audio_only && has_audio),
        "%s, %s: rejected for %s", name, facts.video, answering.rejection);
    /* The packetization mode only concerns H.264. */
    if (strcmp (facts.video, "H264") == 0 ||
        strcmp (players[player].rejection, "packetization-mode") != 0)
      ck_assert_str_eq (answering.rejection, players[player].rejection);
    return;
  }
  ck_assert_msg (answering.answer->video.is_accepted == has_video,
      "%s: video %s", name, facts.video);
  ck_assert_msg (answering.answer->audio.is_accepted == has_audio,
      "%s: audio %s", name, facts.audio);
}

GST_START_TEST (each_player_is_served_what_it_can_play_or_gets_the_reason)
{
  const gchar *name = players[__i__].name;
  g_autofree gchar *text = browser_offer_load (name);

  for (guint video = 0; video < G_N_ELEMENTS (videos); video++) {
    for (guint audio = 0; audio < G_N_ELEMENTS (audios); audio++)
      assert_play (__i__, text, video, audio);
  }
}
GST_END_TEST;

/* So that no offer in the folder is left out. */
GST_START_TEST (each_offer_of_the_folder_is_in_the_table)
{
  static const gchar *const folders[] = { "", "made/" };
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autofree gchar *path =
        g_build_filename (g_getenv ("SUPPORT_DIR"), "offers", folders[i], NULL);
    g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

    for (const gchar *file; (file = g_dir_read_name (dir)) != NULL;)
      n += g_str_has_suffix (file, ".sdp");
  }
  ck_assert_uint_eq (n, G_N_ELEMENTS (players));
}
GST_END_TEST;

static Suite *
players_suite (void)
{
  Suite *suite = suite_create ("players");
  TCase *tcase = tcase_create ("players");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase,
      each_player_is_served_what_it_can_play_or_gets_the_reason, 0,
      G_N_ELEMENTS (players));
  tcase_add_test (tcase, each_offer_of_the_folder_is_in_the_table);
  return suite;
}

GST_CHECK_MAIN (players);
