/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A browser's SDP offer, reduced to the few facts that we use (RFC 8866,
 * RFC 8829). Pure. */

#pragma once

#include "gst/sdp/error.h"
#include "gst/sdp/section.h"

G_BEGIN_DECLS

/* An offer longer than this is refused; real ones are under 10 kB. */
#define SDP_OFFER_MAX_BYTES (64 * 1024)
/* A player asks for two or three m-sections. */
#define SDP_OFFER_MAX_SECTIONS 32

typedef struct _SdpOffer SdpOffer;

/* Returns: (nullable): the offer, or NULL with an %SDP_ERROR. */
SdpOffer *sdp_offer_parse (const gchar *text, gsize size, GError **error);
void sdp_offer_free (SdpOffer *self);

/* The m-section whose transport serves all. */
const SdpSection *sdp_offer_transport (const SdpOffer *self);
/* Its credentials; the fingerprint is as in SDP: "sha-256 AB:CD:…". */
const gchar *sdp_offer_ice_ufrag (const SdpOffer *self);
const gchar *sdp_offer_fingerprint (const SdpOffer *self);

/* The m-sections in their order. Session-level attributes count as theirs, and
 * the transport as that of the section they are bundled with. */
guint sdp_offer_n_sections (const SdpOffer *self);
const SdpSection *sdp_offer_section (const SdpOffer *self, guint index);
/* The text as it came. */
const gchar *sdp_offer_text (const SdpOffer *self);
/* What stands before them. */
const SdpSection *sdp_offer_session (const SdpOffer *self);
/* The BUNDLE group (RFC 9143) in its order, of SdpSection; empty if none. */
const GPtrArray *sdp_offer_bundle (const SdpOffer *self);
/* Whether two m-sections are to be in step (RFC 5888 section 7). */
gboolean sdp_offer_syncs (const SdpOffer *self, const SdpSection *a,
    const SdpSection *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SdpOffer, sdp_offer_free)

G_END_DECLS
