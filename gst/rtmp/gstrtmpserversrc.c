/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-rtmpserversrc
 * @title: rtmpserversrc
 * @short_description: A server that RTMP publishers send to
 *
 * OBS, ffmpeg, cameras and rtmp2sink publish to `rtmp://HOST/APP/KEY`. Each of
 * them becomes a source pad with FLV: first the file's header, then each tag in
 * a buffer of its own, as soon as its last byte is here. Nothing is held back
 * and nothing is dropped. The buffers' DTS and PTS are the running time at
 * which they arrived; the times that the publisher gave are in the tags.
 *
 * The name of a stream is `APP/KEY`, without what follows a question mark. It
 * is the field `stream-name` of the stream-start event. A second publisher of
 * a name takes the place of the first. Whoever leaves takes the pad along,
 * after an EOS; the others go on.
 *
 * Who may publish is said by the file of `publish-keys`, by the server at
 * `on-publish` and by the handlers of #GstRtmpServerSrc::authorize-publish;
 * whoever of them is there has to agree.
 *
 * Element messages tell the application: `publisher-added` with the fields
 * `stream-name` and `pad-name`, and `publisher-removed` with `reason` as well.
 *
 * ## Examples
 *
 * |[
 * gst-launch-1.0 rtmpserversrc ! filesink location=recording.flv
 * gst-launch-1.0 rtmpserversrc : rtmpwebrtcsink
 * ]|
 */

#include "gst/rtmp/gstrtmpserversrc.h"
#include "gst/rtmp/gstrtmppublisher.h"
#include "gst/rtmp/listener-io.h"

GST_DEBUG_CATEGORY (gst_rtmp_server_src_debug);
#define GST_CAT_DEFAULT gst_rtmp_server_src_debug

#define DEFAULT_ADDRESS "::"
#define DEFAULT_PORT 1935
#define DEFAULT_MAX_PUBLISHERS 64
#define DEFAULT_IDLE_TIMEOUT_S 5
/* A thread each. */
#define MAX_PUBLISHERS 4096
#define MAX_IDLE_TIMEOUT_S 3600
/* Connections beyond max-publishers: those who shake hands, who leave, who are
 * about to be refused, and who only knock. */
#define MAX_VISITORS 64

/**
 * GstRtmpTakeover:
 * @GST_RTMP_TAKEOVER_REPLACE: it takes the place of the first, which is hung up
 * @GST_RTMP_TAKEOVER_REJECT: it is refused
 *
 * What becomes of a second publisher of a stream.
 */
typedef enum
{
  GST_RTMP_TAKEOVER_REPLACE,
  GST_RTMP_TAKEOVER_REJECT,
} GstRtmpTakeover;

#define GST_TYPE_RTMP_TAKEOVER (gst_rtmp_takeover_get_type ())
static GType
gst_rtmp_takeover_get_type (void)
{
  static const GEnumValue values[] = {
    { GST_RTMP_TAKEOVER_REPLACE, "Takes the place of the first", "replace" },
    { GST_RTMP_TAKEOVER_REJECT, "Is refused", "reject" },
    { 0 },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstRtmpTakeover", values));
  return type;
}

struct _GstRtmpServerSrc
{
  GstElement parent;

  /* Properties; object lock. */
  gchar *address;
  guint port;
  guint max_publishers;
  guint idle_timeout_s;
  GstRtmpTakeover takeover;
  gchar *publish_keys;
  gchar *on_publish;

  RtmpRoster *roster;
  GMutex pads_lock; /* one pad comes or goes at a time */

  /* Between READY→PAUSED and PAUSED→READY; object lock. */
  RtmpListener *listener;
  RtmpGuard *guard;
  GThread *thread;
  gint is_ending; /* atomic: EOS was asked for */

  /* Of the listening thread; of the state change once that is joined. */
  GQueue publishers; /* of GstRtmpPublisher */
  guint n_accepted;
};

enum
{
  PROP_0,
  PROP_ADDRESS,
  PROP_PORT,
  PROP_MAX_PUBLISHERS,
  PROP_IDLE_TIMEOUT,
  PROP_TAKEOVER,
  PROP_PUBLISH_KEYS,
  PROP_ON_PUBLISH,
  PROP_N_PUBLISHERS,
};

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src_%u",
    GST_PAD_SRC, GST_PAD_SOMETIMES, GST_STATIC_CAPS ("video/x-flv"));

G_DEFINE_TYPE (GstRtmpServerSrc, gst_rtmp_server_src, GST_TYPE_ELEMENT);
GST_ELEMENT_REGISTER_DEFINE (rtmpserversrc, "rtmpserversrc", GST_RANK_NONE,
    GST_TYPE_RTMP_SERVER_SRC);

/* Joins the threads that are at their end. */
static void
reap_publishers (GstRtmpServerSrc *self)
{
  GList *next;

  for (GList *link = self->publishers.head; link != NULL; link = next) {
    next = link->next;
    if (!gst_rtmp_publisher_is_done (link->data))
      continue;
    gst_rtmp_publisher_free (link->data);
    g_queue_delete_link (&self->publishers, link);
  }
}

static guint
max_connections (GstRtmpServerSrc *self)
{
  guint n_publishers;

  GST_OBJECT_LOCK (self);
  n_publishers = self->max_publishers;
  GST_OBJECT_UNLOCK (self);
  return n_publishers + MAX_VISITORS;
}

static gint64
idle_us (GstRtmpServerSrc *self)
{
  gint64 timeout_us;

  GST_OBJECT_LOCK (self);
  timeout_us = self->idle_timeout_s * G_USEC_PER_SEC;
  GST_OBJECT_UNLOCK (self);
  return timeout_us;
}

static void
take_connection (GstRtmpServerSrc *self, GSocket *socket)
{
  g_autofree gchar *label =
      g_strdup_printf ("connection %u", self->n_accepted++);

  reap_publishers (self);
  if (self->publishers.length >= max_connections (self)) {
    GST_WARNING_OBJECT (self, "%s: hung up: too many connections", label);
    return;
  }
  GST_DEBUG_OBJECT (self, "%s: accepted", label);
  g_queue_push_tail (&self->publishers,
      gst_rtmp_publisher_new (GST_ELEMENT (self), self->roster, self->guard,
          &self->pads_lock,
          rtmp_publisher_new (socket, label, idle_us (self))));
}

static gpointer
listen_for_publishers (gpointer user_data)
{
  GstRtmpServerSrc *self = user_data;
  GSocket *socket;

  while ((socket = rtmp_listener_accept (self->listener)) != NULL) {
    take_connection (self, socket);
    g_object_unref (socket);
  }
  if (!g_atomic_int_get (&self->is_ending))
    return NULL;
  for (GList *link = self->publishers.head; link != NULL; link = link->next)
    gst_rtmp_publisher_finish (link->data);
  return NULL;
}

static gboolean
set_guard (GstRtmpServerSrc *self)
{
  g_autofree gchar *keys = NULL;
  g_autofree gchar *url = NULL;
  g_autoptr (GError) error = NULL;

  GST_OBJECT_LOCK (self);
  keys = g_strdup (self->publish_keys);
  url = g_strdup (self->on_publish);
  GST_OBJECT_UNLOCK (self);

  self->guard = rtmp_guard_new (keys, url, &error);
  if (self->guard == NULL)
    GST_ELEMENT_ERROR (self, RESOURCE, SETTINGS,
        ("Could not tell who may publish."), ("%s", error->message));
  return self->guard != NULL;
}

static gboolean
start (GstRtmpServerSrc *self)
{
  g_autofree gchar *address = NULL;
  g_autoptr (GError) error = NULL;
  RtmpListener *listener;
  guint port;

  GST_OBJECT_LOCK (self);
  address = g_strdup (self->address);
  port = self->port;
  GST_OBJECT_UNLOCK (self);

  if (!set_guard (self))
    return FALSE;
  listener = rtmp_listener_new (address, port, &error);
  if (listener == NULL) {
    g_clear_pointer (&self->guard, rtmp_guard_free);
    GST_ELEMENT_ERROR (self, RESOURCE, OPEN_READ,
        ("Could not listen for RTMP publishers on port %u.", port),
        ("%s, port %u: %s", address, port, error->message));
    return FALSE;
  }
  GST_INFO_OBJECT (self, "listening on port %u", rtmp_listener_port (listener));

  g_atomic_int_set (&self->is_ending, FALSE);
  rtmp_roster_set_open (self->roster, TRUE);
  GST_OBJECT_LOCK (self);
  self->listener = listener;
  GST_OBJECT_UNLOCK (self);
  self->thread = g_thread_new ("rtmp-listener", listen_for_publishers, self);
  return TRUE;
}

static void
stop (GstRtmpServerSrc *self)
{
  RtmpListener *listener;

  if (self->thread == NULL)
    return;
  rtmp_listener_stop (self->listener);
  g_thread_join (g_steal_pointer (&self->thread));

  /* All of them first: one may wait for another, here or downstream. */
  rtmp_roster_set_open (self->roster, FALSE);
  for (GList *link = self->publishers.head; link != NULL; link = link->next)
    gst_rtmp_publisher_interrupt (link->data);
  g_queue_clear_full (&self->publishers,
      (GDestroyNotify) gst_rtmp_publisher_free);

  GST_OBJECT_LOCK (self);
  listener = g_steal_pointer (&self->listener);
  GST_OBJECT_UNLOCK (self);
  rtmp_listener_free (listener);
  g_clear_pointer (&self->guard, rtmp_guard_free);
}

static GstStateChangeReturn
gst_rtmp_server_src_change_state (GstElement *element,
    GstStateChange transition)
{
  GstRtmpServerSrc *self = GST_RTMP_SERVER_SRC (element);
  GstStateChangeReturn result;

  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED && !start (self))
    return GST_STATE_CHANGE_FAILURE;
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    stop (self);

  result = GST_ELEMENT_CLASS (gst_rtmp_server_src_parent_class)
               ->change_state (element, transition);

  if (result == GST_STATE_CHANGE_FAILURE) {
    if (transition == GST_STATE_CHANGE_READY_TO_PAUSED)
      stop (self);
    return result;
  }
  /* Nothing is there to preroll with: publishers come when they like. */
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED ||
      transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    return GST_STATE_CHANGE_NO_PREROLL;
  return result;
}

/* EOS ends all streams and lets nobody in any more. */
static gboolean
gst_rtmp_server_src_send_event (GstElement *element, GstEvent *event)
{
  GstRtmpServerSrc *self = GST_RTMP_SERVER_SRC (element);
  gboolean is_listening;

  if (GST_EVENT_TYPE (event) != GST_EVENT_EOS)
    return GST_ELEMENT_CLASS (gst_rtmp_server_src_parent_class)
        ->send_event (element, event);

  GST_OBJECT_LOCK (self);
  is_listening = self->listener != NULL;
  if (is_listening) {
    g_atomic_int_set (&self->is_ending, TRUE);
    rtmp_listener_stop (self->listener);
  }
  GST_OBJECT_UNLOCK (self);
  gst_event_unref (event);
  return is_listening;
}

static void
gst_rtmp_server_src_set_property (GObject *object, guint id,
    const GValue *value, GParamSpec *pspec)
{
  GstRtmpServerSrc *self = GST_RTMP_SERVER_SRC (object);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_ADDRESS:
      g_free (self->address);
      self->address = g_value_dup_string (value);
      if (self->address == NULL)
        self->address = g_strdup (DEFAULT_ADDRESS);
      break;
    case PROP_PORT:
      self->port = g_value_get_uint (value);
      break;
    case PROP_MAX_PUBLISHERS:
      self->max_publishers = g_value_get_uint (value);
      rtmp_roster_set_limit (self->roster, self->max_publishers);
      break;
    case PROP_IDLE_TIMEOUT:
      self->idle_timeout_s = g_value_get_uint (value);
      break;
    case PROP_TAKEOVER:
      self->takeover = g_value_get_enum (value);
      rtmp_roster_set_takeover (self->roster,
          self->takeover == GST_RTMP_TAKEOVER_REPLACE);
      break;
    case PROP_PUBLISH_KEYS:
      g_free (self->publish_keys);
      self->publish_keys = g_value_dup_string (value);
      break;
    case PROP_ON_PUBLISH:
      g_free (self->on_publish);
      self->on_publish = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_rtmp_server_src_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  GstRtmpServerSrc *self = GST_RTMP_SERVER_SRC (object);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_ADDRESS:
      g_value_set_string (value, self->address);
      break;
    case PROP_PORT:
      g_value_set_uint (value,
          self->listener != NULL ? rtmp_listener_port (self->listener)
                                 : self->port);
      break;
    case PROP_MAX_PUBLISHERS:
      g_value_set_uint (value, self->max_publishers);
      break;
    case PROP_IDLE_TIMEOUT:
      g_value_set_uint (value, self->idle_timeout_s);
      break;
    case PROP_TAKEOVER:
      g_value_set_enum (value, self->takeover);
      break;
    case PROP_PUBLISH_KEYS:
      g_value_set_string (value, self->publish_keys);
      break;
    case PROP_ON_PUBLISH:
      g_value_set_string (value, self->on_publish);
      break;
    case PROP_N_PUBLISHERS:
      g_value_set_uint (value, rtmp_roster_count (self->roster));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_rtmp_server_src_finalize (GObject *object)
{
  GstRtmpServerSrc *self = GST_RTMP_SERVER_SRC (object);

  g_mutex_clear (&self->pads_lock);
  rtmp_roster_free (self->roster);
  g_free (self->publish_keys);
  g_free (self->on_publish);
  g_free (self->address);
  G_OBJECT_CLASS (gst_rtmp_server_src_parent_class)->finalize (object);
}

static void
gst_rtmp_server_src_init (GstRtmpServerSrc *self)
{
  self->address = g_strdup (DEFAULT_ADDRESS);
  self->port = DEFAULT_PORT;
  self->max_publishers = DEFAULT_MAX_PUBLISHERS;
  self->idle_timeout_s = DEFAULT_IDLE_TIMEOUT_S;
  self->roster = rtmp_roster_new ();
  g_mutex_init (&self->pads_lock);
  rtmp_roster_set_limit (self->roster, self->max_publishers);
  self->takeover = GST_RTMP_TAKEOVER_REPLACE;
  rtmp_roster_set_takeover (self->roster, TRUE);
  g_queue_init (&self->publishers);
  GST_OBJECT_FLAG_SET (self, GST_ELEMENT_FLAG_SOURCE);
}

static void
install_properties (GObjectClass *klass)
{
  g_object_class_install_property (klass, PROP_ADDRESS,
      g_param_spec_string ("address", "Address",
          "IP address to listen on; '::' is every address of the machine, "
          "IPv4 as well as IPv6",
          DEFAULT_ADDRESS,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_READY));
  g_object_class_install_property (klass, PROP_PORT,
      g_param_spec_uint ("port", "Port",
          "TCP port to listen on; 0 takes a free one, which the property then "
          "says from PAUSED on",
          0, G_MAXUINT16, DEFAULT_PORT,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_READY));
  g_object_class_install_property (klass, PROP_MAX_PUBLISHERS,
      g_param_spec_uint ("max-publishers", "Maximum of publishers",
          "How many may publish at the same time; the next one is refused, "
          "those who publish already go on",
          1, MAX_PUBLISHERS, DEFAULT_MAX_PUBLISHERS,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_PLAYING));
  g_object_class_install_property (klass, PROP_IDLE_TIMEOUT,
      g_param_spec_uint ("idle-timeout", "Idle timeout",
          "Seconds without audio, video or data after which a publisher is "
          "dropped and its name is free again; holds for those who connect "
          "from then on",
          1, MAX_IDLE_TIMEOUT_S, DEFAULT_IDLE_TIMEOUT_S,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_PLAYING));
  g_object_class_install_property (klass, PROP_TAKEOVER,
      g_param_spec_enum ("takeover", "Takeover",
          "What becomes of a second publisher of a stream: an encoder that "
          "lost "
          "its connection comes back as one",
          GST_TYPE_RTMP_TAKEOVER, GST_RTMP_TAKEOVER_REPLACE,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_PLAYING));
  g_object_class_install_property (klass, PROP_PUBLISH_KEYS,
      g_param_spec_string ("publish-keys", "Publish keys",
          "A file of who may publish: a line \"APP/KEY SECRET\" for each "
          "secret, \"*\" for each stream, SECRET plain or as "
          "\"sha256:HEX\"; read again when it has changed. Publishers add "
          "?token=SECRET to their key or server, or log in if SECRET is "
          "USER:PASSWORD. Without a file, everybody may publish",
          NULL,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_READY));
  g_object_class_install_property (klass, PROP_ON_PUBLISH,
      g_param_spec_string ("on-publish", "On publish",
          "A URL that is asked for each publisher, by a POST with JSON: "
          "action, app, key, query and address. 2xx is yes; anything else, "
          "and no answer, is no",
          NULL,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_READY));
  g_object_class_install_property (klass, PROP_N_PUBLISHERS,
      g_param_spec_uint ("n-publishers", "Number of publishers",
          "How many publish now", 0, MAX_PUBLISHERS, 0,
          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

/* The first handler that says no decides. */
static gboolean
take_reason (GSignalInvocationHint *hint, GValue *result, const GValue *reason,
    gpointer user_data)
{
  g_value_copy (reason, result);
  return g_value_get_string (reason) == NULL;
}

static void
install_signals (GType type)
{
  /**
   * GstRtmpServerSrc::authorize-publish:
   * @src: the element
   * @app: the first part of the stream's name
   * @key: the rest of it
   * @query: what followed the question mark; may hold secrets
   * @address: the publisher's IP address
   *
   * Somebody wants to publish. Emitted from the publisher's own thread, so that
   * who has to look something up keeps nobody else waiting.
   *
   * Returns: (transfer full) (nullable): %NULL if it may, else why not, in
   * words that the publisher is told.
   */
  g_signal_new ("authorize-publish", type, G_SIGNAL_RUN_LAST, 0, take_reason,
      NULL, NULL, G_TYPE_STRING, 4, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING,
      G_TYPE_STRING);
}

static void
gst_rtmp_server_src_class_init (GstRtmpServerSrcClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_rtmp_server_src_debug, "rtmpserversrc", 0,
      "RTMP server source");
  object_class->set_property = gst_rtmp_server_src_set_property;
  object_class->get_property = gst_rtmp_server_src_get_property;
  object_class->finalize = gst_rtmp_server_src_finalize;
  install_properties (object_class);
  install_signals (G_TYPE_FROM_CLASS (klass));

  gst_type_mark_as_plugin_api (GST_TYPE_RTMP_TAKEOVER, 0);
  element_class->change_state = gst_rtmp_server_src_change_state;
  element_class->send_event = gst_rtmp_server_src_send_event;
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "RTMP server source",
      "Source/Network",
      "Listens for RTMP publishers such as OBS and ffmpeg; each becomes a pad "
      "with FLV",
      "gst-rtmp-webrtc");
}
