/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server's side of the RTMP handshake (rtmp_specification_1.0, section
 * 5.2). A client that signs C1 gets signed S1 and S2; any other sees a server
 * of version zero that echoes its bytes, as before Flash 9. Pure: the random
 * bytes come from the caller. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* C1, C2, S1 and S2. */
#define RTMP_HANDSHAKE_BLOCK_BYTES 1536
/* S1 without its time and the four zero bytes. */
#define RTMP_HANDSHAKE_RANDOM_BYTES (RTMP_HANDSHAKE_BLOCK_BYTES - 8)

typedef enum
{
  RTMP_HANDSHAKE_MORE, /* all input has been consumed; more is needed */
  RTMP_HANDSHAKE_DONE,
  RTMP_HANDSHAKE_REJECTED, /* an unsupported version */
} RtmpHandshakeResult;

/* To be embedded; starts zeroed. */
typedef struct
{
  guint n_read; /* of C0, C1 and C2 */
  guint8 version;
  guint8 c1[RTMP_HANDSHAKE_BLOCK_BYTES];
} RtmpHandshake;

/* Consumes what it needs of *@data and advances the pointer. Appends S0, S1 and
 * S2 to @out once C1 is complete. */
RtmpHandshakeResult rtmp_handshake_read (RtmpHandshake *self,
    const guint8 **data, gsize *size,
    const guint8 random[RTMP_HANDSHAKE_RANDOM_BYTES], GByteArray *out);

G_END_DECLS
