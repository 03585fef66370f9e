/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passes messages from any thread to the one that owns the mailbox.
 *
 * Posting takes no lock: messages form a stack that the owner takes as a whole.
 * An eventfd wakes the owner, once for all that are waiting. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The limit for messages that may be lost: seconds of video for an owner that
 * does not keep up, which are too late to be useful by then. */
#define WHEP_MAILBOX_MAX 4096

/* The head of each message. */
typedef struct _WhepMail WhepMail;
struct _WhepMail
{
  WhepMail *next;
};

typedef struct _WhepMailbox WhepMailbox;

WhepMailbox *whep_mailbox_new (GError **error);
/* The owner must have taken all messages. */
void whep_mailbox_free (WhepMailbox *self);

/* Always delivers; for messages whose number is bounded elsewhere. */
void whep_mailbox_post (WhepMailbox *self, WhepMail *mail);
/* Returns FALSE, and leaves the message to the caller, if @limit messages are
 * waiting. */
gboolean whep_mailbox_offer (WhepMailbox *self, WhepMail *mail, gint limit);

/* For the owner. Becomes readable when messages are waiting. */
int whep_mailbox_fd (const WhepMailbox *self);
/* Returns: (nullable): all messages, oldest first, for whep_mail_pop(). */
WhepMail *whep_mailbox_take (WhepMailbox *self);
/* Takes the first of @mails. Returns: (nullable): NULL if there is none. */
WhepMail *whep_mail_pop (WhepMail **mails);

G_END_DECLS
