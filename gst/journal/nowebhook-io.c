/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replaces webhook-io.c in a build without libsoup: events cannot be posted,
 * and an element that is set to post them does not start. */

#include "gst/journal/webhook-io.h"

#include "gst/access/hook-io.h"

JournalWebhook *
journal_webhook_new (Journal *journal, const JournalWebhookParams *params,
    GError **error)
{
  access_hook_check_url (params->url, error);
  return NULL;
}

void
journal_webhook_free (JournalWebhook *self)
{
}
