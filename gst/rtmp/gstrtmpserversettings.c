/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be set on rtmpserversrc: see gstrtmpserversettings.h. */

#include "gst/rtmp/gstrtmpserversettings.h"

#define DEFAULT_PORT 1935
/* None is assigned to RTMPS; other servers take this one, too. */
#define DEFAULT_TLS_PORT 1936
#define DEFAULT_MAX_PUBLISHERS 64
#define DEFAULT_IDLE_TIMEOUT_S 5
/* A thread each. */
#define MAX_PUBLISHERS 4096
#define MAX_IDLE_TIMEOUT_S 3600

GType
gst_rtmp_takeover_get_type (void)
{
  static const GEnumValue values[] = {
    { GST_RTMP_TAKEOVER_REPLACE, "It replaces the first", "replace" },
    { GST_RTMP_TAKEOVER_REJECT, "It is rejected", "reject" },
    { 0 },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
        g_enum_register_static ("GstRtmpTakeover", values));
  return type;
}

#define AT(member) G_STRUCT_OFFSET (GstRtmpServerSettings, member)

static const GstSetting table[] = {
  { .name = "address",
      .kind = GST_SETTING_STRING,
      .offset = AT (address),
      .flags = GST_SETTING_READY,
      .default_text = GST_RTMP_SERVER_DEFAULT_ADDRESS,
      .nick = "Address",
      .blurb = "The IP address to listen on; '::' is every address of the "
               "machine, IPv4 as well as IPv6" },
  { .name = "port",
      .kind = GST_SETTING_UINT,
      .offset = AT (port),
      .flags = GST_SETTING_READY,
      .max = G_MAXUINT16,
      .default_value = DEFAULT_PORT,
      .nick = "Port",
      .blurb = "TCP port to listen on; 0 picks a free one, which the property "
               "returns from PAUSED on" },
  { .name = "tls-port",
      .kind = GST_SETTING_UINT,
      .offset = AT (tls_port),
      .flags = GST_SETTING_READY,
      .max = G_MAXUINT16,
      .default_value = DEFAULT_TLS_PORT,
      .nick = "TLS port",
      .blurb =
          "TCP port to listen on for RTMPS, in addition to port; 0 picks a "
          "free one, which the property returns from PAUSED on" },
  { .name = "max-publishers",
      .kind = GST_SETTING_UINT,
      .offset = AT (max_publishers),
      .flags = GST_SETTING_PLAYING,
      .min = 1,
      .max = MAX_PUBLISHERS,
      .default_value = DEFAULT_MAX_PUBLISHERS,
      .nick = "Maximum of publishers",
      .blurb =
          "Publishers at the same time; a further one is rejected, and the "
          "others continue" },
  { .name = "idle-timeout",
      .kind = GST_SETTING_UINT,
      .offset = AT (idle_timeout_s),
      .flags = GST_SETTING_PLAYING,
      .min = 1,
      .max = MAX_IDLE_TIMEOUT_S,
      .default_value = DEFAULT_IDLE_TIMEOUT_S,
      .nick = "Idle timeout",
      .blurb = "Seconds without a sign of life from a publisher's machine, "
               "neither data nor TCP acknowledgements, after about which it is "
               "disconnected and its name is free again. A publisher that is "
               "merely slow stays; applies to publishers that connect from "
               "then on" },
  { .name = "takeover",
      .kind = GST_SETTING_ENUM,
      .offset = AT (takeover),
      .flags = GST_SETTING_PLAYING,
      .enum_type = gst_rtmp_takeover_get_type,
      .default_value = GST_RTMP_TAKEOVER_REPLACE,
      .nick = "Takeover",
      .blurb =
          "What happens to a second publisher of a stream: an encoder that "
          "reconnects after it lost its connection is one" },
  { .name = "publish-keys",
      .kind = GST_SETTING_STRING,
      .offset = AT (publish_keys),
      .flags = GST_SETTING_READY,
      .nick = "Publish keys",
      .blurb =
          "A file of keys for publishers: a line \"APP/KEY SECRET\" for each "
          "secret, with \"*\" for every stream, and SECRET plain or as "
          "\"sha256:HEX\"; it is read again when it changes. Publishers "
          "append ?token=SECRET to their key or server, or log in if SECRET "
          "is USER:PASSWORD. Without a file, everybody may publish" },
  { .name = "on-publish",
      .kind = GST_SETTING_STRING,
      .offset = AT (on_publish),
      .flags = GST_SETTING_READY,
      .nick = "On publish",
      .blurb = "A URL that is asked about each publisher, by a POST with JSON: "
               "action, app, key, query and address. A 2xx response allows it; "
               "any other response, or none, rejects it" },
  { .name = "tls-certificate",
      .kind = GST_SETTING_STRING,
      .offset = AT (tls_certificate),
      .flags = GST_SETTING_READY,
      .nick = "TLS certificate",
      .blurb =
          "A PEM file with the server's certificate and its chain; if it is "
          "set, RTMPS is served at tls-port as well. It is read again when "
          "it changes; if it cannot be used, the previous certificate stays "
          "in use" },
  { .name = "tls-key",
      .kind = GST_SETTING_STRING,
      .offset = AT (tls_key),
      .flags = GST_SETTING_READY,
      .nick = "TLS key",
      .blurb =
          "A PEM file with the certificate's key, without a password; if it "
          "is not set, the key is in the certificate's file" },
  { .name = "n-publishers",
      .kind = GST_SETTING_UINT,
      .flags = GST_SETTING_STATE,
      .max = MAX_PUBLISHERS,
      .nick = "Number of publishers",
      .blurb = "Current number of publishers" },
  { NULL },
};

const GstSetting *
gst_rtmp_server_settings_table (void)
{
  return table;
}
