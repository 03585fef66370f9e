/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any tags make a log within its limits, of which a player gets whole messages.
 * Each step of the input is a byte that says what happens, and maybe a tag: its
 * size, its time, its bytes. */

#include "gst/rtmp/flvtag.h"
#include "gst/rtmp/playsender.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define MAX_BYTES 4096
#define TAG_HEADER_BYTES 2

static const RtmpPlayLimits limits = { MAX_BYTES, 2 * G_USEC_PER_SEC,
  G_USEC_PER_SEC };
static const guint8 types[] = { RTMP_MESSAGE_AUDIO, RTMP_MESSAGE_VIDEO,
  RTMP_MESSAGE_DATA };

typedef struct
{
  RtmpPlayLog *log;
  RtmpPlaySender sender;
  RtmpPlayBatch batch;
  RtmpChunkReader *reader; /* the player's */
  gint64 now_us;
} Rig;

static void
hear (Rig *self, const guint8 *data, gsize size)
{
  RtmpMessage message;
  RtmpChunkResult result;

  while ((result = rtmp_chunk_reader_read (self->reader, &data, &size,
              &message)) == RTMP_CHUNK_MESSAGE) {
    g_assert (rtmp_flv_is_media (&message) && message.size > 0);
    rtmp_message_clear (&message);
  }
  g_assert (result == RTMP_CHUNK_MORE);
}

static void
send_some (Rig *self, gsize n_max)
{
  gsize n_left;

  if (!rtmp_playsender_fill (&self->sender, self->log, &self->batch))
    return;
  n_max = n_left = MIN (n_max, self->batch.n_bytes);
  for (guint i = 0; i < self->batch.n_pieces; i++) {
    gsize n_now = MIN (n_left, self->batch.pieces[i].iov_len);

    hear (self, self->batch.pieces[i].iov_base, n_now);
    n_left -= n_now;
  }
  rtmp_playsender_sent (&self->sender, &self->batch, n_max);
}

/* Returns: how much of the input was used. */
static gsize
add_tag (Rig *self, guint8 type, const guint8 *data, gsize size)
{
  RtmpMessage message;
  g_autoptr (GBytes) bytes = NULL;
  gsize n_payload, n_tag;
  guint8 *tag;

  if (size < TAG_HEADER_BYTES)
    return size;
  n_payload = MIN (data[0], size - TAG_HEADER_BYTES);
  g_assert (rtmp_message_init (&message, type, n_payload));
  message.time_ms = data[1] * 50;
  memcpy (rtmp_message_payload (&message), data + TAG_HEADER_BYTES, n_payload);
  tag = rtmp_flv_take_tag (&message, &n_tag);
  if (tag != NULL) {
    bytes = g_bytes_new_take (tag, n_tag);
    rtmp_playlog_add (self->log, bytes, self->now_us);
    g_assert (rtmp_playlog_size (self->log) <= MAX_BYTES);
  }
  return TAG_HEADER_BYTES + n_payload;
}

/* Returns: how much of the input was used after its first byte. */
static gsize
step (Rig *self, guint8 what, const guint8 *data, gsize size)
{
  self->now_us += (what >> 4) * 40000;
  switch (what & 7) {
    case 0:
    case 1:
    case 2:
      return add_tag (self, types[what & 7], data, size);
    case 3:
      rtmp_playlog_begin (self->log);
      return 0;
    case 4:
      rtmp_playcursor_jump (&self->sender.cursor, self->log);
      return 0;
    case 5:
      rtmp_playlog_interrupt (self->log);
      return 0;
    default:
      send_some (self, 1 << (what >> 4));
      return 0;
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  Rig *rig = g_new0 (Rig, 1);

  rig->log = rtmp_playlog_new (&limits);
  rtmp_playsender_init (&rig->sender);
  rtmp_playsender_begin (&rig->sender, 1);
  rig->reader = rtmp_chunk_reader_new ();
  rtmp_chunk_reader_set_chunk_size (rig->reader, RTMP_PLAYFRAME_CHUNK_BYTES);
  for (gsize i = 0; i < size;) {
    guint8 what = data[i++];

    i += step (rig, what, data + i, size - i);
  }
  while (rtmp_playsender_fill (&rig->sender, rig->log, &rig->batch))
    send_some (rig, G_MAXSIZE);
  g_assert (rtmp_chunk_reader_is_idle (rig->reader));
  rtmp_chunk_reader_free (rig->reader);
  rtmp_playsender_clear (&rig->sender);
  rtmp_playlog_free (rig->log);
  g_free (rig);
  return 0;
}
