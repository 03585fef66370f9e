/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Captures of real publishers come out as access units: each goes from the
 * session as FLV through the demuxer. */

#include "gst/rtmp/flvtag.h"
#include "tests/support/demuxrig.h"
#include "tests/support/rtmpowner.h"

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

static void
push_message (RtmpMessage *message, gpointer data)
{
  DemuxRig *demux = data;
  gsize size;
  guint8 *tag;

  if (!rtmp_flv_is_media (message))
    return;
  tag = rtmp_flv_take_tag (message, &size);
  if (tag != NULL)
    demux_rig_push (demux, gst_buffer_new_wrapped (tag, size));
}

static void
replay (DemuxRig *demux, const gchar *file)
{
  g_autofree gchar *path =
      g_build_filename (g_getenv ("SUPPORT_DIR"), "captures", file, NULL);
  g_autofree gchar *data = NULL;
  Owner owner = owner_new ();
  gsize size;

  owner.take_message = push_message;
  owner.data = demux;
  ck_assert (g_file_get_contents (path, &data, &size, NULL));
  owner_receive (&owner, (const guint8 *) data, size);
  ck_assert_msg (owner.n_rejected == 0, "%s: %s", file, owner.rejected_why);
  ck_assert_msg (owner.n_publishes == 1, "%s", file);
  owner_free (&owner);
}

GST_START_TEST (every_access_unit_of_a_publisher_comes_out)
{
  for (guint i = 0; i < G_N_ELEMENTS (captures); i++) {
    guint n_video, n_audio;
    DemuxRig demux;

    demux_rig_open (&demux, "rtmplivedemux");
    replay (&demux, captures[i].file);
    n_video = demux_rig_n_frames (&demux, 0);
    n_audio = demux_rig_n_frames (&demux, 1);
    ck_assert_msg (n_video == captures[i].n_video, "%s: %u of video",
        captures[i].file, n_video);
    ck_assert_msg (n_audio == captures[i].n_audio, "%s: %u of audio",
        captures[i].file, n_audio);
    demux_rig_close (&demux);
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
