/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Waits for the events of a media thread. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint mailbox_fd;
  gint udp_fd;
  gboolean wants_room; /* wait until the socket is writable */
  gint64 deadline_us;  /* monotonic; G_MAXINT64: none */
} WhepPoll;

typedef struct
{
  gboolean has_mail;
  gboolean has_datagrams;
} WhepWork;

/* Waits for a message, a datagram, a writable socket if @wants_room, or the
 * deadline. */
WhepWork whep_poll (const WhepPoll *self);

G_END_DECLS
