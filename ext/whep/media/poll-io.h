/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a media thread sleeps for. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint mailbox_fd;
  gint udp_fd;
  gboolean wants_room; /* to send */
  gint64 deadline_us;  /* monotonic; G_MAXINT64: none */
} WhepPoll;

typedef struct
{
  gboolean has_mail;
  gboolean has_datagrams;
} WhepWork;

/* Until there is mail, a datagram, room if it is wanted, or the deadline. */
WhepWork whep_poll (const WhepPoll *self);

G_END_DECLS
