/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Posts the events of a journal to the operator's server, each until it is
 * accepted by 2xx, in a thread of its own: a server that hangs costs nothing
 * but the queue. A build without libsoup has nowebhook-io.c instead. */

#pragma once

#include "gst/journal/journal-io.h"

G_BEGIN_DECLS

/* The time that the server has to accept an event. */
#define JOURNAL_WEBHOOK_TIMEOUT_S 10
/* Events that are posted at the same time, each of another stream. */
#define JOURNAL_WEBHOOK_MAX_CONNECTIONS 8
/* The time that the last events have at the end. */
#define JOURNAL_WEBHOOK_FAREWELL_MS 500

typedef struct _JournalWebhook JournalWebhook;

/* Called by the web hook's thread with words for the operator: once when events
 * are no longer accepted, or begin to be dropped, not for each of them. */
typedef void (*JournalWebhookWarnFunc) (const gchar *words, gpointer user_data);

typedef struct
{
  const gchar *url;
  const gchar *secret_file; /* nullable: the secrets of signature.h; it is read
                             * again when it has changed */
  JournalWebhookWarnFunc warn; /* nullable */
  gpointer user_data;
} JournalWebhookParams;

/* Posts what is appended to @journal from now on. Fails if the URL is invalid
 * or the file cannot be read. */
JournalWebhook *journal_webhook_new (Journal *journal,
    const JournalWebhookParams *params, GError **error);
/* Posts what is left, for a moment. */
void journal_webhook_free (JournalWebhook *self);

G_END_DECLS
