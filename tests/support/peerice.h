/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The controlling end of ICE, as in a browser: it sends checks, nominates, and
 * keeps asking for consent (RFC 8445, RFC 7675). Embedded in the peer. */

#pragma once

#include "ext/whep/viewer/outbox.h"

#include <stun/stunagent.h>

G_BEGIN_DECLS

#define PEER_ICE_UFRAG_SIZE 4
#define PEER_ICE_PWD_SIZE 24
/* The checks of six seconds: an overloaded answerer may take that long. */
#define PEER_ICE_MAX_CHECKS 128
#define PEER_ICE_CREDENTIAL_MAX 256

typedef struct
{
  StunTransactionId id;
  gboolean nominates;
} PeerIceCheck;

typedef struct
{
  StunAgent agent;
  gchar ufrag[PEER_ICE_UFRAG_SIZE + 1];
  gchar pwd[PEER_ICE_PWD_SIZE + 1];
  gchar remote_pwd[PEER_ICE_CREDENTIAL_MAX + 1];
  gchar username[2 * PEER_ICE_CREDENTIAL_MAX + 2];
  guint64 tie_breaker;
  WhepAddress remote;
  gint64 next_check_us; /* G_MAXINT64: none */
  PeerIceCheck checks[PEER_ICE_MAX_CHECKS];
  guint n_checks;
  /* Replies received. */
  guint n_answers;
  guint n_errors;
  gboolean is_connected; /* one check was answered */
  gboolean is_nominated; /* one with USE-CANDIDATE was answered */
  WhepAddress mapped;    /* our address according to the last response */
} PeerIce;

void peer_ice_init (PeerIce *self, GRand *rand);
void peer_ice_start (PeerIce *self, const gchar *remote_ufrag,
    const gchar *remote_pwd, const WhepAddress *remote, gint64 now_us);

/* Makes new credentials, for another ICE session. Checks continue with the
 * former ones until it is started. */
void peer_ice_renew (PeerIce *self, GRand *rand);

/* Processes a response to a check; other datagrams are ignored. */
void peer_ice_receive (PeerIce *self, const guint8 *data, gsize size);
void peer_ice_tick (PeerIce *self, gint64 now_us, WhepOutbox *out);
gint64 peer_ice_deadline_us (const PeerIce *self);
/* Sends no more checks. */
void peer_ice_stop (PeerIce *self);

G_END_DECLS
