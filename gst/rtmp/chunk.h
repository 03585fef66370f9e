/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The RTMP chunk stream (rtmp_specification_1.0, section 5.3): messages are
 * split into chunks, and several chunk streams are interleaved. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The maximum of the 24-bit message length: 16 MiB. */
#define RTMP_MESSAGE_MAX_BYTES 0xffffff
/* The limit of all incomplete messages together. A key frame of the maximum
 * size may be interrupted by another message, but not by two. */
#define RTMP_CHUNK_MAX_BUFFERED_BYTES (2 * RTMP_MESSAGE_MAX_BYTES)
/* Real senders use up to six. */
#define RTMP_CHUNK_MAX_STREAMS 64
/* The chunk size until the first Set Chunk Size. */
#define RTMP_CHUNK_DEFAULT_BYTES 128

/* Space around the payload for its FLV tag header and the PreviousTagSize that
 * follows the tag, so that making a tag needs no second copy. */
#define RTMP_MESSAGE_HEADROOM 11
#define RTMP_MESSAGE_TAILROOM 4

/* The chunk stream of protocol control messages, and one for commands. */
#define RTMP_CSID_CONTROL 2
#define RTMP_CSID_COMMAND 3

typedef enum
{
  RTMP_MESSAGE_SET_CHUNK_SIZE = 1,
  RTMP_MESSAGE_ABORT = 2,
  RTMP_MESSAGE_ACKNOWLEDGEMENT = 3,
  RTMP_MESSAGE_USER_CONTROL = 4,
  RTMP_MESSAGE_WINDOW_ACK_SIZE = 5,
  RTMP_MESSAGE_SET_PEER_BANDWIDTH = 6,
  RTMP_MESSAGE_AUDIO = 8,
  RTMP_MESSAGE_VIDEO = 9,
  RTMP_MESSAGE_DATA_AMF3 = 15,
  RTMP_MESSAGE_COMMAND_AMF3 = 17,
  RTMP_MESSAGE_DATA = 18,
  RTMP_MESSAGE_COMMAND = 20,
  RTMP_MESSAGE_AGGREGATE = 22,
} RtmpMessageType;

typedef struct
{
  guint8 type; /* an RtmpMessageType, if it is a known one */
  guint32 stream_id;
  guint32 time_ms; /* wraps */
  gsize size;      /* of the payload, in bytes */
  guint8 *block;   /* (owned): headroom, payload, tailroom */
} RtmpMessage;

/* Returns FALSE if there is no memory for @size bytes of payload. */
gboolean rtmp_message_init (RtmpMessage *self, guint8 type, gsize size);
void rtmp_message_clear (RtmpMessage *self);

static inline guint8 *
rtmp_message_payload (const RtmpMessage *self)
{
  return self->block + RTMP_MESSAGE_HEADROOM;
}

typedef enum
{
  RTMP_CHUNK_MORE,    /* all input has been consumed; more is needed */
  RTMP_CHUNK_MESSAGE, /* a message is complete; the rest of the input remains */
  RTMP_CHUNK_BROKEN,  /* reading cannot continue: see rtmp_chunk_reader_why() */
} RtmpChunkResult;

typedef struct _RtmpChunkReader RtmpChunkReader;

RtmpChunkReader *rtmp_chunk_reader_new (void);
void rtmp_chunk_reader_free (RtmpChunkReader *self);

/* Consumes what it needs of *@data and advances the pointer. On
 * RTMP_CHUNK_MESSAGE, the caller must clear @message. */
RtmpChunkResult rtmp_chunk_reader_read (RtmpChunkReader *self,
    const guint8 **data, gsize *size, RtmpMessage *message);
const gchar *rtmp_chunk_reader_why (const RtmpChunkReader *self);

/* Messages longer than this are rejected. */
void rtmp_chunk_reader_set_limit (RtmpChunkReader *self, gsize limit_bytes);

/* Apply the control messages of the same names. The first returns FALSE if the
 * protocol does not allow that size. */
gboolean rtmp_chunk_reader_set_chunk_size (RtmpChunkReader *self, guint32 size);
void rtmp_chunk_reader_abort (RtmpChunkReader *self, guint32 csid);

/* Returns whether there is no incomplete message. */
gboolean rtmp_chunk_reader_is_idle (const RtmpChunkReader *self);

/* Appends the message as chunks: the first of type 0, the others of type 3. */
void rtmp_chunk_write (GByteArray *out, guint csid, guint32 chunk_size,
    guint8 type, guint32 stream_id, guint32 time_ms, const guint8 *payload,
    gsize size);

G_END_DECLS
