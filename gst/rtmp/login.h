/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The login of Flash Media Live Encoder, which OBS, ffmpeg and librtmp also
 * implement. The server asks for user and password by rejecting connect twice;
 * the encoder reconnects after each rejection, with more in the query of its
 * app:
 *
 *   app                                     → rtmp_login_demand
 *   app?authmod=adobe&user=…                → rtmp_login_challenge()
 *   …&challenge=…&response=…&opaque=…       → accepted, or rtmp_login_failed
 *
 * The server keeps no state between these connections: it is in the opaque
 * part, which no two challenges share. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RTMP_LOGIN_SECRET_BYTES 32
/* The time from sending a challenge until its answer is used: enough to
 * reconnect and to publish. */
#define RTMP_LOGIN_FRESH_S 30
/* The limit of a user's name. */
#define RTMP_LOGIN_MAX_BYTES 255

/* Descriptions in the rejection. */
extern const gchar rtmp_login_demand[];
extern const gchar rtmp_login_failed[];

typedef enum
{
  RTMP_LOGIN_NONE,
  RTMP_LOGIN_BEGUN,    /* names a user */
  RTMP_LOGIN_ANSWERED, /* answers a challenge */
} RtmpLoginStep;

typedef struct
{
  gchar *user;
  gchar *challenge; /* from the encoder to the server */
  gchar *response;
  gchar *opaque;
} RtmpLogin;

/* Reads which step of the login @query is. Clear @self in any case. */
RtmpLoginStep rtmp_login_read (RtmpLogin *self, const gchar *query);
void rtmp_login_clear (RtmpLogin *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtmpLogin, rtmp_login_clear)

/* Returns: (transfer full): the description of a rejection. @number must not be
 * used in another challenge with the same secret. */
gchar *rtmp_login_challenge (const RtmpLogin *self,
    const guint8 secret[RTMP_LOGIN_SECRET_BYTES], guint64 number,
    gint64 now_us);
/* Returns whether it answers a recent challenge of this server. */
gboolean rtmp_login_is_fresh (const RtmpLogin *self,
    const guint8 secret[RTMP_LOGIN_SECRET_BYTES], gint64 now_us);
/* Returns whether the response proves that the user knows @password. */
gboolean rtmp_login_proves (const RtmpLogin *self,
    const guint8 secret[RTMP_LOGIN_SECRET_BYTES], const gchar *password);

G_END_DECLS
