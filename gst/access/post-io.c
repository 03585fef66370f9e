/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Posts JSON to a server of the operator's: see post-io.h. */

#include "gst/access/post-io.h"

/* A message that has not been answered. */
typedef struct
{
  SoupMessage *message;
  gchar answer[ACCESS_POST_MAX_ANSWER_BYTES];
  gsize size;
} Post;

static void
post_free (gpointer data)
{
  Post *self = data;

  g_object_unref (self->message);
  g_free (self);
}

/* GLib 2.74 initializes a class with a lock held that is needed to register a
 * type, and SoupSession's class registers these: if another thread registers
 * one of them at that moment, both wait for each other. */
static void
register_types (void)
{
  g_type_ensure (G_TYPE_INET_SOCKET_ADDRESS);
  g_type_ensure (G_TYPE_PROXY_RESOLVER);
  g_type_ensure (G_TYPE_TLS_DATABASE);
  g_type_ensure (G_TYPE_TLS_INTERACTION);
  g_type_ensure (SOUP_TYPE_MESSAGE);
}

SoupSession *
access_post_session_new (guint timeout_s, guint max_connections)
{
  register_types ();
  return soup_session_new_with_options ("timeout", timeout_s, "max-conns",
      max_connections, "max-conns-per-host", max_connections, NULL);
}

SoupMessage *
access_post_new (const gchar *url, GBytes *json)
{
  SoupMessage *message = soup_message_new ("POST", url);

  if (message == NULL)
    return NULL;
  /* Otherwise a secret would be sent to the server that the redirect names. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_set_request_body_from_bytes (message, "application/json", json);
  return message;
}

static void
on_read (GObject *in, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Post *post = g_task_get_task_data (task);
  GError *error = NULL;

  if (g_input_stream_read_all_finish (G_INPUT_STREAM (in), result, &post->size,
          &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_answer (GObject *session, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Post *post = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GInputStream) in =
      soup_session_send_finish (SOUP_SESSION (session), result, &error);

  if (in == NULL) {
    g_task_return_error (task, error);
    return;
  }
  g_input_stream_read_all_async (in, post->answer, sizeof (post->answer),
      G_PRIORITY_DEFAULT, g_task_get_cancellable (task), on_read,
      g_object_ref (task));
}

void
access_post_send_async (SoupSession *session, SoupMessage *message,
    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Post *post = g_new0 (Post, 1);

  post->message = g_object_ref (message);
  g_task_set_task_data (task, post, post_free);
  soup_session_send_async (session, message, G_PRIORITY_DEFAULT, cancellable,
      on_answer, task);
}

guint
access_post_send_finish (GAsyncResult *result, const gchar **answer,
    gsize *size, GError **error)
{
  const Post *post = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return 0;
  *answer = post->answer;
  *size = post->size;
  return soup_message_get_status (post->message);
}
