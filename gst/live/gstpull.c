/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A stream that is pulled from another server: see gstpull.h. */

#include "gst/live/gstpull.h"
#include "gst/live/gstorigin.h"
#include "gst/live/pullretry.h"

#include <string.h>

#define GST_CAT_DEFAULT gst_origin_debug

/* What rtmp2src waits for each answer. */
#define TIMEOUT_S 5
/* Then the origin's machine has vanished: a publisher that has left is waited
 * for by the origin, 15 s by default. */
#define IDLE_TIMEOUT_S 20
#define KEY_MAX_BYTES 4096
/* The types of tags (Adobe, FLV 10.1, E.4.1). */
#define FLV_AUDIO 8
#define FLV_VIDEO 9
/* How often the directory is asked whether the stream has moved: its former
 * origin keeps its players for a while. */
#define LOOK_MS 1000

/* One connection; counted, because its messages may come when it is over. */
typedef struct
{
  GMainContext *context;
  GstPull *pull;  /* NULL when it is over; for the origin's thread */
  gint64 data_us; /* monotonic: when its data began */
  gint has_data;  /* atomic */
} Attempt;

struct _GstPull
{
  const GstPullParams *params;
  gchar *stream;
  Attempt *attempt; /* this and the next two: NULL between attempts */
  GstElement *source;
  GstPad *pad;    /* of the bin */
  gchar *host;    /* nullable; that it is connected to */
  guint port;     /* likewise */
  GSource *timer; /* nullable: of the next attempt, or look */
  gboolean is_held;
  PullRetry retry;
};

/* The end of an attempt, on its way to the origin's thread. */
typedef struct
{
  Attempt *attempt;
  gboolean is_error;
  gchar *why;
} End;

/* Data on a source: its attempt. */
static GQuark
attempt_quark (void)
{
  return g_quark_from_static_string ("rtmpwebrtcsink-pull");
}

static void
attempt_clear (gpointer data)
{
  g_main_context_unref (((Attempt *) data)->context);
}

static void
attempt_unref (gpointer attempt)
{
  g_atomic_rc_box_release_full (attempt, attempt_clear);
}

static Attempt *
attempt_new (GstPull *pull)
{
  Attempt *attempt = g_atomic_rc_box_new0 (Attempt);

  attempt->context = g_main_context_ref (pull->params->context);
  attempt->pull = pull;
  return attempt;
}

static void
end_free (gpointer data)
{
  End *end = data;

  attempt_unref (end->attempt);
  g_free (end->why);
  g_free (end);
}

static void end_attempt (GstPull *self, const End *end);

static gboolean
on_end (gpointer data)
{
  End *end = data;

  if (end->attempt->pull != NULL)
    end_attempt (end->attempt->pull, end);
  return G_SOURCE_REMOVE;
}

/* From any thread. */
static void
post_end (Attempt *attempt, gboolean is_error, const gchar *why)
{
  End *end = g_new (End, 1);
  GSource *source = g_idle_source_new ();

  end->attempt = g_atomic_rc_box_acquire (attempt);
  end->is_error = is_error;
  end->why = g_strdup (why);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_end, end, end_free);
  g_source_attach (source, attempt->context);
  g_source_unref (source);
}

/* The end of one attempt is none of the stream: it goes no further. */
static GstPadProbeReturn
on_event (GstPad *pad, GstPadProbeInfo *info, gpointer attempt)
{
  if (GST_EVENT_TYPE (info->data) != GST_EVENT_EOS)
    return GST_PAD_PROBE_OK;
  post_end (attempt, FALSE, "the origin has ended it");
  return GST_PAD_PROBE_DROP;
}

/* Each buffer is a tag of FLV; the first has FLV's header in front of it. */
static gboolean
is_media (GstBuffer *buffer)
{
  guint8 type;

  return gst_buffer_extract (buffer, 0, &type, 1) == 1 &&
      (type == FLV_AUDIO || type == FLV_VIDEO);
}

/* An origin sends metadata before it knows that there is no such stream. */
static GstPadProbeReturn
on_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer attempt)
{
  if (!is_media (GST_PAD_PROBE_INFO_BUFFER (info)))
    return GST_PAD_PROBE_OK;
  ((Attempt *) attempt)->data_us = g_get_monotonic_time ();
  g_atomic_int_set (&((Attempt *) attempt)->has_data, TRUE);
  return GST_PAD_PROBE_REMOVE;
}

/* Reads it each time, so that it can be replaced. Returns FALSE if there is a
 * file that cannot be used. */
static gboolean
read_key (const gchar *file, gchar **key)
{
  gsize size;

  *key = NULL;
  if (file == NULL || *file == '\0')
    return TRUE;
  if (!g_file_get_contents (file, key, &size, NULL))
    return FALSE;
  g_strstrip (*key);
  if (size <= KEY_MAX_BYTES && **key != '\0' && strchr (*key, '\n') == NULL)
    return TRUE;
  g_clear_pointer (key, g_free);
  return FALSE;
}

/* Returns: (nullable) (transfer floating): NULL, and the reason in @why. */
static GstElement *
source_new (const GstPullParams *params, const OriginUrl *url,
    const gchar *stream, const gchar **why)
{
  g_autofree gchar *key = NULL;
  OriginStream named = { 0 };
  GstElement *source = NULL;

  if (!read_key (params->key_file, &key))
    *why = "the file of the origin's key cannot be used";
  else if (!origin_stream_init (&named, stream, key))
    *why = "RTMP cannot carry the name";
  else if ((source = gst_element_factory_make ("rtmp2src", NULL)) == NULL)
    *why = "the element \"rtmp2src\" is missing";
  else
    g_object_set (source, "scheme", url->is_tls ? 1 : 0, "host", url->host,
        "port", (gint) url->port, "application", named.app, "stream", named.key,
        "timeout", TIMEOUT_S, "idle-timeout", IDLE_TIMEOUT_S, NULL);
  origin_stream_clear (&named);
  return source;
}

/* Both ends are in the same bin, which is not what such pads are for
 * otherwise. */
static void
link_source (GstPull *self)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (self->source, "src");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event,
      g_atomic_rc_box_acquire (self->attempt), attempt_unref);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_buffer,
      g_atomic_rc_box_acquire (self->attempt), attempt_unref);
  g_object_set (self->pad, "stream-name", self->stream, NULL);
  gst_pad_link_full (pad, self->pad, GST_PAD_LINK_CHECK_NOTHING);
}

static void
set_timer (GstPull *self, gint64 wait_ms, GSourceFunc func)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  if (func == NULL)
    return;
  self->timer = g_timeout_source_new (wait_ms);
  g_source_set_callback (self->timer, func, self, NULL);
  g_source_attach (self->timer, self->params->context);
}

static gboolean on_look (gpointer data);

static void
connect_to (GstPull *self, const OriginUrl *url)
{
  GstElement *bin = GST_ELEMENT (self->params->bin);
  const gchar *why = NULL;
  GstElement *source = source_new (self->params, url, self->stream, &why);

  if (source == NULL) {
    post_end (self->attempt, TRUE, why);
    return;
  }
  GST_DEBUG ("%s: connecting to %s:%u", self->stream, url->host, url->port);
  g_free (self->host);
  self->host = g_strdup (url->host);
  self->port = url->port;
  self->source = gst_object_ref_sink (source);
  g_object_set_qdata_full (G_OBJECT (source), attempt_quark (),
      g_atomic_rc_box_acquire (self->attempt), attempt_unref);
  gst_bin_add (GST_BIN (bin), source);
  self->pad = gst_element_request_pad_simple (bin, "sink_%u");
  if (self->pad != NULL)
    link_source (self);
  if (self->pad == NULL || !gst_element_sync_state_with_parent (source))
    post_end (self->attempt, TRUE, "its elements cannot be started");
  else if (self->params->directory != NULL)
    set_timer (self, LOOK_MS, on_look);
}

/* What the directory says was written by anybody. Returns FALSE unless it is
 * the address of a server. Clear @url in any case. */
static gboolean
read_found (const GstPull *self, const gchar *address, OriginUrl *url)
{
  const gchar *why;

  *url = (OriginUrl){ 0 };
  if (address == NULL)
    return FALSE;
  why = origin_url_init (url, address);
  if (why != NULL)
    GST_DEBUG ("%s: the directory is wrong about it: %s", self->stream, why);
  return why == NULL;
}

/* The directory has answered at the beginning of an attempt. */
static void
on_found (const gchar *address, gpointer data)
{
  Attempt *attempt = data;
  GstPull *self = attempt->pull;
  OriginUrl url;

  if (self == NULL)
    return;
  if (read_found (self, address, &url))
    connect_to (self, &url);
  else if (self->params->url.host != NULL)
    connect_to (self, &self->params->url);
  else
    post_end (attempt, TRUE, "the directory knows no origin that has it");
  origin_url_clear (&url);
}

static void
begin_attempt (GstPull *self)
{
  self->attempt = attempt_new (self);
  if (self->params->directory != NULL)
    directory_find (self->params->directory, self->stream,
        self->params->context, on_found,
        g_atomic_rc_box_acquire (self->attempt), attempt_unref);
  else
    connect_to (self, &self->params->url);
}

static gboolean
on_retry (gpointer data)
{
  GstPull *self = data;

  g_clear_pointer (&self->timer, g_source_unref);
  begin_attempt (self);
  return G_SOURCE_REMOVE;
}

static void
try_again (GstPull *self, gint64 data_us)
{
  gint64 wait_us = pull_retry_next (&self->retry, data_us, g_random_int ());

  set_timer (self, wait_us / 1000, on_retry);
}

/* The source first, so that its thread no longer pushes into the pad. */
static void
remove_elements (GstPull *self)
{
  GstElement *bin = GST_ELEMENT (self->params->bin);

  g_clear_pointer (&self->attempt, attempt_unref);
  if (self->source == NULL)
    return;
  gst_element_set_locked_state (self->source, TRUE);
  gst_element_set_state (self->source, GST_STATE_NULL);
  if (self->pad != NULL)
    gst_element_release_request_pad (bin, self->pad);
  gst_bin_remove (GST_BIN (bin), self->source);
  gst_clear_object (&self->pad);
  gst_clear_object (&self->source);
}

/* Attempts that fail one after the other are logged once. */
static void
log_end (const GstPull *self, const End *end, gboolean had_data)
{
  gboolean is_news = had_data || self->retry.wait.wait_us == 0;

  GST_CAT_LEVEL_LOG (GST_CAT_DEFAULT,
      !is_news            ? GST_LEVEL_DEBUG
          : end->is_error ? GST_LEVEL_WARNING
                          : GST_LEVEL_INFO,
      NULL, "%s: the pull %s: %s", self->stream,
      had_data ? "was interrupted" : "has failed", end->why);
}

/* Returns how long it has brought data. */
static gint64
close_attempt (GstPull *self)
{
  Attempt *attempt = self->attempt;
  gint64 data_us = 0;

  set_timer (self, 0, NULL);
  if (attempt == NULL)
    return 0;
  if (g_atomic_int_get (&attempt->has_data))
    data_us = MAX (g_get_monotonic_time () - attempt->data_us, 1);
  attempt->pull = NULL;
  remove_elements (self);
  return data_us;
}

static void
end_attempt (GstPull *self, const End *end)
{
  gint64 data_us;

  log_end (self, end, g_atomic_int_get (&self->attempt->has_data));
  data_us = close_attempt (self);
  try_again (self, data_us);
  /* May free the pull, but by a message to this thread. */
  if (data_us == 0)
    self->params->failed (self->stream, self->params->user_data);
}

/* The directory has answered while the stream is pulled. If nobody has it at
 * the moment, its origin's players wait for the publisher, as this one. */
static void
on_looked (const gchar *address, gpointer data)
{
  GstPull *self = ((Attempt *) data)->pull;
  OriginUrl url;

  if (self == NULL)
    return;
  if (read_found (self, address, &url) &&
      (strcmp (url.host, self->host) != 0 || url.port != self->port)) {
    GST_INFO ("%s: has moved to another origin", self->stream);
    close_attempt (self);
    begin_attempt (self);
  } else {
    set_timer (self, LOOK_MS, on_look);
  }
  origin_url_clear (&url);
}

static gboolean
on_look (gpointer data)
{
  GstPull *self = data;

  g_clear_pointer (&self->timer, g_source_unref);
  directory_find (self->params->directory, self->stream, self->params->context,
      on_looked, g_atomic_rc_box_acquire (self->attempt), attempt_unref);
  return G_SOURCE_REMOVE;
}

gboolean
gst_pull_feeds (GstPad *pad)
{
  g_autoptr (GstPad) peer = gst_pad_get_peer (pad);
  g_autoptr (GstElement) element =
      peer != NULL ? gst_pad_get_parent_element (peer) : NULL;

  return element != NULL &&
      g_object_get_qdata (G_OBJECT (element), attempt_quark ()) != NULL;
}

gboolean
gst_pull_take_message (GstMessage *message)
{
  Attempt *attempt = GST_IS_ELEMENT (GST_MESSAGE_SRC (message))
      ? g_object_get_qdata (G_OBJECT (GST_MESSAGE_SRC (message)),
            attempt_quark ())
      : NULL;
  g_autoptr (GError) error = NULL;

  if (attempt == NULL)
    return FALSE;
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error (message, &error, NULL);
    post_end (attempt, TRUE, error->message);
  } else if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_WARNING) {
    return FALSE;
  }
  gst_message_unref (message);
  return TRUE;
}

GstPull *
gst_pull_new (const GstPullParams *params, const gchar *stream)
{
  GstPull *self = g_new0 (GstPull, 1);

  self->params = params;
  self->stream = g_strdup (stream);
  self->is_held = TRUE;
  return self;
}

void
gst_pull_set_held (GstPull *self, gboolean is_held)
{
  if (self->is_held == is_held)
    return;
  self->is_held = is_held;
  if (is_held)
    close_attempt (self);
  else
    begin_attempt (self);
}

void
gst_pull_free (GstPull *self)
{
  close_attempt (self);
  g_free (self->host);
  g_free (self->stream);
  g_free (self);
}
