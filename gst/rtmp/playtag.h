/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an FLV tag means to a player that joins a stream: where it can begin,
 * and what its decoders need first. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RTMP_PLAYTAG_DATA,     /* script data and commands: forwarded, not kept */
  RTMP_PLAYTAG_METADATA, /* onMetaData */
  RTMP_PLAYTAG_HEADER,   /* a sequence header, or the like */
  RTMP_PLAYTAG_AUDIO,
  RTMP_PLAYTAG_VIDEO,
  RTMP_PLAYTAG_KEY, /* video that a decoder can begin with */
} RtmpPlayTagKind;

typedef struct
{
  RtmpPlayTagKind kind;
  /* For METADATA and HEADER: a newer tag of the same slot replaces an older
   * one. */
  guint slot;
} RtmpPlayTag;

/* Reads a complete tag, as rtmp_flv_take_tag() makes it. */
void rtmp_playtag_read (RtmpPlayTag *self, const guint8 *tag, gsize size);

/* Return: the payload of a complete tag, and its timestamp, as the publisher
 * set it. */
const guint8 *rtmp_playtag_payload (const guint8 *tag, gsize size,
    gsize *payload_size);
guint32 rtmp_playtag_time_ms (const guint8 *tag);

G_END_DECLS
