/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The journal of a pipeline, in its elements: see gstjournal.h. */

#include "gst/journal/gstjournal.h"

#include "gst/journal/webhook-io.h"

/* The field of the context. */
#define FIELD "journal"

typedef struct
{
  Journal *journal;
  JournalWebhook *webhook; /* nullable */
} Membership;

static GQuark
membership_quark (void)
{
  return g_quark_from_static_string ("rtmp-webrtc-journal");
}

static GType
journal_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_boxed_type_register_static ("GstRtmpWebrtcJournal",
            (GBoxedCopyFunc) journal_ref, (GBoxedFreeFunc) journal_unref));
  return type;
}

/* Returns: (transfer full) (nullable) */
static Journal *
dup_from_context (GstElement *element)
{
  g_autoptr (GstContext) context =
      gst_element_get_context (element, GST_JOURNAL_CONTEXT);
  Journal *journal = NULL;

  if (context != NULL)
    gst_structure_get (gst_context_get_structure (context), FIELD,
        journal_type (), &journal, NULL);
  return journal;
}

static Journal *
share_new (GstElement *element)
{
  Journal *journal = journal_new ();
  g_autoptr (GstContext) context = gst_context_new (GST_JOURNAL_CONTEXT, FALSE);

  gst_structure_set (gst_context_writable_structure (context), FIELD,
      journal_type (), journal, NULL);
  gst_element_set_context (element, context);
  gst_element_post_message (element,
      gst_message_new_have_context (GST_OBJECT (element),
          g_steal_pointer (&context)));
  return journal;
}

/* A bin that has the context sets it while the message is posted. */
static Journal *
share (GstElement *element)
{
  Journal *journal = dup_from_context (element);

  if (journal != NULL)
    return journal;
  gst_element_post_message (element,
      gst_message_new_need_context (GST_OBJECT (element), GST_JOURNAL_CONTEXT));
  journal = dup_from_context (element);
  return journal != NULL ? journal : share_new (element);
}

static void
membership_free (gpointer data)
{
  Membership *self = data;

  journal_webhook_free (self->webhook);
  journal_unref (self->journal);
  g_free (self);
}

static gboolean
is_set (const gchar *setting)
{
  return setting != NULL && *setting != '\0';
}

void
gst_journal_join (GstElement *element)
{
  Membership *membership = g_new0 (Membership, 1);

  membership->journal = share (element);
  g_object_set_qdata_full (G_OBJECT (element), membership_quark (), membership,
      membership_free);
}

/* See JournalWebhookWarnFunc. */
static void
warn (const gchar *words, gpointer element)
{
  GST_ELEMENT_WARNING (element, RESOURCE, WRITE, ("%s", words), (NULL));
}

gboolean
gst_journal_join_as_set (GstElement *element)
{
  g_autofree gchar *on_event = NULL, *secret_file = NULL;
  g_autoptr (GError) error = NULL;
  JournalWebhookParams params;
  Membership *membership;

  g_object_get (element, "on-event", &on_event, "on-event-secret-file",
      &secret_file, NULL);
  gst_journal_join (element);
  if (!is_set (on_event))
    return TRUE;
  membership = g_object_get_qdata (G_OBJECT (element), membership_quark ());
  params = (JournalWebhookParams){
    .url = on_event,
    .secret_file = is_set (secret_file) ? secret_file : NULL,
    .warn = warn,
    .user_data = element,
  };
  membership->webhook =
      journal_webhook_new (membership->journal, &params, &error);
  if (membership->webhook != NULL)
    return TRUE;
  GST_ELEMENT_ERROR (element, RESOURCE, SETTINGS,
      ("Events cannot be sent to the server at \"on-event\"."),
      ("%s", error->message));
  gst_journal_leave (element);
  return FALSE;
}

void
gst_journal_leave (GstElement *element)
{
  g_object_set_qdata (G_OBJECT (element), membership_quark (), NULL);
}

/* For g_object_dup_qdata(), which calls it with a lock held. */
static gpointer
dup_journal (gpointer data, gpointer user_data)
{
  Membership *membership = data;

  return membership == NULL ? NULL : journal_ref (membership->journal);
}

Journal *
gst_journal_dup (GstElement *element)
{
  return g_object_dup_qdata (G_OBJECT (element), membership_quark (),
      dup_journal, NULL);
}

static void
read_number (JournalEvent *event, const JournalField *field,
    const GstStructure *s)
{
  guint64 number;
  guint small;

  if (gst_structure_get_uint64 (s, field->message_name, &number))
    journal_event_set_number (event, field, number);
  else if (gst_structure_get_uint (s, field->message_name, &small))
    journal_event_set_number (event, field, small);
}

/* Returns: (transfer full) (nullable): NULL if it is no event. */
static JournalEvent *
event_from (const GstStructure *s)
{
  JournalEvent *event = journal_event_new (gst_structure_get_name (s));

  if (event == NULL)
    return NULL;
  for (const JournalField *field = journal_event_texts;
       field->json_name != NULL; field++)
    journal_event_set_text (event, field,
        gst_structure_get_string (s, field->message_name));
  for (const JournalField *field = journal_event_numbers;
       field->json_name != NULL; field++)
    read_number (event, field, s);
  return event;
}

static GstMessage *
append (Journal *journal, JournalEvent *event, GstMessage *message)
{
  g_autofree gchar *id = NULL, *time = NULL;

  journal_append (journal, event);
  id = journal_event_dup_id (event);
  time = journal_event_dup_time (event);
  message = gst_message_make_writable (message);
  gst_structure_set (gst_message_writable_structure (message), "event-id",
      G_TYPE_STRING, id, "event-time", G_TYPE_STRING, time, NULL);
  return message;
}

/* A bin also posts what its children do, which have noted it themselves. */
GstMessage *
gst_journal_note (GstElement *element, GstMessage *message)
{
  g_autoptr (JournalEvent) event = NULL;
  Journal *journal;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ELEMENT ||
      GST_MESSAGE_SRC (message) != GST_OBJECT (element) ||
      gst_message_get_structure (message) == NULL)
    return message;
  event = event_from (gst_message_get_structure (message));
  journal = event == NULL ? NULL : gst_journal_dup (element);
  if (journal == NULL)
    return message;
  message = append (journal, event, message);
  journal_unref (journal);
  return message;
}
