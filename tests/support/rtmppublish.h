/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A client that publishes to a rtmpserversrc under any name, without a capture:
 * for tests of names, tokens and replies. */

#pragma once

#include "tests/support/rtmpserver.h"

G_BEGIN_DECLS

/* Connects to @app with that capsEx and sends publish for @key, without reading
 * a reply. */
Client client_publish (Server *server, const gchar *app, const gchar *key,
    gdouble caps);
/* Reads as client_listen() does, then clears @self.
 *
 * Returns: (transfer full): what was read, without the one-byte headers of
 * continued chunks. */
gchar *client_hears_all (Client *self);

G_END_DECLS
