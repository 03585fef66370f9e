/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events of viewers, each reported once. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  WHEP_NEWS_ADDED,    /* DTLS has connected */
  WHEP_NEWS_REMOVED,  /* one that had been added */
  WHEP_NEWS_REJECTED, /* an offer was rejected over HTTP */
} WhepNewsKind;

/* Valid during the call that reports it. NULL or 0 means unknown. */
typedef struct
{
  WhepNewsKind kind;
  const gchar *stream;
  const gchar *id;         /* the viewer's name in logs, no secret */
  const gchar *address;    /* IP:PORT of UDP, or of the rejected request */
  const gchar *user_agent; /* printable */
  const gchar *video;      /* encoding name of what it is sent */
  const gchar *audio;
  const gchar *reason;
  gint64 duration_us;
  guint64 n_bytes;
  guint n_untold; /* rejections not reported since the last one */
} WhepNews;

/* Called on the HTTP thread; does not block. */
typedef void (*WhepNewsFunc) (const WhepNews *news, gpointer user_data);

G_END_DECLS
