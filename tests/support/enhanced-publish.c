/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Publishes over Enhanced RTMP, which Debian's ffmpeg and OBS do not support:
 *
 *     enhanced-publish URL VIDEO AUDIO [VIDEO2]
 *
 * VIDEO and AUDIO are chains from a live source to encoded frames, in the
 * syntax of gst-launch; VIDEO2 is one for the video of track 1. SIGINT ends
 * it. */

#include "tests/support/exflv.h"
#include "tests/support/playing.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#define N_CHAINS 3
#define FLV_HEADER "FLV\1\5\0\0\0\11\0\0\0\0"

typedef struct
{
  GstAppSrc *out;
  guint id;
  gboolean has_begun; /* its sequence header has been sent */
} Track;

static guint32
time_of (GstSample *sample)
{
  return GST_TIME_AS_MSECONDS (
      gst_segment_to_running_time (gst_sample_get_segment (sample),
          GST_FORMAT_TIME, GST_BUFFER_PTS (gst_sample_get_buffer (sample))));
}

/* FLAC's headers arrive as frames without a timestamp. */
static gboolean
is_frame (GstBuffer *buffer)
{
  return GST_BUFFER_PTS_IS_VALID (buffer);
}

/* Takes the tag. */
static GstFlowReturn
push (Track *track, GstBuffer *tag)
{
  if (track->id > 0)
    tag = ex_flv_on_track (tag, track->id);
  return gst_app_src_push_buffer (track->out, tag);
}

static GstFlowReturn
on_sample (GstAppSink *sink, gpointer user_data)
{
  Track *track = user_data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstBuffer *frame = gst_sample_get_buffer (sample);
  GstCaps *caps = gst_sample_get_caps (sample);

  if (!is_frame (frame))
    return GST_FLOW_OK;
  if (!track->has_begun) {
    GstBuffer *header = ex_flv_header (caps, frame, time_of (sample));

    track->has_begun = TRUE;
    if (header != NULL)
      push (track, header);
  }
  return push (track, ex_flv_frame (caps, frame, time_of (sample)));
}

static void
collect (GstElement *pipeline, const gchar *name, Track *track)
{
  GstAppSinkCallbacks callbacks = { .new_sample = on_sample };
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), name);

  if (sink == NULL)
    return;
  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, track, NULL);
}

static void
publish (GstElement *pipeline)
{
  g_autoptr (GstElement) out = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  Track tracks[N_CHAINS] = { { GST_APP_SRC (out), 0 }, { GST_APP_SRC (out), 0 },
    { GST_APP_SRC (out), 1 } };

  gst_app_src_push_buffer (GST_APP_SRC (out),
      gst_buffer_new_memdup (FLV_HEADER, sizeof FLV_HEADER - 1));
  collect (pipeline, "video", &tracks[0]);
  collect (pipeline, "audio", &tracks[1]);
  collect (pipeline, "video2", &tracks[2]);
  play_until_interrupted (pipeline);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  g_autofree gchar *line = NULL;

  gst_init (&argc, &argv);
  if (argc != 4 && argc != 5) {
    g_printerr ("usage: %s URL VIDEO AUDIO [VIDEO2]\n", argv[0]);
    return 2;
  }
  line = g_strdup_printf ("appsrc name=out caps=video/x-flv format=time "
                          "is-live=true ! "
                          "rtmp2sink location=%s sync=false "
                          "%s ! appsink name=video sync=false "
                          "%s ! appsink name=audio sync=false %s%s",
      argv[1], argv[2], argv[3], argc == 5 ? argv[4] : "",
      argc == 5 ? " ! appsink name=video2 sync=false" : "");
  pipeline = gst_parse_launch (line, &error);
  if (error != NULL) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  publish (pipeline);
  return 0;
}
