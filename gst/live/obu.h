/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Open Bitstream Units of AV1 (AV1 specification, section 5.3), and their RTP
 * packets (RTP Payload Format For AV1, section 4). Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A temporal unit of a live encoder has a few, plus one per tile group. More
 * than this is malicious. */
#define OBU_MAX 256

#define OBU_SEQUENCE_HEADER 1
#define OBU_TEMPORAL_DELIMITER 2
#define OBU_TILE_LIST 8
#define OBU_PADDING 15

/* Points into the bytes that it was read from. */
typedef struct
{
  guint type;
  /* As in RTP, without a size. */
  guint8 header[2];
  guint n_header;
  const guint8 *payload;
  gsize size;
} Obu;

typedef struct
{
  guint n_obus;
  gboolean has_sequence_header;
  Obu obus[OBU_MAX];
} ObuUnit;

/* Adds the OBUs of @data, which must outlive @self, except those that RTP does
 * not carry. Starts zeroed. Returns FALSE if @data is truncated or has too many
 * OBUs. */
gboolean obu_unit_read (ObuUnit *self, const guint8 *data, gsize size);

/* The bytes before the OBUs of an AV1CodecConfigurationRecord. */
#define OBU_CONFIG_HEADER_BYTES 4

/* To be embedded; initialised with the unit only. */
typedef struct
{
  const ObuUnit *unit;
  guint index;  /* of the next OBU */
  gsize offset; /* within the OBU */
} ObuPacker;

/* The minimum size of a packet's payload. */
#define OBU_PACKET_MIN 4

/* Writes the payload of the next packet, with its aggregation header; the
 * caller sets the N bit. Returns its size, at most @limit and less than 16384;
 * 0 when everything has been written. */
gsize obu_packer_next (ObuPacker *self, guint8 *out, gsize limit);
gboolean obu_packer_is_done (const ObuPacker *self);
#define OBU_PACKET_NEW_SEQUENCE 0x08

G_END_DECLS
