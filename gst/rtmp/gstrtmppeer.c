/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Publishers in bus messages: see gstrtmppeer.h. */

#include "gst/rtmp/gstrtmppeer.h"

#include "gst/access/tokenbucket.h"
#include "gst/publisher/gstpublisherevents.h"

void
gst_rtmp_peer_init (GstRtmpPeer *self, const RtmpConnection *connection)
{
  *self = (GstRtmpPeer){
    .id = g_uuid_string_random (),
    .address = g_strdup (rtmp_connection_endpoint (connection)),
    .ip = rtmp_connection_address (connection),
    .port = rtmp_connection_port (connection),
    .is_encrypted = rtmp_connection_is_encrypted (connection),
  };
}

static const gchar *
protocol_of (const GstRtmpPeer *self)
{
  return self->is_encrypted ? "rtmps" : "rtmp";
}

/* Returns: (nullable): the name that the encoder gives itself. */
static const gchar *
encoder_of (const GstRtmpPeer *self)
{
  return self->encoder != NULL ? self->encoder : self->flash_version;
}

void
gst_rtmp_peer_describe (const GstRtmpPeer *self, GstStructure *s)
{
  const gchar *encoder = encoder_of (self);

  gst_structure_set (s, "publisher-id", G_TYPE_STRING, self->id, "address",
      G_TYPE_STRING, self->address, "protocol", G_TYPE_STRING,
      protocol_of (self), NULL);
  if (encoder != NULL)
    gst_structure_set (s, "encoder", G_TYPE_STRING, encoder, NULL);
}

GstEvent *
gst_rtmp_peer_event (const GstRtmpPeer *self, gint64 since_us)
{
  const GstPublisherFacts facts = {
    .id = self->id,
    .address = self->ip,
    .port = self->port,
    .encoder = encoder_of (self),
    .protocol = protocol_of (self),
    .since_us = since_us,
  };

  return gst_publisher_event_new (&facts);
}

void
gst_rtmp_peer_clear (GstRtmpPeer *self)
{
  g_clear_pointer (&self->id, g_free);
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
