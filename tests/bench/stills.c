/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a snapshot costs: streams of 720p in H.264 are published, then each
 * one's picture is fetched over HTTP once, which decodes it, and often, which
 * does not. Prints a line of JSON with the CPU time of this process, client
 * included, per request, and the time from request to reply. In ms, medians.
 *
 *     GST_PLUGIN_PATH=_build _build/tests/bench/stills */

#include <gst/gst.h>
#include <libsoup/soup.h>
#include <stdlib.h>
#include <sys/resource.h>

#define N_STREAMS 8
#define N_CACHED 400
/* With so much detail that the key frame has 100 kB. */
#define STREAM                                                                 \
  " videotestsrc num-buffers=30 pattern=zone-plate kx2=20 ky2=20 kt=1 !"       \
  " video/x-raw,width=1280,height=720,framerate=30/1,format=I420 !"            \
  " x264enc tune=zerolatency speed-preset=veryfast bitrate=4000"               \
  " key-int-max=30 ! flvmux streamable=true ! s.sink_%u"
#define PATIENCE (120 * GST_SECOND)

static gdouble
cpu_ms (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
      (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static gint
compare (const void *a, const void *b)
{
  gdouble difference = *(const gdouble *) a - *(const gdouble *) b;

  return (difference > 0) - (difference < 0);
}

static gdouble
median (gdouble *values, guint n)
{
  qsort (values, n, sizeof (gdouble), compare);
  return values[n / 2];
}

/* Returns: the size of the picture. */
static gsize
fetch (SoupSession *session, guint port, guint stream, gdouble *cpu,
    gdouble *wall)
{
  g_autofree gchar *url =
      g_strdup_printf ("http://127.0.0.1:%u/snapshot/bench/%u.jpg?width=1280",
          port, stream);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr (GBytes) body = NULL;
  gint64 start_us = g_get_monotonic_time ();
  gdouble start_ms = cpu_ms ();

  body = soup_session_send_and_read (session, message, NULL, NULL);
  *cpu = cpu_ms () - start_ms;
  *wall = (g_get_monotonic_time () - start_us) / 1e3;
  if (body == NULL || soup_message_get_status (message) != SOUP_STATUS_OK)
    g_error ("%s: %u", url, soup_message_get_status (message));
  return g_bytes_get_size (body);
}

/* The publishers come to their end; their streams stay until they are
 * unlinked. */
static GstElement *
publish (guint *port)
{
  GString *text = g_string_new ("rtmpwebrtcsink name=s port=0");
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) sink = NULL;
  GstElement *pipeline;
  guint n_streams = 0;

  for (guint i = 0; i < N_STREAMS; i++)
    g_string_append_printf (text, STREAM, i);
  pipeline = gst_parse_launch (text->str, &error);
  g_string_free (text, TRUE);
  if (error != NULL)
    g_error ("%s", error->message);
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "s");
  for (GList *l = sink->sinkpads; l != NULL; l = l->next) {
    g_autofree gchar *name = g_strdup_printf ("bench/%u", n_streams++);

    g_object_set (l->data, "stream-name", name, NULL);
  }
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_object_get (sink, "port", port, NULL);
  return pipeline;
}

/* All frames of a stream have arrived. */
static GstPadProbeReturn
on_event (GstPad *pad, GstPadProbeInfo *info, gpointer n_ended)
{
  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) == GST_EVENT_EOS)
    g_atomic_int_inc ((gint *) n_ended);
  return GST_PAD_PROBE_OK;
}

static void
wait_for_end (GstElement *pipeline)
{
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "s");
  gint64 limit_us = g_get_monotonic_time () + PATIENCE / GST_USECOND;
  gint n_ended = 0;

  for (GList *l = sink->sinkpads; l != NULL; l = l->next)
    gst_pad_add_probe (l->data, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event,
        &n_ended, NULL);
  while (g_atomic_int_get (&n_ended) < N_STREAMS)
    if (g_get_monotonic_time () > limit_us)
      g_error ("the streams do not end");
    else
      g_usleep (10000);
}

int
main (int argc, char **argv)
{
  gdouble cpu[N_CACHED], wall[N_CACHED];
  gdouble made_cpu, made_wall, cached_cpu;
  GstElement *pipeline;
  SoupSession *session;
  gsize size = 0;
  guint port;

  gst_init (&argc, &argv);
  pipeline = publish (&port);
  wait_for_end (pipeline);
  session = soup_session_new ();
  for (guint i = 0; i < N_STREAMS; i++)
    size = fetch (session, port, i, &cpu[i], &wall[i]);
  made_cpu = median (cpu, N_STREAMS);
  made_wall = median (wall, N_STREAMS);
  for (guint i = 0; i < N_CACHED; i++)
    fetch (session, port, i % N_STREAMS, &cpu[i], &wall[i]);
  cached_cpu = median (cpu, N_CACHED);
  g_print ("{\"width\": 1280, \"height\": 720, \"jpeg_bytes\": %" G_GSIZE_FORMAT
           ", \"made_cpu_ms\": %.2f, \"made_ms\": %.2f"
           ", \"cached_cpu_ms\": %.3f, \"cached_ms\": %.3f}\n",
      size, made_cpu, made_wall, cached_cpu, median (wall, N_CACHED));
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  g_object_unref (session);
  return 0;
}
