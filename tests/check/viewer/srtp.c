/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Our SRTP agrees with the RFCs' test vectors and with libsrtp2, in both
 * directions. */

/* RFC 7714's vectors are for session keys, which no public function takes. */
#include "ext/whep/viewer/srtp.c"

#include <gst/check/gstcheck.h>
#include <srtp2/srtp.h>

#define ROOM 2048

static const WhepSrtpProfile PROFILES[] = {
  WHEP_SRTP_AES128_CM_SHA1_80,
  WHEP_SRTP_AEAD_AES_128_GCM,
};

/* RFC 3711 appendix B.3. */
static const WhepSrtpKey MASTER = {
  .key = { 0xe1, 0xf9, 0x7a, 0x0d, 0x3e, 0x01, 0x8b, 0xe0, 0xd6, 0x4f, 0xa3,
      0x2c, 0x06, 0xde, 0x41, 0x39 },
  .salt = { 0x0e, 0xc6, 0x75, 0xad, 0x49, 0x8a, 0xfe, 0xeb, 0xb6, 0x96, 0x0b,
      0x3a, 0xab, 0xe6 },
};

static gsize
from_hex (const gchar *hex, guint8 *out)
{
  gsize size = strlen (hex) / 2;

  for (gsize i = 0; i < size; i++)
    out[i] = g_ascii_xdigit_value (hex[2 * i]) << 4 |
        g_ascii_xdigit_value (hex[2 * i + 1]);
  return size;
}

static void
assert_bytes (const guint8 *bytes, gsize size, const gchar *hex)
{
  guint8 expected[ROOM];

  ck_assert_uint_eq (size, from_hex (hex, expected));
  ck_assert_msg (memcmp (bytes, expected, size) == 0, "differs from %s", hex);
}

GST_START_TEST (session_keys_are_those_of_rfc_3711)
{
  static const struct
  {
    guint label;
    const gchar *hex;
  } keys[] = {
    { LABEL_CIPHER, "c61e7a93744f39ee10734afe3ff7a087" },
    { LABEL_SALT, "30cbbc08863d8c85d49db34a9ae1" },
    { LABEL_AUTH, "cebe321f6ff7716b6fd4ab49af256a156d38baa4" },
  };
  guint8 out[ROOM];

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    gsize size = strlen (keys[i].hex) / 2;

    derive (PROFILES[0], &MASTER, keys[i].label, out, size);
    assert_bytes (out, size, keys[i].hex);
  }
}
GST_END_TEST;

/* RFC 7714 sections 16 and 17: session keys from 00 to 0f, "Quid pro quo". */
static WhepSrtp *
new_rfc_7714 (void)
{
  WhepSrtp *self = g_new0 (WhepSrtp, 1);
  guint8 key[WHEP_SRTP_KEY_SIZE], auth[AUTH_KEY_SIZE] = { 0 };
  const guint8 *salt = (const guint8 *) "Quid pro quo";

  for (guint i = 0; i < sizeof (key); i++)
    key[i] = i;
  self->profile = WHEP_SRTP_AEAD_AES_128_GCM;
  init_keys (&self->rtp, self->profile, key, auth, salt);
  init_keys (&self->rtcp, self->profile, key, auth, salt);
  return self;
}

GST_START_TEST (rtp_is_sealed_as_in_rfc_7714)
{
  static const gchar *payload = "Gallia est omnis divisa in partes tres";
  WhepSrtp *srtp = new_rfc_7714 ();
  guint8 header[RTP_HEADER_SIZE], out[ROOM];
  gsize size;

  from_hex ("8040f17b8041f8d35501a0b2", header);
  size = whep_srtp_seal_rtp (srtp, header, sizeof (header),
      (const guint8 *) payload, strlen (payload), 0, out);
  assert_bytes (out, size,
      "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e"
      "6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce");
  whep_srtp_free (srtp);
}
GST_END_TEST;

#define RFC_7714_RTCP                                                          \
  "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeef"   \
  "deadbeefdeadbeefdeadbeefdeadbeef"
#define RFC_7714_SRTCP                                                         \
  "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1"   \
  "730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4"

GST_START_TEST (rtcp_is_sealed_and_opened_as_in_rfc_7714)
{
  WhepSrtp *srtp = new_rfc_7714 ();
  guint8 packet[ROOM];
  gsize size = from_hex (RFC_7714_RTCP, packet);

  srtp->rtcp_index = 0x5d3;
  size = whep_srtp_seal_rtcp (srtp, packet, size);
  assert_bytes (packet, size, RFC_7714_SRTCP);
  size = whep_srtp_open_rtcp (srtp, packet, size);
  assert_bytes (packet, size, RFC_7714_RTCP);
  whep_srtp_free (srtp);
}
GST_END_TEST;

/* The other implementation, with the same master key. */
static srtp_t
oracle_new_with (WhepSrtpProfile profile, srtp_ssrc_type_t direction,
    gboolean encrypts_rtcp)
{
  srtp_policy_t policy = { .ssrc.type = direction, .window_size = 128 };
  guint8 key[WHEP_SRTP_KEY_SIZE + WHEP_SRTP_SALT_MAX];
  srtp_t oracle;

  if (profile == WHEP_SRTP_AEAD_AES_128_GCM) {
    srtp_crypto_policy_set_aes_gcm_128_16_auth (&policy.rtp);
    srtp_crypto_policy_set_aes_gcm_128_16_auth (&policy.rtcp);
  } else {
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80 (&policy.rtp);
    srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80 (&policy.rtcp);
  }
  if (!encrypts_rtcp)
    policy.rtcp.sec_serv = sec_serv_auth;
  memcpy (key, MASTER.key, sizeof (MASTER.key));
  memcpy (key + sizeof (MASTER.key), MASTER.salt, sizeof (MASTER.salt));
  policy.key = key;
  ck_assert_int_eq (srtp_create (&oracle, &policy), srtp_err_status_ok);
  return oracle;
}

static srtp_t
oracle_new (WhepSrtpProfile profile, srtp_ssrc_type_t direction)
{
  return oracle_new_with (profile, direction, TRUE);
}

static void
write_header (guint8 *header, guint16 seq, gsize extension_words)
{
  memset (header, 0, RTP_HEADER_SIZE + 4 + 4 * extension_words);
  header[0] = extension_words > 0 ? 0x90 : 0x80;
  header[1] = 96;
  header[2] = seq >> 8;
  header[3] = seq;
  write_u32 (header + 8, 0xcafef00d);
  write_u32 (header + RTP_HEADER_SIZE, 0xbede0000 | extension_words);
}

static void
assert_oracle_opens (srtp_t oracle, WhepSrtp *srtp, guint32 index,
    gsize extension_words, gsize payload_size)
{
  guint8 header[64], payload[ROOM], out[ROOM];
  gsize header_size =
      RTP_HEADER_SIZE + (extension_words > 0 ? 4 + 4 * extension_words : 0);
  gsize size;
  int plain_size;

  write_header (header, index, extension_words);
  memset (payload, index, sizeof (payload));
  size = whep_srtp_seal_rtp (srtp, header, header_size, payload, payload_size,
      index >> 16, out);
  ck_assert_uint_le (size, header_size + payload_size + WHEP_SRTP_MAX_OVERHEAD);

  plain_size = size;
  ck_assert_int_eq (srtp_unprotect (oracle, out, &plain_size),
      srtp_err_status_ok);
  ck_assert_uint_eq (plain_size, header_size + payload_size);
  ck_assert (memcmp (out, header, header_size) == 0);
  ck_assert (memcmp (out + header_size, payload, payload_size) == 0);
}

GST_START_TEST (libsrtp_opens_rtp_over_rollovers_and_with_extensions)
{
  for (guint i = 0; i < G_N_ELEMENTS (PROFILES); i++) {
    WhepSrtp *srtp = whep_srtp_new (PROFILES[i], &MASTER);
    srtp_t oracle = oracle_new (PROFILES[i], ssrc_any_inbound);

    /* In steps that libsrtp2 can follow, past two rollovers. */
    for (guint32 index = 0xfff0; index < 0x20010; index += 0x3ffd)
      assert_oracle_opens (oracle, srtp, index, index % 4, 1 + index % 1200);
    assert_oracle_opens (oracle, srtp, 0x20020, 0, 0);
    srtp_dealloc (oracle);
    whep_srtp_free (srtp);
  }
}
GST_END_TEST;

/* Writes a Receiver Report without blocks, then @n_words of other data. */
static gsize
write_rtcp (guint8 *packet, guint32 ssrc, gsize n_words)
{
  write_u32 (packet, 0x80c90001);
  write_u32 (packet + 4, ssrc);
  memset (packet + 8, 0x5a, n_words * 4);
  if (n_words > 0)
    write_u32 (packet + 8, 0x80cc0000 | (guint32) (n_words - 1));
  return 8 + n_words * 4;
}

GST_START_TEST (libsrtp_opens_rtcp)
{
  for (guint i = 0; i < G_N_ELEMENTS (PROFILES); i++) {
    WhepSrtp *srtp = whep_srtp_new (PROFILES[i], &MASTER);
    srtp_t oracle = oracle_new (PROFILES[i], ssrc_any_inbound);

    for (gsize n_words = 0; n_words < 40; n_words++) {
      guint8 packet[ROOM], plain[ROOM];
      gsize plain_size = write_rtcp (plain, 1 + n_words % 2, n_words);
      int size;

      memcpy (packet, plain, plain_size);
      size = whep_srtp_seal_rtcp (srtp, packet, plain_size);
      ck_assert_int_eq (srtp_unprotect_rtcp (oracle, packet, &size),
          srtp_err_status_ok);
      ck_assert_uint_eq (size, plain_size);
      ck_assert (memcmp (packet, plain, plain_size) == 0);
    }
    srtp_dealloc (oracle);
    whep_srtp_free (srtp);
  }
}
GST_END_TEST;

GST_START_TEST (rtcp_of_libsrtp_is_opened_exactly_once)
{
  for (guint i = 0; i < G_N_ELEMENTS (PROFILES); i++) {
    WhepSrtp *srtp = whep_srtp_new (PROFILES[i], &MASTER);
    srtp_t oracle = oracle_new (PROFILES[i], ssrc_any_outbound);

    for (gsize n_words = 0; n_words < 40; n_words++) {
      guint8 packet[ROOM], again[ROOM], plain[ROOM];
      gsize plain_size = write_rtcp (plain, 1 + n_words % 2, n_words);
      int size = plain_size;

      memcpy (packet, plain, plain_size);
      ck_assert_int_eq (srtp_protect_rtcp (oracle, packet, &size),
          srtp_err_status_ok);
      memcpy (again, packet, size);
      ck_assert_uint_eq (whep_srtp_open_rtcp (srtp, packet, size), plain_size);
      ck_assert (memcmp (packet, plain, plain_size) == 0);
      ck_assert_uint_eq (whep_srtp_open_rtcp (srtp, again, size), 0);
    }
    srtp_dealloc (oracle);
    whep_srtp_free (srtp);
  }
}
GST_END_TEST;

GST_START_TEST (rtcp_that_was_not_encrypted_is_rejected)
{
  for (guint i = 0; i < G_N_ELEMENTS (PROFILES); i++) {
    WhepSrtp *srtp = whep_srtp_new (PROFILES[i], &MASTER);
    srtp_t oracle = oracle_new_with (PROFILES[i], ssrc_any_outbound, FALSE);
    guint8 packet[ROOM];
    int size = write_rtcp (packet, 1, 4);

    ck_assert_int_eq (srtp_protect_rtcp (oracle, packet, &size),
        srtp_err_status_ok);
    ck_assert_uint_eq (whep_srtp_open_rtcp (srtp, packet, size), 0);
    srtp_dealloc (oracle);
    whep_srtp_free (srtp);
  }
}
GST_END_TEST;

/* Seals like the sender with SSRC @ssrc does for the @index-th time. */
static gsize
seal_as (WhepSrtp *sender, guint32 ssrc, guint32 index, guint8 *packet)
{
  sender->rtcp_index = index - 1;
  return whep_srtp_seal_rtcp (sender, packet, write_rtcp (packet, ssrc, 4));
}

GST_START_TEST (rtcp_may_be_late_within_the_window)
{
  static const struct
  {
    guint32 ssrc;
    guint32 index;
    gboolean opens;
  } steps[] = {
    { 1, 100, TRUE },
    { 1, 100, FALSE },
    { 1, 102, TRUE },
    { 1, 101, TRUE },
    { 1, 101, FALSE },
    { 2, 101, TRUE }, /* each SSRC has its own index */
    { 1, 39, TRUE },
    { 1, 38, FALSE },
    { 1, 166, TRUE }, /* a step of the whole window */
    { 1, 166, FALSE },
    { 1, 103, TRUE },
    { 1, 102, FALSE },
    { 1, 0x7ffffffe, TRUE },
    { 1, 166, FALSE },
    { 2, 101, FALSE },
  };
  WhepSrtp *sender = whep_srtp_new (PROFILES[1], &MASTER);
  WhepSrtp *receiver = whep_srtp_new (PROFILES[1], &MASTER);

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    guint8 packet[ROOM];
    gsize size = seal_as (sender, steps[i].ssrc, steps[i].index, packet);
    gboolean opens = whep_srtp_open_rtcp (receiver, packet, size) > 0;

    ck_assert_msg (opens == steps[i].opens, "step %u", i);
  }
  whep_srtp_free (sender);
  whep_srtp_free (receiver);
}
GST_END_TEST;

GST_START_TEST (more_senders_than_slots_are_still_accepted)
{
  WhepSrtp *sender = whep_srtp_new (PROFILES[0], &MASTER);
  WhepSrtp *receiver = whep_srtp_new (PROFILES[0], &MASTER);
  guint8 packet[ROOM];

  for (guint32 ssrc = 1; ssrc <= 3 * SOURCES_MAX; ssrc++) {
    gsize size = seal_as (sender, ssrc, 1, packet);

    ck_assert_uint_gt (whep_srtp_open_rtcp (receiver, packet, size), 0);
    size = seal_as (sender, ssrc, 1, packet);
    ck_assert_uint_eq (whep_srtp_open_rtcp (receiver, packet, size), 0);
  }
  whep_srtp_free (sender);
  whep_srtp_free (receiver);
}
GST_END_TEST;

GST_START_TEST (a_flipped_bit_or_a_missing_byte_is_not_authentic)
{
  for (guint i = 0; i < G_N_ELEMENTS (PROFILES); i++) {
    WhepSrtp *sender = whep_srtp_new (PROFILES[i], &MASTER);
    WhepSrtp *receiver = whep_srtp_new (PROFILES[i], &MASTER);
    guint8 sealed[ROOM], packet[ROOM];
    gsize size = seal_as (sender, 1, 1, sealed);

    for (gsize bit = 0; bit < size * 8; bit++) {
      memcpy (packet, sealed, size);
      packet[bit / 8] ^= 1 << bit % 8;
      ck_assert_msg (whep_srtp_open_rtcp (receiver, packet, size) == 0,
          "bit %" G_GSIZE_FORMAT, bit);
    }
    for (gsize n = 0; n < size; n++) {
      memcpy (packet, sealed, size);
      ck_assert_uint_eq (whep_srtp_open_rtcp (receiver, packet, n), 0);
    }
    memcpy (packet, sealed, size);
    ck_assert_uint_gt (whep_srtp_open_rtcp (receiver, packet, size), 0);
    whep_srtp_free (sender);
    whep_srtp_free (receiver);
  }
}
GST_END_TEST;

GST_START_TEST (freeing_nothing_is_allowed)
{
  whep_srtp_free (NULL);
}
GST_END_TEST;

static Suite *
srtp_suite (void)
{
  Suite *suite = suite_create ("srtp");
  TCase *tcase = tcase_create ("vectors");

  srtp_init ();
  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, session_keys_are_those_of_rfc_3711);
  tcase_add_test (tcase, rtp_is_sealed_as_in_rfc_7714);
  tcase_add_test (tcase, rtcp_is_sealed_and_opened_as_in_rfc_7714);

  tcase = tcase_create ("libsrtp");
  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, libsrtp_opens_rtp_over_rollovers_and_with_extensions);
  tcase_add_test (tcase, libsrtp_opens_rtcp);
  tcase_add_test (tcase, rtcp_of_libsrtp_is_opened_exactly_once);

  tcase = tcase_create ("hostile");
  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, rtcp_that_was_not_encrypted_is_rejected);
  tcase_add_test (tcase, rtcp_may_be_late_within_the_window);
  tcase_add_test (tcase, more_senders_than_slots_are_still_accepted);
  tcase_add_test (tcase, a_flipped_bit_or_a_missing_byte_is_not_authentic);
  tcase_add_test (tcase, freeing_nothing_is_allowed);
  return suite;
}

GST_CHECK_MAIN (srtp);
