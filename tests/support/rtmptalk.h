/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bytes that a publisher sends, each function appending to @out, in chunks
 * of the default size and without a message stream. For tests that need other
 * bytes than the captures have; the caller sends them. */

#pragma once

#include "gst/rtmp/chunk.h"

G_BEGIN_DECLS

void talk_message (GByteArray *out, RtmpMessageType type, const guint8 *data,
    gsize size);
/* C0, C1 and C2 at once, all zeroes but the version. */
void talk_handshake (GByteArray *out);
/* The command connect, of transaction 1. Without @app and @url where they are
 * NULL, without capsEx if @caps is 0. */
void talk_connect (GByteArray *out, const gchar *app, const gchar *url,
    gdouble caps);
/* Another command, with a null object and then @argument unless it is NULL. */
void talk_command (GByteArray *out, const gchar *name, gdouble transaction,
    const gchar *argument);

G_END_DECLS
