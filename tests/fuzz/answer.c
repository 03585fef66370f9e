/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any offer is either answered by the rules or rejected for a valid reason: the
 * judge in whepbench/sdpcheck.h reads it, too. */

#include "tests/support/answering.h"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

static const SdpCheckFacts streams[] = {
  { NULL, NULL, 0 },
  { "H264", "PCMU", 0x640028 },
  { "H264", "OPUS", 0x42c01f },
  { "H265", "PCMA", 0 },
  { "VP9", "OPUS", 0 },
  { "AV1", NULL, 0 },
};

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  /* The same certificate each time, to leave more time for inputs. */
  const SdpCheckFacts *stream = &streams[size % G_N_ELEMENTS (streams)];
  g_auto (Answering) answering = { 0 };

  answering_init (&answering, (const gchar *) data, size, stream);
  g_assert_cmpstr (answering.breaches, ==, NULL);
  return 0;
}
