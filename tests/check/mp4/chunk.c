/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A chunk is framed as HTTP demands, and is the payload without that. */

#include "ext/whep/mp4/chunk.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static WhepChunk *
chunk_of (gsize n_bytes, gchar fill)
{
  guint8 *payload;
  WhepChunk *chunk = whep_chunk_new (n_bytes, &payload);

  memset (payload, fill, n_bytes);
  return chunk;
}

GST_START_TEST (a_chunk_has_its_size_in_hexadecimal)
{
  WhepChunk *chunk = chunk_of (26, 'x');
  gsize size;
  const guint8 *framed = whep_chunk_framed (chunk, &size);

  ck_assert_uint_eq (size, strlen ("1a\r\n") + 26 + strlen ("\r\n"));
  ck_assert (
      memcmp (framed, "1a\r\nxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n", size) == 0);
  whep_chunk_unref (chunk);
}
GST_END_TEST;

GST_START_TEST (a_payload_is_part_of_the_framed_bytes)
{
  static const gsize sizes[] = { 1, 15, 16, 4095, 4096, 1 << 20 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    WhepChunk *chunk = chunk_of (sizes[i], 'y');
    gsize framed_size, size;
    const guint8 *framed = whep_chunk_framed (chunk, &framed_size);
    const guint8 *payload = whep_chunk_payload (chunk, &size);

    ck_assert_uint_eq (size, sizes[i]);
    ck_assert_uint_eq (framed_size, payload - framed + size + 2);
    ck_assert_uint_eq (payload[size - 1], 'y');
    whep_chunk_unref (chunk);
  }
}
GST_END_TEST;

GST_START_TEST (the_last_reference_frees_a_chunk)
{
  WhepChunk *chunk = chunk_of (1, 'z');

  whep_chunk_ref (chunk);
  whep_chunk_unref (chunk);
  whep_chunk_unref (chunk);
  whep_chunk_unref (NULL);
}
GST_END_TEST;

static Suite *
chunk_suite (void)
{
  Suite *suite = suite_create ("chunk");
  TCase *tcase = tcase_create ("chunk");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_chunk_has_its_size_in_hexadecimal);
  tcase_add_test (tcase, a_payload_is_part_of_the_framed_bytes);
  tcase_add_test (tcase, the_last_reference_frees_a_chunk);
  return suite;
}

GST_CHECK_MAIN (chunk);
