/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How commands affect a connection, and the replies to them: the layer of a
 * session above messages. Pure. */

#pragma once

#include "gst/rtmp/chunk.h"
#include "gst/rtmp/command.h"
#include "gst/rtmp/messagestreams.h"
#include "gst/rtmp/sessionstate.h"

G_BEGIN_DECLS

typedef enum
{
  /* To be answered by rtmp_session_accept_connect() or _reject_connect(). */
  RTMP_EVENT_CONNECT,
  /* To be answered by rtmp_session_accept_publish() or _reject_publish(). */
  RTMP_EVENT_PUBLISH,
  /* To be answered by rtmp_session_accept_play() or _reject_play(). */
  RTMP_EVENT_PLAY,
  RTMP_EVENT_PLAY_AGAIN, /* the same stream, from its newest key frame */
  RTMP_EVENT_PAUSE,      /* pause or resume: see is_paused */
  RTMP_EVENT_PLAY_ENDED, /* the player has stopped; it may play again */
  RTMP_EVENT_MESSAGE,    /* audio, video or script data */
  RTMP_EVENT_UNPUBLISH,  /* the stream has ended; the connection stays open */
  RTMP_EVENT_REJECTED,   /* the session has rejected something */
  RTMP_EVENT_QUIET,      /* only from rtmp_connection_next(): see there */
} RtmpEventKind;

typedef struct
{
  RtmpEventKind kind;
  RtmpMessage message; /* of MESSAGE; to be cleared by the receiver */
  /* Of REJECTED, valid until the next one: the name that was to be published
   * (nullable). */
  const gchar *name;
  const gchar *why;
  gboolean is_paused; /* of PAUSE */
} RtmpEvent;

/* Why the owner of a session rejects publish. */
typedef enum
{
  RTMP_REJECTION_BAD_NAME,     /* the name is in use */
  RTMP_REJECTION_TAKEN_OVER,   /* likewise, and has just been taken over */
  RTMP_REJECTION_UNAUTHORIZED, /* the credentials do not allow it */
  RTMP_REJECTION_FULL,         /* the limit of publishers is reached */
  RTMP_REJECTION_REFUSED,      /* the application refuses it for a while */
} RtmpRejection;

/* How many further streams are rejected before the connection is closed. */
#define RTMP_CONVERSATION_MAX_REJECTIONS 16

/* To be embedded. */
typedef struct
{
  gchar *label;
  RtmpSessionState state;
  gchar *why; /* why it closed; NULL before */

  gdouble connect_transaction;
  GByteArray *result; /* the reply to connect if it is accepted */
  gboolean can_reconnect;
  gchar *flash_version; /* nullable: the peer's name for itself */

  gchar *app; /* as received */
  gchar *url; /* nullable: missing or not printable */
  gchar *app_path;
  gchar *query;
  gchar *name;

  gboolean can_play; /* play is an event, not an error */
  gboolean has_played;
  RtmpMessageStreams streams;
  gchar *rejected_name; /* of the last event */
  guint n_rejections;
} RtmpConversation;

void rtmp_conversation_init (RtmpConversation *self, const gchar *label);
void rtmp_conversation_clear (RtmpConversation *self);

/* The handshake is complete. */
void rtmp_conversation_begin (RtmpConversation *self);
/* Handles a command on @stream_id. Returns whether it resulted in an event. */
gboolean rtmp_conversation_handle (RtmpConversation *self,
    const RtmpCommand *command, guint32 stream_id, GByteArray *out,
    RtmpEvent *event);
/* Does nothing if the connection is closed already. */
void rtmp_conversation_close (RtmpConversation *self, const gchar *why);

/* See session.h. */
void rtmp_conversation_accept_connect (RtmpConversation *self, GByteArray *out);
void rtmp_conversation_reject_connect (RtmpConversation *self,
    const gchar *description, const gchar *why, GByteArray *out);
void rtmp_conversation_accept_publish (RtmpConversation *self, GByteArray *out);
void rtmp_conversation_reject_publish (RtmpConversation *self,
    RtmpRejection rejection, const gchar *why, GByteArray *out);
void rtmp_conversation_accept_play (RtmpConversation *self, GByteArray *out);
void rtmp_conversation_reject_play (RtmpConversation *self, const gchar *why,
    GByteArray *out);
void rtmp_conversation_end_play (RtmpConversation *self, gboolean was_there,
    GByteArray *out);
void rtmp_conversation_send_away (RtmpConversation *self, GByteArray *out);
void rtmp_conversation_dispossess (RtmpConversation *self, const gchar *why,
    GByteArray *out);
void rtmp_conversation_dismiss (RtmpConversation *self, const gchar *why,
    GByteArray *out);

G_END_DECLS
