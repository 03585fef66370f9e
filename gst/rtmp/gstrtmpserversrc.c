/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-rtmpserversrc
 * @title: rtmpserversrc
 * @short_description: A server that RTMP publishers send to
 *
 * OBS, ffmpeg, cameras and rtmp2sink publish to `rtmp://HOST/APP/KEY`. Each of
 * them becomes a source pad with FLV: first the file's header, then each tag in
 * a buffer of its own, as soon as its last byte has arrived. Nothing is held
 * back and nothing is dropped. The buffers' DTS and PTS are the running time at
 * which they arrived; the publisher's timestamps are in the tags.
 *
 * The name of a stream is `APP/KEY`, without what follows a question mark. It
 * is the field `stream-name` of the stream-start event. A second publisher of
 * a name replaces the first. When a publisher leaves, its pad is removed after
 * an EOS; the others continue.
 *
 * Publishers are authorized by the file of `publish-keys`, by the server at
 * `on-publish` and by the handlers of #GstRtmpServerSrc::authorize-publish;
 * each one that is set has to agree. With a `tls-certificate`, RTMPS is served
 * at `tls-port` in addition to plain RTMP.
 *
 * With `play`, the streams are served to RTMP players, at the same ports: each
 * starts with the newest key frame and never slows the publisher or another
 * player. Players are authorized by the file of `play-keys`, by the server at
 * `on-play` and by the handlers of #GstRtmpServerSrc::authorize-play; each one
 * that is set has to agree.
 *
 * Further tracks of Enhanced RTMP are streams of their own, `APP/KEY/TRACK`,
 * with a pad each.
 *
 * The element posts these element messages: `publisher-added` with the fields
 * `stream-name`, `pad-name`, `publisher-id`, `address`, `protocol`
 * (`rtmp` or `rtmps`) and, if known, `encoder`; `publisher-removed` with
 * `reason`, `duration` (in nanoseconds) and `bytes` as well; and
 * `publisher-refused` with `address`, `reason` and, if there is one,
 * `stream-name`. About players it posts `player-added` with `stream-name` and
 * `address`; `player-removed` with `reason`, `duration` and `bytes` as well;
 * and `player-refused` with `reason`.
 *
 * A sticky event `rtmp-webrtc/publisher` tells downstream elements the
 * publisher's `id`, `address`, `port`, `protocol`, `since` (in microseconds
 * since the epoch) and, if known, `encoder`. To disconnect a publisher, emit
 * #GstRtmpServerSrc::disconnect-publisher or send the event that is described
 * there.
 *
 * Each publisher has a streaming thread, from before its pad is added until
 * after it is removed. STREAM_STATUS messages announce it as those of GstPad's
 * tasks do: in a sync handler of the bus, the #GstTask in the message gets
 * another #GstTaskPool at CREATE, and the thread itself sets its priority at
 * ENTER.
 *
 * ## Examples
 *
 * |[
 * gst-launch-1.0 rtmpserversrc ! filesink location=recording.flv
 * gst-launch-1.0 rtmpserversrc : rtmpwebrtcsink
 * ]|
 *
 * Since: 0.1
 */

#include "gst/rtmp/gstrtmpserversrc.h"
#include "gst/access/gstauthorize.h"
#include "gst/journal/gstjournal.h"
#include "gst/publisher/gstpublisherevents.h"
#include "gst/rtmp/command.h"
#include "gst/rtmp/gstrtmpserver.h"
#include "gst/rtmp/gstrtmpstats.h"

GST_DEBUG_CATEGORY (gst_rtmp_server_src_debug);
#define GST_CAT_DEFAULT gst_rtmp_server_src_debug

struct _GstRtmpServerSrc
{
  GstElement parent;

  /* Guarded by the object lock. */
  GstRtmpServerSettings settings;
  GstRtmpServer *server; /* between READY→PAUSED and PAUSED→READY */

  RtmpRoster *roster;
};

/* What is sent to a peer that is disconnected without a reason. */
#define DEFAULT_REASON "disconnected by the operator"

/* The properties' ids. */
#define PROP_STATS 1
#define FIRST_SETTING 2

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src_%u",
    GST_PAD_SRC, GST_PAD_SOMETIMES, GST_STATIC_CAPS ("video/x-flv"));

G_DEFINE_TYPE (GstRtmpServerSrc, gst_rtmp_server_src, GST_TYPE_ELEMENT);
GST_ELEMENT_REGISTER_DEFINE (rtmpserversrc, "rtmpserversrc", GST_RANK_NONE,
    GST_TYPE_RTMP_SERVER_SRC);

/* How publishers are authorized: the field `access` of the context. */
static const gchar *
access_now (GstRtmpServerSrc *self)
{
  const GstRtmpServerSettings *settings = &self->settings;
  guint authorize =
      g_signal_lookup ("authorize-publish", GST_TYPE_RTMP_SERVER_SRC);

  if ((settings->on_publish != NULL && *settings->on_publish != '\0') ||
      g_signal_has_handler_pending (self, authorize, 0, TRUE))
    return "asked";
  if ((settings->publish_keys != NULL && *settings->publish_keys != '\0') ||
      (settings->publish_jwt_keys != NULL &&
          *settings->publish_jwt_keys != '\0'))
    return "keys";
  return "open";
}

/* Announces where to publish, for an element that displays it, as whepsink's
 * page does. */
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

  if (transition == GST_STATE_CHANGE_NULL_TO_READY &&
      !gst_journal_join_as_set (element))
    return GST_STATE_CHANGE_FAILURE;
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED && !start (self))
    return GST_STATE_CHANGE_FAILURE;
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    stop (self);

  result = GST_ELEMENT_CLASS (gst_rtmp_server_src_parent_class)
               ->change_state (element, transition);

  if (transition == GST_STATE_CHANGE_READY_TO_NULL)
    gst_journal_leave (element);
  if (result == GST_STATE_CHANGE_FAILURE) {
    if (transition == GST_STATE_CHANGE_READY_TO_PAUSED)
      stop (self);
    return result;
  }
  /* There is nothing to preroll with: publishers may connect at any time. */
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED ||
      transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    return GST_STATE_CHANGE_NO_PREROLL;
  return result;
}

static gboolean
gst_rtmp_server_src_post_message (GstElement *element, GstMessage *message)
{
  return GST_ELEMENT_CLASS (gst_rtmp_server_src_parent_class)
      ->post_message (element, gst_journal_note (element, message));
}

/* EOS ends all streams; no connection is accepted afterwards. */
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

/* The settings of the roster take effect immediately; without an address, the
 * default one is set. */
static void
apply_setting (GstRtmpServerSrc *self, const gchar *name)
{
  GstRtmpServerSettings *settings = &self->settings;

  if (g_str_equal (name, "address") && settings->address == NULL)
    settings->address = g_strdup (GST_RTMP_SERVER_DEFAULT_ADDRESS);
  else if (g_str_equal (name, "max-publishers"))
    rtmp_roster_set_limit (self->roster, settings->max_publishers);
  else if (g_str_equal (name, "takeover"))
    rtmp_roster_set_takeover (self->roster,
        settings->takeover == GST_RTMP_TAKEOVER_REPLACE);
}

static const GstSetting *
setting_of (guint id)
{
  return gst_settings_find (gst_rtmp_server_settings_table (), FIRST_SETTING,
      id);
}

static void
gst_rtmp_server_src_set_property (GObject *object, guint id,
    const GValue *value, GParamSpec *pspec)
{
  GstRtmpServerSrc *self = GST_RTMP_SERVER_SRC (object);
  const GstSetting *setting = setting_of (id);

  if (setting == NULL) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  GST_OBJECT_LOCK (self);
  gst_settings_set (&self->settings, setting, value);
  apply_setting (self, setting->name);
  GST_OBJECT_UNLOCK (self);
}

/* Returns: the port that the element listens on or, before it does, the one
 * that is set. */
static guint
port_now (const GstRtmpServerSrc *self, RtmpListenerKind kind, guint port)
{
  guint actual = 0;

  if (self->server != NULL)
    actual = gst_rtmp_server_port (self->server, kind);
  return actual != 0 ? actual : port;
}

static void
read_setting (const GstRtmpServerSrc *self, const GstSetting *setting,
    GValue *value)
{
  const GstRtmpServerSettings *settings = &self->settings;

  if (g_str_equal (setting->name, "port"))
    g_value_set_uint (value,
        port_now (self, RTMP_LISTENER_PLAIN, settings->port));
  else if (g_str_equal (setting->name, "tls-port"))
    g_value_set_uint (value,
        port_now (self, RTMP_LISTENER_TLS, settings->tls_port));
  else if (g_str_equal (setting->name, "n-publishers"))
    g_value_set_uint (value, rtmp_roster_count (self->roster));
  else if (g_str_equal (setting->name, "n-players"))
    g_value_set_uint (value,
        self->server != NULL ? gst_rtmp_server_n_players (self->server) : 0);
  else
    gst_settings_get (settings, setting, value);
}

static void
gst_rtmp_server_src_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  GstRtmpServerSrc *self = GST_RTMP_SERVER_SRC (object);
  const GstSetting *setting = setting_of (id);

  if (id == PROP_STATS) {
    g_value_take_boxed (value, gst_rtmp_stats_new (GST_ELEMENT (self)));
    return;
  }
  if (setting == NULL) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  GST_OBJECT_LOCK (self);
  read_setting (self, setting, value);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_rtmp_server_src_finalize (GObject *object)
{
  GstRtmpServerSrc *self = GST_RTMP_SERVER_SRC (object);

  rtmp_roster_free (self->roster);
  gst_settings_clear (&self->settings, gst_rtmp_server_settings_table ());
  G_OBJECT_CLASS (gst_rtmp_server_src_parent_class)->finalize (object);
}

static void
gst_rtmp_server_src_init (GstRtmpServerSrc *self)
{
  gst_settings_init (&self->settings, gst_rtmp_server_settings_table ());
  self->roster = rtmp_roster_new ();
  apply_setting (self, "max-publishers");
  apply_setting (self, "takeover");
  GST_OBJECT_FLAG_SET (self, GST_ELEMENT_FLAG_SOURCE);
}

static gchar *
dup_reason (const gchar *reason)
{
  return rtmp_command_dup_reason (
      reason != NULL && *reason != '\0' ? reason : DEFAULT_REASON);
}

/* This and the next: see the signals. */
static gboolean
disconnect_player (GstRtmpServerSrc *self, const gchar *address,
    const gchar *reason)
{
  g_autofree gchar *why = dup_reason (reason);
  gboolean is_there;

  GST_OBJECT_LOCK (self);
  is_there = address != NULL && self->server != NULL &&
      gst_rtmp_server_dismiss_player (self->server, address, why);
  GST_OBJECT_UNLOCK (self);
  if (is_there)
    GST_INFO_OBJECT (self, "a player is disconnected: %s", why);
  return is_there;
}

static gboolean
disconnect_publisher (GstRtmpServerSrc *self, const gchar *stream,
    const gchar *reason, guint64 refuse_for)
{
  g_autofree gchar *why = dup_reason (reason);
  GstClockTime refusal = MIN (refuse_for, GST_PUBLISHER_MAX_REFUSAL);

  if (stream == NULL ||
      !rtmp_roster_dismiss (self->roster, stream, why, refusal / GST_USECOND,
          g_get_monotonic_time ()))
    return FALSE;
  GST_INFO_OBJECT (self,
      "%s: disconnected, and refused for %" GST_TIME_FORMAT ": %s", stream,
      GST_TIME_ARGS (refusal), why);
  return TRUE;
}

gboolean
gst_rtmp_server_src_dismiss (GstRtmpServerSrc *self, const gchar *stream,
    guint number, const gchar *reason, GstClockTime refuse_for)
{
  g_autofree gchar *why = dup_reason (reason);

  if (!rtmp_roster_dismiss_number (self->roster, stream, number, why,
          refuse_for / GST_USECOND, g_get_monotonic_time ()))
    return FALSE;
  /* Each track of the stream may bring the event. */
  GST_DEBUG_OBJECT (self,
      "%s: disconnected from downstream, and refused for %" GST_TIME_FORMAT
      ": %s",
      stream, GST_TIME_ARGS (refuse_for), why);
  return TRUE;
}

static void
install_actions (GType type)
{
  /**
   * GstRtmpServerSrc::disconnect-publisher:
   * @src: the element
   * @stream: the name of the publisher's stream, or of a further track of it
   * @reason: what the publisher is sent, and what is logged; %NULL for a
   * default
   * @refuse_for: the time in nanoseconds, up to a day, during which the stream
   * is refused to every publisher, with the same reason; 0 lifts an earlier
   * refusal
   *
   * Disconnects a publisher. The event `rtmp-webrtc/disconnect` with the fields
   * `reason` and `refuse-for` does the same if it is sent upstream to the
   * publisher's pad.
   *
   * Returns: %FALSE if nobody publishes that stream and it is not refused.
   *
   * Since: 0.1
   */
  g_signal_new_class_handler ("disconnect-publisher", type,
      G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION, G_CALLBACK (disconnect_publisher),
      NULL, NULL, NULL, G_TYPE_BOOLEAN, 3, G_TYPE_STRING, G_TYPE_STRING,
      G_TYPE_UINT64);
  /**
   * GstRtmpServerSrc::disconnect-player:
   * @src: the element
   * @address: the player's address and port, as in the message `player-added`
   * @reason: what the player is sent, and what is logged; %NULL for a default
   *
   * Disconnects an RTMP player.
   *
   * Returns: %FALSE if there is no such player.
   *
   * Since: 0.1
   */
  g_signal_new_class_handler ("disconnect-player", type,
      G_SIGNAL_RUN_LAST | G_SIGNAL_ACTION, G_CALLBACK (disconnect_player), NULL,
      NULL, NULL, G_TYPE_BOOLEAN, 2, G_TYPE_STRING, G_TYPE_STRING);
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
   * Emitted when a publisher asks to publish a stream, from the publisher's
   * own thread, so that a slow handler does not delay other publishers.
   *
   * Returns: (transfer full) (nullable): %NULL to allow it, or the reason for
   * the rejection, which is sent to the publisher.
   *
   * Since: 0.1
   */
  gst_authorize_install_signal (type, "authorize-publish");
  /**
   * GstRtmpServerSrc::authorize-play:
   * @src: the element
   * @app: the first part of the stream's name
   * @key: the rest of it
   * @query: what followed the question mark; may hold secrets
   * @address: the player's IP address
   *
   * Emitted when a player asks to play a stream, from the connection's own
   * thread, so that a slow handler does not delay other players.
   *
   * Returns: (transfer full) (nullable): %NULL to allow it, or the reason for
   * the rejection, which is sent to the player.
   *
   * Since: 0.1
   */
  gst_authorize_install_signal (type, "authorize-play");
}

static void
install_properties (GObjectClass *klass)
{
  gst_settings_install (klass, gst_rtmp_server_settings_table (),
      FIRST_SETTING);
  /**
   * GstRtmpServerSrc:stats:
   *
   * A structure `stats` with a list `publishers`, of which each is a structure
   * with `stream-name`, `pad-name`, `id`, `address`, `port`, `protocol`,
   * `since` and `encoder`, as in the event `rtmp-webrtc/publisher`, and with
   * what has arrived: `bytes`, `tags`, and `jitter` in nanoseconds, as in
   * RFC 3550, of audio or of video, whichever is larger. From its fifth second
   * on, `grade`, from "A" to "F", says how well its encoder is set for live
   * viewers, and the list `findings` names what to change: docs/rtmp.md
   * explains each.
   *
   * Since: 0.1
   */
  g_object_class_install_property (klass, PROP_STATS,
      g_param_spec_boxed ("stats", "Statistics",
          "The publishers, and how their streams arrive", GST_TYPE_STRUCTURE,
          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
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
  install_actions (G_TYPE_FROM_CLASS (klass));

  gst_type_mark_as_plugin_api (GST_TYPE_RTMP_TAKEOVER, 0);
  element_class->change_state = gst_rtmp_server_src_change_state;
  element_class->post_message = gst_rtmp_server_src_post_message;
  element_class->send_event = gst_rtmp_server_src_send_event;
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "RTMP server source",
      "Source/Network",
      "Listens for RTMP publishers such as OBS and ffmpeg; each becomes a pad "
      "with FLV",
      PACKAGE_AUTHOR);
}
