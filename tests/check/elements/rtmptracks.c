/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A publisher with several tracks: each is a stream. */

#include "gst/publisher/gstpublisherevents.h"
#include "tests/support/rtmpserver.h"
#include "tests/support/rtmptalk.h"

#include <gst/check/gstcheck.h>
#include <string.h>

/* The number of pads that rtmpserversrc adds besides the first. */
#define MAX_FURTHER 7

#define VIDEO_HEADER                                                           \
  "\x90"                                                                       \
  "avc1"                                                                       \
  "header"
#define VIDEO_FRAME                                                            \
  "\x91"                                                                       \
  "avc1\0\0\0"                                                                 \
  "frame"
#define SECOND_HEADER                                                          \
  "\x96\0"                                                                     \
  "avc1\1"                                                                     \
  "header"
#define SECOND_FRAME                                                           \
  "\x96\1"                                                                     \
  "avc1\1\0\0\0"                                                               \
  "frame"
#define AUDIO_HEADER                                                           \
  "\xaf\0"                                                                     \
  "header"
#define AUDIO_FRAME                                                            \
  "\xaf\1"                                                                     \
  "sound"
#define SECOND_SOUND                                                           \
  "\x95\1"                                                                     \
  "Opus\1"                                                                     \
  "sound"

#define SAY(out, type, text)                                                   \
  talk_message (out, type, (const guint8 *) text, sizeof text - 1)

static Client
client_publish (Server *server, const gchar *key)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Client self = client_new (server, 0);

  talk_handshake (bytes);
  talk_connect (bytes, "live", NULL, 0);
  talk_command (bytes, "publish", 2, key);
  ck_assert (
      g_output_stream_write_all (g_io_stream_get_output_stream (self.stream),
          bytes->data, bytes->len, NULL, NULL, NULL));
  return self;
}

static void
client_says (Client *self, const GByteArray *bytes)
{
  ck_assert (
      g_output_stream_write_all (g_io_stream_get_output_stream (self->stream),
          bytes->data, bytes->len, NULL, NULL, NULL));
}

static Stream *
stream_called (Server *server, const gchar *name)
{
  for (guint i = 0; i < server->streams->len; i++) {
    if (strcmp (stream_at (server, i)->name, name) == 0)
      return stream_at (server, i);
  }
  ck_abort_msg ("no stream %s", name);
  return NULL;
}

/* The bodies of a stream's tags, concatenated. */
static gchar *
bodies_of (const Stream *stream)
{
  const guint8 *data = stream->flv->data;
  GString *bodies = g_string_new (NULL);
  gsize at = FLV_HEADER_BYTES;

  count_tags (stream);
  while (at < stream->flv->len) {
    gsize size = GST_READ_UINT24_BE (data + at + 1);

    for (gsize i = 0; i < size; i++) {
      guint8 byte = data[at + TAG_HEADER_BYTES + i];

      if (g_ascii_isalnum (byte))
        g_string_append_c (bodies, byte);
      else
        g_string_append_printf (bodies, "<%x>", byte);
    }
    g_string_append_c (bodies, ' ');
    at += TAG_HEADER_BYTES + size + TAG_TAIL_BYTES;
  }
  return g_string_free (bodies, FALSE);
}

static void
assert_carries (Server *server, const gchar *name, const gchar *expected)
{
  const Stream *stream = stream_called (server, name);
  g_autofree gchar *bodies = bodies_of (stream);

  ck_assert_str_eq (bodies, expected);
  ck_assert (stream->is_eos);
}

GST_START_TEST (a_second_video_track_is_a_stream_with_the_same_audio)
{
  Server *server = server_new_started ();
  Client client = client_publish (server, "cam");
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  SAY (bytes, RTMP_MESSAGE_AUDIO, AUDIO_HEADER);
  SAY (bytes, RTMP_MESSAGE_VIDEO, VIDEO_HEADER);
  SAY (bytes, RTMP_MESSAGE_VIDEO, SECOND_HEADER);
  SAY (bytes, RTMP_MESSAGE_VIDEO, VIDEO_FRAME);
  SAY (bytes, RTMP_MESSAGE_AUDIO, AUDIO_FRAME);
  SAY (bytes, RTMP_MESSAGE_VIDEO, SECOND_FRAME);
  client_says (&client, bytes);
  client_leave (&client);
  WAIT_UNTIL (server, has_removed, 2);
  ck_assert_uint_eq (server->streams->len, 2);
  /* The first stream has all tracks: its player selects its own. */
  assert_carries (server, "live/cam",
      "<af><0>header <90>avc1header <96><0>avc1<1>header "
      "<91>avc1<0><0><0>frame <af><1>sound <96><1>avc1<1><0><0><0>frame ");
  assert_carries (server, "live/cam/1",
      "<af><0>header <90>avc1header <af><1>sound <91>avc1<0><0><0>frame ");
  WAIT_UNTIL (server, has_publishers, 0);
  client_clear (&client);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_track_with_audio_of_its_own_has_only_that)
{
  Server *server = server_new_started ();
  Client client = client_publish (server, "cam");
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  SAY (bytes, RTMP_MESSAGE_VIDEO, VIDEO_HEADER);
  SAY (bytes, RTMP_MESSAGE_AUDIO, AUDIO_HEADER);
  SAY (bytes, RTMP_MESSAGE_AUDIO, SECOND_SOUND);
  SAY (bytes, RTMP_MESSAGE_AUDIO, AUDIO_FRAME);
  SAY (bytes, RTMP_MESSAGE_VIDEO, VIDEO_FRAME);
  client_says (&client, bytes);
  client_leave (&client);
  WAIT_UNTIL (server, has_removed, 2);
  assert_carries (server, "live/cam/1",
      "<90>avc1header <91>Opussound <91>avc1<0><0><0>frame ");
  client_clear (&client);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (tracks_beyond_the_limit_are_left_out)
{
  Server *server = server_new_started ();
  Client client = client_publish (server, "cam");
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (guint round = 0; round < 2; round++) {
    for (guint id = 1; id <= 255; id++) {
      gchar frame[] = SECOND_FRAME;

      frame[6] = id;
      SAY (bytes, RTMP_MESSAGE_VIDEO, frame);
    }
  }
  client_says (&client, bytes);
  client_leave (&client);
  WAIT_UNTIL (server, has_removed, 1 + MAX_FURTHER);
  ck_assert_uint_eq (server->streams->len, 1 + MAX_FURTHER);
  ck_assert_uint_eq (count_tags (stream_called (server, "live/cam")).n_video,
      2 * 255);
  ck_assert_uint_eq (count_tags (stream_called (server, "live/cam/7")).n_video,
      2);
  client_clear (&client);
  server_free (server);
}
GST_END_TEST;

static gboolean
has_ended (Server *server, guint index)
{
  return stream_at (server, index)->is_eos;
}

GST_START_TEST (a_track_takes_no_name_in_use_and_yields_its_own)
{
  Server *server = server_new_started ();
  Client owner = client_publish (server, "cam/1");
  g_autoptr (GByteArray) both = g_byte_array_new ();
  g_autoptr (GByteArray) third = g_byte_array_new ();
  Client client, late;

  WAIT_UNTIL (server, has_streams, 1);
  client = client_publish (server, "cam");
  SAY (both, RTMP_MESSAGE_VIDEO, SECOND_FRAME);
  SAY (both, RTMP_MESSAGE_VIDEO,
      "\x96\1"
      "avc1\2\0\0\0"
      "frame");
  client_says (&client, both);
  /* cam/1, cam, cam/2. */
  WAIT_UNTIL (server, has_streams, 3);
  ck_assert (!server_holds (server, has_ended, 0));

  /* An encoder that publishes under the track's name gets it, once the track
   * sends again. */
  late = client_publish (server, "cam/2");
  while (!server_holds (server, has_streams, 4))
    client_says (&client, both);
  WAIT_UNTIL (server, has_ended, 2);
  ck_assert (!server_holds (server, has_ended, 1));
  client_leave (&client);
  client_leave (&owner);
  client_leave (&late);
  WAIT_UNTIL (server, has_removed, 4);
  client_clear (&owner);
  client_clear (&client);
  client_clear (&late);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_track_that_fails_downstream_does_not_end_its_publisher)
{
  Server *server = server_new ();
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Client client;

  server->broken_name = "live/cam/1";
  server_start (server);
  client = client_publish (server, "cam");
  for (guint i = 0; i < 3; i++) {
    SAY (bytes, RTMP_MESSAGE_VIDEO, SECOND_FRAME);
    SAY (bytes, RTMP_MESSAGE_VIDEO, VIDEO_FRAME);
  }
  client_says (&client, bytes);
  client_leave (&client);
  WAIT_UNTIL (server, has_removed, 2);
  ck_assert_uint_eq (server->streams->len, 2);
  ck_assert_uint_eq (count_tags (stream_called (server, "live/cam")).n_video,
      6);
  client_clear (&client);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (the_element_stops_although_a_track_blocks)
{
  Server *server = server_new ();
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Client client;

  server->blocked_name = "live/cam/1";
  server_start (server);
  client = client_publish (server, "cam");
  SAY (bytes, RTMP_MESSAGE_VIDEO, SECOND_FRAME);
  client_says (&client, bytes);
  WAIT_UNTIL (server, has_streams, 2);
  server_stop (server);
  ck_assert (stream_at (server, 0)->is_removed);
  ck_assert (stream_at (server, 1)->is_removed);
  WAIT_UNTIL (server, has_publishers, 0);
  client_clear (&client);
  server_free (server);
}
GST_END_TEST;

/* By any of its names, and from any of its pads. */
GST_START_TEST (a_publisher_with_tracks_is_disconnected_as_a_whole)
{
  static const gchar *const names[] = { "live/cam", "live/cam/1" };
  Server *server = server_new_started ();
  Client client = client_publish (server, "cam");
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree gchar *said = NULL;
  const gchar *name = names[__i__ % 2];
  gboolean is_done;

  SAY (bytes, RTMP_MESSAGE_VIDEO, VIDEO_HEADER);
  SAY (bytes, RTMP_MESSAGE_VIDEO, SECOND_HEADER);
  client_says (&client, bytes);
  WAIT_UNTIL (server, has_streams, 2);
  if (__i__ < 2)
    g_signal_emit_by_name (server->src, "disconnect-publisher", name,
        "the show is over", G_GUINT64_CONSTANT (0), &is_done);
  else
    is_done = gst_pad_push_event (stream_called (server, name)->sink,
        gst_publisher_disconnect_event_new ("the show is over", 0));
  ck_assert (is_done);
  said = client_listen (&client);
  ck_assert_msg (strstr (said, "the show is over") != NULL, "%s", said);
  WAIT_UNTIL (server, has_removed, 2);
  client_clear (&client);
  server_free (server);
}
GST_END_TEST;

static Suite *
rtmptracks_suite (void)
{
  Suite *suite = suite_create ("rtmptracks");
  TCase *tcase = tcase_create ("rtmptracks");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_second_video_track_is_a_stream_with_the_same_audio);
  tcase_add_test (tcase, a_track_with_audio_of_its_own_has_only_that);
  tcase_add_test (tcase, tracks_beyond_the_limit_are_left_out);
  tcase_add_test (tcase, a_track_takes_no_name_in_use_and_yields_its_own);
  tcase_add_test (tcase,
      a_track_that_fails_downstream_does_not_end_its_publisher);
  tcase_add_test (tcase, the_element_stops_although_a_track_blocks);
  tcase_add_loop_test (tcase,
      a_publisher_with_tracks_is_disconnected_as_a_whole, 0, 4);
  return suite;
}

GST_CHECK_MAIN (rtmptracks);
