/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connections whose protocol is not known yet, or whose TLS handshake is not
 * done: the first byte tells TLS from HTTP (RFC 9110's methods are letters, a
 * ClientHello begins with 22). For the HTTP thread. */

#pragma once

#include "ext/whep/http/tlssocket-io.h"
#include "gst/net/credentials-io.h"

G_BEGIN_DECLS

/* From a connection's begin to the end of its handshake: two round trips of a
 * slow network, many times over. */
#define WHEP_HANDSHAKES_PATIENCE_US (10 * G_USEC_PER_SEC)
/* As many as there may be connections: WHEP_CONNECTIONS_MAX. */
#define WHEP_HANDSHAKES_MAX 256

typedef struct _WhepHandshakes WhepHandshakes;

/* @tls is (nullable): NULL for HTTP without TLS. */
typedef void (*WhepHandshakesFunc) (GSocket *socket, WhepTlsSocket *tls,
    gpointer user_data);

typedef struct
{
  guint max;
  guint max_per_client; /* 0: no limit */
  gint64 patience_us;
} WhepHandshakesLimits;

/* In the thread's default context, for as long as @credentials live. */
WhepHandshakes *whep_handshakes_new (NetCredentials *credentials,
    const WhepHandshakesLimits *limits, WhepHandshakesFunc func,
    gpointer user_data);
/* Closes those that are under way. */
void whep_handshakes_free (WhepHandshakes *self);

/* Ends with a call of the function, or with the end of the connection. Beyond
 * the maximum, the oldest of the client with the most of them is closed; beyond
 * that of the client, its oldest one. */
void whep_handshakes_begin (WhepHandshakes *self, GSocket *socket);
/* Closes one, as above, to free its descriptor. */
void whep_handshakes_give_way (WhepHandshakes *self);

G_END_DECLS
