/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mailbox in which connections' threads post to the players' thread: tags,
 * streams that begin and end, and players that join. */

#pragma once

#include "gst/rtmp/connection-io.h"

G_BEGIN_DECLS

/* The limit of tags that the players' thread has not taken: several seconds of
 * many streams. It is reached only if that thread hangs; further tags are then
 * dropped up to the next key frame. */
#define RTMP_PLAYINBOX_MAX_BYTES (64 * 1024 * 1024)
/* Without players, tags wake the thread only once per this number of posts. */
#define RTMP_PLAYINBOX_LAZY_POSTS 64

typedef enum
{
  RTMP_PLAYPOST_BEGIN, /* of a stream */
  RTMP_PLAYPOST_TAG,
  RTMP_PLAYPOST_GAP, /* tags are missing */
  RTMP_PLAYPOST_END, /* of a stream */
  RTMP_PLAYPOST_PLAYER,
  RTMP_PLAYPOST_DISMISS, /* a player */
  RTMP_PLAYPOST_FINISH,  /* players no longer wait for publishers */
} RtmpPlayPostKind;

typedef struct
{
  RtmpPlayPostKind kind;
  guint number; /* of the publisher */
  gint64 now_us;
  /* (owned): BEGIN: the stream's name; PLAYER: its client; DISMISS: why */
  gchar *text;
  gchar *address;          /* (owned): of PLAYER and DISMISS: "IP:PORT" */
  GBytes *tag;             /* (owned): of TAG */
  RtmpConnectionRest rest; /* (owned): of PLAYER */
} RtmpPlayPost;

typedef struct _RtmpPlayInbox RtmpPlayInbox;

/* Returns: (nullable): NULL if the machine has no file descriptor left. */
RtmpPlayInbox *rtmp_playinbox_new (GError **error);
void rtmp_playinbox_free (RtmpPlayInbox *self);

/* From any thread. Takes what @post owns. */
void rtmp_playinbox_post (RtmpPlayInbox *self, RtmpPlayPost *post);
/* Sets whether tags wait until there are RTMP_PLAYINBOX_LAZY_POSTS, or another
 * post, before they wake the reader. */
void rtmp_playinbox_set_lazy (RtmpPlayInbox *self, gboolean is_lazy);

/* Returns: a descriptor that is readable when there is something to take. */
gint rtmp_playinbox_fd (const RtmpPlayInbox *self);
/* Returns: (transfer none) (element-type RtmpPlayPost): all posts; each is to
 * be cleared. Valid until the next call. */
GArray *rtmp_playinbox_take (RtmpPlayInbox *self);
void rtmp_playpost_clear (RtmpPlayPost *self);

G_END_DECLS
