/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One accepted connection: see connection-io.h. */

#include "gst/rtmp/connection-io.h"

#include <gst/gstinfo.h>
#include <string.h>

GST_DEBUG_CATEGORY_STATIC (rtmp_connection_debug);
#define GST_CAT_DEFAULT rtmp_connection_debug

struct _RtmpConnection
{
  gchar *label;
  gchar *address;
  gchar *endpoint;
  gboolean is_encrypted;
  RtmpTransport *transport;
  GCancellable *cancellable;
  GPollFD cut_fd;   /* of the cancellable; made once, not per wait */
  gboolean has_cut; /* cut_fd is valid */
  RtmpSession *session;
  GByteArray *out;
  gint64 idle_us;
  gint64 since_us;      /* when the wait for the next message began */
  gint64 quiet_us;      /* when silence becomes an event; NEVER */
  guint64 n_messages;   /* of the session, when it was last checked */
  gint is_sent_away;    /* atomic */
  gint is_dispossessed; /* atomic */
  gchar *dismissal;     /* atomic; set once: why the application ends it */
  gboolean has_sent_reason;
  const gchar *why_cut; /* atomic; why it was shut down; stays valid */

  const guint8 *data; /* of the transport: read, not yet consumed */
  gsize size;
};

#define NEVER G_MAXINT64

static const gchar why_dispossessed[] = "another publisher took its place";

static RtmpSession *
new_session (const gchar *label)
{
  guint32 random[RTMP_HANDSHAKE_RANDOM_BYTES / sizeof (guint32)];

  for (guint i = 0; i < G_N_ELEMENTS (random); i++)
    random[i] = g_random_int ();
  return rtmp_session_new (label, (const guint8 *) random);
}

RtmpConnection *
rtmp_connection_new (RtmpTransport *transport, const gchar *label,
    gint64 idle_us)
{
  RtmpConnection *self = g_new0 (RtmpConnection, 1);

  GST_DEBUG_CATEGORY_INIT (rtmp_connection_debug, "rtmpconnection", 0,
      "RTMP publisher's connection");
  self->label = g_strdup (label);
  self->address = rtmp_transport_dup_address (transport);
  self->endpoint = rtmp_transport_dup_endpoint (transport);
  self->is_encrypted = rtmp_transport_is_encrypted (transport);
  self->transport = transport;
  self->cancellable = g_cancellable_new ();
  self->has_cut = g_cancellable_make_pollfd (self->cancellable, &self->cut_fd);
  self->session = new_session (label);
  self->out = g_byte_array_new ();
  self->idle_us = idle_us;
  self->quiet_us = NEVER;
  rtmp_transport_watch (transport, idle_us);
  return self;
}

void
rtmp_connection_free (RtmpConnection *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->out, g_byte_array_unref);
  rtmp_session_free (self->session);
  if (self->has_cut)
    g_cancellable_release_fd (self->cancellable);
  g_object_unref (self->cancellable);
  rtmp_transport_free (self->transport);
  g_free (self->dismissal);
  g_free (self->address);
  g_free (self->endpoint);
  g_free (self->label);
  g_free (self);
}

static const gchar *
why_of (RtmpConnection *self, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_atomic_pointer_get (&self->why_cut);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return "the peer does not read its replies";
  return error->message;
}

/* Sends what the session has queued. Returns FALSE if the peer has
 * disconnected. */
static gboolean
flush (RtmpConnection *self, GError **error)
{
  return rtmp_transport_send (self->transport, self->out,
      RTMP_CONNECTION_SEND_US, self->cancellable, error);
}

/* Sends the reason for closing, as much of it as the socket takes without
 * waiting. */
static void
send_reason (RtmpConnection *self)
{
  const gchar *dismissal = g_atomic_pointer_get (&self->dismissal);
  g_autoptr (GError) error = NULL;

  if (g_atomic_int_get (&self->is_sent_away))
    rtmp_session_send_away (self->session, self->out);
  else if (g_atomic_int_get (&self->is_dispossessed))
    rtmp_session_dispossess (self->session, why_dispossessed, self->out);
  else if (dismissal != NULL)
    rtmp_session_dismiss (self->session, dismissal, self->out);
  else
    return;
  self->has_sent_reason = TRUE;
  if (!rtmp_transport_send (self->transport, self->out, 0, NULL, &error))
    GST_DEBUG ("%s: could not send the reason: %s", self->label,
        error->message);
  g_byte_array_set_size (self->out, 0);
}

static void
end_for_error (RtmpConnection *self, const GError *error)
{
  send_reason (self);
  rtmp_session_end (self->session, why_of (self, error));
}

static gboolean
is_publishing (const RtmpConnection *self)
{
  return rtmp_session_state (self->session) == RTMP_SESSION_PUBLISHING;
}

static gint64
time_left_us (const RtmpConnection *self)
{
  gint64 limit_us = is_publishing (self)
      ? RTMP_CONNECTION_MESSAGE_IDLES * self->idle_us
      : RTMP_CONNECTION_PATIENCE_US;

  return MAX (self->since_us + limit_us - g_get_monotonic_time (), 0);
}

/* A publisher may be slow, and silent as long as the kernel finds its end of
 * the connection alive, but it has to complete a message that it has begun. */
static void
end_for_time (RtmpConnection *self)
{
  if (!is_publishing (self))
    rtmp_session_end (self->session, "the peer took too long to publish");
  else if (rtmp_session_is_within_message (self->session))
    rtmp_session_end (self->session, "a message takes too long");
  else
    self->since_us = g_get_monotonic_time ();
}

static gboolean
is_quiet (const RtmpConnection *self)
{
  return self->quiet_us <= g_get_monotonic_time ();
}

/* Waits until there is something to read, or until a timeout. */
static void
wait_for_bytes (RtmpConnection *self)
{
  gint64 quiet_us = MAX (self->quiet_us - g_get_monotonic_time (), 0);
  g_autoptr (GError) error = NULL;

  if (rtmp_transport_wait (self->transport, MIN (time_left_us (self), quiet_us),
          self->cancellable, &error))
    return;
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    end_for_error (self, error);
  else if (time_left_us (self) == 0)
    end_for_time (self);
}

/* The kernel has given the connection up. */
static void
end_for_failure (RtmpConnection *self, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    rtmp_session_end (self->session, "the publisher fell silent");
  else
    end_for_error (self, error);
}

/* Reads what is available, or waits for input; may end the session. */
static void
read_bytes (RtmpConnection *self)
{
  g_autoptr (GError) error = NULL;

  /* This also catches a peer that keeps sending without completing a message.
   */
  if (time_left_us (self) == 0) {
    end_for_time (self);
    return;
  }
  switch (rtmp_transport_receive (self->transport, &self->data, &self->size,
      self->cancellable, &error)) {
    case RTMP_TRANSPORT_BYTES:
      return;
    case RTMP_TRANSPORT_WAIT:
      wait_for_bytes (self);
      return;
    case RTMP_TRANSPORT_END:
      rtmp_session_end (self->session, rtmp_session_why_at_end (self->session));
      return;
    case RTMP_TRANSPORT_FAILED:
      end_for_failure (self, error);
      return;
  }
}

static gboolean
is_closed (const RtmpConnection *self)
{
  return rtmp_session_state (self->session) == RTMP_SESSION_CLOSED;
}

/* Once the peer publishes, the timeout is per message, of any kind. */
static void
note_messages (RtmpConnection *self)
{
  guint64 n_messages = rtmp_session_n_messages (self->session);

  if (n_messages != self->n_messages && is_publishing (self))
    self->since_us = g_get_monotonic_time ();
  self->n_messages = n_messages;
}

static void
note_event (RtmpConnection *self, RtmpEventKind kind)
{
  self->has_sent_reason |= kind == RTMP_EVENT_REJECTED;
  if (kind != RTMP_EVENT_REJECTED)
    self->quiet_us = NEVER;
}

gboolean
rtmp_connection_next (RtmpConnection *self, RtmpEvent *event)
{
  /* The time spent on the previous event does not count as the peer's silence.
   */
  self->since_us = g_get_monotonic_time ();

  /* Terminates with an event or a closed session: otherwise, time runs out. */
  for (;;) {
    g_autoptr (GError) error = NULL;

    if (rtmp_session_receive (self->session, &self->data, &self->size,
            self->out, event)) {
      note_event (self, event->kind);
      return TRUE;
    }
    note_messages (self);
    if (!flush (self, &error))
      end_for_error (self, error);
    if (is_closed (self))
      return FALSE;
    if (is_quiet (self)) {
      self->quiet_us = NEVER;
      event->kind = RTMP_EVENT_QUIET;
      return TRUE;
    }
    read_bytes (self);
  }
}

void
rtmp_connection_accept_connect (RtmpConnection *self)
{
  rtmp_session_accept_connect (self->session, self->out);
}

void
rtmp_connection_reject_connect (RtmpConnection *self, const gchar *description,
    const gchar *why)
{
  rtmp_session_reject_connect (self->session, description, why, self->out);
  self->has_sent_reason = TRUE;
}

void
rtmp_connection_accept_publish (RtmpConnection *self)
{
  rtmp_session_accept_publish (self->session, self->out);
  self->quiet_us = g_get_monotonic_time () + RTMP_CONNECTION_QUIET_US;
}

void
rtmp_connection_reject_publish (RtmpConnection *self, RtmpRejection rejection,
    const gchar *why)
{
  rtmp_session_reject_publish (self->session, rejection, why, self->out);
  self->has_sent_reason = TRUE;
}

void
rtmp_connection_allow_play (RtmpConnection *self)
{
  rtmp_session_allow_play (self->session);
}

void
rtmp_connection_reject_play (RtmpConnection *self, const gchar *why)
{
  rtmp_session_reject_play (self->session, why, self->out);
  self->has_sent_reason = TRUE;
}

void
rtmp_connection_release (RtmpConnection *self, RtmpConnectionRest *rest)
{
  rtmp_session_accept_play (self->session, self->out);
  *rest = (RtmpConnectionRest){
    .label = g_strdup (rtmp_session_name (self->session)),
    .transport = g_steal_pointer (&self->transport),
    .session = g_steal_pointer (&self->session),
    .out = g_steal_pointer (&self->out),
    .data = self->data,
    .size = self->size,
  };
}

void
rtmp_connection_rest_clear (RtmpConnectionRest *self)
{
  g_clear_pointer (&self->out, g_byte_array_unref);
  g_clear_pointer (&self->session, rtmp_session_free);
  g_clear_pointer (&self->transport, rtmp_transport_free);
  g_clear_pointer (&self->label, g_free);
}

void
rtmp_connection_end (RtmpConnection *self, const gchar *why)
{
  send_reason (self);
  rtmp_session_end (self->session, why);
}

void
rtmp_connection_shut_down (RtmpConnection *self, const gchar *why)
{
  g_atomic_pointer_compare_and_exchange (&self->why_cut, NULL, why);
  g_cancellable_cancel (self->cancellable);
}

void
rtmp_connection_send_away (RtmpConnection *self)
{
  g_atomic_int_set (&self->is_sent_away, TRUE);
  rtmp_connection_shut_down (self, "the server is stopping");
}

void
rtmp_connection_dispossess (RtmpConnection *self)
{
  g_atomic_int_set (&self->is_dispossessed, TRUE);
  rtmp_connection_shut_down (self, why_dispossessed);
}

void
rtmp_connection_dismiss (RtmpConnection *self, const gchar *why)
{
  gchar *dismissal = g_strdup (why);

  if (g_atomic_pointer_compare_and_exchange (&self->dismissal, NULL, dismissal))
    rtmp_connection_shut_down (self, dismissal);
  else
    g_free (dismissal);
}

void
rtmp_connection_close (RtmpConnection *self)
{
  rtmp_transport_close (self->transport,
      self->has_sent_reason ? RTMP_CONNECTION_LINGER_US : 0);
}

const gchar *
rtmp_connection_label (const RtmpConnection *self)
{
  return self->label;
}

const gchar *
rtmp_connection_name (const RtmpConnection *self)
{
  return rtmp_session_name (self->session);
}

const gchar *
rtmp_connection_app (const RtmpConnection *self)
{
  return rtmp_session_app (self->session);
}

const gchar *
rtmp_connection_query (const RtmpConnection *self)
{
  return rtmp_session_query (self->session);
}

const gchar *
rtmp_connection_flash_version (const RtmpConnection *self)
{
  return rtmp_session_flash_version (self->session);
}

const gchar *
rtmp_connection_address (const RtmpConnection *self)
{
  return self->address;
}

const gchar *
rtmp_connection_endpoint (const RtmpConnection *self)
{
  return self->endpoint;
}

guint
rtmp_connection_port (const RtmpConnection *self)
{
  const gchar *port = strrchr (self->endpoint, ':');

  return port != NULL ? g_ascii_strtoull (port + 1, NULL, 10) : 0;
}

gboolean
rtmp_connection_is_encrypted (const RtmpConnection *self)
{
  return self->is_encrypted;
}

GCancellable *
rtmp_connection_cancellable (const RtmpConnection *self)
{
  return self->cancellable;
}

const gchar *
rtmp_connection_why (const RtmpConnection *self)
{
  return rtmp_session_why (self->session);
}
