/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Turns RTP payloads of AV1 back into OBUs with sizes, as a decoder takes them:
 * RTP Payload Format For AV1, section 4.4. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All fields but @out start zeroed. */
typedef struct
{
  GByteArray *out;
  GByteArray *open; /* the OBU that the next packet continues */
} Av1Unpack;

/* Returns FALSE if the payload is malformed or does not continue the OBU that
 * the previous one left open. */
gboolean av1_unpack (Av1Unpack *self, const guint8 *payload, gsize size);
/* TRUE if no OBU is left open. */
gboolean av1_unpack_end (Av1Unpack *self);

G_END_DECLS
