/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Publishers in bus messages: see gstrtmppeer.h. */

#include "gst/rtmp/gstrtmppeer.h"

#include "gst/access/tokenbucket.h"

void
gst_rtmp_peer_clear (GstRtmpPeer *self)
{
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->encoder, g_free);
}

struct _GstRtmpRejections
{
  GstElement *element;
  GMutex lock; /* guards what follows */
  AccessTokenBucket limit;
};

GstRtmpRejections *
gst_rtmp_rejections_new (GstElement *element)
{
  GstRtmpRejections *self = g_new0 (GstRtmpRejections, 1);

  self->element = element;
  g_mutex_init (&self->lock);
  self->limit.burst = GST_RTMP_REJECTIONS_BURST;
  self->limit.token_us = G_USEC_PER_SEC / GST_RTMP_REJECTIONS_PER_SECOND;
  return self;
}

void
gst_rtmp_rejections_free (GstRtmpRejections *self)
{
  if (self == NULL)
    return;
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
gst_rtmp_rejections_post (GstRtmpRejections *self, gboolean is_player,
    const gchar *name, const gchar *address, const gchar *why)
{
  GstStructure *s;
  gboolean may_post;

  g_mutex_lock (&self->lock);
  may_post = access_token_bucket_take (&self->limit, g_get_monotonic_time ());
  g_mutex_unlock (&self->lock);
  if (!may_post)
    return;
  s = gst_structure_new (is_player ? "player-refused" : "publisher-refused",
      "address", G_TYPE_STRING, address, "reason", G_TYPE_STRING, why, NULL);
  if (name != NULL)
    gst_structure_set (s, "stream-name", G_TYPE_STRING, name, NULL);
  gst_element_post_message (self->element,
      gst_message_new_element (GST_OBJECT (self->element), s));
}
