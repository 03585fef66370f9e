/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* FLV tags from messages. */

#include "gst/rtmp/flvtag.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define TEXT(text) text, sizeof text - 1
#define SET_DATA_FRAME "\x02\0\x0d@setDataFrame"

static const struct
{
  const gchar *why;
  guint8 type;
  guint32 time_ms;
  const gchar *payload;
  gsize payload_size;
  const gchar *tag; /* "" for none */
  gsize tag_size;
} tags[] = {
  { "video", RTMP_MESSAGE_VIDEO, 0x010203, TEXT ("\x17\1abc"),
      TEXT ("\x09\0\0\5\1\2\3\0\0\0\0\x17\1abc\0\0\0\x10") },
  { "a time of 32 bits", RTMP_MESSAGE_AUDIO, 0xfe010203, TEXT ("\xaf"),
      TEXT ("\x08\0\0\1\1\2\3\xfe\0\0\0\xaf\0\0\0\x0c") },
  { "an empty message", RTMP_MESSAGE_AUDIO, 0, TEXT (""), TEXT ("") },
  { "script data", RTMP_MESSAGE_DATA, 5, TEXT ("\x02\0\1x"),
      TEXT ("\x12\0\0\4\0\0\5\0\0\0\0\x02\0\1x\0\0\0\x0f") },
  { "@setDataFrame is stripped", RTMP_MESSAGE_DATA, 0,
      TEXT (SET_DATA_FRAME "\x02\0\1x"),
      TEXT ("\x12\0\0\4\0\0\0\0\0\0\0\x02\0\1x\0\0\0\x0f") },
  { "@setDataFrame alone", RTMP_MESSAGE_DATA, 0, TEXT (SET_DATA_FRAME),
      TEXT ("") },
  { "script data of the AMF3 type", RTMP_MESSAGE_DATA_AMF3, 0,
      TEXT ("\0" SET_DATA_FRAME "\x02\0\1x"),
      TEXT ("\x12\0\0\4\0\0\0\0\0\0\0\x02\0\1x\0\0\0\x0f") },
  { "video that only looks like @setDataFrame", RTMP_MESSAGE_VIDEO, 0,
      TEXT (SET_DATA_FRAME),
      TEXT ("\x09\0\0\x10\0\0\0\0\0\0\0" SET_DATA_FRAME "\0\0\0\x1b") },
};

GST_START_TEST (messages_become_tags)
{
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++) {
    g_autofree guint8 *tag = NULL;
    RtmpMessage message;
    gsize size = 0;

    ck_assert (
        rtmp_message_init (&message, tags[i].type, tags[i].payload_size));
    message.time_ms = tags[i].time_ms;
    memcpy (rtmp_message_payload (&message), tags[i].payload,
        tags[i].payload_size);

    tag = rtmp_flv_take_tag (&message, &size);
    ck_assert (message.block == NULL);
    ck_assert_msg (size == tags[i].tag_size, "%s", tags[i].why);
    ck_assert_msg ((tag == NULL) == (size == 0), "%s", tags[i].why);
    if (tag != NULL)
      ck_assert_msg (memcmp (tag, tags[i].tag, size) == 0, "%s", tags[i].why);
  }
}
GST_END_TEST;

GST_START_TEST (only_audio_video_and_script_data_are_media)
{
  for (guint type = 0; type < 256; type++) {
    RtmpMessage message = { .type = type };

    ck_assert_int_eq (rtmp_flv_is_media (&message),
        type == 8 || type == 9 || type == 15 || type == 18);
  }
}
GST_END_TEST;

static Suite *
flvtag_suite (void)
{
  Suite *suite = suite_create ("flvtag");
  TCase *tcase = tcase_create ("flvtag");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, messages_become_tags);
  tcase_add_test (tcase, only_audio_video_and_script_data_are_media);
  return suite;
}

GST_CHECK_MAIN (flvtag);
