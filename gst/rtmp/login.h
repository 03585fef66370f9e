/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The login of Flash Media Live Encoder, which OBS, ffmpeg and librtmp have,
 * too: user and password, asked for by rejecting connect twice. Each time the
 * encoder connects anew, with more in its app's query:
 *
 *   app                                     → rtmp_login_demand
 *   app?authmod=adobe&user=…                → rtmp_login_challenge()
 *   …&challenge=…&response=…&opaque=…       → welcome, or rtmp_login_failed
 *
 * What was asked of whom is not remembered: it is in the opaque part, which no
 * two challenges share. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RTMP_LOGIN_SECRET_BYTES 32
/* From a challenge until its answer is used: the time to connect again and to
 * publish. */
#define RTMP_LOGIN_FRESH_S 30
/* Of a user's name. */
#define RTMP_LOGIN_MAX_BYTES 255

/* Descriptions of a rejection. */
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
  gchar *challenge; /* of the encoder to us */
  gchar *response;
  gchar *opaque;
} RtmpLogin;

/* Reads how far the login has come. To be cleared in any case. */
RtmpLoginStep rtmp_login_read (RtmpLogin *self, const gchar *query);
void rtmp_login_clear (RtmpLogin *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtmpLogin, rtmp_login_clear)

/* Returns: (transfer full): the description of a rejection. @number is one that
 * no other challenge of this secret has. */
gchar *rtmp_login_challenge (const RtmpLogin *self,
    const guint8 secret[RTMP_LOGIN_SECRET_BYTES], guint64 number,
    gint64 now_us);
/* Whether it answers a challenge of ours of late. */
gboolean rtmp_login_is_fresh (const RtmpLogin *self,
    const guint8 secret[RTMP_LOGIN_SECRET_BYTES], gint64 now_us);
/* Whether it shows that the user knows @password. */
gboolean rtmp_login_proves (const RtmpLogin *self,
    const guint8 secret[RTMP_LOGIN_SECRET_BYTES], const gchar *password);

G_END_DECLS
