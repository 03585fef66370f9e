/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A session and its owner, which accepts every publisher unless the test sets
 * @connect_rejection or @rejects, and counts what the session reports. The test
 * feeds it bytes; nothing here touches a socket. */

#pragma once

#include "gst/rtmp/session.h"

G_BEGIN_DECLS

typedef struct
{
  RtmpSession *session;
  GByteArray *out;         /* what the session sends; the test may empty it */
  RtmpChunkReader *reader; /* the client's, of what the session sends */
  const gchar *connect_rejection; /* its description, if not NULL */
  gboolean rejects;               /* publish, with the next two */
  RtmpRejection rejection;
  const gchar *reason;
  /* (nullable): gets each message, and may take its memory. */
  void (*take_message) (RtmpMessage *message, gpointer data);
  gpointer data;

  guint n_plays; /* all accepted; only with rtmp_session_allow_play() */
  guint n_plays_again;
  guint n_plays_ended;
  gboolean is_paused;
  guint n_publishes;
  guint n_unpublishes;
  guint n_rejected;     /* by the session itself */
  gchar *rejected_name; /* of the last */
  gchar *rejected_why;
  guint n_messages[256]; /* by type */
  guint n_all_messages;
  guint32 last_ms;
} Owner;

Owner owner_new (void);
void owner_free (Owner *self);

/* Lets the session read all of @data and handles its events. Fails the test if
 * bytes are left and the session is not closed. */
void owner_receive (Owner *self, const guint8 *data, gsize size);
/* Fails the test unless the session is closed, and for the reason @why. */
void owner_assert_closed (Owner *self, const gchar *why);

G_END_DECLS
