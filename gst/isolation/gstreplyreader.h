/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes caps and buffers of what an isolated decoder sends, and rejects what is
 * not allowed to. For one thread. */

#pragma once

#include "gst/isolation/process-io.h"

#include <gst/video/video.h>

G_BEGIN_DECLS

/* To be embedded, zero at first. */
typedef struct
{
  GstVideoInfo info;
  GstBufferPool *pool; /* NULL before the format is known */
} GstReplyReader;

typedef enum
{
  GST_REPLY_NONE, /* the decoder has ended, or is not to be trusted */
  GST_REPLY_FORMAT,
  GST_REPLY_PICTURE,
  GST_REPLY_END,
} GstReply;

/* Waits for the next reply. @caps: (out) (transfer full): of a format.
 * @picture: (out) (transfer full): of a picture. */
GstReply gst_reply_reader_read (GstReplyReader *self, IsolationProcess *process,
    GstCaps **caps, GstBuffer **picture);
/* Frees the contents. */
void gst_reply_reader_clear (GstReplyReader *self);

G_END_DECLS
