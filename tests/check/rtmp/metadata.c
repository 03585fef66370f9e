/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The encoder's name in metadata, as one printable line. */

#include "gst/rtmp/metadata.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define BYTES(text) (const guint8 *) text, sizeof text - 1
#define SET "\2\0\x0d@setDataFrame"
#define META "\2\0\x0aonMetaData"
#define ENCODER(length, text)                                                  \
  "\0\5width\0\x40\x74\0\0\0\0\0\0\0\7encoder\2\0" length text
#define END "\0\0\x09"

static const struct
{
  RtmpMessageType type;
  const guint8 *bytes;
  gsize size;
  const gchar *encoder; /* NULL: none */
} metadata[] = {
  { RTMP_MESSAGE_DATA,
      BYTES (SET META "\x08\0\0\0\2" ENCODER ("\3", "OBS") END), "OBS" },
  { RTMP_MESSAGE_DATA, BYTES (META "\3" ENCODER ("\3", "OBS") END), "OBS" },
  { RTMP_MESSAGE_DATA_AMF3, BYTES ("\0" META "\3" ENCODER ("\3", "OBS") END),
      "OBS" },
  { RTMP_MESSAGE_DATA_AMF3, BYTES (META "\3" ENCODER ("\3", "OBS") END),
      "OBS" },
  { RTMP_MESSAGE_DATA, BYTES (META "\3" ENCODER ("\7", " a\nb\0c ") END),
      "a b" },
  { RTMP_MESSAGE_DATA, BYTES (META "\3" ENCODER ("\0", "") END), NULL },
  { RTMP_MESSAGE_DATA, BYTES (META "\3" ENCODER ("\1", " ") END), NULL },
  { RTMP_MESSAGE_DATA, BYTES (META "\3\0\7encoder\1\1" END), NULL },
  { RTMP_MESSAGE_DATA, BYTES (META "\3" END), NULL },
  { RTMP_MESSAGE_DATA, BYTES (META), NULL },
  { RTMP_MESSAGE_DATA, BYTES (""), NULL },
  { RTMP_MESSAGE_DATA,
      BYTES (META "\3\0\7encoder\2\0\xff"
                  "OBS"),
      NULL },
  { RTMP_MESSAGE_VIDEO, BYTES (META "\3" ENCODER ("\3", "OBS") END), NULL },
};

static gchar *
read_encoder (RtmpMessageType type, const guint8 *bytes, gsize size)
{
  RtmpMessage message;
  gchar *encoder;

  ck_assert (rtmp_message_init (&message, type, size));
  if (size > 0)
    memcpy (rtmp_message_payload (&message), bytes, size);
  encoder = rtmp_metadata_dup_encoder (&message);
  rtmp_message_clear (&message);
  return encoder;
}

GST_START_TEST (the_encoders_name_is_found)
{
  for (guint i = 0; i < G_N_ELEMENTS (metadata); i++) {
    g_autofree gchar *encoder =
        read_encoder (metadata[i].type, metadata[i].bytes, metadata[i].size);

    ck_assert_msg (g_strcmp0 (encoder, metadata[i].encoder) == 0, "%u: %s", i,
        encoder);
  }
}
GST_END_TEST;

GST_START_TEST (a_name_is_limited_in_length)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree gchar *encoder = NULL;

  g_byte_array_append (bytes, BYTES ("\3\0\7encoder\2\1\0"));
  g_byte_array_set_size (bytes, bytes->len + 256);
  /* Each byte is replaced by the three bytes of U+FFFD. */
  memset (bytes->data + bytes->len - 256, 0xff, 256);
  g_byte_array_append (bytes, BYTES (END));
  encoder = read_encoder (RTMP_MESSAGE_DATA, bytes->data, bytes->len);
  ck_assert (g_utf8_validate (encoder, -1, NULL));
  ck_assert_uint_eq (strlen (encoder), 126);
}
GST_END_TEST;

/* connect, transaction 1, and its object. */
#define CONNECT "\2\0\7connect\0\x3f\xf0\0\0\0\0\0\0\3\0\3app\2\0\4live"

static const struct
{
  const guint8 *bytes;
  gsize size;
  const gchar *name; /* NULL: none */
} commands[] = {
  { BYTES (CONNECT "\0\x08"
                   "flashVer\2\0\5 FM\nE" END),
      "FM E" },
  { BYTES (CONNECT "\0\x08"
                   "flashVer\2\0\0" END),
      NULL },
  { BYTES (CONNECT "\0\x08"
                   "flashVer\1\1" END),
      NULL },
  { BYTES (CONNECT END), NULL },
};

GST_START_TEST (a_connection_names_its_encoder)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    g_autofree gchar *name = NULL;
    RtmpCommand connect;

    ck_assert (
        rtmp_command_parse (&connect, commands[i].bytes, commands[i].size));
    name = rtmp_metadata_dup_flash_version (&connect);
    ck_assert_msg (g_strcmp0 (name, commands[i].name) == 0, "%u: %s", i, name);
  }
}
GST_END_TEST;

static Suite *
metadata_suite (void)
{
  Suite *suite = suite_create ("metadata");
  TCase *tcase = tcase_create ("metadata");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_encoders_name_is_found);
  tcase_add_test (tcase, a_name_is_limited_in_length);
  tcase_add_test (tcase, a_connection_names_its_encoder);
  return suite;
}

GST_CHECK_MAIN (metadata);
