/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passes messages from any thread to the owner of the mailbox: see
 * mailbox-io.h. */

#include "ext/whep/media/mailbox-io.h"

#include <errno.h>
#include <gio/gio.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct _WhepMailbox
{
  WhepMail *newest; /* atomic */
  gint n_waiting;   /* atomic */
  int fd;
};

WhepMailbox *
whep_mailbox_new (GError **error)
{
  WhepMailbox *self;
  int fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);

  if (fd < 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
        "Could not create a mailbox: %s", g_strerror (errno));
    return NULL;
  }
  self = g_new0 (WhepMailbox, 1);
  self->fd = fd;
  return self;
}

void
whep_mailbox_free (WhepMailbox *self)
{
  if (self == NULL)
    return;
  g_assert (self->newest == NULL);
  close (self->fd);
  g_free (self);
}

void
whep_mailbox_post (WhepMailbox *self, WhepMail *mail)
{
  WhepMail *newest;

  g_atomic_int_inc (&self->n_waiting);
  do {
    newest = g_atomic_pointer_get (&self->newest);
    mail->next = newest;
  } while (
      !g_atomic_pointer_compare_and_exchange (&self->newest, newest, mail));

  /* The thread that posted to the empty mailbox has already woken the owner.
   * The counter of an eventfd cannot overflow in steps of one. */
  if (newest == NULL)
    g_assert (eventfd_write (self->fd, 1) == 0);
}

gboolean
whep_mailbox_offer (WhepMailbox *self, WhepMail *mail, gint limit)
{
  if (g_atomic_int_get (&self->n_waiting) >= limit)
    return FALSE;
  whep_mailbox_post (self, mail);
  return TRUE;
}

int
whep_mailbox_fd (const WhepMailbox *self)
{
  return self->fd;
}

/* The eventfd is cleared first: messages posted after that wake the owner
 * again. */
WhepMail *
whep_mailbox_take (WhepMailbox *self)
{
  WhepMail *mail, *oldest = NULL;
  eventfd_t n_wakes;
  gint n_taken = 0;

  (void) eventfd_read (self->fd, &n_wakes);
  mail = g_atomic_pointer_exchange (&self->newest, NULL);

  while (mail != NULL) {
    WhepMail *next = mail->next;

    mail->next = oldest;
    oldest = mail;
    mail = next;
    n_taken++;
  }
  g_atomic_int_add (&self->n_waiting, -n_taken);
  return oldest;
}

WhepMail *
whep_mail_pop (WhepMail **mails)
{
  WhepMail *first = *mails;

  if (first != NULL)
    *mails = first->next;
  return first;
}
