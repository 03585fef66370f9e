/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a media thread is told: one mail each. Pure; whoever holds an order
 * owns it and all that is in it. */

#pragma once

#include "ext/whep/media/mailbox-io.h"
#include "ext/whep/viewer/viewer.h"

G_BEGIN_DECLS

typedef enum
{
  WHEP_MESSAGE_BEGIN_TRACK,
  WHEP_MESSAGE_RENDITION,
  WHEP_MESSAGE_PACKETS,
  WHEP_MESSAGE_END_TRACK,
  WHEP_MESSAGE_OPEN,
  WHEP_MESSAGE_CLOSE,
  WHEP_MESSAGE_GIVE_WAY,
  WHEP_MESSAGE_RESTART_ICE,
  WHEP_MESSAGE_PAUSE,
  WHEP_MESSAGE_FORWARD,
  WHEP_MESSAGE_LEARN_ROUTE,
  WHEP_MESSAGE_STOP,
} WhepMessageKind;

/* Fields that a kind has no use for are zero. */
typedef struct
{
  WhepMail head;
  WhepMessageKind kind;
  guint64 track_id;
  gchar *name; /* of a stream, or a viewer's ufrag; owned */
  WhepTrackKind track_kind;
  const gchar *encoding_name; /* interned */
  guint clock_rate;
  WhepViewer *viewer;              /* owned */
  WhepIceCredentials *credentials; /* of a restart; owned */
  gboolean is_paused;
  guint worker;     /* who forwards, or whose guest it is */
  WhepAddress from; /* of a datagram */
  guint8 *datagram; /* owned */
  gsize size;       /* of the datagram, in bytes */
  guint n_packets;
  WhepPacket *packets[]; /* owned; NULL: taken */
} WhepMessage;

WhepMessage *whep_message_new (WhepMessageKind kind, guint n_packets);
void whep_message_free (WhepMessage *self);
/* All that came with one take. */
void whep_message_free_all (WhepMail *mail);

G_END_DECLS
