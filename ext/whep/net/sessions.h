/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The WHEP sessions that are open, found by id or by the viewer's ICE ufrag.
 * Pure; owned by the HTTP thread. */

#pragma once

#include "ext/whep/net/route.h"

G_BEGIN_DECLS

typedef struct
{
  gchar id[WHEP_SESSION_ID_LENGTH + 1]; /* secret: who knows it may end it */
  gchar *ufrag;                         /* names the viewer */
  gchar *stream;
  /* Of its newest ICE session; the first one's is the viewer's name. */
  gchar *ice_ufrag;
  gchar *remote_ufrag;
  gchar *fragment;          /* what a restart repeats, see fragment.h */
  gboolean needs_rendition; /* its answer has not the publisher's own codec */
} WhepSession;

typedef struct _WhepSessions WhepSessions;

WhepSessions *whep_sessions_new (void);
void whep_sessions_free (WhepSessions *self);

/* @id and @ufrag are new. */
void whep_sessions_add (WhepSessions *self, const gchar *id, const gchar *ufrag,
    const gchar *stream, const gchar *remote_ufrag, const gchar *fragment);
/* Its ICE session is another one; @ufrag is new and finds it, too. */
void whep_sessions_restart (WhepSessions *self, const WhepSession *session,
    const gchar *ufrag, const gchar *remote_ufrag);
/* The session's viewer needs another rendition of the video. */
void whep_sessions_need_rendition (WhepSessions *self, const gchar *id);
/* Frees the session. */
void whep_sessions_remove (WhepSessions *self, const WhepSession *session);

const WhepSession *whep_sessions_by_id (const WhepSessions *self,
    const gchar *id);
/* By its first or its newest. */
const WhepSession *whep_sessions_by_ufrag (const WhepSessions *self,
    const gchar *ufrag);

guint whep_sessions_count (const WhepSessions *self);
guint whep_sessions_count_stream (const WhepSessions *self,
    const gchar *stream);
/* Those of them that need another rendition of the video. */
guint whep_sessions_count_renditions (const WhepSessions *self,
    const gchar *stream);

G_END_DECLS
