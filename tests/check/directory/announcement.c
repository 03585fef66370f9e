/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What gateways write into Redis, and what anybody may have written there. */

#include "gst/directory/announcement.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define ID "0123456789abcdef"
#define URL "rtmp://192.0.2.1:1935"

GST_START_TEST (an_announcement_is_read_as_it_was_written)
{
  g_autofree gchar *text = directory_announcement_encode (ID, URL);
  DirectoryAnnouncement found;

  ck_assert_str_eq (text, "gateway=" ID " address=" URL);
  ck_assert (directory_announcement_decode (&found, text, strlen (text)));
  ck_assert_str_eq (found.gateway, ID);
  ck_assert_str_eq (found.address, URL);
  directory_announcement_clear (&found);
}
GST_END_TEST;

GST_START_TEST (an_address_that_cannot_be_read_is_not_written)
{
  g_autofree gchar *most =
      g_strnfill (DIRECTORY_ANNOUNCEMENT_MAX_BYTES + 1, 'a');

  ck_assert (directory_announcement_encode (ID, "") == NULL);
  ck_assert (directory_announcement_encode (ID, "rtmp://a b") == NULL);
  ck_assert (directory_announcement_encode (ID, "rtmp://a\nb") == NULL);
  ck_assert (directory_announcement_encode (ID, most) == NULL);
}
GST_END_TEST;

static const struct
{
  const gchar *text;
  gboolean is_valid;
} values[] = {
  { "gateway=" ID " address=" URL, TRUE },
  { "address=" URL " gateway=" ID, TRUE },
  { "v=2 gateway=" ID " address=" URL " region=eu", TRUE },
  { "gateway=" ID " address=file:///etc/passwd", TRUE },
  { "", FALSE },
  { "gateway=" ID, FALSE },
  { "address=" URL, FALSE },
  { "gateway=" ID " address=", FALSE },
  { "gateway=" ID " address=" URL " ", FALSE },
  { "gateway=" ID "  address=" URL, FALSE },
  { "gateway=" ID "0 address=" URL, FALSE },
  { "gateway=0123456789ABCDEF address=" URL, FALSE },
  { "gateway=" ID " gateway=" ID " address=" URL, FALSE },
  { "gateway=" ID " address=" URL " address=" URL, FALSE },
  { "gateway=" ID " address=" URL "\n", FALSE },
  { "gateway=" ID " address=rtmp://\xc3\xa4", FALSE },
  { "a b c d e f g h i j k l m n gateway=" ID " address=" URL, TRUE },
  { "a b c d e f g h i j k l m n o gateway=" ID " address=" URL, FALSE },
};

GST_START_TEST (what_anybody_wrote_is_an_announcement_or_nothing)
{
  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    DirectoryAnnouncement found;
    gboolean is_valid = directory_announcement_decode (&found, values[i].text,
        strlen (values[i].text));

    ck_assert_msg (is_valid == values[i].is_valid, "%s", values[i].text);
    directory_announcement_clear (&found);
  }
}
GST_END_TEST;

GST_START_TEST (a_zero_byte_and_a_long_value_are_nothing)
{
  static const gchar zero[] = "gateway=" ID " address=" URL "\0x";
  g_autofree gchar *pad = g_strnfill (DIRECTORY_ANNOUNCEMENT_MAX_BYTES, 'x');
  g_autofree gchar *longest =
      g_strconcat ("gateway=" ID " address=" URL " ", pad, NULL);
  DirectoryAnnouncement found;

  ck_assert (!directory_announcement_decode (&found, zero, sizeof (zero) - 1));
  directory_announcement_clear (&found);
  ck_assert (directory_announcement_decode (&found, longest,
      DIRECTORY_ANNOUNCEMENT_MAX_BYTES));
  directory_announcement_clear (&found);
  ck_assert (!directory_announcement_decode (&found, longest,
      DIRECTORY_ANNOUNCEMENT_MAX_BYTES + 1));
  directory_announcement_clear (&found);
}
GST_END_TEST;

GST_START_TEST (keys_are_the_projects_own)
{
  g_autofree gchar *stream =
      directory_announcement_stream_key ("live/k\xff *\r\n");
  g_autofree gchar *gateway = directory_announcement_gateway_key (ID);

  ck_assert_str_eq (stream, "rtmp-webrtc:stream:live/k\xff *\r\n");
  ck_assert_str_eq (gateway, "rtmp-webrtc:gateway:" ID);
}
GST_END_TEST;

GST_START_TEST (a_server_that_drains_has_no_room)
{
  DirectoryLoad load = { .n_viewers = 3, .n_free = 7 };
  g_autofree gchar *text =
      directory_announcement_encode_load (ID, URL, NULL, &load);
  g_autofree gchar *other = NULL;

  ck_assert_str_eq (text,
      "gateway=" ID " address=" URL " viewers=3 room=7 draining=0");
  load.is_draining = TRUE;
  other = directory_announcement_encode_load (ID, NULL, "edge1", &load);
  ck_assert_str_eq (other,
      "gateway=" ID " node=edge1 viewers=3 room=0 draining=1");
}
GST_END_TEST;

static Suite *
announcement_suite (void)
{
  Suite *suite = suite_create ("announcement");
  TCase *tcase = tcase_create ("announcement");

  tcase_add_test (tcase, an_announcement_is_read_as_it_was_written);
  tcase_add_test (tcase, an_address_that_cannot_be_read_is_not_written);
  tcase_add_test (tcase, what_anybody_wrote_is_an_announcement_or_nothing);
  tcase_add_test (tcase, a_zero_byte_and_a_long_value_are_nothing);
  tcase_add_test (tcase, keys_are_the_projects_own);
  tcase_add_test (tcase, a_server_that_drains_has_no_room);
  suite_add_tcase (suite, tcase);
  return suite;
}

GST_CHECK_MAIN (announcement);
