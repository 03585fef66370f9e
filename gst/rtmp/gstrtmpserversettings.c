/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The settings of rtmpserversrc: see gstrtmpserversettings.h. */

#include "gst/rtmp/gstrtmpserversettings.h"

#include "gst/settings/gstjournalsettings.h"
#include "gst/settings/gstwhepsinksettings.h"

#define DEFAULT_PORT 1935
/* No port is assigned to RTMPS; other servers use this one, too. */
#define DEFAULT_TLS_PORT 1936
#define DEFAULT_MAX_PUBLISHERS 64
#define DEFAULT_IDLE_TIMEOUT_S 5
#define DEFAULT_MAX_PLAYERS 1000
#define DEFAULT_MAX_PLAYERS_PER_ADDRESS 250
/* The limits and defaults of viewers apply where they exist. */
#define MAX_PLAYERS GST_WHEP_MAX_VIEWERS
#define MIN_BACKLOG_BYTES (64 * 1024)
#define MAX_BACKLOG_BYTES (256 * 1024 * 1024)
#define MAX_BACKLOG_TIME (60 * GST_SECOND)
#define MAX_LINGER (24 * 3600 * GST_SECOND)
/* Longer than a network's hiccup, and shorter than what would no longer pass
 * for live. */
#define DEFAULT_LAG (3 * GST_SECOND)
#define MIN_LAG (100 * GST_MSECOND)
#define MAX_LAG (60 * GST_SECOND)
/* Each of them has a thread. */
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
          "What happens to a second publisher of a stream, such as an encoder "
          "that reconnects after it has lost its connection" },
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
          "is USER:PASSWORD. Without a file, any publisher is allowed" },
  { .name = "publish-jwt-keys",
      .kind = GST_SETTING_STRING,
      .offset = AT (publish_jwt_keys),
      .flags = GST_SETTING_READY,
      .nick = "Publish JWT keys",
      .blurb =
          "A file with the keys that JSON Web Tokens of publishers are "
          "verified with: a JWK set, public keys in PEM, or a shared secret; "
          "it is read again when it changes. The token's claim \"publish\" "
          "names streams. Publishers append ?token=TOKEN to their key or "
          "server. With publish-keys, either suffices" },
  { .name = "on-publish",
      .kind = GST_SETTING_STRING,
      .offset = AT (on_publish),
      .flags = GST_SETTING_READY,
      .nick = "On publish",
      .blurb = "A URL that is asked about each publisher, by a POST with JSON: "
               "action, app, key, query and address. A 2xx response allows it; "
               "any other response, or none, rejects it" },
  GST_SETTING_ON_EVENT (AT (on_event)),
  GST_SETTING_ON_EVENT_SECRET_FILE (AT (on_event_secret_file)),
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
  { .name = "play",
      .kind = GST_SETTING_BOOLEAN,
      .offset = AT (play),
      .flags = GST_SETTING_READY,
      .nick = "Play",
      .blurb =
          "Serve the streams to RTMP players as well, at the same ports and "
          "under the same names: ffmpeg, ffplay, rtmp2src, rtmpsrc, nginx. A "
          "player starts with the newest key frame" },
  { .name = "max-players",
      .kind = GST_SETTING_UINT,
      .offset = AT (max_players),
      .flags = GST_SETTING_READY,
      .min = 1,
      .max = MAX_PLAYERS,
      .default_value = DEFAULT_MAX_PLAYERS,
      .nick = "Maximum of players",
      .blurb = "RTMP players of all streams together; a further one is "
               "rejected" },
  { .name = "max-players-per-address",
      .kind = GST_SETTING_UINT,
      .offset = AT (max_players_per_address),
      .flags = GST_SETTING_READY,
      .max = MAX_PLAYERS,
      .default_value = DEFAULT_MAX_PLAYERS_PER_ADDRESS,
      .nick = "Maximum of players per address",
      .blurb = "RTMP players from one IPv4 address or one IPv6 /64 network; 0 "
               "is no limit" },
  { .name = "play-keys",
      .kind = GST_SETTING_STRING,
      .offset = AT (play_keys),
      .flags = GST_SETTING_READY,
      .nick = "Play keys",
      .blurb = "A file of keys for players, in the format of publish-keys: "
               "whepsink's view-keys can be the same file. Players append "
               "?token=SECRET to their key or server. Without a file, any "
               "player is allowed" },
  { .name = "play-jwt-keys",
      .kind = GST_SETTING_STRING,
      .offset = AT (play_jwt_keys),
      .flags = GST_SETTING_READY,
      .nick = "Play JWT keys",
      .blurb = "A file with the keys that JSON Web Tokens of players are "
               "verified with, as publish-jwt-keys; the claim is \"watch\", as "
               "for whepsink's view-jwt-keys. With play-keys, either "
               "suffices" },
  { .name = "on-play",
      .kind = GST_SETTING_STRING,
      .offset = AT (on_play),
      .flags = GST_SETTING_READY,
      .nick = "On play",
      .blurb = "A URL that is asked about each player, by a POST with JSON: "
               "action, app, key, query and address. A 2xx response allows it; "
               "any other response, or none, rejects it" },
  { .name = "max-backlog-bytes",
      .kind = GST_SETTING_UINT,
      .offset = AT (max_backlog_bytes),
      .flags = GST_SETTING_READY,
      .min = MIN_BACKLOG_BYTES,
      .max = MAX_BACKLOG_BYTES,
      .default_value = GST_WHEP_DEFAULT_BACKLOG_BYTES,
      .nick = "Maximum backlog in bytes",
      .blurb =
          "How much of each stream is kept for RTMP players since its newest "
          "key frame. If a GOP is larger, a new player gets only the audio "
          "until the next key frame" },
  { .name = "max-backlog-time",
      .kind = GST_SETTING_UINT64,
      .offset = AT (max_backlog_time),
      .flags = GST_SETTING_READY,
      .min = GST_SECOND,
      .max = MAX_BACKLOG_TIME,
      .default_value = GST_WHEP_DEFAULT_BACKLOG_TIME,
      .nick = "Maximum backlog in time",
      .blurb = "The same limit as a duration, in nanoseconds" },
  { .name = "max-lag",
      .kind = GST_SETTING_UINT64,
      .offset = AT (max_lag),
      .flags = GST_SETTING_READY,
      .min = MIN_LAG,
      .max = MAX_LAG,
      .default_value = DEFAULT_LAG,
      .nick = "Maximum lag",
      .blurb = "How long an RTMP player's connection may be too slow before "
               "the player jumps to the newest key frame, in nanoseconds" },
  { .name = "linger",
      .kind = GST_SETTING_UINT64,
      .offset = AT (linger),
      .flags = GST_SETTING_READY,
      .max = MAX_LINGER,
      .default_value = GST_WHEP_DEFAULT_LINGER,
      .nick = "Linger",
      .blurb =
          "How long RTMP players wait for a publisher that has left or that "
          "has not come yet, in nanoseconds; then they are disconnected" },
  { .name = "n-players",
      .kind = GST_SETTING_UINT,
      .flags = GST_SETTING_STATE,
      .max = MAX_PLAYERS,
      .nick = "Number of players",
      .blurb = "Current number of RTMP players" },
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
