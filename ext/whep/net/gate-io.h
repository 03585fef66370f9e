/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The gate: whether a request's token lets it watch a stream. The token is
 * that of `Authorization: Bearer` (RFC 6750), or `?token=` where a player
 * can't set a header. The file with the keys is read again when it has
 * changed; while it can't be read, nobody gets in. For the HTTP thread. */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _WhepGate WhepGate;

/* @path: (nullable): with NULL or "", everybody may watch. Fails if the file
 * can't be read. */
WhepGate *whep_gate_new (const gchar *path, GError **error);
void whep_gate_free (WhepGate *self);

/* Returns FALSE once it has replied 401. */
gboolean whep_gate_pass (WhepGate *self, SoupServerMessage *message,
    const gchar *stream);

G_END_DECLS
