/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Publishes frames that carry in their own picture the time at which they were
 * drawn:
 *
 *     strip-publish URL FRAMES GOP_FRAMES BITRATE_KBPS B_FRAMES
 *
 * FRAMES is a file of raw I420 frames of 1280x720, shown in a loop at 30 a
 * second. Along the upper edge of each are drawn the microseconds of the wall
 * clock at that moment, in black and white squares, which strip.mjs reads.
 * Encoded by x264 without delay, except that each frame which the B_FRAMES in
 * front of it refer to has to come first. For each frame, a line gives the time
 * at which it was drawn and how long it took until it left the muxer, in µs.
 * SIGINT ends it. */

#include "tests/support/playing.h"

#include <gst/app/gstappsrc.h>
#include <gst/gst.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH 1280
#define HEIGHT 720
#define FPS 30
#define FRAME_BYTES (WIDTH * HEIGHT * 3 / 2)
/* The lower bits of the clock, which wrap after 71 minutes, and their
 * checksum. */
#define TIME_BITS 32
#define CHECK_BITS 8
#define SQUARE 16
#define BLACK 16
#define WHITE 235
#define GREY 128
/* The limit on frames in the encoder. */
#define MAX_PENDING 64

typedef struct
{
  const gchar *url;
  const gchar *frames;
  gint gop_frames;
  gint bitrate_kbps;
  gint b_frames;
} Options;

typedef struct
{
  GMappedFile *frames;
  GstAppSrc *in;
  /* Of frame n % MAX_PENDING; written before the frame is passed on. */
  gint64 drawn_us[MAX_PENDING];
} Camera;

static void
draw_square (guint8 *luma, guint index, gboolean is_white)
{
  for (guint y = 0; y < SQUARE; y++)
    memset (luma + y * WIDTH + index * SQUARE, is_white ? WHITE : BLACK,
        SQUARE);
}

/* The checksum is the sum of the bytes. */
static guint8
check_of (guint32 time)
{
  return (time >> 24) + (time >> 16) + (time >> 8) + time;
}

/* The strip has no colour: both chroma planes, of half the size, are grey
 * there. */
static void
draw_time (guint8 *luma, guint32 time)
{
  guint64 bits = (guint64) time << CHECK_BITS | check_of (time);
  guint8 *chroma = luma + WIDTH * HEIGHT;

  memset (chroma, GREY, WIDTH * SQUARE / 4);
  memset (chroma + WIDTH * HEIGHT / 4, GREY, WIDTH * SQUARE / 4);
  for (guint i = 0; i < TIME_BITS + CHECK_BITS; i++)
    draw_square (luma, i, bits >> (TIME_BITS + CHECK_BITS - 1 - i) & 1);
}

static GstBuffer *
draw_frame (Camera *self, guint64 number)
{
  gsize n_frames = g_mapped_file_get_length (self->frames) / FRAME_BYTES;
  const gchar *frames = g_mapped_file_get_contents (self->frames);
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, FRAME_BYTES, NULL);
  GstMapInfo map;
  gint64 now_us;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  memcpy (map.data, frames + number % n_frames * FRAME_BYTES, FRAME_BYTES);
  now_us = g_get_real_time ();
  draw_time (map.data, now_us);
  gst_buffer_unmap (buffer, &map);
  self->drawn_us[number % MAX_PENDING] = now_us;
  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (number, GST_SECOND, FPS);
  GST_BUFFER_DURATION (buffer) = GST_SECOND / FPS;
  return buffer;
}

static gpointer
film (gpointer data)
{
  Camera *self = data;
  gint64 start_us = g_get_monotonic_time ();

  for (guint64 n = 0;; n++) {
    gint64 due_us = start_us + n * G_USEC_PER_SEC / FPS;
    gint64 wait_us = due_us - g_get_monotonic_time ();

    if (wait_us > 0)
      g_usleep (wait_us);
    if (gst_app_src_push_buffer (self->in, draw_frame (self, n)) != GST_FLOW_OK)
      return NULL;
  }
}

static GstPadProbeReturn
on_muxed (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Camera *self = user_data;
  GstClockTime time = GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info));
  guint64 number;
  gint64 drawn_us;

  if (!GST_CLOCK_TIME_IS_VALID (time))
    return GST_PAD_PROBE_OK;
  number = gst_util_uint64_scale_round (time, FPS, GST_SECOND);
  drawn_us = self->drawn_us[number % MAX_PENDING];
  printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", drawn_us,
      g_get_real_time () - drawn_us);
  fflush (stdout);
  return GST_PAD_PROBE_OK;
}

static GstElement *
make_pipeline (const Options *options, GError **error)
{
  g_autofree gchar *line = g_strdup_printf (
      "appsrc name=in format=time is-live=true "
      "caps=video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1 "
      "! x264enc tune=zerolatency speed-preset=ultrafast bframes=%d "
      "key-int-max=%d option-string=scenecut=0 bitrate=%d "
      "! video/x-h264,profile=%s,stream-format=avc "
      "! flvmux name=mux streamable=true ! rtmp2sink location=%s sync=false",
      WIDTH, HEIGHT, FPS, options->b_frames, options->gop_frames,
      options->bitrate_kbps,
      options->b_frames > 0 ? "main" : "constrained-baseline", options->url);

  return gst_parse_launch (line, error);
}

static void
publish (GstElement *pipeline, GMappedFile *frames)
{
  g_autoptr (GstElement) in = gst_bin_get_by_name (GST_BIN (pipeline), "in");
  g_autoptr (GstElement) mux = gst_bin_get_by_name (GST_BIN (pipeline), "mux");
  g_autoptr (GstPad) muxed = gst_element_get_static_pad (mux, "src");
  Camera camera = { .frames = frames, .in = GST_APP_SRC (in) };
  GThread *thread;

  gst_pad_add_probe (muxed, GST_PAD_PROBE_TYPE_BUFFER, on_muxed, &camera, NULL);
  /* The camera fills whatever is ready to receive. */
  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  thread = g_thread_new ("camera", film, &camera);
  play_until_interrupted (pipeline);
  g_thread_join (thread);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GMappedFile) frames = NULL;
  Options options;

  gst_init (&argc, &argv);
  if (argc != 6) {
    g_printerr ("usage: %s URL FRAMES GOP_FRAMES BITRATE_KBPS B_FRAMES\n",
        argv[0]);
    return 2;
  }
  options = (Options){ argv[1], argv[2], atoi (argv[3]), atoi (argv[4]),
    atoi (argv[5]) };
  frames = g_mapped_file_new (options.frames, FALSE, &error);
  if (frames != NULL && g_mapped_file_get_length (frames) >= FRAME_BYTES)
    pipeline = make_pipeline (&options, &error);
  if (pipeline == NULL || error != NULL) {
    g_printerr ("%s\n", error != NULL ? error->message : "no frame");
    return 1;
  }
  publish (pipeline, frames);
  return 0;
}
