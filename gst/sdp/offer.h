/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A browser's SDP offer, reduced to the facts that matter here (RFC 8866, RFC
 * 8829). Pure. */

#pragma once

#include "gst/sdp/error.h"
#include "gst/sdp/section.h"

G_BEGIN_DECLS

/* Longer offers are rejected; real ones are under 10 kB. */
#define SDP_OFFER_MAX_BYTES (64 * 1024)
/* A player has two or three m-sections. */
#define SDP_OFFER_MAX_SECTIONS 32

typedef struct _SdpOffer SdpOffer;

/* Returns: (nullable): the offer, or NULL with an %SDP_ERROR. */
SdpOffer *sdp_offer_parse (const gchar *text, gsize size, GError **error);
void sdp_offer_free (SdpOffer *self);

/* The m-section whose transport serves all. */
const SdpSection *sdp_offer_transport (const SdpOffer *self);
/* The credentials of that transport; the fingerprint is as in SDP: "sha-256
 * AB:CD:…". */
const gchar *sdp_offer_ice_ufrag (const SdpOffer *self);
const gchar *sdp_offer_fingerprint (const SdpOffer *self);

/* The m-sections in order. They include session-level attributes, and the
 * transport of the section they are bundled with. */
guint sdp_offer_n_sections (const SdpOffer *self);
const SdpSection *sdp_offer_section (const SdpOffer *self, guint index);
/* The original text. */
const gchar *sdp_offer_text (const SdpOffer *self);
/* The part before the m-sections. */
const SdpSection *sdp_offer_session (const SdpOffer *self);
/* The BUNDLE group (RFC 9143) in order, of SdpSection; empty if there is none.
 */
const GPtrArray *sdp_offer_bundle (const SdpOffer *self);
/* Returns whether two m-sections are to be synchronised (RFC 5888 section 7).
 */
gboolean sdp_offer_syncs (const SdpOffer *self, const SdpSection *a,
    const SdpSection *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SdpOffer, sdp_offer_free)

G_END_DECLS
