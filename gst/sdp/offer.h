/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A browser's SDP offer, reduced to the few facts that we use (RFC 8866,
 * RFC 8829). Pure. */

#pragma once

#include "gst/sdp/section.h"

G_BEGIN_DECLS

/* Why an offer can't be answered; HTTP says 400 for the first and 406 for the
 * others. */
#define SDP_ERROR (sdp_error_quark ())
GQuark sdp_error_quark (void);

typedef enum
{
  SDP_ERROR_MALFORMED, /* not SDP; the message names the line */
  SDP_ERROR_NO_CODEC,  /* offers none that the stream could use */
  SDP_ERROR_DIRECTION, /* wants to send only, or nothing */
  SDP_ERROR_TRANSPORT, /* no ICE, DTLS, BUNDLE or rtcp-mux to use */
} SdpError;

/* An offer longer than this is refused; real ones are under 10 kB. */
#define SDP_OFFER_MAX_BYTES (64 * 1024)
/* A player asks for two or three m-sections. */
#define SDP_OFFER_MAX_SECTIONS 32

typedef struct _SdpOffer SdpOffer;

/* Returns: (nullable): the offer, or NULL with an %SDP_ERROR_MALFORMED or
 * %SDP_ERROR_TRANSPORT, in words for the person in front of the browser. */
SdpOffer *sdp_offer_parse (const gchar *text, gsize size, GError **error);
void sdp_offer_free (SdpOffer *self);

/* Of the m-section that the others are bundled with; owned by the offer. The
 * fingerprint is as in SDP: "sha-256 AB:CD:…". */
const gchar *sdp_offer_ice_ufrag (const SdpOffer *self);
const gchar *sdp_offer_fingerprint (const SdpOffer *self);

/* The m-sections in their order. Session-level attributes count as theirs, and
 * the transport as that of the section they are bundled with. */
guint sdp_offer_n_sections (const SdpOffer *self);
const SdpSection *sdp_offer_section (const SdpOffer *self, guint index);
/* What stands before them. */
const SdpSection *sdp_offer_session (const SdpOffer *self);
/* The BUNDLE group (RFC 9143) in its order, of SdpSection; empty if none. */
const GPtrArray *sdp_offer_bundle (const SdpOffer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SdpOffer, sdp_offer_free)

G_END_DECLS
