/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Turns RTP payloads of H.264 (RFC 6184, packetization mode 1) or H.265 (RFC
 * 7798, without DONL) back into a byte stream, and accepts only what those
 * allow. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All fields but the first two start zeroed. */
typedef struct
{
  GByteArray *out; /* three bytes of start code precede each unit */
  gboolean is_h265;
  gboolean is_open; /* the next packet continues a fragmented unit */
  guint8 open_header[2];
  guint n_units;
  const gchar *why; /* of the first malformed payload */
} NalUnpack;

/* @payload has no padding. Returns FALSE if it is malformed, or does not follow
 * the one before; the field why tells. */
gboolean nal_unpack (NalUnpack *self, const guint8 *payload, gsize size);
/* TRUE if no unit is left open. */
gboolean nal_unpack_end (NalUnpack *self);

G_END_DECLS
