/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A message to a media thread: see message.h. */

#include "ext/whep/media/message.h"

static WhepMessage *
message_new (WhepMessageKind kind)
{
  WhepMessage *self = g_new0 (WhepMessage, 1);

  self->kind = kind;
  return self;
}

WhepMessage *
whep_message_new_begin_track (guint64 id, const gchar *stream,
    WhepTrackKind kind, const gchar *encoding_name, guint clock_rate)
{
  WhepMessage *self = message_new (WHEP_MESSAGE_BEGIN_TRACK);

  self->begin_track.id = id;
  self->begin_track.stream = g_strdup (stream);
  self->begin_track.kind = kind;
  self->begin_track.encoding_name = g_intern_string (encoding_name);
  self->begin_track.clock_rate = clock_rate;
  return self;
}

WhepMessage *
whep_message_new_offer_rendition (guint64 track_id, const gchar *encoding_name)
{
  WhepMessage *self = message_new (WHEP_MESSAGE_OFFER_RENDITION);

  self->offer_rendition.track_id = track_id;
  self->offer_rendition.encoding_name = g_intern_string (encoding_name);
  return self;
}

/* The packets are stored behind the message in one allocation. */
WhepMessage *
whep_message_new_packets (guint64 track_id, WhepPacket **packets,
    guint n_packets)
{
  WhepMessage *self =
      g_malloc0 (sizeof (WhepMessage) + n_packets * sizeof (WhepPacket *));

  self->kind = WHEP_MESSAGE_PACKETS;
  self->packets.track_id = track_id;
  self->packets.n_packets = n_packets;
  self->packets.packets = (WhepPacket **) (self + 1);
  for (guint i = 0; i < n_packets; i++)
    self->packets.packets[i] = whep_packet_ref (packets[i]);
  return self;
}

WhepMessage *
whep_message_new_end_track (guint64 id)
{
  WhepMessage *self = message_new (WHEP_MESSAGE_END_TRACK);

  self->end_track = id;
  return self;
}

WhepMessage *
whep_message_new_open_viewer (WhepViewer *viewer)
{
  WhepMessage *self = message_new (WHEP_MESSAGE_OPEN_VIEWER);

  self->open_viewer = viewer;
  return self;
}

WhepMessage *
whep_message_new_close_viewer (const gchar *ufrag)
{
  WhepMessage *self = message_new (WHEP_MESSAGE_CLOSE_VIEWER);

  self->close_viewer = g_strdup (ufrag);
  return self;
}

WhepMessage *
whep_message_new_give_way (const gchar *ufrag)
{
  WhepMessage *self = message_new (WHEP_MESSAGE_GIVE_WAY);

  self->close_viewer = g_strdup (ufrag);
  return self;
}

WhepMessage *
whep_message_new_restart_ice (const gchar *ufrag,
    const WhepIceCredentials *credentials)
{
  WhepMessage *self = message_new (WHEP_MESSAGE_RESTART_ICE);

  self->restart_ice.ufrag = g_strdup (ufrag);
  self->restart_ice.credentials = *credentials;
  return self;
}

WhepMessage *
whep_message_new_control_viewer (const gchar *ufrag,
    const WhepViewerControls *controls)
{
  WhepMessage *self = message_new (WHEP_MESSAGE_CONTROL_VIEWER);

  self->control_viewer.ufrag = g_strdup (ufrag);
  self->control_viewer.controls = *controls;
  return self;
}

WhepMessage *
whep_message_new_set_paused (gboolean is_paused)
{
  WhepMessage *self = message_new (WHEP_MESSAGE_SET_PAUSED);

  self->set_paused = is_paused;
  return self;
}

WhepMessage *
whep_message_new_forward (guint worker, const WhepAddress *from,
    const guint8 *data, gsize size)
{
  WhepMessage *self = message_new (WHEP_MESSAGE_FORWARD);

  self->forward.worker = worker;
  self->forward.from = *from;
  self->forward.data = g_memdup2 (data, size);
  self->forward.size = size;
  return self;
}

WhepMessage *
whep_message_new_learn_route (guint worker, const WhepAddress *address)
{
  WhepMessage *self = message_new (WHEP_MESSAGE_LEARN_ROUTE);

  self->learn_route.worker = worker;
  self->learn_route.address = *address;
  return self;
}

WhepMessage *
whep_message_new_stop (void)
{
  return message_new (WHEP_MESSAGE_STOP);
}

static void
clear_packets (WhepMessagePackets *packets)
{
  for (guint i = 0; i < packets->n_packets; i++)
    if (packets->packets[i] != NULL)
      whep_packet_unref (packets->packets[i]);
}

void
whep_message_free (WhepMessage *self)
{
  switch (self->kind) {
    case WHEP_MESSAGE_BEGIN_TRACK:
      g_free (self->begin_track.stream);
      break;
    case WHEP_MESSAGE_PACKETS:
      clear_packets (&self->packets);
      break;
    case WHEP_MESSAGE_OPEN_VIEWER:
      whep_viewer_free (self->open_viewer);
      break;
    case WHEP_MESSAGE_CLOSE_VIEWER:
    case WHEP_MESSAGE_GIVE_WAY:
      g_free (self->close_viewer);
      break;
    case WHEP_MESSAGE_RESTART_ICE:
      g_free (self->restart_ice.ufrag);
      break;
    case WHEP_MESSAGE_CONTROL_VIEWER:
      g_free (self->control_viewer.ufrag);
      break;
    case WHEP_MESSAGE_FORWARD:
      g_free (self->forward.data);
      break;
    case WHEP_MESSAGE_OFFER_RENDITION:
    case WHEP_MESSAGE_END_TRACK:
    case WHEP_MESSAGE_SET_PAUSED:
    case WHEP_MESSAGE_LEARN_ROUTE:
    case WHEP_MESSAGE_STOP:
      break;
  }
  g_free (self);
}

void
whep_message_free_all (WhepMail *mails)
{
  WhepMail *mail;

  while ((mail = whep_mail_pop (&mails)) != NULL)
    whep_message_free ((WhepMessage *) mail);
}
