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
 * whoever of them is there has to agree. With a `tls-certificate`, RTMPS is
 * served at `tls-port` beside plain RTMP.
 *
 * Further tracks of Enhanced RTMP are streams of their own, `APP/KEY/TRACK`,
 * with a pad each.
 *
 * Element messages tell the application: `publisher-added` with the fields
 * `stream-name`, `pad-name`, `address` and maybe `encoder`; `publisher-removed`
 * with `reason`, `duration` (in nanoseconds) and `bytes` as well; and
 * `publisher-refused` with `address`, `reason` and maybe `stream-name`.
 *
 * ## Examples
 *
 * |[
 * gst-launch-1.0 rtmpserversrc ! filesink location=recording.flv
 * gst-launch-1.0 rtmpserversrc : rtmpwebrtcsink
 * ]|
 */

#include "gst/rtmp/gstrtmpserversrc.h"

#include "gst/rtmp/gstrtmpserver.h"

GST_DEBUG_CATEGORY (gst_rtmp_server_src_debug);
#define GST_CAT_DEFAULT gst_rtmp_server_src_debug

#define DEFAULT_ADDRESS "::"
#define DEFAULT_PORT 1935
/* None is assigned to RTMPS; other servers take this one, too. */
#define DEFAULT_TLS_PORT 1936
#define DEFAULT_MAX_PUBLISHERS 64
#define DEFAULT_IDLE_TIMEOUT_S 5
/* A thread each. */
#define MAX_PUBLISHERS 4096
#define MAX_IDLE_TIMEOUT_S 3600

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

  /* Object lock. */
  GstRtmpServerSettings settings;
  GstRtmpTakeover takeover;
  GstRtmpServer *server; /* between READY→PAUSED and PAUSED→READY */

  RtmpRoster *roster;
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
  PROP_TLS_CERTIFICATE,
  PROP_TLS_KEY,
  PROP_TLS_PORT,
  PROP_N_PUBLISHERS,
};

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src_%u",
    GST_PAD_SRC, GST_PAD_SOMETIMES, GST_STATIC_CAPS ("video/x-flv"));

G_DEFINE_TYPE (GstRtmpServerSrc, gst_rtmp_server_src, GST_TYPE_ELEMENT);
GST_ELEMENT_REGISTER_DEFINE (rtmpserversrc, "rtmpserversrc", GST_RANK_NONE,
    GST_TYPE_RTMP_SERVER_SRC);

/* What publishers are asked for. */
static const gchar *
access_now (GstRtmpServerSrc *self)
{
  const GstRtmpServerSettings *settings = &self->settings;
  guint authorize =
      g_signal_lookup ("authorize-publish", GST_TYPE_RTMP_SERVER_SRC);

  if ((settings->on_publish != NULL && *settings->on_publish != '\0') ||
      g_signal_has_handler_pending (self, authorize, 0, TRUE))
    return "asked";
  if (settings->publish_keys != NULL && *settings->publish_keys != '\0')
    return "keys";
  return "open";
}

/* For whoever in the pipeline says where to publish, as whepsink's page. */
static void
offer_ingest (GstRtmpServerSrc *self)
{
  GstContext *context = gst_context_new ("rtmp-webrtc.ingest", FALSE);
  GstStructure *s = gst_context_writable_structure (context);
  guint tls_port;

  GST_OBJECT_LOCK (self);
  gst_structure_set (s, "address", G_TYPE_STRING, self->settings.address,
      "port", G_TYPE_UINT,
      gst_rtmp_server_port (self->server, RTMP_LISTENER_PLAIN), "access",
      G_TYPE_STRING, access_now (self), NULL);
  tls_port = gst_rtmp_server_port (self->server, RTMP_LISTENER_TLS);
  if (tls_port != 0)
    gst_structure_set (s, "tls-port", G_TYPE_UINT, tls_port, NULL);
  GST_OBJECT_UNLOCK (self);
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_have_context (GST_OBJECT (self), context));
}

static gboolean
start (GstRtmpServerSrc *self)
{
  GstRtmpServer *server =
      gst_rtmp_server_new (GST_ELEMENT (self), &self->settings, self->roster);

  GST_OBJECT_LOCK (self);
  self->server = server;
  GST_OBJECT_UNLOCK (self);
  if (server == NULL)
    return FALSE;
  offer_ingest (self);
  return TRUE;
}

static void
stop (GstRtmpServerSrc *self)
{
  GstRtmpServer *server;

  GST_OBJECT_LOCK (self);
  server = g_steal_pointer (&self->server);
  GST_OBJECT_UNLOCK (self);
  gst_rtmp_server_free (server);
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
  is_listening = self->server != NULL;
  if (is_listening)
    gst_rtmp_server_finish (self->server);
  GST_OBJECT_UNLOCK (self);
  gst_event_unref (event);
  return is_listening;
}

static void
set_string (gchar **string, const GValue *value)
{
  g_free (*string);
  *string = g_value_dup_string (value);
}

static void
gst_rtmp_server_src_set_property (GObject *object, guint id,
    const GValue *value, GParamSpec *pspec)
{
  GstRtmpServerSrc *self = GST_RTMP_SERVER_SRC (object);
  GstRtmpServerSettings *settings = &self->settings;

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_ADDRESS:
      set_string (&settings->address, value);
      if (settings->address == NULL)
        settings->address = g_strdup (DEFAULT_ADDRESS);
      break;
    case PROP_PORT:
      settings->port = g_value_get_uint (value);
      break;
    case PROP_MAX_PUBLISHERS:
      settings->max_publishers = g_value_get_uint (value);
      rtmp_roster_set_limit (self->roster, settings->max_publishers);
      break;
    case PROP_IDLE_TIMEOUT:
      settings->idle_timeout_s = g_value_get_uint (value);
      break;
    case PROP_TAKEOVER:
      self->takeover = g_value_get_enum (value);
      rtmp_roster_set_takeover (self->roster,
          self->takeover == GST_RTMP_TAKEOVER_REPLACE);
      break;
    case PROP_PUBLISH_KEYS:
      set_string (&settings->publish_keys, value);
      break;
    case PROP_ON_PUBLISH:
      set_string (&settings->on_publish, value);
      break;
    case PROP_TLS_CERTIFICATE:
      set_string (&settings->tls_certificate, value);
      break;
    case PROP_TLS_KEY:
      set_string (&settings->tls_key, value);
      break;
    case PROP_TLS_PORT:
      settings->tls_port = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

/* Where it listens, or else would. */
static guint
port_now (const GstRtmpServerSrc *self, RtmpListenerKind door, guint port)
{
  guint actual = 0;

  if (self->server != NULL)
    actual = gst_rtmp_server_port (self->server, door);
  return actual != 0 ? actual : port;
}

static void
gst_rtmp_server_src_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  GstRtmpServerSrc *self = GST_RTMP_SERVER_SRC (object);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_ADDRESS:
      g_value_set_string (value, self->settings.address);
      break;
    case PROP_PORT:
      g_value_set_uint (value,
          port_now (self, RTMP_LISTENER_PLAIN, self->settings.port));
      break;
    case PROP_MAX_PUBLISHERS:
      g_value_set_uint (value, self->settings.max_publishers);
      break;
    case PROP_IDLE_TIMEOUT:
      g_value_set_uint (value, self->settings.idle_timeout_s);
      break;
    case PROP_TAKEOVER:
      g_value_set_enum (value, self->takeover);
      break;
    case PROP_PUBLISH_KEYS:
      g_value_set_string (value, self->settings.publish_keys);
      break;
    case PROP_ON_PUBLISH:
      g_value_set_string (value, self->settings.on_publish);
      break;
    case PROP_TLS_CERTIFICATE:
      g_value_set_string (value, self->settings.tls_certificate);
      break;
    case PROP_TLS_KEY:
      g_value_set_string (value, self->settings.tls_key);
      break;
    case PROP_TLS_PORT:
      g_value_set_uint (value,
          port_now (self, RTMP_LISTENER_TLS, self->settings.tls_port));
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

  rtmp_roster_free (self->roster);
  gst_rtmp_server_settings_clear (&self->settings);
  G_OBJECT_CLASS (gst_rtmp_server_src_parent_class)->finalize (object);
}

static void
gst_rtmp_server_src_init (GstRtmpServerSrc *self)
{
  self->settings.address = g_strdup (DEFAULT_ADDRESS);
  self->settings.port = DEFAULT_PORT;
  self->settings.tls_port = DEFAULT_TLS_PORT;
  self->settings.max_publishers = DEFAULT_MAX_PUBLISHERS;
  self->settings.idle_timeout_s = DEFAULT_IDLE_TIMEOUT_S;
  self->roster = rtmp_roster_new ();
  rtmp_roster_set_limit (self->roster, self->settings.max_publishers);
  self->takeover = GST_RTMP_TAKEOVER_REPLACE;
  rtmp_roster_set_takeover (self->roster, TRUE);
  GST_OBJECT_FLAG_SET (self, GST_ELEMENT_FLAG_SOURCE);
}

static void
install_tls_properties (GObjectClass *klass)
{
  g_object_class_install_property (klass, PROP_TLS_CERTIFICATE,
      g_param_spec_string ("tls-certificate", "TLS certificate",
          "A file in PEM with the server's certificate and its chain: then "
          "RTMPS is served at tls-port as well. Read again when it has "
          "changed; what is bad then leaves the one before in use",
          NULL,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_READY));
  g_object_class_install_property (klass, PROP_TLS_KEY,
      g_param_spec_string ("tls-key", "TLS key",
          "A file in PEM with the certificate's key, without a password; "
          "without one, the key is in the certificate's file",
          NULL,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_READY));
  g_object_class_install_property (klass, PROP_TLS_PORT,
      g_param_spec_uint ("tls-port", "TLS port",
          "TCP port to listen on for RTMPS, beside port; 0 takes a free one, "
          "which the property then says from PAUSED on",
          0, G_MAXUINT16, DEFAULT_TLS_PORT,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_READY));
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
          "Seconds without a sign of life from a publisher's machine, after "
          "about which it is dropped and its name is free again: neither data "
          "nor acknowledgements of TCP. Who is only slow stays. Holds for "
          "those who connect from then on",
          1, MAX_IDLE_TIMEOUT_S, DEFAULT_IDLE_TIMEOUT_S,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_PLAYING));
  g_object_class_install_property (klass, PROP_TAKEOVER,
      g_param_spec_enum ("takeover", "Takeover",
          "What becomes of a second publisher of a stream: an encoder that "
          "lost its connection comes back as one",
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
  install_tls_properties (object_class);
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
