/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Negotiates a viewer: creates an answer, and a viewer with random credentials,
 * from an offer. For the HTTP thread. */

#pragma once

#include "ext/whep/http/directory.h"
#include "ext/whep/viewer/viewer.h"

G_BEGIN_DECLS

typedef struct
{
  const WhepListing *listing; /* the stream */
  const gchar *offer;         /* SDP */
  gsize offer_size;
  const gchar *ice_ufrag;        /* ours, new */
  const gchar *const *addresses; /* ours, for candidates */
  guint16 port;
  gboolean wants_untouched; /* see WhepViewerParams; where available */
  gint64 delay_us;          /* likewise */
  WhepViewerControls controls;
  SSL_CTX *dtls_context;
  const gchar *fingerprint; /* ours */
  gint64 asked_us;          /* when the offer arrived */
} WhepNegotiationParams;

typedef struct
{
  gchar *answer; /* SDP */
  gchar *remote_ufrag;
  gchar *fragment; /* what an ICE restart repeats */
  WhepViewer *viewer;
  gboolean needs_rendition; /* see WhepListedTrack */
  gboolean has_untouched;   /* B-frames are there for such a viewer */
  gboolean takes_untouched; /* see WhepViewerParams */
  const gchar *encoding_names[WHEP_N_TRACKS]; /* static; NULL: rejected */
} WhepNegotiation;

/* Fails with an SDP_ERROR, whose message is for the user of the browser. */
gboolean whep_negotiation_init (WhepNegotiation *self,
    const WhepNegotiationParams *params, GError **error);
/* Frees everything that has not been taken. */
void whep_negotiation_clear (WhepNegotiation *self);

G_END_DECLS
