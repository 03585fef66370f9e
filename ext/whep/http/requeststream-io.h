/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection as libsoup reads it: heads of requests come to it one at a time,
 * as far as they are what requesthead.h knows; any other is answered 501 or 400
 * and hung up on. For the HTTP thread. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHEP_TYPE_REQUEST_STREAM (whep_request_stream_get_type ())
G_DECLARE_FINAL_TYPE (WhepRequestStream, whep_request_stream, WHEP,
    REQUEST_STREAM, GIOStream)

/* Keeps @connection; to be read without blocking. */
WhepRequestStream *whep_request_stream_new (GSocketConnection *connection);

/* A request has been answered: what comes next begins another. */
void whep_request_stream_next (WhepRequestStream *self);

G_END_DECLS
