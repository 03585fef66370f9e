/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The controlling end of ICE, as in a browser: it checks all addresses of the
 * other end, nominates the first that responds, and keeps asking for consent
 * (RFC 8445, RFC 7675). It responds to the checks of an end that is not lite,
 * too. Embedded in the peer. */

#pragma once

#include "ext/whep/viewer/outbox.h"

#include <stun/stunagent.h>

G_BEGIN_DECLS

#define PEER_ICE_UFRAG_SIZE 4
#define PEER_ICE_PWD_SIZE 24
/* The checks of six seconds: an overloaded answerer may take that long. */
#define PEER_ICE_MAX_CHECKS 128
#define PEER_ICE_CREDENTIAL_MAX 256
/* Of the other end; further ones are not checked. */
#define PEER_ICE_MAX_REMOTES 8

typedef struct
{
  StunTransactionId id;
  guint remote; /* its index */
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
  WhepAddress remotes[PEER_ICE_MAX_REMOTES];
  guint n_remotes;
  guint remote;         /* the one in use, or to be checked next */
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

/* @random is secret unless this is a test; the same one leads to the same
 * credentials. */
void peer_ice_init (PeerIce *self, guint64 random);
void peer_ice_start (PeerIce *self, const gchar *remote_ufrag,
    const gchar *remote_pwd, const WhepAddress *remotes, guint n_remotes,
    gint64 now_us);

/* Makes new credentials, for another ICE session. Checks continue with the
 * former ones until it is started. */
void peer_ice_renew (PeerIce *self, guint64 random);

/* Processes a response to a check, and responds to a check; other datagrams are
 * ignored. */
void peer_ice_receive (PeerIce *self, const guint8 *data, gsize size,
    const WhepAddress *from, WhepOutbox *out);
/* Only once it is connected. */
const WhepAddress *peer_ice_remote (const PeerIce *self);
void peer_ice_tick (PeerIce *self, gint64 now_us, WhepOutbox *out);
gint64 peer_ice_deadline_us (const PeerIce *self);
/* Sends no more checks. */
void peer_ice_stop (PeerIce *self);

G_END_DECLS
