/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The WHEP sessions that are open, found by id or by the viewer's ICE ufrag.
 * Pure; owned by the HTTP thread. */

#pragma once

#include "ext/whep/http/clientaddress.h"
#include "ext/whep/http/route.h"
#include "ext/whep/stream/stream.h"

G_BEGIN_DECLS

/* Sessions that were asked to give way and have not yet done so: what a busy
 * media thread has not got to, some kilobytes each. */
#define WHEP_SESSIONS_MAX_LEAVING 256

typedef enum
{
  WHEP_SESSION_OFFERED,   /* its offer was answered: it may never come */
  WHEP_SESSION_LEAVING,   /* the same, and has been asked to give way */
  WHEP_SESSION_CONNECTED, /* DTLS is up */
} WhepSessionState;

/* What is known of who watches. */
typedef struct
{
  gchar client[WHEP_CLIENT_MAX + 1]; /* whom it counts for */
  const gchar *user_agent;           /* nullable */
  gboolean needs_rendition; /* its answer has not the publisher's own codec */
  const gchar *encoding_names[WHEP_N_TRACKS]; /* static; NULL: not sent */
} WhepSessionFacts;

typedef struct
{
  gchar id[WHEP_SESSION_ID_LENGTH + 1]; /* secret: who knows it may end it */
  gchar *ufrag;                         /* names the viewer */
  gchar *stream;
  /* Of its newest ICE session; the first one's is the viewer's name. */
  gchar *ice_ufrag;
  gchar *remote_ufrag;
  gchar *fragment; /* what a restart repeats, see sdpfrag.h */
  WhepSessionState state;
  WhepSessionFacts facts; /* the text is the session's */
  GList link;             /* among all, the oldest first */
  /* Of one that has connected. */
  WhepAddress address;
  gint64 connected_us;
} WhepSession;

typedef struct _WhepSessionTable WhepSessionTable;

WhepSessionTable *whep_session_table_new (void);
void whep_session_table_free (WhepSessionTable *self);

/* @id and @ufrag are new. */
void whep_session_table_add (WhepSessionTable *self, const gchar *id,
    const gchar *ufrag, const gchar *stream, const gchar *remote_ufrag,
    const gchar *fragment);
/* Its ICE session is another one; @ufrag is new and finds it, too. */
void whep_session_table_restart (WhepSessionTable *self,
    const WhepSession *session, const gchar *ufrag, const gchar *remote_ufrag);
/* Copies @facts. */
void whep_session_table_describe (WhepSessionTable *self, const gchar *id,
    const WhepSessionFacts *facts);
/* DTLS is up, with @address, whose client it counts for from now on: behind a
 * proxy for HTTP, media tells viewers apart. */
void whep_session_table_connect (WhepSessionTable *self,
    const WhepSession *session, const WhepAddress *address, gint64 now_us);
/* The session has been asked to give way. */
void whep_session_table_ask_to_leave (WhepSessionTable *self,
    const WhepSession *session);
/* Frees the session. */
void whep_session_table_remove (WhepSessionTable *self,
    const WhepSession *session);

const WhepSession *whep_session_table_by_id (const WhepSessionTable *self,
    const gchar *id);
/* By its first or its newest. */
const WhepSession *whep_session_table_by_ufrag (const WhepSessionTable *self,
    const gchar *ufrag);

/* All of them; and the seats that are taken, which those who leave are not. */
guint whep_session_table_count (const WhepSessionTable *self);
guint whep_session_table_count_seats (const WhepSessionTable *self);
guint whep_session_table_count_seats_of (const WhepSessionTable *self,
    const gchar *client);
guint whep_session_table_count_stream (const WhepSessionTable *self,
    const gchar *stream);
/* Those of them that need another rendition of the video, and are connected: an
 * offer alone costs no decoder. */
guint whep_session_table_count_renditions (const WhepSessionTable *self,
    const gchar *stream);

/* Whose turn it is to give way: of the client that has the most sessions which
 * never connected, the oldest such, so that a crowd from one place keeps nobody
 * out who comes from another; or of @client alone, if it isn't NULL.
 *
 * Returns: (nullable): none if all are connected. */
const WhepSession *
whep_session_table_find_one_too_many (const WhepSessionTable *self,
    const gchar *client);

/* Calls @func for each, the oldest first; @func changes nothing. */
typedef void (
    *WhepSessionFunc) (const WhepSession *session, gpointer user_data);
void whep_session_table_foreach (const WhepSessionTable *self,
    WhepSessionFunc func, gpointer user_data);

G_END_DECLS
