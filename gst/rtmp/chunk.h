/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The RTMP chunk stream (rtmp_specification_1.0, section 5.3): messages cut
 * into chunks, several chunk streams interleaved. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the 24 bits of a message's length can say: 16 MiB. */
#define RTMP_MESSAGE_MAX_BYTES 0xffffff
/* Of all messages that have begun and not ended. A key frame of the largest
 * size may be interrupted by another message, not by two. */
#define RTMP_CHUNK_MAX_BUFFERED_BYTES (2 * RTMP_MESSAGE_MAX_BYTES)
/* Real senders use up to six. */
#define RTMP_CHUNK_MAX_STREAMS 64
/* Until Set Chunk Size. */
#define RTMP_CHUNK_DEFAULT_BYTES 128

/* Room around a payload for the header of its FLV tag and the PreviousTagSize
 * that follows it, so that a tag needs no second copy. */
#define RTMP_MESSAGE_HEADROOM 11
#define RTMP_MESSAGE_TAILROOM 4

/* Chunk stream of the protocol's control messages, and one for commands. */
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
  guint8 type; /* an RtmpMessageType, if it is one that we know */
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
  RTMP_CHUNK_MORE,    /* has taken all that there was, and needs more */
  RTMP_CHUNK_MESSAGE, /* one is complete, the rest of the bytes waits */
  RTMP_CHUNK_BROKEN,  /* rtmp_chunk_reader_why() says how; the end */
} RtmpChunkResult;

typedef struct _RtmpChunkReader RtmpChunkReader;

RtmpChunkReader *rtmp_chunk_reader_new (void);
void rtmp_chunk_reader_free (RtmpChunkReader *self);

/* Takes what it needs from *@data and moves it on. @message is the caller's to
 * clear if one came. */
RtmpChunkResult rtmp_chunk_reader_read (RtmpChunkReader *self,
    const guint8 **data, gsize *size, RtmpMessage *message);
const gchar *rtmp_chunk_reader_why (const RtmpChunkReader *self);

/* A message longer than this is refused. */
void rtmp_chunk_reader_set_limit (RtmpChunkReader *self, gsize limit_bytes);

/* What the control messages of these names ask for. Returns FALSE if the size
 * is not one that the protocol allows. */
gboolean rtmp_chunk_reader_set_chunk_size (RtmpChunkReader *self, guint32 size);
void rtmp_chunk_reader_abort (RtmpChunkReader *self, guint32 csid);

/* Whether no message has begun that has not ended. */
gboolean rtmp_chunk_reader_is_idle (const RtmpChunkReader *self);

/* Appends the message in chunks: one of type 0, the others of type 3. */
void rtmp_chunk_write (GByteArray *out, guint csid, guint32 chunk_size,
    guint8 type, guint32 stream_id, guint32 time_ms, const guint8 *payload,
    gsize size);

G_END_DECLS
