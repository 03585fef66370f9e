/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stream that libsoup reads a connection from: it gets the heads of
 * requests one at a time, and only those that requesthead.h accepts; any other
 * is answered with 501 or 400 and the connection is closed. For the HTTP
 * thread. */

#pragma once

#include "ext/whep/http/tlssocket-io.h"

G_BEGIN_DECLS

#define WHEP_TYPE_REQUEST_STREAM (whep_request_stream_get_type ())
G_DECLARE_FINAL_TYPE (WhepRequestStream, whep_request_stream, WHEP,
    REQUEST_STREAM, GIOStream)

/* Keeps a reference to both; @tls is (nullable). Supports non-blocking reads
 * only. */
WhepRequestStream *whep_request_stream_new (GSocketConnection *connection,
    WhepTlsSocket *tls);
/* Says so under TLS, because the connection is closed next. */
void whep_request_stream_end (WhepRequestStream *self);

/* A request has been answered: what is read next begins another one. */
void whep_request_stream_next (WhepRequestStream *self);

G_END_DECLS
