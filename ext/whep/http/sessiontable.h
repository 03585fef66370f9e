/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The open WHEP sessions, found by id or by the viewer's ICE ufrag. Pure; owned
 * by the HTTP thread. */

#pragma once

#include "ext/whep/http/clientaddress.h"
#include "ext/whep/http/route.h"
#include "ext/whep/stream/stream.h"
#include "ext/whep/viewer/controls.h"

G_BEGIN_DECLS

/* The maximum number of sessions that have been asked to give way and have not
 * done so yet, because a busy media thread has not got to them; some kilobytes
 * each. */
#define WHEP_SESSIONS_MAX_LEAVING 256

typedef enum
{
  WHEP_SESSION_OFFERED,   /* its offer was answered; it may never connect */
  WHEP_SESSION_LEAVING,   /* likewise, and was asked to give way */
  WHEP_SESSION_CONNECTED, /* DTLS has connected */
} WhepSessionState;

/* What is known about a viewer. */
typedef struct
{
  gchar client[NET_CLIENT_MAX + 1]; /* for limits per client */
  const gchar *user_agent;          /* nullable */
  gboolean needs_rendition;         /* its codec is not the publisher's */
  gboolean takes_untouched;         /* it reorders B-frames by itself */
  const gchar *encoding_names[WHEP_N_TRACKS]; /* static; NULL: not sent */
} WhepSessionFacts;

typedef struct
{
  gchar id[WHEP_SESSION_ID_LENGTH + 1]; /* secret: allows ending it */
  gchar *ufrag;                         /* names the viewer */
  gchar *stream;
  /* Of its newest ICE session; the first one's ufrag is the viewer's name. */
  gchar *ice_ufrag;
  gchar *remote_ufrag;
  gchar *fragment; /* what a restart repeats, see sdpfrag.h */
  WhepSessionState state;
  WhepSessionFacts facts; /* owns the text */
  WhepViewerControls controls;
  GList link; /* in by_age */
  /* Set once connected. */
  WhepAddress address;
  gint64 connected_us;
} WhepSession;

/* Some of the sessions: NULL is any. */
typedef struct
{
  const gchar *client;
  const gchar *stream;
} WhepSessionScope;

typedef struct _WhepSessionTable WhepSessionTable;

WhepSessionTable *whep_session_table_new (void);
void whep_session_table_free (WhepSessionTable *self);

/* @id and @ufrag must be new. */
void whep_session_table_add (WhepSessionTable *self, const gchar *id,
    const gchar *ufrag, const gchar *stream, const gchar *remote_ufrag,
    const gchar *fragment);
/* The session has a new ICE session; @ufrag is new and finds the session as
 * well. */
void whep_session_table_restart (WhepSessionTable *self,
    const WhepSession *session, const gchar *ufrag, const gchar *remote_ufrag);
/* Notes what the viewer has chosen. */
void whep_session_table_control (WhepSessionTable *self,
    const WhepSession *session, const WhepViewerControls *controls);
/* Copies @facts. */
void whep_session_table_describe (WhepSessionTable *self, const gchar *id,
    const WhepSessionFacts *facts);
/* DTLS has connected with @address, whose client the session is attributed to
 * from now on: behind an HTTP proxy, only media addresses distinguish
 * viewers. */
void whep_session_table_connect (WhepSessionTable *self,
    const WhepSession *session, const WhepAddress *address, gint64 now_us);
/* The session has been asked to give way. */
void whep_session_table_ask_to_leave (WhepSessionTable *self,
    const WhepSession *session);
/* Frees the session. */
void whep_session_table_remove (WhepSessionTable *self,
    const WhepSession *session);
/* Returns: (transfer full): the session, which is no longer in the table. */
WhepSession *whep_session_table_steal (WhepSessionTable *self,
    const WhepSession *session);
void whep_session_free (WhepSession *session);

const WhepSession *whep_session_table_by_id (const WhepSessionTable *self,
    const gchar *id);
/* By its first ufrag or its newest. */
const WhepSession *whep_session_table_by_ufrag (const WhepSessionTable *self,
    const gchar *ufrag);

/* The number of all sessions, and of the slots that are taken: sessions that
 * are leaving do not take one. */
guint whep_session_table_count (const WhepSessionTable *self);
guint whep_session_table_count_slots (const WhepSessionTable *self);
guint whep_session_table_count_slots_of (const WhepSessionTable *self,
    const WhepSessionScope *scope);
guint whep_session_table_count_stream (const WhepSessionTable *self,
    const gchar *stream);
/* The number of connected sessions that need another rendition of the video: an
 * offer alone does not justify a transcoder. */
guint whep_session_table_count_renditions (const WhepSessionTable *self,
    const gchar *stream);

/* The number of connected sessions that need the video without its B-frames.
 * While nobody is connected there is 1, so that the next viewer finds it. */
guint whep_session_table_count_transcodes (const WhepSessionTable *self,
    const gchar *stream);

/* Finds the session within @scope that should give way: the oldest one of the
 * client with the most sessions that have never connected, so that a crowd from
 * one address does not keep others out.
 *
 * Returns: (nullable): NULL if all are connected. */
const WhepSession *
whep_session_table_find_one_too_many (const WhepSessionTable *self,
    const WhepSessionScope *scope);

/* Calls @func for each session, oldest first; @func must not change the
 * table. */
typedef void (
    *WhepSessionFunc) (const WhepSession *session, gpointer user_data);
void whep_session_table_foreach (const WhepSessionTable *self,
    WhepSessionFunc func, gpointer user_data);

G_END_DECLS
