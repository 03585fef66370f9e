/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lets a viewer in: an offer becomes an answer and a viewer with random
 * credentials of its own. For the HTTP thread. */

#pragma once

#include "ext/whep/http/directory.h"
#include "ext/whep/viewer/viewer.h"

G_BEGIN_DECLS

typedef struct
{
  const WhepListing *listing; /* the stream */
  const gchar *offer;         /* SDP */
  gsize offer_size;
  const gchar *ice_ufrag;        /* of ours, and new */
  const gchar *const *addresses; /* of ours, for candidates */
  guint16 port;
  SSL_CTX *dtls_context;
  const gchar *fingerprint; /* of ours */
} WhepNegotiationParams;

typedef struct
{
  gchar *answer; /* SDP */
  gchar *remote_ufrag;
  gchar *fragment; /* what an ICE restart repeats */
  WhepViewer *viewer;
  gboolean needs_rendition;                   /* see WhepListedTrack */
  const gchar *encoding_names[WHEP_N_TRACKS]; /* static; NULL: rejected */
} WhepNegotiation;

/* Fails with an SDP_ERROR, for the person in front of the browser. */
gboolean whep_negotiation_init (WhepNegotiation *self,
    const WhepNegotiationParams *params, GError **error);
/* Frees what is still there. */
void whep_negotiation_clear (WhepNegotiation *self);

G_END_DECLS
