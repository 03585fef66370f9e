/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any text is either an offer with a usable transport or rejected with a
 * reason. */

#include "gst/sdp/offer.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

static void
check_section (const SdpOffer *offer, const SdpSection *section)
{
  g_assert (section->media != NULL && section->proto != NULL);
  g_assert ((section->formats != NULL) == sdp_section_is_rtp (section));
  g_assert (section->mid == NULL || strlen (section->mid) <= SDP_MID_MAX);
  g_assert (!section->is_bundled || section->mid != NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SdpOffer) offer =
      sdp_offer_parse ((const gchar *) data, size, &error);

  if (offer == NULL) {
    g_assert (error->domain == SDP_ERROR && error->message[0] != '\0');
    return 0;
  }
  g_assert (error == NULL);
  g_assert (strlen (sdp_offer_ice_ufrag (offer)) >= 4);
  g_assert (strlen (sdp_offer_fingerprint (offer)) == 8 + 32 * 3 - 1);
  g_assert (sdp_offer_n_sections (offer) <= SDP_OFFER_MAX_SECTIONS);
  g_assert (sdp_offer_bundle (offer)->len <= sdp_offer_n_sections (offer));
  for (guint i = 0; i < sdp_offer_n_sections (offer); i++)
    check_section (offer, sdp_offer_section (offer, i));
  return 0;
}
