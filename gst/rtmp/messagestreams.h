/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The message streams of one connection: those that createStream has made, the
 * published one, and those whose publish command was rejected while the
 * connection stayed open. Pure. */

#pragma once

#include "gst/rtmp/amf0.h"

G_BEGIN_DECLS

/* Rejected streams; Flash Media Live Encoder sends up to three bit rates. */
#define RTMP_MESSAGESTREAMS_MAX_REJECTED 16
/* Far more than any client creates on one connection. */
#define RTMP_MESSAGESTREAMS_MAX_ID 0xffffff

/* To be embedded; starts zeroed. */
typedef struct
{
  guint32 last_id; /* created last */
  guint32 id;      /* of the published stream */
  gchar *key;      /* of the published stream, without its query */
  guint32 rejected[RTMP_MESSAGESTREAMS_MAX_REJECTED];
  guint n_rejected;
} RtmpMessageStreams;

void rtmp_messagestreams_clear (RtmpMessageStreams *self);

/* Returns: the new ID; 0 if there are no more. */
guint32 rtmp_messagestreams_create (RtmpMessageStreams *self);
/* @id need not have been created; @key is as received. */
void rtmp_messagestreams_publish (RtmpMessageStreams *self, guint32 id,
    const gchar *key);

/* Returns FALSE if too many have been rejected. */
gboolean rtmp_messagestreams_reject (RtmpMessageStreams *self, guint32 id);
gboolean rtmp_messagestreams_is_rejected (const RtmpMessageStreams *self,
    guint32 id);

/* Return whether FCUnpublish of @key, or deleteStream of @id, refers to the
 * published stream. A missing or malformed argument does. Deleting a rejected
 * stream forgets it. */
gboolean rtmp_messagestreams_is_key (const RtmpMessageStreams *self,
    const RtmpAmf0Value *key);
gboolean rtmp_messagestreams_delete (RtmpMessageStreams *self,
    const RtmpAmf0Value *id);

G_END_DECLS
