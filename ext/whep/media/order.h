/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a media thread is told: one mail each. Pure; whoever holds an order
 * owns it and all that is in it. */

#pragma once

#include "ext/whep/media/mailbox-io.h"
#include "ext/whep/viewer/viewer.h"

G_BEGIN_DECLS

typedef enum
{
  WHEP_ORDER_BEGIN_TRACK,
  WHEP_ORDER_RENDITION,
  WHEP_ORDER_PACKETS,
  WHEP_ORDER_END_TRACK,
  WHEP_ORDER_OPEN,
  WHEP_ORDER_CLOSE,
  WHEP_ORDER_GIVE_WAY,
  WHEP_ORDER_RESTART_ICE,
  WHEP_ORDER_PAUSE,
  WHEP_ORDER_FORWARD,
  WHEP_ORDER_GUEST,
  WHEP_ORDER_STOP,
} WhepOrderKind;

/* Fields that a kind has no use for are zero. */
typedef struct
{
  WhepMail head;
  WhepOrderKind kind;
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
} WhepOrder;

WhepOrder *whep_order_new (WhepOrderKind kind, guint n_packets);
void whep_order_free (WhepOrder *self);
/* All that came with one take. */
void whep_order_free_all (WhepMail *mail);

G_END_DECLS
