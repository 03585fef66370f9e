/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What commands do to a connection, and what they are answered: the part of a
 * session above messages. Pure. */

#pragma once

#include "gst/rtmp/chunk.h"
#include "gst/rtmp/command.h"
#include "gst/rtmp/messagestreams.h"
#include "gst/rtmp/sessionstate.h"

G_BEGIN_DECLS

typedef enum
{
  RTMP_EVENT_CONNECT, /* asks for rtmp_session_accept_connect() or _reject() */
  RTMP_EVENT_PUBLISH, /* asks for rtmp_session_accept_publish() or _refuse() */
  RTMP_EVENT_MESSAGE, /* audio, video or script data */
  RTMP_EVENT_UNPUBLISH, /* the stream ended, the connection goes on */
  RTMP_EVENT_REFUSED,   /* the session has said no to something */
  RTMP_EVENT_QUIET,     /* of rtmp_connection_next() alone: see there */
} RtmpEventKind;

typedef struct
{
  RtmpEventKind kind;
  RtmpMessage message; /* of MESSAGE; the receiver's to clear */
  /* Of REFUSED, valid until the next: what was to be published (nullable). */
  const gchar *name;
  const gchar *why;
} RtmpEvent;

/* Why an owner doesn't let somebody publish. */
typedef enum
{
  RTMP_REFUSAL_BAD_NAME,     /* somebody publishes under that name */
  RTMP_REFUSAL_TAKEN_OVER,   /* somebody does, and took it over just now */
  RTMP_REFUSAL_UNAUTHORIZED, /* not with these credentials */
  RTMP_REFUSAL_FULL,         /* as many publish as may */
} RtmpRefusal;

/* How often a second stream is refused before the connection is closed. */
#define RTMP_CONVERSATION_MAX_REFUSALS 16

/* To be embedded. */
typedef struct
{
  gchar *label;
  RtmpSessionState state;
  gchar *why; /* it closed; NULL before */

  gdouble connect_transaction;
  GByteArray *result; /* of connect, for when it is accepted */
  gboolean can_reconnect;

  gchar *app; /* as it came */
  gchar *url; /* nullable: not said, or not printable */
  gchar *app_path;
  gchar *query;
  gchar *name;

  RtmpMessageStreams streams;
  gchar *refused_name; /* of the last event */
  guint n_refusals;
} RtmpConversation;

void rtmp_conversation_init (RtmpConversation *self, const gchar *label);
void rtmp_conversation_clear (RtmpConversation *self);

/* The handshake is done. */
void rtmp_conversation_begin (RtmpConversation *self);
/* Does what a command of @stream_id says. Returns whether that is an event. */
gboolean rtmp_conversation_obey (RtmpConversation *self,
    const RtmpCommand *command, guint32 stream_id, GByteArray *out,
    RtmpEvent *event);
/* Does nothing if it is closed. */
void rtmp_conversation_close (RtmpConversation *self, const gchar *why);

/* See session.h. */
void rtmp_conversation_welcome (RtmpConversation *self, GByteArray *out);
void rtmp_conversation_reject (RtmpConversation *self, const gchar *description,
    const gchar *why, GByteArray *out);
void rtmp_conversation_accept (RtmpConversation *self, GByteArray *out);
void rtmp_conversation_refuse (RtmpConversation *self, RtmpRefusal refusal,
    const gchar *why, GByteArray *out);
void rtmp_conversation_send_away (RtmpConversation *self, GByteArray *out);
void rtmp_conversation_dispossess (RtmpConversation *self, const gchar *why,
    GByteArray *out);

G_END_DECLS
