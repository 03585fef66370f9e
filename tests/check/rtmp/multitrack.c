/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each track of a message becomes the message that it would be on its own. */

#include "gst/rtmp/multitrack.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define BYTES(text) text, sizeof text - 1
#define MAX_TRACKS 3

typedef struct
{
  guint id;
  const gchar *data;
  gsize size;
  gboolean is_header;
} Single;

static const struct
{
  const gchar *why;
  RtmpMessageType type;
  const gchar *data;
  gsize size;
  Single singles[MAX_TRACKS];
  guint n_singles;
} messages[] = {
  { "nothing", RTMP_MESSAGE_VIDEO, BYTES (""), { { 0 } }, 0 },
  { "classic video", RTMP_MESSAGE_VIDEO, BYTES ("\x17\1\0\0\0xy"),
      { { 0, BYTES ("\x17\1\0\0\0xy"), FALSE } }, 1 },
  { "a classic header", RTMP_MESSAGE_VIDEO, BYTES ("\x17\0\0\0\0xy"),
      { { 0, BYTES ("\x17\0\0\0\0xy"), TRUE } }, 1 },
  { "a codec without a header", RTMP_MESSAGE_VIDEO, BYTES ("\x12\0x"),
      { { 0, BYTES ("\x12\0x"), FALSE } }, 1 },
  { "a classic audio header", RTMP_MESSAGE_AUDIO, BYTES ("\xaf\0xy"),
      { { 0, BYTES ("\xaf\0xy"), TRUE } }, 1 },
  { "MP3", RTMP_MESSAGE_AUDIO, BYTES ("\x2f\0xy"),
      { { 0, BYTES ("\x2f\0xy"), FALSE } }, 1 },
  { "enhanced video of one track", RTMP_MESSAGE_VIDEO, BYTES ("\x90hvc1xy"),
      { { 0, BYTES ("\x90hvc1xy"), TRUE } }, 1 },
  { "OBS's second rendition", RTMP_MESSAGE_VIDEO,
      BYTES ("\x96\1avc1\1\0\0\0xy"),
      { { 1,
          BYTES ("\x91"
                 "avc1\0\0\0xy"),
          FALSE } },
      1 },
  { "three tracks of one codec", RTMP_MESSAGE_VIDEO,
      BYTES ("\xa6\x10"
             "av01\0\0\0\1x\5\0\0\0\1\0\0\2yz"),
      { { 0,
            BYTES ("\xa0"
                   "av01x"),
            TRUE },
          { 5,
              BYTES ("\xa0"
                     "av01"),
              TRUE },
          { 1,
              BYTES ("\xa0"
                     "av01yz"),
              TRUE } },
      3 },
  { "two languages in two codecs", RTMP_MESSAGE_AUDIO,
      BYTES ("\x95\x21Opus\0\0\0\1xmp4a\1\0\0\1y"),
      { { 0, BYTES ("\x91Opusx"), FALSE }, { 1, BYTES ("\x91mp4ay"), FALSE } },
      2 },
  { "a modifier is left out", RTMP_MESSAGE_AUDIO,
      BYTES ("\x97\2\0\0\1\5\1Opus\2x"), { { 2, BYTES ("\x91Opusx"), FALSE } },
      1 },
  { "a truncated track is left out", RTMP_MESSAGE_VIDEO,
      BYTES ("\x96\x11"
             "avc1\1\0\0\1x\2\0\0\3y"),
      { { 1,
          BYTES ("\x91"
                 "avc1x"),
          FALSE } },
      1 },
  { "absurd", RTMP_MESSAGE_VIDEO, BYTES ("\x96\x66"), { { 0 } }, 0 },
};

static void
init (RtmpMessage *message, guint i)
{
  ck_assert (rtmp_message_init (message, messages[i].type, messages[i].size));
  message->time_ms = 5000;
  message->stream_id = 1;
  memcpy (rtmp_message_payload (message), messages[i].data, messages[i].size);
}

static void
check_single (const RtmpMultitrack *found, guint id, const Single *expected,
    const gchar *why)
{
  RtmpMessage single;

  ck_assert_msg (id == expected->id, "%s: %u", why, id);
  ck_assert_msg (rtmp_multitrack_is_sequence_header (found) ==
          expected->is_header,
      "%s", why);
  ck_assert (rtmp_multitrack_copy (found, &single));
  ck_assert_int_eq (single.type, found->message->type);
  ck_assert_uint_eq (single.time_ms, 5000);
  ck_assert_uint_eq (single.stream_id, 1);
  ck_assert_msg (single.size == expected->size, "%s", why);
  ck_assert_msg (memcmp (rtmp_message_payload (&single), expected->data,
                     expected->size) == 0,
      "%s", why);
  rtmp_message_clear (&single);
}

GST_START_TEST (each_track_becomes_a_message_of_its_own)
{
  for (guint i = 0; i < G_N_ELEMENTS (messages); i++) {
    const gchar *why = messages[i].why;
    RtmpMultitrack found;
    RtmpMessage message;
    guint n_singles = 0;
    guint id;

    init (&message, i);
    rtmp_multitrack_begin (&found, &message);
    while (rtmp_multitrack_next (&found, &id)) {
      ck_assert_msg (n_singles < messages[i].n_singles, "%s", why);
      check_single (&found, id, &messages[i].singles[n_singles++], why);
    }
    ck_assert_msg (n_singles == messages[i].n_singles, "%s: %u", why,
        n_singles);
    rtmp_message_clear (&message);
  }
}
GST_END_TEST;

static Suite *
multitrack_suite (void)
{
  Suite *suite = suite_create ("multitrack");
  TCase *tcase = tcase_create ("multitrack");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_track_becomes_a_message_of_its_own);
  return suite;
}

GST_CHECK_MAIN (multitrack);
