/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An answer of any server: it is judged, and what a peer reads of it is within
 * its limits. */

#include "whepbench/peersdp.h"
#include "whepbench/sdpcheck.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static const gchar *
offer (void)
{
  static gchar *text = NULL;

  if (text == NULL) {
    static const gchar *const addresses[] = { "192.0.2.1", NULL };
    const PeerParams params = { .seed = 1 };
    const PeerOfferParams offered = { .has_rtx = TRUE,
      .addresses = addresses,
      .port = 4000 };
    Peer *peer = peer_new (&params);

    text = peer_offer_new (peer, &offered);
    peer_free (peer);
  }
  return text;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const SdpCheckFacts facts = { .is_foreign = TRUE };
  g_autofree gchar *answer = g_strndup ((const gchar *) data, size);
  g_autofree gchar *breaches =
      sdp_check_answer (offer (), strlen (offer ()), answer, &facts);
  PeerRemote remote;

  if (peer_remote_parse (&remote, answer)) {
    g_assert (remote.address.remote_port != 0);
    g_assert (remote.n_others < PEER_ICE_MAX_REMOTES);
    g_assert (remote.tracks[0].is_accepted || remote.tracks[1].is_accepted);
  }
  return 0;
}
