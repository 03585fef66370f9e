/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* FLV tags for the tests of players. */

#include "tests/support/playtags.h"

#include "gst/rtmp/flvtag.h"

#include <gst/check/gstcheck.h>
#include <string.h>

GBytes *
play_tag_new (guint8 type, guint32 time_ms, gconstpointer payload, gsize size)
{
  RtmpMessage message;
  guint8 *tag;
  gsize tag_size;

  ck_assert (rtmp_message_init (&message, type, size));
  message.time_ms = time_ms;
  memcpy (rtmp_message_payload (&message), payload, size);
  tag = rtmp_flv_take_tag (&message, &tag_size);
  ck_assert (tag != NULL);
  return g_bytes_new_take (tag, tag_size);
}

/* @size includes the @n_begin bytes, and the last one, @n. */
static GBytes *
new_padded (guint8 type, guint32 time_ms, const guint8 *begin, gsize n_begin,
    guint8 n, gsize size)
{
  g_autofree guint8 *payload = g_malloc0 (size);

  ck_assert_uint_lt (n_begin, size);
  memcpy (payload, begin, n_begin);
  payload[size - 1] = n;
  return play_tag_new (type, time_ms, payload, size);
}

GBytes *
play_tag_key (guint32 time_ms, guint8 n, gsize size)
{
  static const guint8 begin[] = { 0x17, 1, 0, 0, 0 };

  return new_padded (RTMP_MESSAGE_VIDEO, time_ms, begin, sizeof begin, n, size);
}

GBytes *
play_tag_video (guint32 time_ms, guint8 n, gsize size)
{
  static const guint8 begin[] = { 0x27, 1, 0, 0, 0 };

  return new_padded (RTMP_MESSAGE_VIDEO, time_ms, begin, sizeof begin, n, size);
}

GBytes *
play_tag_video_header (guint8 n)
{
  static const guint8 begin[] = { 0x17, 0, 0, 0, 0 };

  return new_padded (RTMP_MESSAGE_VIDEO, 0, begin, sizeof begin, n, 16);
}

GBytes *
play_tag_audio (guint32 time_ms, guint8 n)
{
  static const guint8 begin[] = { 0xaf, 1 };

  return new_padded (RTMP_MESSAGE_AUDIO, time_ms, begin, sizeof begin, n, 16);
}

GBytes *
play_tag_audio_header (guint8 n)
{
  static const guint8 begin[] = { 0xaf, 0 };

  return new_padded (RTMP_MESSAGE_AUDIO, 0, begin, sizeof begin, n, 4);
}

GBytes *
play_tag_metadata (guint8 n)
{
  static const guint8 begin[] = { 2, 0, 10, 'o', 'n', 'M', 'e', 't', 'a', 'D',
    'a', 't', 'a', 8, 0, 0, 0, 0, 0, 0, 9 };

  return new_padded (RTMP_MESSAGE_DATA, 0, begin, sizeof begin, n,
      sizeof begin + 1);
}

static gchar
letter_of (const guint8 *payload, gsize size, guint8 type)
{
  gboolean is_header = size > 1 && payload[1] == 0;

  if (type == RTMP_MESSAGE_DATA)
    return 'm';
  if (type == RTMP_MESSAGE_AUDIO)
    return is_header ? 'a' : 'A';
  if (is_header)
    return 'v';
  return payload[0] == 0x17 ? 'K' : 'V';
}

void
play_tag_describe (GString *out, const guint8 *payload, gsize size, guint8 type)
{
  g_string_append_printf (out, "%c%u ", letter_of (payload, size, type),
      payload[size - 1]);
}
