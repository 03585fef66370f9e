/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is told of viewers, once each. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  WHEP_NEWS_ADDED,   /* DTLS is up */
  WHEP_NEWS_REMOVED, /* one that was added */
  WHEP_NEWS_REFUSED, /* an offer, by HTTP */
} WhepNewsKind;

/* Lives as long as the call that tells it. What is NULL or 0 is not known. */
typedef struct
{
  WhepNewsKind kind;
  const gchar *stream;
  const gchar *id;         /* the viewer's name in logs, no secret */
  const gchar *address;    /* IP:PORT: of UDP, or of the refused request */
  const gchar *user_agent; /* fit for a log */
  const gchar *video;      /* encoding names of what it is sent */
  const gchar *audio;
  const gchar *reason;
  gint64 duration_us;
  guint n_untold; /* refusals since the last one that was told */
} WhepNews;

/* Called on the HTTP thread; does not block. */
typedef void (*WhepNewsFunc) (const WhepNews *news, gpointer user_data);

G_END_DECLS
