/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A certificate's fingerprint as SDP writes it (RFC 8122 section 5). Pure. */

#pragma once

#include "ext/whep/viewer/dtls.h"

G_BEGIN_DECLS

/* Reads "sha-256 AB:CD:…". Returns FALSE if it is not of that form. */
gboolean whep_fingerprint_init (WhepFingerprint *self, const gchar *text);

G_END_DECLS
