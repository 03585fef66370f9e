/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where and how one publishes to this server, for the page that says so.
 * Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* RTMP, RTMPS, and each under a second name. */
#define WHEP_INGEST_MAX_URLS 4

/* What a publisher is asked for. */
typedef enum
{
  WHEP_INGEST_OPEN,  /* nothing */
  WHEP_INGEST_KEYS,  /* a secret of a file of keys */
  WHEP_INGEST_ASKED, /* somebody else is asked, who knows */
} WhepIngestAccess;

typedef struct _WhepIngest WhepIngest;

WhepIngest *whep_ingest_new (WhepIngestAccess access);
void whep_ingest_free (WhepIngest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhepIngest, whep_ingest_free)

/* A server of that @scheme, "rtmp" or "rtmps". @address: that it listens on;
 * any stands for the host that the page was asked from. */
void whep_ingest_add (WhepIngest *self, const gchar *scheme,
    const gchar *address, guint port);
/* @list: URLs, separated by commas or blanks: rtmp://HOST:PORT/APP or rtmps://…
 * of WHEP_INGEST_MAX_URLS at most. Returns FALSE if one of them is none. */
gboolean whep_ingest_add_urls (WhepIngest *self, const gchar *list,
    GError **error);

/* @self: (nullable): NULL if nobody can publish here.
 * Returns: (transfer full): a JSON object; docs/whep.md says what is in it. */
gchar *whep_ingest_to_json (const WhepIngest *self);

G_END_DECLS
