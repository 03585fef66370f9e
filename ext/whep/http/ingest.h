/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where and how to publish to this server, for the web page that shows it.
 * Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* RTMP and RTMPS, each under up to two names. */
#define WHEP_INGEST_MAX_URLS 4

/* What a publisher needs. */
typedef enum
{
  WHEP_INGEST_OPEN,  /* nothing */
  WHEP_INGEST_KEYS,  /* a secret from the file of keys */
  WHEP_INGEST_ASKED, /* whatever the authorisation server requires */
} WhepIngestAccess;

typedef struct _WhepIngest WhepIngest;

WhepIngest *whep_ingest_new (WhepIngestAccess access);
void whep_ingest_free (WhepIngest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhepIngest, whep_ingest_free)

/* Adds a server of that @scheme, "rtmp" or "rtmps", which listens on @address;
 * the unspecified address stands for the host that the page was loaded from. */
void whep_ingest_add (WhepIngest *self, const gchar *scheme,
    const gchar *address, guint port);
/* @list: URLs, separated by commas or blanks: rtmp://HOST:PORT/APP or
 * rtmps://…, at most WHEP_INGEST_MAX_URLS. Returns FALSE if one of them is not
 * valid. */
gboolean whep_ingest_add_urls (WhepIngest *self, const gchar *list,
    GError **error);

/* @self: (nullable): NULL if this server does not accept publishers. Returns:
 * (transfer full): a JSON object, documented in docs/whep.md. */
gchar *whep_ingest_to_json (const WhepIngest *self);

G_END_DECLS
