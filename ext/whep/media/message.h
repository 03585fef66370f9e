/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A message to a media thread. Pure; the holder of a message owns it and
 * everything in it. */

#pragma once

#include "ext/whep/media/mailbox-io.h"
#include "ext/whep/viewer/viewer.h"

G_BEGIN_DECLS

typedef enum
{
  WHEP_MESSAGE_BEGIN_TRACK,
  WHEP_MESSAGE_OFFER_RENDITION,
  WHEP_MESSAGE_PACKETS,
  WHEP_MESSAGE_END_TRACK,
  WHEP_MESSAGE_OPEN_VIEWER,
  WHEP_MESSAGE_CLOSE_VIEWER,
  WHEP_MESSAGE_GIVE_WAY,
  WHEP_MESSAGE_RESTART_ICE,
  WHEP_MESSAGE_CONTROL_VIEWER,
  WHEP_MESSAGE_SET_PAUSED,
  WHEP_MESSAGE_FORWARD,
  WHEP_MESSAGE_LEARN_ROUTE,
  WHEP_MESSAGE_STOP,
} WhepMessageKind;

typedef struct
{
  guint64 id;
  gchar *stream; /* owned */
  WhepTrackKind kind;
  const gchar *encoding_name; /* interned */
  guint clock_rate;
} WhepMessageTrack;

typedef struct
{
  guint64 track_id;
  guint n_packets;
  WhepPacket **packets; /* owned; those that were taken are NULL */
} WhepMessagePackets;

/* A datagram that arrived on another worker's socket than its viewer's. */
typedef struct
{
  guint worker; /* the one that received it */
  WhepAddress from;
  guint8 *data; /* owned */
  gsize size;
} WhepMessageDatagram;

typedef struct
{
  WhepMail head;
  WhepMessageKind kind;
  union
  {
    WhepMessageTrack begin_track;
    struct
    {
      guint64 track_id;
      const gchar *encoding_name; /* interned */
    } offer_rendition;
    WhepMessagePackets packets;
    guint64 end_track;       /* its id */
    WhepViewer *open_viewer; /* owned; NULL once taken */
    gchar *close_viewer;     /* its ufrag, also for GIVE_WAY; owned */
    struct
    {
      gchar *ufrag; /* which the viewer was opened with; owned */
      WhepIceCredentials credentials;
    } restart_ice;
    struct
    {
      gchar *ufrag; /* likewise */
      WhepViewerControls controls;
    } control_viewer;
    gboolean set_paused;
    WhepMessageDatagram forward;
    struct
    {
      guint worker; /* the owner of the viewer at @address */
      WhepAddress address;
    } learn_route;
  };
} WhepMessage;

WhepMessage *whep_message_new_begin_track (guint64 id, const gchar *stream,
    WhepTrackKind kind, const gchar *encoding_name, guint clock_rate);
WhepMessage *whep_message_new_offer_rendition (guint64 track_id,
    const gchar *encoding_name);
/* Takes an additional reference to each packet. */
WhepMessage *whep_message_new_packets (guint64 track_id, WhepPacket **packets,
    guint n_packets);
WhepMessage *whep_message_new_end_track (guint64 id);
/* Takes @viewer. */
WhepMessage *whep_message_new_open_viewer (WhepViewer *viewer);
WhepMessage *whep_message_new_close_viewer (const gchar *ufrag);
/* Closes the viewer unless it has connected by then. */
WhepMessage *whep_message_new_give_way (const gchar *ufrag);
WhepMessage *whep_message_new_restart_ice (const gchar *ufrag,
    const WhepIceCredentials *credentials);
WhepMessage *whep_message_new_control_viewer (const gchar *ufrag,
    const WhepViewerControls *controls);
WhepMessage *whep_message_new_set_paused (gboolean is_paused);
/* Copies @data. */
WhepMessage *whep_message_new_forward (guint worker, const WhepAddress *from,
    const guint8 *data, gsize size);
WhepMessage *whep_message_new_learn_route (guint worker,
    const WhepAddress *address);
WhepMessage *whep_message_new_stop (void);

void whep_message_free (WhepMessage *self);
/* Frees all messages that one whep_mailbox_take() returned. */
void whep_message_free_all (WhepMail *mails);

G_END_DECLS
