/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Access units of all kinds are packetized, according to the RFCs, unpacked
 * without a change, and sent in few runs. */

#include "gst/live/packetplan.h"
#include "tests/support/nalunpack.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define LIMIT 1156
#define LIMIT_MAX 1356
#define MAX_SLICES 32
#define N_SEEDS 60

typedef struct
{
  const NalPacketFormat *format;
  gsize limit;
  GByteArray *stream; /* with start codes */
  NalUnit units[PACKET_PLAN_MAX_UNITS];
  guint n_units;
  GArray *packets;
} Rig;

static void
rig_open (Rig *rig, const NalPacketFormat *format, gsize limit)
{
  *rig = (Rig){ .format = format, .limit = limit };
  rig->stream = g_byte_array_new ();
  rig->packets = g_array_new (FALSE, FALSE, sizeof (NalPacket));
}

static void
rig_close (Rig *rig)
{
  g_byte_array_unref (rig->stream);
  g_array_unref (rig->packets);
}

/* Adds a slice; until the plan is made, its data is an offset. */
static void
add_slice (Rig *rig, gsize size)
{
  static const guint8 start_code[] = { 0, 0, 1 };
  static const guint8 h264_header[] = { 0x41, 0x9a };
  static const guint8 h265_header[] = { 0x02, 0x01 };
  gsize at;

  g_byte_array_append (rig->stream, start_code, sizeof start_code);
  at = rig->stream->len;
  g_byte_array_set_size (rig->stream, at + size);
  for (gsize i = 0; i < size; i++)
    rig->stream->data[at + i] = 1 + (at + i) % 255;
  memcpy (rig->stream->data + at,
      rig->format == &nal_packet_h264 ? h264_header : h265_header,
      MIN (size, 2));
  rig->units[rig->n_units++] = (NalUnit){ GSIZE_TO_POINTER (at), size };
}

static void
plan (Rig *rig)
{
  for (guint i = 0; i < rig->n_units; i++)
    rig->units[i].data =
        rig->stream->data + GPOINTER_TO_SIZE (rig->units[i].data);
  packet_plan_make (rig->packets, rig->format, rig->units, rig->n_units,
      rig->limit);
}

static const NalPacket *
packet_at (const Rig *rig, guint index)
{
  return &g_array_index (rig->packets, NalPacket, index);
}

static gsize
size_at (const Rig *rig, guint index)
{
  const NalPacket *packet = packet_at (rig, index);

  return nal_packet_size (packet, rig->format) + packet->n_padding;
}

/* As the outbox forms them. */
typedef struct
{
  guint n_runs;
  gsize segment, last;
} Runs;

static void
add_datagram (Runs *self, gsize size)
{
  if (self->n_runs == 0 || self->last < self->segment || size > self->segment) {
    self->segment = size;
    self->n_runs++;
  }
  self->last = size;
}

static guint
count_runs (const Rig *rig)
{
  Runs runs = { 0 };

  for (guint i = 0; i < rig->packets->len; i++)
    add_datagram (&runs, size_at (rig, i));
  return runs.n_runs;
}

/* If each unit were packetized for itself. */
static guint
count_unplanned_runs (const Rig *rig)
{
  Runs runs = { 0 };

  for (guint i = 0; i < rig->n_units; i++) {
    gsize left = rig->units[i].size;

    for (; left > rig->limit; left -= rig->limit)
      add_datagram (&runs, rig->limit);
    add_datagram (&runs, left);
  }
  return runs.n_runs;
}

static gsize
count_padding (const Rig *rig)
{
  gsize n_padding = 0;

  for (guint i = 0; i < rig->packets->len; i++)
    n_padding += packet_at (rig, i)->n_padding;
  return n_padding;
}

/* Every rule but that there are few runs. */
static void
check_packets (const Rig *rig, const gchar *what, guint number)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  NalUnpack unpack = { .out = out, .is_h265 = rig->format == &nal_packet_h265 };
  gsize n_bytes = 0;

  for (guint i = 0; i < rig->packets->len; i++) {
    guint8 payload[LIMIT_MAX];

    ck_assert_msg (size_at (rig, i) <= rig->limit, "%s %u", what, number);
    nal_packet_write (packet_at (rig, i), rig->format, rig->units, payload);
    ck_assert_msg (nal_unpack (&unpack, payload,
                       nal_packet_size (packet_at (rig, i), rig->format)),
        "%s %u: packet %u: %s", what, number, i, unpack.why);
  }
  ck_assert_msg (nal_unpack_end (&unpack), "%s %u: %s", what, number,
      unpack.why);
  ck_assert_msg (out->len == rig->stream->len &&
          memcmp (out->data, rig->stream->data, out->len) == 0,
      "%s %u", what, number);
  for (guint i = 0; i < rig->n_units; i++)
    n_bytes += rig->units[i].size;
  ck_assert_msg (count_padding (rig) * PACKET_PLAN_PADDING_SHARE <= n_bytes,
      "%s %u: %" G_GSIZE_FORMAT " bytes of padding", what, number,
      count_padding (rig));
  ck_assert_uint_eq (packet_at (rig, rig->packets->len - 1)->n_padding, 0);
}

static const NalPacketFormat *const formats[] = { &nal_packet_h264,
  &nal_packet_h265 };

GST_START_TEST (slices_of_each_size_unpack_to_themselves)
{
  for (guint f = 0; f < G_N_ELEMENTS (formats); f++) {
    for (gsize size = 2; size < 3 * LIMIT; size++) {
      Rig one, two;

      rig_open (&one, formats[f], LIMIT);
      add_slice (&one, size);
      plan (&one);
      check_packets (&one, "size", size);
      ck_assert_uint_eq (count_runs (&one), 1);
      rig_close (&one);

      rig_open (&two, formats[f], LIMIT);
      add_slice (&two, size);
      add_slice (&two, 1 + size / 2);
      plan (&two);
      check_packets (&two, "two of size", size);
      rig_close (&two);
    }
  }
}
GST_END_TEST;

GST_START_TEST (pictures_of_1_to_32_slices_unpack_to_themselves)
{
  for (guint seed = 0; seed < N_SEEDS; seed++) {
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

    for (guint n = 1; n <= MAX_SLICES; n++) {
      guint magnitude = g_rand_int_range (rand, 1, 15);
      Rig rig;

      rig_open (&rig, formats[seed % 2],
          g_rand_int_range (rand, PACKET_PLAN_MIN_LIMIT, LIMIT_MAX + 1));
      for (guint i = 0; i < n; i++)
        add_slice (&rig, g_rand_int_range (rand, 2, 3 + (1 << magnitude)));
      plan (&rig);
      check_packets (&rig, "seed", seed);
      rig_close (&rig);
    }
  }
}
GST_END_TEST;

/* 2.6 Mbit/s at 30 frames per second; each slice has up to a quarter more or
 * less than its share. */
#define PICTURE_BYTES 10833

static void
add_picture (Rig *rig, GRand *rand, guint n_slices)
{
  guint share = PICTURE_BYTES / n_slices;

  for (guint i = 0; i < n_slices; i++)
    add_slice (rig, g_rand_int_range (rand, share * 3 / 4, share * 5 / 4 + 1));
}

GST_START_TEST (a_plan_saves_a_third_of_the_runs_or_more)
{
  for (guint n_slices = 2; n_slices <= MAX_SLICES; n_slices++) {
    guint n_runs = 0, n_unplanned = 0;

    for (guint seed = 0; seed < N_SEEDS; seed++) {
      g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
      Rig rig;

      rig_open (&rig, &nal_packet_h264, LIMIT);
      add_picture (&rig, rand, n_slices);
      plan (&rig);
      n_runs += count_runs (&rig);
      n_unplanned += count_unplanned_runs (&rig);
      rig_close (&rig);
    }
    ck_assert_msg (3 * n_runs <= 2 * n_unplanned,
        "%u slices: %.2f of %.2f runs", n_slices, (gdouble) n_runs / N_SEEDS,
        (gdouble) n_unplanned / N_SEEDS);
  }
}
GST_END_TEST;

GST_START_TEST (equal_slices_leave_in_one_run)
{
  for (guint n = 1; n <= MAX_SLICES; n++) {
    Rig rig;

    rig_open (&rig, &nal_packet_h264, LIMIT);
    for (guint i = 0; i < n; i++)
      add_slice (&rig, PICTURE_BYTES / n);
    plan (&rig);
    ck_assert_msg (count_runs (&rig) == 1, "%u slices: %u runs", n,
        count_runs (&rig));
    rig_close (&rig);
  }
}
GST_END_TEST;

/* More than libwebrtc takes in one packet. */
GST_START_TEST (an_aggregation_has_at_most_nine_units)
{
  Rig rig;

  rig_open (&rig, &nal_packet_h264, LIMIT);
  for (guint i = 0; i < 30; i++)
    add_slice (&rig, 10);
  plan (&rig);
  check_packets (&rig, "units", 30);
  ck_assert_uint_eq (rig.packets->len, 4);
  rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (padding_is_the_last_fragments_and_its_limit_is_that_of_rtp)
{
  Rig rig;

  rig_open (&rig, &nal_packet_h264, LIMIT);
  for (guint i = 0; i < 8; i++)
    add_slice (&rig, 3 * LIMIT - 400);
  plan (&rig);
  check_packets (&rig, "slices", 8);
  ck_assert_uint_eq (count_runs (&rig), 1);
  rig_close (&rig);
}
GST_END_TEST;

static Suite *
packetplan_suite (void)
{
  Suite *suite = suite_create ("packetplan");
  TCase *tcase = tcase_create ("packetplan");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, slices_of_each_size_unpack_to_themselves);
  tcase_add_test (tcase, pictures_of_1_to_32_slices_unpack_to_themselves);
  tcase_add_test (tcase, a_plan_saves_a_third_of_the_runs_or_more);
  tcase_add_test (tcase, equal_slices_leave_in_one_run);
  tcase_add_test (tcase, an_aggregation_has_at_most_nine_units);
  tcase_add_test (tcase,
      padding_is_the_last_fragments_and_its_limit_is_that_of_rtp);
  return suite;
}

GST_CHECK_MAIN (packetplan);
