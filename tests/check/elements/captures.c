/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Captures of real publishers come out as access units: each goes from the
 * session as FLV through the demuxer. */

#include "gst/rtmp/flvtag.h"
#include "gst/rtmp/session.h"
#include "tests/support/demuxrig.h"

#include <gst/check/gstcheck.h>

/* Coded frames of the first video and audio track, as counted when they were
 * recorded. */
static const struct
{
  const gchar *file;
  guint n_video;
  guint n_audio;
} captures[] = {
  { "ffmpeg.bin", 150, 217 },
  { "gst-rtmp2sink.bin", 150, 216 },
  { "gst-rtmpsink-librtmp.bin", 150, 216 },
  { "obs-publish.bin", 166, 255 },
  { "obs-publish-zerolatency.bin", 151, 235 },
  { "ffmpeg71-av1-svt.bin", 90, 142 },
  { "ffmpeg71-colour-hdr-hevc.bin", 90, 142 },
  { "ffmpeg71-h264-bframes.bin", 90, 142 },
  { "ffmpeg71-h264.bin", 90, 142 },
  { "ffmpeg71-hevc.bin", 90, 142 },
  { "ffmpeg71-vp9.bin", 90, 142 },
  { "ffmpeg9-2audio.bin", 90, 142 },
  { "ffmpeg9-av1-svt-opus.bin", 90, 151 },
  { "ffmpeg9-h264-aac.bin", 90, 142 },
  { "ffmpeg9-h264-ac3.bin", 90, 94 },
  { "ffmpeg9-h264-flac.bin", 90, 141 },
  { "ffmpeg9-h264-opus.bin", 90, 151 },
  { "ffmpeg9-hevc-aud.bin", 90, 142 },
  { "gst126-rtmp2sink-h264.bin", 90, 141 },
  { "obs302-av1-svt.bin", 96, 149 },
  { "obs302-x264-default.bin", 93, 142 },
  { "obs302-x264-zerolatency.bin", 94, 147 },
  { "obs322-av1-svt.bin", 93, 146 },
  { "obs322-x264-zerolatency.bin", 99, 156 },
};

typedef struct
{
  RtmpSession *session;
  GByteArray *replies;
  DemuxRig demux;
} Rig;

static void
rig_open (Rig *rig)
{
  static const guint8 random_bytes[RTMP_HANDSHAKE_RANDOM_BYTES];

  rig->session = rtmp_session_new ("test", random_bytes);
  rig->replies = g_byte_array_new ();
  demux_rig_open (&rig->demux, "rtmplivedemux");
}

static void
rig_close (Rig *rig)
{
  demux_rig_close (&rig->demux);
  g_byte_array_unref (rig->replies);
  rtmp_session_free (rig->session);
}

static void
push_message (Rig *rig, RtmpMessage *message)
{
  gsize size;
  guint8 *tag;

  if (!rtmp_flv_is_media (message)) {
    rtmp_message_clear (message);
    return;
  }
  tag = rtmp_flv_take_tag (message, &size);
  if (tag != NULL)
    demux_rig_push (&rig->demux, gst_buffer_new_wrapped (tag, size));
}

static void
replay (Rig *rig, const gchar *file)
{
  g_autofree gchar *path =
      g_build_filename (g_getenv ("SUPPORT_DIR"), "captures", file, NULL);
  g_autofree gchar *data = NULL;
  const guint8 *rest;
  RtmpEvent event;
  gsize size;

  ck_assert (g_file_get_contents (path, &data, &size, NULL));
  rest = (const guint8 *) data;
  while (
      rtmp_session_receive (rig->session, &rest, &size, rig->replies, &event)) {
    switch (event.kind) {
      case RTMP_EVENT_CONNECT:
        rtmp_session_accept_connect (rig->session, rig->replies);
        break;
      case RTMP_EVENT_PUBLISH:
        rtmp_session_accept_publish (rig->session, rig->replies);
        break;
      case RTMP_EVENT_MESSAGE:
        push_message (rig, &event.message);
        break;
      case RTMP_EVENT_UNPUBLISH:
        break;
      case RTMP_EVENT_REFUSED:
        ck_abort_msg ("refused: %s", event.why);
      case RTMP_EVENT_QUIET:
        ck_abort_msg ("a session is never quiet");
    }
  }
  ck_assert_uint_eq (size, 0);
}

GST_START_TEST (every_access_unit_of_a_publisher_comes_out)
{
  for (guint i = 0; i < G_N_ELEMENTS (captures); i++) {
    guint n_video, n_audio;
    Rig rig;

    rig_open (&rig);
    replay (&rig, captures[i].file);
    n_video = demux_rig_n_frames (&rig.demux, 0);
    n_audio = demux_rig_n_frames (&rig.demux, 1);
    ck_assert_msg (n_video == captures[i].n_video, "%s: %u of video",
        captures[i].file, n_video);
    ck_assert_msg (n_audio == captures[i].n_audio, "%s: %u of audio",
        captures[i].file, n_audio);
    rig_close (&rig);
  }
}
GST_END_TEST;

static Suite *
captures_suite (void)
{
  Suite *suite = suite_create ("captures");
  TCase *tcase = tcase_create ("captures");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, every_access_unit_of_a_publisher_comes_out);
  return suite;
}

GST_CHECK_MAIN (captures);
