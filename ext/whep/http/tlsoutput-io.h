/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stream that libsoup writes an HTTPS connection to. */

#pragma once

#include "ext/whep/http/tlssocket-io.h"

G_BEGIN_DECLS

/* Returns: (transfer full): a stream that can be polled and never blocks. Takes
 * a reference to both; @socket is that of @tls. */
GOutputStream *whep_tls_output_new (WhepTlsSocket *tls, GSocket *socket);

G_END_DECLS
