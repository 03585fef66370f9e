/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages from any thread to the one that owns the mailbox.
 *
 * Posting takes no lock: mails are a stack that the owner takes whole. An
 * eventfd wakes the owner, once for all that wait. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Mails that may be lost wait up to this many: seconds of video for an owner
 * that does not come round, and then it is too late for them anyway. */
#define WHEP_MAILBOX_MAX 4096

/* The head of each message. */
typedef struct _WhepMail WhepMail;
struct _WhepMail
{
  WhepMail *next;
};

typedef struct _WhepMailbox WhepMailbox;

WhepMailbox *whep_mailbox_new (GError **error);
/* The owner has taken all mails before. */
void whep_mailbox_free (WhepMailbox *self);

/* Always delivers; for mails whose number something else bounds. */
void whep_mailbox_post (WhepMailbox *self, WhepMail *mail);
/* Returns FALSE, and leaves the mail to the caller, when @limit mails wait. */
gboolean whep_mailbox_offer (WhepMailbox *self, WhepMail *mail, gint limit);

/* For the owner. Becomes readable when mail waits. */
int whep_mailbox_fd (const WhepMailbox *self);
/* Returns: (nullable): all messages, the oldest first, for whep_mail_pop(). */
WhepMail *whep_mailbox_take (WhepMailbox *self);
/* Takes the first of @mails. Returns: (nullable): NULL if there is none. */
WhepMail *whep_mail_pop (WhepMail **mails);

G_END_DECLS
