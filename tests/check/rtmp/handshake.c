/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The handshake is answered once C1 is complete and consumes nothing after C2.
 */

#include "gst/rtmp/digest.h"
#include "gst/rtmp/handshake.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define BLOCK RTMP_HANDSHAKE_BLOCK_BYTES
/* C0, C1 and C2. */
#define CLIENT_BYTES (1 + 2 * BLOCK)

static guint8 random_bytes[RTMP_HANDSHAKE_RANDOM_BYTES];
static guint8 client[CLIENT_BYTES + 5];

static void
setup (void)
{
  memset (random_bytes, 0x5a, sizeof random_bytes);
  for (guint i = 0; i < sizeof client; i++)
    client[i] = i * 7;
  client[0] = 3;
}

static void
assert_answer (const GByteArray *out)
{
  ck_assert_uint_eq (out->len, 1 + 2 * BLOCK);
  ck_assert_uint_eq (out->data[0], 3);
  for (guint i = 1; i < 9; i++)
    ck_assert_uint_eq (out->data[i], 0);
  ck_assert_int_eq (memcmp (out->data + 9, random_bytes, sizeof random_bytes),
      0);
  ck_assert_int_eq (memcmp (out->data + 1 + BLOCK, client + 1, BLOCK), 0);
}

GST_START_TEST (c1_is_echoed_and_bytes_after_c2_are_not_consumed)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  RtmpHandshake handshake = { 0 };
  const guint8 *data = client;
  gsize size = sizeof client;

  ck_assert_int_eq (rtmp_handshake_read (&handshake, &data, &size, random_bytes,
                        out),
      RTMP_HANDSHAKE_DONE);
  ck_assert_uint_eq (size, 5);
  ck_assert (data == client + CLIENT_BYTES);
  assert_answer (out);
}
GST_END_TEST;

GST_START_TEST (a_handshake_can_arrive_byte_by_byte)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  RtmpHandshake handshake = { 0 };

  for (guint i = 0; i < CLIENT_BYTES; i++) {
    const guint8 *data = client + i;
    gsize size = 1;
    RtmpHandshakeResult expected =
        i == CLIENT_BYTES - 1 ? RTMP_HANDSHAKE_DONE : RTMP_HANDSHAKE_MORE;

    ck_assert_int_eq (rtmp_handshake_read (&handshake, &data, &size,
                          random_bytes, out),
        expected);
    ck_assert_uint_eq (size, 0);
    ck_assert_uint_eq (out->len > 0, i >= BLOCK);
  }
  assert_answer (out);
}
GST_END_TEST;

/* tests/check/rtmp/digest.c verifies the digests themselves. */
GST_START_TEST (a_client_with_a_digest_gets_a_server_digest)
{
  g_autofree gchar *path = g_build_filename (g_getenv ("SUPPORT_DIR"),
      "captures", "ffmpeg.bin", NULL);
  g_autofree gchar *capture = NULL;
  g_autoptr (GByteArray) out = g_byte_array_new ();
  RtmpHandshake handshake = { 0 };
  const guint8 *data;
  gsize size = CLIENT_BYTES, n_random = 0;

  ck_assert (g_file_get_contents (path, &capture, NULL, NULL));
  data = (const guint8 *) capture;
  ck_assert_int_eq (rtmp_handshake_read (&handshake, &data, &size, random_bytes,
                        out),
      RTMP_HANDSHAKE_DONE);
  ck_assert_int_eq (memcmp (out->data, "\3\0\0\0\0\4\5\0\1", 9), 0);
  for (guint i = 9; i < 1 + BLOCK; i++)
    n_random += out->data[i] == random_bytes[0];
  ck_assert_uint_ge (n_random, RTMP_HANDSHAKE_RANDOM_BYTES - RTMP_DIGEST_BYTES);
  ck_assert_uint_lt (n_random, RTMP_HANDSHAKE_RANDOM_BYTES);
  ck_assert_int_eq (memcmp (out->data + 1 + BLOCK, capture + 1,
                        BLOCK - RTMP_DIGEST_BYTES),
      0);
  ck_assert_int_ne (memcmp (out->data + 1 + 2 * BLOCK - RTMP_DIGEST_BYTES,
                        capture + 1 + BLOCK - RTMP_DIGEST_BYTES,
                        RTMP_DIGEST_BYTES),
      0);
}
GST_END_TEST;

GST_START_TEST (other_versions_are_rejected_at_the_first_byte)
{
  static const guint8 versions[] = { 0, 1, 2, 4, 6, 8, 'G', 0xff };

  for (guint i = 0; i < G_N_ELEMENTS (versions); i++) {
    g_autoptr (GByteArray) out = g_byte_array_new ();
    RtmpHandshake handshake = { 0 };
    const guint8 *data = &versions[i];
    gsize size = 1;

    ck_assert_int_eq (rtmp_handshake_read (&handshake, &data, &size,
                          random_bytes, out),
        RTMP_HANDSHAKE_REJECTED);
    ck_assert_uint_eq (out->len, 0);
  }
}
GST_END_TEST;

static Suite *
handshake_suite (void)
{
  Suite *suite = suite_create ("handshake");
  TCase *tcase = tcase_create ("handshake");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, NULL);
  tcase_add_test (tcase, c1_is_echoed_and_bytes_after_c2_are_not_consumed);
  tcase_add_test (tcase, a_handshake_can_arrive_byte_by_byte);
  tcase_add_test (tcase, a_client_with_a_digest_gets_a_server_digest);
  tcase_add_test (tcase, other_versions_are_rejected_at_the_first_byte);
  return suite;
}

GST_CHECK_MAIN (handshake);
