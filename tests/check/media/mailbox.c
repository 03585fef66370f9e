/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every message arrives once, in its sender's order, and wakes the owner. */

#include "ext/whep/media/mailbox-io.h"

#include <gst/check/gstcheck.h>
#include <poll.h>

#define N_SENDERS 4
#define N_MESSAGES 20000

typedef struct
{
  WhepMail head;
  guint sender;
  guint number;
} Message;

typedef struct
{
  WhepMailbox *mailbox;
  guint number;
} Sender;

static Message *
message_new (guint sender, guint number)
{
  Message *self = g_new0 (Message, 1);

  self->sender = sender;
  self->number = number;
  return self;
}

static gboolean
is_readable (WhepMailbox *mailbox)
{
  struct pollfd fd = { .fd = whep_mailbox_fd (mailbox), .events = POLLIN };

  return poll (&fd, 1, 0) == 1;
}

static guint
drop_all (WhepMailbox *mailbox)
{
  WhepMail *mail = whep_mailbox_take (mailbox);
  guint n_messages = 0;

  while (mail != NULL) {
    WhepMail *next = mail->next;

    g_free (mail);
    mail = next;
    n_messages++;
  }
  return n_messages;
}

static gpointer
send_all (gpointer user_data)
{
  Sender *self = user_data;

  for (guint i = 0; i < N_MESSAGES; i++)
    whep_mailbox_post (self->mailbox, &message_new (self->number, i)->head);
  return NULL;
}

GST_START_TEST (messages_of_many_threads_arrive_once_and_in_order)
{
  WhepMailbox *mailbox = whep_mailbox_new (NULL);
  GThread *threads[N_SENDERS];
  Sender senders[N_SENDERS];
  guint next[N_SENDERS] = { 0 };
  guint n_left = N_SENDERS * N_MESSAGES;

  for (guint i = 0; i < N_SENDERS; i++) {
    senders[i] = (Sender){ mailbox, i };
    threads[i] = g_thread_new ("sender", send_all, &senders[i]);
  }
  while (n_left > 0) {
    struct pollfd fd = { .fd = whep_mailbox_fd (mailbox), .events = POLLIN };
    WhepMail *mail;

    /* A missing wake-up would stop the test here. */
    ck_assert_int_eq (poll (&fd, 1, 30 * 1000), 1);
    mail = whep_mailbox_take (mailbox);
    while (mail != NULL) {
      Message *self = (Message *) mail;

      ck_assert_uint_eq (self->number, next[self->sender]++);
      mail = mail->next;
      g_free (self);
      n_left--;
    }
  }
  for (guint i = 0; i < N_SENDERS; i++)
    g_thread_join (threads[i]);
  ck_assert (whep_mailbox_take (mailbox) == NULL);
  whep_mailbox_free (mailbox);
}
GST_END_TEST;

GST_START_TEST (the_wake_up_ends_when_the_messages_are_taken)
{
  WhepMailbox *mailbox = whep_mailbox_new (NULL);

  ck_assert (!is_readable (mailbox));
  whep_mailbox_post (mailbox, &message_new (0, 0)->head);
  whep_mailbox_post (mailbox, &message_new (0, 1)->head);
  ck_assert (is_readable (mailbox));
  ck_assert_uint_eq (drop_all (mailbox), 2);
  ck_assert (!is_readable (mailbox));
  whep_mailbox_free (mailbox);
}
GST_END_TEST;

GST_START_TEST (a_message_that_may_be_lost_is_rejected_when_too_many_wait)
{
  WhepMailbox *mailbox = whep_mailbox_new (NULL);
  Message *late = message_new (0, 0);

  for (guint i = 0; i < WHEP_MAILBOX_MAX; i++)
    ck_assert (whep_mailbox_offer (mailbox, &message_new (0, i)->head,
        WHEP_MAILBOX_MAX));
  ck_assert (!whep_mailbox_offer (mailbox, &late->head, WHEP_MAILBOX_MAX));
  whep_mailbox_post (mailbox, &message_new (0, 0)->head);
  ck_assert_uint_eq (drop_all (mailbox), WHEP_MAILBOX_MAX + 1);

  ck_assert (whep_mailbox_offer (mailbox, &late->head, WHEP_MAILBOX_MAX));
  ck_assert_uint_eq (drop_all (mailbox), 1);
  whep_mailbox_free (mailbox);
}
GST_END_TEST;

static Suite *
mailbox_suite (void)
{
  Suite *suite = suite_create ("mailbox");
  TCase *tcase = tcase_create ("mailbox");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, messages_of_many_threads_arrive_once_and_in_order);
  tcase_add_test (tcase, the_wake_up_ends_when_the_messages_are_taken);
  tcase_add_test (tcase,
      a_message_that_may_be_lost_is_rejected_when_too_many_wait);
  return suite;
}

GST_CHECK_MAIN (mailbox);
