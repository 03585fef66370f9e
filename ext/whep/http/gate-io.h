/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The gate: whether a request may watch a stream. All who are set have to
 * agree: a file of keys, which is read again when it has changed, the
 * application, and a server that is asked while others are served. While one
 * of them can't say, nobody gets in.
 *
 * The request's token is that of `Authorization: Bearer` (RFC 6750), or
 * `?token=` where a player can't set a header. For the HTTP thread. */

#pragma once

#include "gst/access/hook-io.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Who waits for the server that is asked; it decides a few hundred a second
 * over ACCESS_HOOK_MAX_CONNECTIONS, and more would only wait in vain. */
#define WHEP_GATE_MAX_ASKING 128

/* Asks the application, from the HTTP thread.
 *
 * Returns: (transfer full) (nullable): NULL for yes, else why not. */
typedef gchar *(
    *WhepGateFunc) (const AccessRequest *request, gpointer user_data);

typedef struct
{
  const gchar *keys; /* nullable: path of the file, see keys.h */
  WhepGateFunc func; /* nullable */
  gpointer func_data;
  const gchar *hook; /* nullable: a URL, see hook-io.h */
} WhepGateParams;

typedef struct _WhepGate WhepGate;

/* "" counts as NULL. Fails if the file can't be read or the URL is none. */
WhepGate *whep_gate_new (const WhepGateParams *params, GError **error);
/* After whep_gate_close(), if somebody has passed. */
void whep_gate_free (WhepGate *self);
/* Refuses who waits, and who comes meanwhile: it runs the thread's default main
 * context for that. */
void whep_gate_close (WhepGate *self);

/* The request may go on. */
typedef void (*WhepGateOpened) (SoupServerMessage *message, const gchar *stream,
    gpointer user_data);

/* Calls @opened, at once or later; not if the request was refused, or its
 * connection has ended. */
void whep_gate_pass (WhepGate *self, SoupServerMessage *message,
    const gchar *stream, WhepGateOpened opened, gpointer user_data);

G_END_DECLS
