/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The message streams of one connection: those that createStream made, the one
 * that is published, and those on which publishing was refused while the
 * connection goes on. Pure. */

#pragma once

#include "gst/rtmp/amf0.h"

G_BEGIN_DECLS

/* Of those that are refused; Flash Media Live Encoder has three bit rates. */
#define RTMP_MESSAGESTREAMS_MAX_REFUSED 16
/* Far beyond what anybody creates on one connection. */
#define RTMP_MESSAGESTREAMS_MAX_ID 0xffffff

/* To be embedded; starts zeroed. */
typedef struct
{
  guint32 last_id; /* that was created */
  guint32 id;      /* of the one that is published */
  gchar *key;      /* of it, without its query */
  guint32 refused[RTMP_MESSAGESTREAMS_MAX_REFUSED];
  guint n_refused;
} RtmpMessageStreams;

void rtmp_messagestreams_clear (RtmpMessageStreams *self);

/* Returns: 0 if there are no more numbers. */
guint32 rtmp_messagestreams_create (RtmpMessageStreams *self);
/* @id may be one that was not created; @key is as it came. */
void rtmp_messagestreams_publish (RtmpMessageStreams *self, guint32 id,
    const gchar *key);

/* Returns FALSE if there are too many. */
gboolean rtmp_messagestreams_refuse (RtmpMessageStreams *self, guint32 id);
gboolean rtmp_messagestreams_is_refused (const RtmpMessageStreams *self,
    guint32 id);

/* Whether FCUnpublish of a key, and deleteStream of a number, mean the stream
 * that is published. Who says none, or something odd, means the one that there
 * is. A refused one is forgotten when it is deleted. */
gboolean rtmp_messagestreams_is_key (const RtmpMessageStreams *self,
    const RtmpAmf0Value *key);
gboolean rtmp_messagestreams_delete (RtmpMessageStreams *self,
    const RtmpAmf0Value *id);

G_END_DECLS
