/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be set on whepsink: see gstwhepsettings.h. */

#include "ext/whep/gstwhepsettings.h"
#include "ext/whep/media/media-io.h"

#define DEFAULT_ADDRESS "::"
#define DEFAULT_PORT 8080
#define DEFAULT_MAX_VIEWERS 1000
/* A school or an office behind one address, and no seat for everybody else
 * taken by one. */
#define DEFAULT_MAX_VIEWERS_PER_ADDRESS 250
#define DEFAULT_THREADS 0
#define DEFAULT_MAX_BACKLOG_TIME (WHEP_LOG_DEFAULT_US * GST_USECOND)
/* Less would not hold a key frame; more is another program's memory. */
#define MIN_BACKLOG_BYTES (64 * 1024)
#define MAX_BACKLOG_BYTES (256 * 1024 * 1024)
#define MAX_BACKLOG_TIME (60 * GST_SECOND)
#define DEFAULT_LINGER (WHEP_STREAM_LINGER_US * GST_USECOND)
/* Who has been away for longer begins another broadcast. */
#define MAX_LINGER (24 * 3600 * GST_SECOND)

enum
{
  PROP_0,
  PROP_ADDRESS,
  PROP_PORT,
  PROP_ADVERTISE,
  PROP_MAX_VIEWERS,
  PROP_ICE_SERVERS,
  PROP_VIEW_KEYS,
  PROP_ON_WATCH,
  PROP_PUBLISH_URL,
  PROP_THREADS,
  PROP_MAX_BACKLOG_BYTES,
  PROP_MAX_BACKLOG_TIME,
  PROP_LINGER,
  PROP_LATENCY_TRACING,
  PROP_MAX_VIEWERS_PER_ADDRESS,
  N_PROPS,
};

G_STATIC_ASSERT (N_PROPS == GST_WHEP_SETTINGS_N_PROPS);

void
gst_whep_settings_init (GstWhepSettings *self)
{
  *self = (GstWhepSettings){
    .address = g_strdup (DEFAULT_ADDRESS),
    .port = DEFAULT_PORT,
    .max_viewers = DEFAULT_MAX_VIEWERS,
    .max_viewers_per_address = DEFAULT_MAX_VIEWERS_PER_ADDRESS,
    .n_threads = DEFAULT_THREADS,
    .max_backlog_bytes = WHEP_LOG_DEFAULT_BYTES,
    .max_backlog_time = DEFAULT_MAX_BACKLOG_TIME,
    .linger = DEFAULT_LINGER,
  };
}

/* What is owned. */
static const gsize texts[] = {
  offsetof (GstWhepSettings, address),
  offsetof (GstWhepSettings, advertise),
  offsetof (GstWhepSettings, ice_servers),
  offsetof (GstWhepSettings, view_keys),
  offsetof (GstWhepSettings, on_watch),
  offsetof (GstWhepSettings, publish_url),
};

void
gst_whep_settings_clear (GstWhepSettings *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (G_STRUCT_MEMBER (gchar *, self, texts[i]));
}

void
gst_whep_settings_copy (GstWhepSettings *self, const GstWhepSettings *other)
{
  *self = *other;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    gchar **text = G_STRUCT_MEMBER_P (self, texts[i]);

    *text = g_strdup (*text);
  }
}

gboolean
gst_whep_settings_set (GstWhepSettings *self, guint id, const GValue *value)
{
  switch (id) {
    case PROP_ADDRESS:
      g_free (self->address);
      self->address = g_value_dup_string (value);
      return TRUE;
    case PROP_PORT:
      self->port = g_value_get_uint (value);
      return TRUE;
    case PROP_ADVERTISE:
      g_free (self->advertise);
      self->advertise = g_value_dup_string (value);
      return TRUE;
    case PROP_MAX_VIEWERS:
      self->max_viewers = g_value_get_uint (value);
      return TRUE;
    case PROP_MAX_VIEWERS_PER_ADDRESS:
      self->max_viewers_per_address = g_value_get_uint (value);
      return TRUE;
    case PROP_ICE_SERVERS:
      g_free (self->ice_servers);
      self->ice_servers = g_value_dup_string (value);
      return TRUE;
    case PROP_VIEW_KEYS:
      g_free (self->view_keys);
      self->view_keys = g_value_dup_string (value);
      return TRUE;
    case PROP_ON_WATCH:
      g_free (self->on_watch);
      self->on_watch = g_value_dup_string (value);
      return TRUE;
    case PROP_PUBLISH_URL:
      g_free (self->publish_url);
      self->publish_url = g_value_dup_string (value);
      return TRUE;
    case PROP_THREADS:
      self->n_threads = g_value_get_uint (value);
      return TRUE;
    case PROP_MAX_BACKLOG_BYTES:
      self->max_backlog_bytes = g_value_get_uint (value);
      return TRUE;
    case PROP_MAX_BACKLOG_TIME:
      self->max_backlog_time = g_value_get_uint64 (value);
      return TRUE;
    case PROP_LINGER:
      self->linger = g_value_get_uint64 (value);
      return TRUE;
    case PROP_LATENCY_TRACING:
      self->latency_tracing = g_value_get_boolean (value);
      return TRUE;
    default:
      return FALSE;
  }
}

gboolean
gst_whep_settings_get (const GstWhepSettings *self, guint id, GValue *value)
{
  switch (id) {
    case PROP_ADDRESS:
      g_value_set_string (value, self->address);
      return TRUE;
    case PROP_PORT:
      g_value_set_uint (value, self->port);
      return TRUE;
    case PROP_ADVERTISE:
      g_value_set_string (value, self->advertise);
      return TRUE;
    case PROP_MAX_VIEWERS:
      g_value_set_uint (value, self->max_viewers);
      return TRUE;
    case PROP_MAX_VIEWERS_PER_ADDRESS:
      g_value_set_uint (value, self->max_viewers_per_address);
      return TRUE;
    case PROP_ICE_SERVERS:
      g_value_set_string (value, self->ice_servers);
      return TRUE;
    case PROP_VIEW_KEYS:
      g_value_set_string (value, self->view_keys);
      return TRUE;
    case PROP_ON_WATCH:
      g_value_set_string (value, self->on_watch);
      return TRUE;
    case PROP_PUBLISH_URL:
      g_value_set_string (value, self->publish_url);
      return TRUE;
    case PROP_THREADS:
      g_value_set_uint (value, self->n_threads);
      return TRUE;
    case PROP_MAX_BACKLOG_BYTES:
      g_value_set_uint (value, self->max_backlog_bytes);
      return TRUE;
    case PROP_MAX_BACKLOG_TIME:
      g_value_set_uint64 (value, self->max_backlog_time);
      return TRUE;
    case PROP_LINGER:
      g_value_set_uint64 (value, self->linger);
      return TRUE;
    case PROP_LATENCY_TRACING:
      g_value_set_boolean (value, self->latency_tracing);
      return TRUE;
    default:
      return FALSE;
  }
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY;

  g_object_class_install_property (object_class, PROP_ADDRESS,
      g_param_spec_string ("address", "Address",
          "The IP address to serve on; \"::\" is all of IPv6 and IPv4",
          DEFAULT_ADDRESS, flags));
  g_object_class_install_property (object_class, PROP_PORT,
      g_param_spec_uint ("port", "Port",
          "The port: HTTP on TCP and all media on UDP; 0 picks one that is "
          "free, which the property then reads while the element runs",
          0, G_MAXUINT16, DEFAULT_PORT, flags));
  g_object_class_install_property (object_class, PROP_ADVERTISE,
      g_param_spec_string ("advertise", "Advertise",
          "More IP addresses that viewers can reach this machine by, separated "
          "by commas: behind NAT or in a container, the host's. The machine's "
          "own addresses and the one that a viewer's request came to are "
          "always offered",
          NULL, flags));
  g_object_class_install_property (object_class, PROP_MAX_VIEWERS,
      g_param_spec_uint ("max-viewers", "Maximum viewers",
          "Viewers of all streams together; more are told to come back later",
          1, WHEP_MEDIA_MAX_VIEWERS, DEFAULT_MAX_VIEWERS, flags));
  g_object_class_install_property (object_class, PROP_THREADS,
      g_param_spec_uint ("threads", "Threads",
          "Threads that send to viewers, each with viewers of its own; 0 is as "
          "many as there are processor cores",
          0, WHEP_MEDIA_MAX_THREADS, DEFAULT_THREADS, flags));
  g_object_class_install_property (object_class, PROP_MAX_BACKLOG_BYTES,
      g_param_spec_uint ("max-backlog-bytes", "Maximum backlog in bytes",
          "What is kept of each track since its newest key frame, so that a "
          "viewer who joins sees a picture at once. With longer GOPs a viewer "
          "waits for the next key frame",
          MIN_BACKLOG_BYTES, MAX_BACKLOG_BYTES, WHEP_LOG_DEFAULT_BYTES, flags));
  g_object_class_install_property (object_class, PROP_MAX_BACKLOG_TIME,
      g_param_spec_uint64 ("max-backlog-time", "Maximum backlog in time",
          "The same limit as a time, in nanoseconds", GST_SECOND,
          MAX_BACKLOG_TIME, DEFAULT_MAX_BACKLOG_TIME, flags));
  g_object_class_install_property (object_class, PROP_LINGER,
      g_param_spec_uint64 ("linger", "Linger",
          "How long viewers wait for a publisher that has left, in "
          "nanoseconds. One that returns by then goes on where they are; after "
          "that they are disconnected, and pages ask again until it is there",
          0, MAX_LINGER, DEFAULT_LINGER, flags));
  g_object_class_install_property (object_class, PROP_LATENCY_TRACING,
      g_param_spec_boolean ("latency-tracing", "Latency tracing",
          "Time each live frame from this element's pad to the network: as "
          "histograms in \"stats\" and in /metrics",
          FALSE, flags));
}

/* Who may watch, how many, and by what help. */
static void
install_access_properties (GObjectClass *object_class)
{
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY;

  g_object_class_install_property (object_class, PROP_MAX_VIEWERS_PER_ADDRESS,
      g_param_spec_uint ("max-viewers-per-address",
          "Maximum viewers per address",
          "Viewers from one IPv4 address or one IPv6 network of 64 bits, so "
          "that nobody takes all seats; 0 is no limit. Behind a proxy for HTTP "
          "on another machine, those who are about to connect share its "
          "address",
          0, WHEP_MEDIA_MAX_VIEWERS, DEFAULT_MAX_VIEWERS_PER_ADDRESS, flags));
  g_object_class_install_property (object_class, PROP_ICE_SERVERS,
      g_param_spec_string ("ice-servers", "ICE servers",
          "STUN and TURN servers that players are told of by the Link header, "
          "separated by commas: stun://HOST:PORT, "
          "turn://USER:PASSWORD@HOST:PORT. Who reaches this element's port "
          "needs none",
          NULL, flags));
  g_object_class_install_property (object_class, PROP_VIEW_KEYS,
      g_param_spec_string ("view-keys", "View keys",
          "A file of who may watch: a line \"APP/KEY SECRET\" for each secret, "
          "\"*\" for each stream, SECRET plain or as \"sha256:HEX\"; read "
          "again "
          "when it has changed. Viewers send the secret as a Bearer token, or "
          "as ?token=. Without a file, everybody may watch",
          NULL, flags));
  g_object_class_install_property (object_class, PROP_ON_WATCH,
      g_param_spec_string ("on-watch", "On watch",
          "A URL that is asked for each viewer, by a POST with JSON: action, "
          "app, key, query and address. 2xx is yes; anything else, and no "
          "answer, is no",
          NULL, flags));
}

static void
install_page_properties (GObjectClass *object_class)
{
  g_object_class_install_property (object_class, PROP_PUBLISH_URL,
      g_param_spec_string ("publish-url", "Publish URL",
          "Where the page tells people to publish, if that is not where an "
          "rtmpserversrc of the same pipeline listens, as in a container with "
          "other ports outside: rtmp://HOST:PORT/APP or rtmps://…, several "
          "separated by commas",
          NULL,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_READY));
}

void
gst_whep_settings_install (GObjectClass *object_class)
{
  install_properties (object_class);
  install_access_properties (object_class);
  install_page_properties (object_class);
}
