/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Both libraries make the same bytes of every packet, touch nothing around it,
 * and open what is authentic and nothing else. */

#include "ext/whep/viewer/gcm.h"

#include <gst/check/gstcheck.h>
#include <string.h>
#include <sys/mman.h>

#define SIZE_MAX_TESTED 1500
/* A header with extensions. */
#define HEADER_SIZE 28
/* For a datagram of the largest size, in whole pages. */
#define ROOM 4096
#define PAGE 4096

static const guint8 KEY[WHEP_GCM_KEY_SIZE] = { 1, 2, 3, 5, 8, 13, 21, 34, 55,
  89, 144, 233 };

/* Bytes that end, or begin, where no access is allowed. */
typedef struct
{
  guint8 *pages; /* one without access before and behind the room */
} Fence;

static void
fence_init (Fence *self)
{
  self->pages = mmap (NULL, ROOM + 2 * PAGE, PROT_NONE,
      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ck_assert_ptr_ne (self->pages, MAP_FAILED);
  ck_assert_int_eq (mprotect (self->pages + PAGE, ROOM, PROT_READ | PROT_WRITE),
      0);
}

static void
fence_clear (Fence *self)
{
  munmap (self->pages, ROOM + 2 * PAGE);
}

static guint8 *
fence_at (const Fence *self, gboolean at_end, gsize size)
{
  return self->pages + PAGE + (at_end ? ROOM - size : 0);
}

static void
fill (guint8 *bytes, gsize size, guint32 seed)
{
  for (gsize i = 0; i < size; i++) {
    seed = seed * 1664525 + 1013904223;
    bytes[i] = seed >> 24;
  }
}

static gboolean
has_both (void)
{
  if (!whep_gcm_has (WHEP_GCM_IPSEC_MB))
    g_print ("# only OpenSSL in this build, or on this processor\n");
  return whep_gcm_has (WHEP_GCM_IPSEC_MB);
}

typedef struct
{
  Fence iv, header, in, out;
  WhepGcm *keys[2];
} Pair;

static void
pair_init (Pair *self)
{
  fence_init (&self->iv);
  fence_init (&self->header);
  fence_init (&self->in);
  fence_init (&self->out);
  self->keys[0] = whep_gcm_new_by (WHEP_GCM_OPENSSL, KEY);
  self->keys[1] = whep_gcm_new_by (WHEP_GCM_IPSEC_MB, KEY);
}

static void
pair_clear (Pair *self)
{
  fence_clear (&self->iv);
  fence_clear (&self->header);
  fence_clear (&self->in);
  fence_clear (&self->out);
  whep_gcm_free (self->keys[0]);
  whep_gcm_free (self->keys[1]);
}

static void
assert_same (Pair *pair, gboolean at_end, gsize header_size, gsize size)
{
  gsize sealed_size = size + WHEP_GCM_TAG_SIZE;
  guint8 *header = fence_at (&pair->header, at_end, header_size);
  guint8 *in = fence_at (&pair->in, at_end, size);
  guint8 *out = fence_at (&pair->out, at_end, sealed_size);
  guint8 *iv = fence_at (&pair->iv, at_end, WHEP_GCM_IV_SIZE);
  guint8 expected[ROOM];

  fill (iv, WHEP_GCM_IV_SIZE, size);
  fill (header, header_size, size + 1);
  fill (in, size, size + 2);
  whep_gcm_seal (pair->keys[0], iv, header, header_size, in, size, expected);
  whep_gcm_seal (pair->keys[1], iv, header, header_size, in, size, out);
  ck_assert_msg (memcmp (out, expected, sealed_size) == 0,
      "%" G_GSIZE_FORMAT " bytes, header of %" G_GSIZE_FORMAT, size,
      header_size);
  ck_assert (whep_gcm_open (pair->keys[1], iv, header, header_size, out, size));
  ck_assert_msg (memcmp (out, in, size) == 0,
      "%" G_GSIZE_FORMAT " bytes are opened", size);
}

GST_START_TEST (both_libraries_make_the_same_bytes_of_every_size)
{
  Pair pair;

  if (!has_both ())
    return;
  pair_init (&pair);
  for (gsize size = 0; size <= SIZE_MAX_TESTED; size++)
    for (guint at_end = 0; at_end <= 1; at_end++)
      assert_same (&pair, at_end, 12 + size % 8 * 4, size);
  for (gsize header_size = 0; header_size <= 3 * HEADER_SIZE; header_size++)
    assert_same (&pair, TRUE, header_size, 1180);
  pair_clear (&pair);
}
GST_END_TEST;

GST_START_TEST (a_packet_is_sealed_and_opened_in_place)
{
  for (guint i = 0; i < 2; i++) {
    const guint8 iv[WHEP_GCM_IV_SIZE] = { 7 };
    guint8 header[HEADER_SIZE] = { 0 }, plain[1200], apart[ROOM], packet[ROOM];
    WhepGcm *key;

    if (!whep_gcm_has (i))
      continue;
    key = whep_gcm_new_by (i, KEY);
    fill (plain, sizeof (plain), i);
    memcpy (packet, plain, sizeof (plain));
    whep_gcm_seal (key, iv, header, sizeof (header), plain, sizeof (plain),
        apart);
    whep_gcm_seal (key, iv, header, sizeof (header), packet, sizeof (plain),
        packet);
    ck_assert (memcmp (packet, apart, sizeof (plain) + WHEP_GCM_TAG_SIZE) == 0);
    ck_assert (whep_gcm_open (key, iv, header, sizeof (header), packet,
        sizeof (plain)));
    ck_assert (memcmp (packet, plain, sizeof (plain)) == 0);
    whep_gcm_free (key);
  }
}
GST_END_TEST;

/* Seals a packet, flips a bit of the header, of the payload or of the tag, and
 * opens it. */
static gboolean
opens_with_flip (WhepGcm *key, gsize size, gsize bit)
{
  const guint8 iv[WHEP_GCM_IV_SIZE] = { 9 };
  guint8 bytes[HEADER_SIZE + ROOM];
  guint8 *packet = bytes + HEADER_SIZE;

  fill (bytes, HEADER_SIZE + size, 3);
  whep_gcm_seal (key, iv, bytes, HEADER_SIZE, packet, size, packet);
  bytes[bit / 8] ^= 1 << bit % 8;
  return whep_gcm_open (key, iv, bytes, HEADER_SIZE, packet, size);
}

GST_START_TEST (a_flipped_bit_is_not_authentic)
{
  static const gsize sizes[] = { 0, 1, 16, 40, 100 };

  for (guint i = 0; i < 2; i++) {
    WhepGcm *key;

    if (!whep_gcm_has (i))
      continue;
    key = whep_gcm_new_by (i, KEY);
    for (guint j = 0; j < G_N_ELEMENTS (sizes); j++)
      for (gsize bit = 0;
           bit < 8 * (HEADER_SIZE + sizes[j] + WHEP_GCM_TAG_SIZE); bit++)
        ck_assert_msg (!opens_with_flip (key, sizes[j], bit),
            "%" G_GSIZE_FORMAT " bytes, bit %" G_GSIZE_FORMAT, sizes[j], bit);
    whep_gcm_free (key);
  }
}
GST_END_TEST;

GST_START_TEST (a_library_that_was_set_makes_the_next_keys)
{
  ck_assert (whep_gcm_has (WHEP_GCM_OPENSSL));
  ck_assert (whep_gcm_has (whep_gcm_default ()));
  ck_assert_int_eq (whep_gcm_default () == WHEP_GCM_IPSEC_MB,
      whep_gcm_has (WHEP_GCM_IPSEC_MB));
  whep_gcm_set_default (WHEP_GCM_OPENSSL);
  ck_assert_int_eq (whep_gcm_default (), WHEP_GCM_OPENSSL);
  whep_gcm_free (whep_gcm_new (KEY));
  whep_gcm_free (NULL);
}
GST_END_TEST;

static Suite *
gcm_suite (void)
{
  Suite *suite = suite_create ("gcm");
  TCase *tcase = tcase_create ("gcm");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, both_libraries_make_the_same_bytes_of_every_size);
  tcase_add_test (tcase, a_packet_is_sealed_and_opened_in_place);
  tcase_add_test (tcase, a_flipped_bit_is_not_authentic);
  tcase_add_test (tcase, a_library_that_was_set_makes_the_next_keys);
  return suite;
}

GST_CHECK_MAIN (gcm);
