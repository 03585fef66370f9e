/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses arbitrary bytes as a compound packet; everything in it stays within
 * its limits. */

#include "ext/whep/viewer/rtcp.h"

/* The smallest item: an entry of a FIR. */
#define ITEM_MIN_BYTES 8

static void
check_item (const WhepRtcpItem *item)
{
  switch (item->kind) {
    case WHEP_RTCP_BLOCK:
      g_assert (item->block.ssrc == item->ssrc);
      g_assert (item->block.n_lost >= -0x800000);
      g_assert (item->block.n_lost <= 0x7fffff);
      break;
    case WHEP_RTCP_NACK:
      g_assert (item->n_seqs > 0 && item->n_seqs <= WHEP_RTCP_NACK_MAX);
      return;
    case WHEP_RTCP_PLI:
    case WHEP_RTCP_FIR:
    case WHEP_RTCP_REFERENCE_TIME:
      break;
  }
  g_assert (item->n_seqs == 0);
}

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  WhepRtcpReader reader;
  WhepRtcpItem item;
  gsize n_items = 0;

  if (!whep_rtcp_reader_init (&reader, data, size))
    return 0;

  g_assert (size % 4 == 0);
  while (whep_rtcp_reader_next (&reader, &item)) {
    check_item (&item);
    n_items++;
    g_assert (n_items * ITEM_MIN_BYTES <= size);
  }
  /* The end is final. */
  g_assert (!whep_rtcp_reader_next (&reader, &item));
  return 0;
}
