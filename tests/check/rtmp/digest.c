/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Digests are found where clients put them, and match what clients expect. The
 * client's side is reimplemented here, after the checks of ffmpeg and librtmp.
 */

#include "gst/rtmp/digest.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define BLOCK RTMP_HANDSHAKE_BLOCK_BYTES

static const gchar player[] = "Genuine Adobe Flash Player 001";
static const gchar server[] = "Genuine Adobe Flash Media Server 001";

static void
fill (guint8 *block, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  for (guint i = 0; i < BLOCK; i++)
    block[i] = g_rand_int (rand);
}

/* The position of a digest whose offset is at @half. */
static guint
place_of (const guint8 *block, guint half)
{
  return half + 4 +
      (block[half] + block[half + 1] + block[half + 2] + block[half + 3]) % 728;
}

/* In hexadecimal: the digest of a block without the 32 bytes at @at. */
static gchar *
digest_around (const guint8 *block, guint at, const gchar *key)
{
  guint8 rest[BLOCK - RTMP_DIGEST_BYTES];

  memcpy (rest, block, at);
  memcpy (rest + at, block + at + RTMP_DIGEST_BYTES, sizeof rest - at);
  return g_compute_hmac_for_data (G_CHECKSUM_SHA256, (const guchar *) key,
      strlen (key), rest, sizeof rest);
}

static void
read_hex (const gchar *hex, guint8 *bytes)
{
  for (guint i = 0; i < RTMP_DIGEST_BYTES; i++)
    bytes[i] = g_ascii_xdigit_value (hex[2 * i]) << 4 |
        g_ascii_xdigit_value (hex[2 * i + 1]);
}

static void
assert_hex (const guint8 *bytes, const gchar *hex)
{
  guint8 expected[RTMP_DIGEST_BYTES];

  read_hex (hex, expected);
  ck_assert_int_eq (memcmp (bytes, expected, sizeof expected), 0);
}

static const struct
{
  guint half;
  RtmpDigestPlace place;
} places[] = {
  { 8, RTMP_DIGEST_FIRST },
  { 772, RTMP_DIGEST_SECOND },
};

/* The four bytes of the offset are at their extremes. */
GST_START_TEST (a_digest_is_found_at_any_offset)
{
  guint8 c1[BLOCK];

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    for (guint sum = 0; sum <= 4 * 255; sum++) {
      g_autofree gchar *digest = NULL;
      guint8 *offset = c1 + places[i].half;

      fill (c1, sum);
      for (guint j = 0; j < 4; j++)
        offset[j] = CLAMP ((gint) sum - 255 * (gint) j, 0, 255);
      digest = digest_around (c1, place_of (c1, places[i].half), player);
      read_hex (digest, c1 + place_of (c1, places[i].half));
      ck_assert_int_eq (rtmp_digest_find (c1), places[i].place);
      c1[BLOCK - 1] ^= 1;
      ck_assert_int_eq (rtmp_digest_find (c1), RTMP_DIGEST_NONE);
    }
  }
}
GST_END_TEST;

GST_START_TEST (real_encoders_digests_are_found)
{
  static const struct
  {
    const gchar *file;
    RtmpDigestPlace place;
  } captures[] = {
    { "ffmpeg.bin", RTMP_DIGEST_FIRST },
    { "gst-rtmp2sink.bin", RTMP_DIGEST_NONE },
    { "obs-publish.bin", RTMP_DIGEST_NONE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (captures); i++) {
    g_autofree gchar *path = g_build_filename (g_getenv ("SUPPORT_DIR"),
        "captures", captures[i].file, NULL);
    g_autofree gchar *data = NULL;

    ck_assert (g_file_get_contents (path, &data, NULL, NULL));
    ck_assert_msg (rtmp_digest_find ((guint8 *) data + 1) == captures[i].place,
        "%s", captures[i].file);
  }
}
GST_END_TEST;

GST_START_TEST (a_client_can_verify_the_servers_digest)
{
  guint8 s1[BLOCK];

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autofree gchar *digest = NULL;
    guint at;

    fill (s1, i);
    rtmp_digest_sign_s1 (s1, places[i].place);
    at = place_of (s1, places[i].half);
    digest = digest_around (s1, at, server);
    assert_hex (s1 + at, digest);
  }
}
GST_END_TEST;

GST_START_TEST (a_client_can_verify_the_response_to_its_digest)
{
  static const guint8 key[] =
      "Genuine Adobe Flash Media Server 001"
      "\xf0\xee\xc2\x4a\x80\x68\xbe\xe8\x2e\x00\xd0\xd1\x02\x9e\x7e\x57"
      "\x6e\xec\x5d\x2d\x29\x80\x6f\xab\x93\xb8\xe6\x36\xcf\xeb\x31\xae";
  guint8 c1[BLOCK], s2[BLOCK], old[BLOCK];

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autofree gchar *inner = NULL;
    g_autofree gchar *digest = NULL;
    guint8 inner_key[RTMP_DIGEST_BYTES];

    fill (c1, i);
    fill (s2, 10 + i);
    memcpy (old, s2, sizeof old);
    rtmp_digest_sign_s2 (s2, c1, places[i].place);
    ck_assert_int_eq (memcmp (s2, old, BLOCK - RTMP_DIGEST_BYTES), 0);

    inner = g_compute_hmac_for_data (G_CHECKSUM_SHA256, key, sizeof key - 1,
        c1 + place_of (c1, places[i].half), RTMP_DIGEST_BYTES);
    read_hex (inner, inner_key);
    digest = g_compute_hmac_for_data (G_CHECKSUM_SHA256, inner_key,
        sizeof inner_key, s2, BLOCK - RTMP_DIGEST_BYTES);
    assert_hex (s2 + BLOCK - RTMP_DIGEST_BYTES, digest);
  }
}
GST_END_TEST;

static Suite *
digest_suite (void)
{
  Suite *suite = suite_create ("digest");
  TCase *tcase = tcase_create ("digest");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_digest_is_found_at_any_offset);
  tcase_add_test (tcase, real_encoders_digests_are_found);
  tcase_add_test (tcase, a_client_can_verify_the_servers_digest);
  tcase_add_test (tcase, a_client_can_verify_the_response_to_its_digest);
  return suite;
}

GST_CHECK_MAIN (digest);
