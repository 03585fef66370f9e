/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The units of any byte stream can be packetized, within all limits, and are
 * the same once they are unpacked. The first byte selects the codec and the
 * packets' size. */

#include "gst/live/h264sets.h"
#include "gst/live/packetplan.h"
#include "tests/support/nalunpack.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static guint
read_units (const NalPacketFormat *format, const guint8 *data, gsize size,
    NalUnit *units, GByteArray *in)
{
  static const guint8 start_code[] = { 0, 0, 1 };
  guint n_units = 0;
  gsize at = 0;

  while (n_units < PACKET_PLAN_MAX_UNITS &&
      nal_units_read (data, size, &at, &units[n_units], 1) == 1) {
    g_assert (units[n_units].size > 0);
    g_assert (at <= size);
    if (!nal_packet_takes (format, &units[n_units]))
      continue;
    g_byte_array_append (in, start_code, sizeof start_code);
    g_byte_array_append (in, units[n_units].data, units[n_units].size);
    n_units++;
  }
  return n_units;
}

static void
unpack (const NalPacketFormat *format, const NalUnit *units,
    const GArray *packets, gsize limit, NalUnpack *to)
{
  for (guint i = 0; i < packets->len; i++) {
    const NalPacket *packet = &g_array_index (packets, NalPacket, i);
    gsize n_bytes = nal_packet_size (packet, format);
    guint8 payload[PACKET_PLAN_MIN_LIMIT + 255];

    g_assert (n_bytes + packet->n_padding <= limit);
    nal_packet_write (packet, format, units, payload);
    g_assert (nal_unpack (to, payload, n_bytes));
  }
  g_assert (nal_unpack_end (to));
}

static void
keep_sets (const NalUnit *units, guint n_units)
{
  H264Sets sets = { 0 };

  for (guint i = 0; i < n_units; i++) {
    H264SetsVerdict verdict = h264_sets_take (&sets, &units[i]);

    g_assert (
        h264_sets_has (&sets, &units[i]) == (verdict != H264_SETS_REJECTED));
    g_assert (sets.n_bytes <= H264_SETS_MAX_BYTES);
  }
  h264_sets_clear (&sets);
  g_assert (sets.n_bytes == 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GArray) packets = g_array_new (FALSE, FALSE, sizeof (NalPacket));
  g_autoptr (GByteArray) in = g_byte_array_new ();
  g_autoptr (GByteArray) out = g_byte_array_new ();
  const NalPacketFormat *format;
  NalUnit units[PACKET_PLAN_MAX_UNITS];
  NalUnpack to = { .out = out };
  gsize limit;
  guint n_units;

  if (size == 0)
    return 0;
  to.is_h265 = data[0] & 1;
  format = to.is_h265 ? &nal_packet_h265 : &nal_packet_h264;
  limit = PACKET_PLAN_MIN_LIMIT + data[0];
  n_units = read_units (format, data + 1, size - 1, units, in);
  keep_sets (units, n_units);
  if (n_units == 0)
    return 0;
  packet_plan_make (packets, format, units, n_units, limit);
  unpack (format, units, packets, limit, &to);
  g_assert (out->len == in->len);
  g_assert (memcmp (out->data, in->data, in->len) == 0);
  return 0;
}
