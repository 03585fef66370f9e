/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signatures of a web hook, as in Standard Webhooks
 * (https://www.standardwebhooks.com), for which there are libraries in most
 * languages: HMAC-SHA-256 over the event's id, the time of the attempt and the
 * body. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The header that has the signature, and those that are signed with the body.
 */
#define JOURNAL_SIGNATURE_HEADER "webhook-signature"
#define JOURNAL_SIGNATURE_ID_HEADER "webhook-id"
#define JOURNAL_SIGNATURE_TIME_HEADER "webhook-timestamp"

/* Two, while a secret is being replaced, and some to spare. */
#define JOURNAL_SECRETS_MAX 4
/* Standard Webhooks: at least 192 bits, at most 512. */
#define JOURNAL_SECRET_MIN_BYTES 24
#define JOURNAL_SECRET_MAX_BYTES 64

typedef struct _JournalSecrets JournalSecrets;

/* @text: one secret per line: "whsec_" and base64, or its bytes as they are.
 * Blank lines, and those that begin with "#", do not count. Fails if there is
 * none, there are too many, or one has another length than allowed. */
JournalSecrets *journal_secrets_new (const gchar *text, GError **error);
void journal_secrets_free (JournalSecrets *self);

/* Returns: (transfer full): the header's value: a signature for each secret. */
gchar *journal_secrets_sign (const JournalSecrets *self, const gchar *id,
    gint64 time_s, const gchar *body);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (JournalSecrets, journal_secrets_free)

G_END_DECLS
