/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes of an HTTP body, framed once as a chunk (RFC 9112 section 7.1) for all
 * readers of a stream. Immutable once filled; references may be taken and
 * dropped by any thread. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _WhepChunk WhepChunk;

/* @size is not 0. The caller fills @payload. */
WhepChunk *whep_chunk_new (gsize size, guint8 **payload);
WhepChunk *whep_chunk_ref (WhepChunk *self);
void whep_chunk_unref (WhepChunk *self);

/* Return: the bytes with the framing, and without it. */
const guint8 *whep_chunk_framed (const WhepChunk *self, gsize *size);
const guint8 *whep_chunk_payload (const WhepChunk *self, gsize *size);

G_END_DECLS
