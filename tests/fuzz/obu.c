/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Everything that can be parsed can be packetized, and is complete when it is
 * put together from its packets. The first byte selects the packets' size. */

#include "gst/live/obu.h"
#include "tests/support/av1unpack.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GByteArray) out = NULL;
  Av1Unpack unpack = { 0 };
  ObuUnit unit = { 0 };
  ObuPacker packer = { .unit = &unit };
  gsize n_bytes = 0, n_packet;
  guint8 packet[OBU_PACKET_MIN + 255];
  gsize limit;

  if (size == 0 || !obu_unit_read (&unit, data + 1, size - 1))
    return 0;
  limit = OBU_PACKET_MIN + data[0];
  unpack.out = out = g_byte_array_new ();
  for (guint i = 0; i < unit.n_obus; i++)
    n_bytes += unit.obus[i].n_header + 5 + unit.obus[i].size;

  while ((n_packet = obu_packer_next (&packer, packet, limit)) > 0) {
    g_assert (n_packet <= limit);
    g_assert (av1_unpack (&unpack, packet, n_packet));
  }
  g_assert (av1_unpack_end (&unpack));
  g_assert (out->len == n_bytes);
  return 0;
}
