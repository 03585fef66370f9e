/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Open Bitstream Units of AV1 (AV1 specification, section 5.3), and how they
 * lie in RTP packets (RTP Payload Format For AV1, section 4). Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A temporal unit of a live encoder has a few, and one per tile group. Whoever
 * sends more has built it to hurt us. */
#define OBU_MAX 256

#define OBU_SEQUENCE_HEADER 1
#define OBU_TEMPORAL_DELIMITER 2
#define OBU_TILE_LIST 8
#define OBU_PADDING 15

/* Points into the bytes that it was read from. */
typedef struct
{
  guint type;
  /* As RTP carries it, without a size. */
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

/* Adds the units of @data, which must outlive @self, but those that RTP doesn't
 * carry. Starts zeroed. Returns FALSE if they are cut or too many. */
gboolean obu_unit_read (ObuUnit *self, const guint8 *data, gsize size);

/* The bytes of an AV1CodecConfigurationRecord before its units. */
#define OBU_CONFIG_HEADER_BYTES 4

/* To be embedded; starts with the unit alone. */
typedef struct
{
  const ObuUnit *unit;
  guint index;  /* of the OBU that comes next */
  gsize offset; /* in it */
} ObuPacker;

/* The least that a packet's payload can be. */
#define OBU_PACKET_MIN 4

/* Writes the next packet's payload, with its aggregation header; the N bit is
 * the caller's to set. Returns its size, at most @limit and less than 16384; 0
 * when all has been written. */
gsize obu_packer_next (ObuPacker *self, guint8 *out, gsize limit);
gboolean obu_packer_is_done (const ObuPacker *self);
#define OBU_PACKET_NEW_SEQUENCE 0x08

G_END_DECLS
