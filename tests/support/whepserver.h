/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The gateway's HTTP and media threads on loopback, and an HTTP client. */

#pragma once

#include "ext/whep/http/server-io.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The limit of each wait; the machine may be busy. */
#define WHEP_SERVER_PATIENCE_US (20 * G_USEC_PER_SEC)
/* On any machine, so that datagrams must find the right thread. */
#define WHEP_SERVER_THREADS 4

typedef struct
{
  WhepMedia *media;
  WhepHttp *http;
  SoupSession *client;
  guint32 n_frames; /* pushed */
} WhepServer;

typedef struct
{
  SoupMessage *message;
  guint status;
  SoupMessageHeaders *headers;
  gchar *body;
} Reply;

void whep_server_init (WhepServer *self, guint max_viewers);
/* The ports are chosen by the system. */
void whep_server_init_as (WhepServer *self, const WhepHttpParams *params);
void whep_server_clear (WhepServer *self);

/* Begins a publisher's H.264 video; @id is new. */
void whep_server_publish (WhepServer *self, guint64 id, const gchar *stream);

/* Pushes another frame of that publisher, of one packet. */
void whep_server_push_frame (WhepServer *self, guint64 id, gsize size,
    gboolean is_key);

/* The same for a frame that was due at @media_us, of the monotonic clock. */
void whep_server_push_frame_of (WhepServer *self, guint64 id, gsize size,
    gboolean is_key, gint64 media_us);

/* Returns: (transfer full) */
gchar *whep_server_url (const WhepServer *self, const gchar *path);
SoupMessage *whep_server_message (WhepServer *self, const gchar *method,
    const gchar *path);
/* Takes the message. */
Reply whep_server_send (WhepServer *self, SoupMessage *message);
Reply whep_server_ask (WhepServer *self, const gchar *method,
    const gchar *path);
Reply whep_server_ask_with (WhepServer *self, const gchar *method,
    const gchar *path, const gchar *type, const gchar *body);
/* Posts the offer of that name: see browseroffer.h. */
Reply whep_server_offer (WhepServer *self, const gchar *path,
    const gchar *name);

void reply_clear (Reply *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reply, reply_clear)

/* "" if there is none. */
const gchar *reply_header (const Reply *self, const gchar *name);
/* Returns: (transfer full): the path of its Location, resolved as browsers
 * do. */
gchar *reply_session_path (const Reply *self);
/* Fails the test unless it is a problem (RFC 9457) of that status whose detail
 * contains @words. */
void reply_assert_problem (const Reply *self, guint status, const gchar *words);

G_END_DECLS
