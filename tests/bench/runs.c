/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How many datagrams a clip's pictures are sent in, and in how many runs, which
 * is what the kernel is asked to send for each viewer: counts, which do not
 * depend on the machine. Prints a line of JSON. */

#include "ext/whep/viewer/outbox.h"

#include <gst/gst.h>
#include <gst/rtp/gstrtpbuffer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RUN_LIMIT (60 * GST_SECOND)
/* What whepsink's header and SRTP add to each packet. */
#define OVERHEAD_BYTES (20 + 16)

typedef struct
{
  WhepOutbox *out;
  guint64 n_pictures;
  guint64 n_packets;
  guint64 n_runs;
  guint64 n_bytes; /* of payload */
  guint64 n_padding;
} Counts;

static gboolean
count_packet (GstBuffer **packet, guint index, gpointer user_data)
{
  Counts *self = user_data;
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  WhepAddress to = { 0 };
  guint size;
  gboolean is_last;

  gst_rtp_buffer_map (*packet, GST_MAP_READ, &rtp);
  size = gst_rtp_buffer_get_packet_len (&rtp) -
      gst_rtp_buffer_get_header_len (&rtp);
  self->n_padding += size - gst_rtp_buffer_get_payload_len (&rtp);
  is_last = gst_rtp_buffer_get_marker (&rtp);
  gst_rtp_buffer_unmap (&rtp);

  if (whep_outbox_reserve (self->out, size + OVERHEAD_BYTES) == NULL)
    g_error ("a picture is too large");
  whep_outbox_commit (self->out, &to, size + OVERHEAD_BYTES);
  self->n_bytes += size;
  self->n_packets++;
  if (!is_last)
    return TRUE;
  self->n_pictures++;
  self->n_runs += self->out->n_runs;
  whep_outbox_flush (self->out);
  return TRUE;
}

static GstPadProbeReturn
on_packets (GstPad *pad, GstPadProbeInfo *info, gpointer counts)
{
  if (GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER_LIST)
    gst_buffer_list_foreach (GST_PAD_PROBE_INFO_BUFFER_LIST (info),
        count_packet, counts);
  else
    count_packet ((GstBuffer **) &GST_PAD_PROBE_INFO_DATA (info), 0, counts);
  return GST_PAD_PROBE_OK;
}

static void
play (GstElement *pipeline, Counts *counts)
{
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) end = NULL;

  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_packets,
      counts, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  end = gst_bus_timed_pop_filtered (bus, RUN_LIMIT,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  if (end == NULL || GST_MESSAGE_TYPE (end) == GST_MESSAGE_ERROR)
    g_error ("the clip could not be played");
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

/* The payloader is an element with properties. */
static void
measure (const gchar *clip, const gchar *payloader, guint n_slices)
{
  g_autofree gchar *description =
      g_strdup_printf ("filesrc location=\"%s\" ! flvdemux ! h264parse ! "
                       "video/x-h264,stream-format=byte-stream,alignment=au ! "
                       "%s ! fakesink name=out async=false sync=false",
          clip, payloader);
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch_full (description, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, &error);
  Counts counts = { whep_outbox_new () };

  if (pipeline == NULL)
    g_error ("%s", error->message);
  play (pipeline, &counts);
  printf ("{\"bench\": \"runs\", \"payloader\": \"%.*s\", \"slices\": %u, "
          "\"pictures\": %" G_GUINT64_FORMAT ", \"packets_each\": %.2f, "
          "\"runs_each\": %.2f, \"bytes_each\": %.0f, "
          "\"padding_percent\": %.2f}\n",
      (int) strcspn (payloader, " "), payloader, n_slices, counts.n_pictures,
      (gdouble) counts.n_packets / counts.n_pictures,
      (gdouble) counts.n_runs / counts.n_pictures,
      (gdouble) counts.n_bytes / counts.n_pictures,
      100.0 * counts.n_padding / counts.n_bytes);
  gst_object_unref (pipeline);
  whep_outbox_free (counts.out);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  if (argc != 4) {
    g_printerr ("usage: %s FLV SLICES PAYLOADER\n", argv[0]);
    return 1;
  }
  measure (argv[1], argv[3], strtoul (argv[2], NULL, 10));
  return 0;
}
