/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Watches a stream as the given number of browsers would, and reports what each
 * has received:
 *
 *     audience URL VIEWERS
 *
 * Prints a line of JSON whenever something new has arrived: for each viewer the
 * number of video frames so far, of key frames among them, the time at which
 * the newest key frame began to arrive (ms since 1970), and the numbers of
 * audio packets and of all packets so far. SIGINT ends it. */

#include "whepbench/crowd-io.h"

#include <signal.h>
#include <stdlib.h>

#define TELL_US (50 * 1000)

typedef struct
{
  guint n_frames;
  guint n_keys;
  gint64 key_us;
  guint64 n_sounds;
  guint64 n_packets;
} Viewer;

static volatile sig_atomic_t is_over;

static void
on_signal (int number)
{
  is_over = TRUE;
}

/* Counts everything anew: a lost packet may have been repaired since. */
static gboolean
look (Viewer *self, const Reception *video, const Reception *audio)
{
  if (video->n_received + audio->n_received == self->n_packets)
    return FALSE;
  *self = (Viewer){ .n_sounds = audio->n_received,
    .n_packets = video->n_received + audio->n_received };
  for (guint64 seq = video->first_seq; seq <= video->highest_seq; seq++) {
    const ReceivedPacket *packet = reception_get (video, seq);

    if (packet == NULL)
      continue;
    if ((packet->look.nals & H264_HAS (H264_SPS)) != 0) {
      self->n_keys++;
      self->key_us = packet->received_us;
    }
    self->n_frames += packet->is_marked;
  }
  return TRUE;
}

static void
tell (const Viewer *viewers, guint n_viewers)
{
  gint64 epoch_us = g_get_real_time () - g_get_monotonic_time ();

  g_print ("[");
  for (guint i = 0; i < n_viewers; i++)
    g_print ("%s{\"frames\": %u, \"keys\": %u, \"keyMs\": %.3f, "
             "\"sounds\": %" G_GUINT64_FORMAT
             ", \"packets\": %" G_GUINT64_FORMAT "}",
        i == 0 ? "" : ", ", viewers[i].n_frames, viewers[i].n_keys,
        (epoch_us + viewers[i].key_us) / 1e3, viewers[i].n_sounds,
        viewers[i].n_packets);
  g_print ("]\n");
}

static void
watch (Crowd *crowd, guint n_viewers)
{
  g_autofree Viewer *viewers = g_new0 (Viewer, n_viewers);

  while (!is_over) {
    gboolean has_news = FALSE;

    crowd_run_for (crowd, TELL_US);
    for (guint i = 0; i < n_viewers; i++)
      has_news |= look (&viewers[i], crowd_reception (crowd, i, WHEP_VIDEO),
          crowd_reception (crowd, i, WHEP_AUDIO));
    if (has_news)
      tell (viewers, n_viewers);
  }
}

int
main (int argc, char **argv)
{
  guint n_viewers = argc == 3 ? strtoul (argv[2], NULL, 10) : 0;
  Crowd *crowd;

  if (n_viewers == 0 || n_viewers > CROWD_MAX_PEERS)
    g_error ("usage: %s URL VIEWERS", argv[0]);
  signal (SIGINT, on_signal);
  crowd = crowd_new ();
  crowd_open_packets (crowd);
  crowd_join (crowd, argv[1], n_viewers);
  watch (crowd, n_viewers);
  crowd_free (crowd);
  return 0;
}
